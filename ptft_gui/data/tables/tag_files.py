"""Files of tagged words (CoNLL and its relatives): a word and its tag on each line, a blank line after a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

import polars as pl

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.encoding_names import COMMON_ENCODINGS, encoding_name
from ptft_gui.data.tables.cells import RowBatches
from ptft_gui.data.tables.origin import Origin, decoded
from ptft_gui.data.tables.reader import Reading
from ptft_gui.data.tables.table import Column, TableFacts

LONGEST_SENTENCE = 20_000
_TAG = re.compile(r"O|[BIESLUMW]|[BIESLUMW][-_].{1,60}", re.DOTALL)
_FUSED = re.compile(r"\d+[-.]\d+")
_UNIVERSAL_WIDTH = 10
_DOCUMENT_MARK = "-DOCSTART-"
_JUDGED_CHARACTERS = 1 << 18
_FEWEST_TOKENS = 3
_LONGEST_LINE = 4096


class TagFile:
    """A file of tagged words; the number of a row is that of the line its sentence begins on."""

    def __init__(self, origin: Origin, options: ReadOptions) -> None:
        """Look at the beginning of the file. Raises DataError when it is not of this kind."""
        self.origin, self.name, self.size_bytes = origin, origin.name, origin.size_bytes
        samples = origin.samples()
        scanned = origin.scan(samples, options.encoding)
        self._encoding = scanned.encoding
        text = "".join(decoded(samples[:1], self._encoding))
        width = tagged_width(text)
        if width is None:
            raise _no_tags(self.name, text)
        self._width = width
        self._token, self._tag = places_of(width, text)
        others = [place for place in range(width) if place not in (self._token, self._tag)]
        self._order = [self._token, self._tag, *others]
        extra = tuple(Column(f"Column {place + 1}", is_list=True) for place in others)
        self.columns = (Column("tokens", True), Column("tags", True), *extra)
        self.facts = TableFacts(
            title=self.name,
            kind="tags",
            format_name="Tagged words",
            encoding=self._encoding,
            encoding_name=encoding_name(self._encoding),
            choices={"encoding": COMMON_ENCODINGS},
            has_header=False,
            given_roles={"tokens": "tokens", "tags": "tags"},
            notices=tuple(scanned.notices()),
        )

    def batches(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """The sentences in order; one with a line that has no tag is left out."""
        waiting = RowBatches(self.columns)
        texts = decoded(self.origin.blocks(reading.on_bytes), self._encoding)
        for number, words in _sentences(texts):
            if (reason := self._fault(words, number)) is not None:
                reading.bad.add(self.name, number, reason)
                continue
            size = sum(map(len, chain.from_iterable(words)))
            if (frame := waiting.add(self._cells(words), number, size)) is not None:
                yield frame
        if (frame := waiting.rest()) is not None:
            yield frame

    def _cells(self, words: list[list[str]]) -> list[list[str]]:
        return [[word[place] for word in words] for place in self._order]

    def _fault(self, words: list[list[str]], number: int) -> str | None:
        """Why a sentence is left out."""
        if len(words) > LONGEST_SENTENCE:
            return f"The sentence that begins there has more than {LONGEST_SENTENCE:,} words."
        for i, word in enumerate(words):
            if len(word) != self._width:
                seen = "1 column" if len(word) == 1 else f"{len(word)} columns"
                return f"Line {number + i:,} of its sentence has {seen}, the others have {self._width}."
        return None


def tagged_width(text: str) -> int | None:
    """How many columns the lines of a file of tagged words have; None for a text that is not of this kind."""
    start = text[:_JUDGED_CHARACTERS]
    if len(text) > _JUDGED_CHARACTERS:
        start = start[: start.rfind("\n") + 1]
    words = [word for _, sentence in _sentences([start]) for word in sentence]
    if len(words) < _FEWEST_TOKENS:
        return None
    width, count = Counter(map(len, words)).most_common(1)[0]
    if width < 2 or count < 0.98 * len(words):
        return None
    if _is_universal(words[0]):
        return width
    tags = Counter(word[-1] for word in words if len(word) == width)
    good = sum(count for tag, count in tags.items() if _TAG.fullmatch(tag))
    are_prefixed = any(len(tag) > 1 for tag in tags)
    return width if good >= 0.98 * tags.total() and are_prefixed else None


def _no_tags(name: str, text: str) -> DataError:
    """Why a file that is named like one of tagged words is none, with what was seen."""
    words = [word for _, sentence in _sentences([text[:_JUDGED_CHARACTERS]]) for word in sentence]
    seen = Counter(word[-1] for word in words if len(word) > 1)
    if seen and set(seen) == {"O"}:
        first = "" if len(text) <= _JUDGED_CHARACTERS else "first "
        return DataError(
            f"No word of {name} is marked.",
            f"All {first}{seen.total():,} words have the tag “O”, which means that they are no part of a name.",
            "Mark the names in some sentences (B-PER for the first word of a person's name, I-PER for the next ones), "
            "or choose another file.",
        )
    shown = " ".join(words[0])[:60] if words else ""
    return DataError(
        f"No tagged words were found in {name}.",
        (f"Its first line is “{shown}”. " if shown else "It holds no words. ")
        + "Such a file has a word and its tag (B-PER, I-PER, O ...) on each line.",
        "Choose another file, or save it with a word, a tab and a tag on each line.",
    )


def places_of(width: int, text: str) -> tuple[int, int]:
    """Which columns hold the word and its tag: the first and the last, in CoNLL-U the form and the part of speech."""
    first = next((words[0] for _, words in _sentences([text[:_JUDGED_CHARACTERS]])), [])
    return (1, 3) if _is_universal(first) else (0, width - 1)


def _is_universal(columns: list[str]) -> bool:
    """Whether a line is one of CoNLL-U; see https://universaldependencies.org/format.html"""
    return len(columns) == _UNIVERSAL_WIDTH and columns[0] == "1" and columns[3].isupper()


def _sentences(texts: Iterator[str] | Sequence[str]) -> Iterator[tuple[int, list[list[str]]]]:
    """The line each sentence begins on, and its words as columns; of an endless one the beginning is kept."""
    words: list[list[str]] = []
    number, begins, held = 0, 1, ""
    for text in texts:
        *lines, held = (held + text).split("\n")
        held = held[:_LONGEST_LINE]
        for line in lines:
            number += 1
            columns = _columns(line)
            if not columns:
                if words:
                    yield begins, words
                words, begins = [], number + 1
            elif _is_remark(line, columns):
                begins = begins if words else number + 1
            elif len(words) <= LONGEST_SENTENCE:
                words.append(columns)
    if columns := _columns(held):
        words.append(columns)
    if words:
        yield begins, words


def _is_remark(line: str, columns: list[str]) -> bool:
    """Whether a line stands between words: the start of a document, a comment, the parts of a fused word ("1-2")."""
    if columns[0] == _DOCUMENT_MARK:
        return True
    if len(columns) == _UNIVERSAL_WIDTH and _FUSED.fullmatch(columns[0]):
        return True
    return line.startswith("# ") and "\t" not in line and not _TAG.fullmatch(columns[-1])


def _columns(line: str) -> list[str]:
    """``EU B-ORG``: a word that is a space of its own kind stays a word where tabs separate."""
    line = line[:_LONGEST_LINE].rstrip("\r\n")
    if "\t" in line:
        columns = line.split("\t")
        return columns if any(map(str.strip, columns)) else []
    return line.split()
