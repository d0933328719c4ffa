"""A preparation carried out."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from ptft_gui.data.preparation.cutting import CutSentence, cutter_of, is_mark
from ptft_gui.data.preparation.markup import without_markup
from ptft_gui.data.preparation.sentence_ends import sentence_starts
from ptft_gui.data.preparation.switches import Switches


@dataclass(frozen=True)
class Preparation(Switches):
    """How text becomes words; ``Preparation("words")`` and ``Preparation("none")`` are the plain ones."""

    def apply(self, text: str) -> list[list[str]]:
        """Sentences of words, in order; sentences without a word are left out."""
        cut = self.cut
        return [words for sentence in self.cut_sentences(text) if (words := cut(sentence))]

    @property
    def cut(self) -> CutSentence:
        """The function from one sentence to its words."""
        return cutter_of(self)

    def cut_sentences(self, text: str) -> list[str]:
        """The sentences of a text as they stand, without markup where that is dropped; a line break always ends one."""
        if self.markup == "drop":
            text = without_markup(text, ends_sentence=self.sentences == "split")
        if self.sentences == "lines":
            return text.split("\n")
        starts = sentence_starts(text)
        pieces = (text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True))
        return "\n".join(pieces).split("\n")

    def words_asked(self, text: str, known: Container[str] = ()) -> list[str]:
        """The words of what a person typed, in order.

        A chunk between spaces that is one of the ``known`` words is taken as it stands: cut by itself, a Chinese word
        may fall apart that was whole in its sentence. Punctuation is left out where it stands beside words.
        """
        chunks = [chunk for sentence in self.cut_sentences(text) for chunk in sentence.split()]
        words = [word for chunk in chunks for word in ([chunk] if chunk in known else self.cut(chunk))]
        return [word for word in words if not is_mark(word)] or words

    @property
    def folds_case(self) -> bool:
        """Whether a word that is not known may be meant in lower case: not where capitals were kept on purpose."""
        return self.name == "none" or self.case == "lower"

    def last_break(self, line: str) -> int:
        """Where the last sentence of an unfinished line begins; 0 when the line holds no sentence end."""
        return 0 if self.sentences == "lines" else sentence_starts(line)[-1]
