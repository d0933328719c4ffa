"""Passages in, sentences of bounded length out; no word is lost on the way."""

from __future__ import annotations

from collections.abc import Callable

from ptft_gui.data.documents import Passage
from ptft_gui.data.preparation import KeepOne, Preparation, Repeated

# gensim drops what stands after the 10,000th word of a sentence without a word; see also its corpus_file reader.
LONGEST_SENTENCE = 1000
_SENTENCES_BETWEEN_LOOKS = 100

Sentence = list[str]


def recut(sentence: Sentence, limit: int = LONGEST_SENTENCE) -> list[Sentence]:
    """Cut a sentence into pieces of at most ``limit`` words, in order."""
    if len(sentence) <= limit:
        return [sentence]
    return [sentence[start : start + limit] for start in range(0, len(sentence), limit)]


class SentenceMaker:
    """Prepares passages one after the other; the result does not depend on where a long line was cut.

    ``recut_sentences`` counts the sentences that were longer than ``limit`` words, ``cut_stretches`` the places
    where a line had to be cut although it held no white space, ``repeated`` the copies that were left out. ``heed`` is
    called now and then where cutting takes long, and may raise.
    """

    def __init__(
        self,
        preparation: Preparation,
        limit: int = LONGEST_SENTENCE,
        heed: Callable[[], None] = lambda: None,
    ) -> None:
        self._preparation = preparation
        self._cut = preparation.cut
        self._is_slow = preparation.chinese == "words"
        self._keep_one = KeepOne() if preparation.copies == "drop" else None
        self._limit = limit
        self._heed = heed
        self._unfinished: Sentence = []
        self._is_cut = False  # pieces of the unfinished sentence have been given on already
        self.recut_sentences = 0
        self.cut_stretches = 0

    @property
    def repeated(self) -> Repeated:
        return self._keep_one.found if self._keep_one else Repeated()

    def feed(self, passage: Passage) -> list[Sentence]:
        """The sentences that are complete after this passage, each with at least one word."""
        if self._keep_one:
            passage = self._keep_one.passage(passage)
        texts = self._preparation.cut_sentences(passage.text)
        sentences = self._cut_slowly(texts) if self._is_slow else [self._cut(text) for text in texts]
        if self._unfinished:
            sentences[0] = self._unfinished + sentences[0]
            self._unfinished = []
        if not passage.is_open:
            return self._bounded(sentences)
        self.cut_stretches += not passage.text[-1:].isspace()
        return self._bounded(sentences[:-1]) + self._hold_back(sentences[-1])

    def _cut_slowly(self, texts: list[str]) -> list[Sentence]:
        """Chinese words come at some hundred thousand signs a second: a stop must be heard in between."""
        sentences = []
        for number, text in enumerate(texts):
            if number % _SENTENCES_BETWEEN_LOOKS == 0:
                self._heed()
            sentences.append(self._cut(text))
        return sentences

    def _bounded(self, sentences: list[Sentence]) -> list[Sentence]:
        if not sentences:
            return []
        too_long = sum(len(sentence) > self._limit for sentence in sentences)
        self.recut_sentences += too_long - (self._is_cut and len(sentences[0]) > self._limit)
        self._is_cut = False
        if not too_long:
            return [sentence for sentence in sentences if sentence]
        return [piece for sentence in sentences if sentence for piece in recut(sentence, self._limit)]

    def _hold_back(self, sentence: Sentence) -> list[Sentence]:
        """Give on the full-length pieces of a sentence that goes on; keep the rest for the next passage."""
        ready = max(len(sentence) - 1, 0) // self._limit * self._limit
        self._unfinished = sentence[ready:]
        if ready:
            self.recut_sentences += not self._is_cut
            self._is_cut = True
        return recut(sentence[:ready], self._limit) if ready else []
