"""The sentences of a run: prepared and divided; in memory when small, else read from the disk.

What every family of word vectors reads its text with, its phrases joined where a person wants that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from ptft_gui.core.paths import cache_folder
from ptft_gui.core.spec import DataSpec
from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.whole_request import corpus_request, fingerprints
from ptft_gui.engine.reporter import Reporter

Sentence = list[str]

PHRASE_DELIMITER = "_"
"""Stands between the words of a phrase that became one word."""


class TrainingText:
    """Sentences to train on and sentences held out; every iterator begins anew at each call.

    ``files``: what its files were when they were read (:class:`~ptft_gui.core.fingerprints.FilePrint` as records).
    A text of up to ``memory_tokens`` words is kept in memory; a larger one is read from the disk at every call.
    """

    def __init__(
        self, corpus: PreparedCorpus, files: list[dict[str, Any]] | None = None, memory_tokens: int = 0
    ) -> None:
        self.facts: dict[str, Any] = corpus.facts
        self.files = files or []
        self._corpus = corpus
        self._memory = corpus.load_in_memory(memory_tokens)

    @property
    def is_in_memory(self) -> bool:
        return self._memory is not None

    @property
    def train_sentence_count(self) -> int:
        return int(self.facts["train"]["sentences"])

    @property
    def train_tokens(self) -> int:
        return int(self.facts["train"]["tokens"])

    @property
    def val_sentence_count(self) -> int:
        return int(self.facts["val"]["sentences"])

    def train_sentences(self, start: int = 0) -> Iterator[Sentence]:
        """The sentences to train on, from the ``start``-th."""
        if self._memory is None:
            return self._corpus.train_sentences(start)
        return islice(self._memory.train, start, None)

    def val_sentences(self) -> Iterator[Sentence]:
        return self._corpus.val_sentences() if self._memory is None else iter(self._memory.val)

    def word_counts(self) -> Counter[str]:
        """Counts over all text, held-out part included, in order of first appearance."""
        return self._corpus.word_counts()

    def sample(self, held_out: bool, count: int, rng: np.random.Generator) -> list[Sentence]:
        """``count`` sentences drawn evenly without repetition, in the order of the text; all when there are fewer."""
        total = self.val_sentence_count if held_out else self.train_sentence_count
        if not total:
            return []
        numbers = sorted(rng.choice(total, size=min(count, total), replace=False).tolist())
        if self._memory is None:
            return self._corpus.pick_sentences(held_out, numbers)
        sentences = self._memory.val if held_out else self._memory.train
        return [sentences[number] for number in numbers]


def read_corpus(data: DataSpec, seed: int, reporter: Reporter) -> tuple[PreparedCorpus, list[dict[str, Any]]]:
    """Read, cut, divide and count the text of a run; returns it with what its files were.

    Raises DataError, and StoppedByPerson when asked to stop.
    """
    reporter.phase("preparing", "Reading the text", 0.0)

    def progress(sentence: str, fraction: float | None) -> None:
        reporter.phase("preparing", sentence, fraction)

    request = corpus_request(data, seed)
    files = fingerprints(data, progress, reporter.hold_or_stop)
    corpus = prepare_corpus(request, cache_folder(), progress, reporter.hold_or_stop)
    return corpus, files


def prepare_text(
    data: DataSpec, options: Mapping[str, Any], reporter: Reporter, memory_tokens: int = 0
) -> TrainingText:
    """The text of a run, read, cut, divided and counted, in memory up to ``memory_tokens`` words.

    Raises DataError, and StoppedByPerson when asked to stop.
    """
    corpus, files = read_corpus(data, int(options["seed"]), reporter)
    if options.get("phrases"):
        from ptft_gui.engine.phrases import join_phrases  # loads gensim

        corpus = join_phrases(corpus, options["phrase_min_count"], options["phrase_threshold"], reporter)
    return TrainingText(corpus, files, memory_tokens)
