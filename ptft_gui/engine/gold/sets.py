"""Gold sets: what people judged, to measure word vectors by.

A *similarity* set holds pairs of words with a score people gave, ``word1 word2 score`` a line; an *analogy* set holds
questions of four words, ``a b c d`` a line under titles ``: section``, the fourth being the expected answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

from ptft_gui.core.errors import ModelError, PtftError
from ptft_gui.data.bundled import gensim_texts
from ptft_gui.data.encoding import scan_file
from ptft_gui.data.sources import read_blocks

GoldKind = Literal["similarity", "analogy"]
_LOOKED_AT_LINES = 100
_SHOWN_SIGNS = 60
KINDS: tuple[GoldKind, ...] = ("similarity", "analogy")


@dataclass(frozen=True)
class GoldSet:
    """A gold set that is there without a download."""

    key: str
    title: str
    kind: GoldKind
    sentence: str
    file: str

    @property
    def path(self) -> Path:
        return gensim_texts() / self.file


BUNDLED = (
    GoldSet(
        "wordsim353",
        "WordSim-353",
        "similarity",
        "353 pairs of English words; people scored how related they are. Finkelstein and others, 2002.",
        "wordsim353.tsv",
    ),
    GoldSet(
        "simlex999",
        "SimLex-999",
        "similarity",
        "999 pairs of English words; people scored how alike they are, not how related. Hill and others, 2015.",
        "simlex999.txt",
    ),
    GoldSet(
        "questions-words",
        "Google analogies",
        "analogy",
        "19,544 questions such as: Athens is to Greece as Baghdad is to what? Mikolov and others, 2013.",
        "questions-words.txt",
    ),
)


@dataclass(frozen=True)
class Pair:
    """Two words and how similar people found them, in the units of its set."""

    first: str
    second: str
    score: float


@dataclass
class Section:
    """Questions of one kind: (a, b, c, expected), "a is to b as c is to expected"."""

    name: str
    questions: list[tuple[str, str, str, str]] = field(default_factory=list)


def available_gold_sets() -> list[GoldSet]:
    """The bundled gold sets that this installation really has."""
    return [gold for gold in BUNDLED if gold.path.is_file()]


def find_gold_set(name: str, kind: GoldKind | None = None) -> GoldSet:
    """A bundled gold set by its key, or a person's file; an existing path wins.

    ``kind`` may stay open where the first lines of a file tell it. Raises :class:`ModelError`.
    """
    path = Path(name).expanduser()
    bundled = next((gold for gold in BUNDLED if gold.key == name), None)
    if bundled is not None and not path.exists():
        if not bundled.path.is_file():
            raise ModelError(
                f"{bundled.title} is not available here.",
                "It travels inside gensim, and this build of gensim comes without it.",
                "Give the path of a gold set of your own.",
            )
        return bundled
    if not path.is_file():
        known = ", ".join(gold.key for gold in available_gold_sets())
        raise ModelError(
            f"There is no gold set or file named {name}.",
            f"Ready to use are {known}; and there is no {path.absolute()}.",
            "Choose one of these, or check the path.",
        )
    return GoldSet(path.name, path.name, kind or _kind_of(path), "", str(path.absolute()))


def read_pairs(path: Path) -> tuple[list[Pair], str]:
    """The pairs of a similarity set, and a sentence about lines of another form, empty when there are none.

    A comment, an empty line and a line of titles at the beginning are passed over. Raises :class:`ModelError` when no
    line holds a pair.
    """
    pairs: list[Pair] = []
    strange = _StrangeLines()
    for number, line in _numbered_lines(path):
        if (pair := _pair(line)) is not None:
            pairs.append(pair)
        elif pairs or len(line.split()) != 3:
            strange.add(number, line)
    if not pairs:
        raise ModelError(
            f"{path.name} holds no pairs of words.",
            f"No line has two words and a score. {strange.first_sentence}".strip(),
            "Write one pair a line: cat dog 7.5",
        )
    return pairs, strange.sentence


def read_sections(path: Path) -> tuple[list[Section], str]:
    """The sections of an analogy set, and a sentence about lines of another form, empty when there are none.

    Questions before the first title form a section of the file's name. Raises :class:`ModelError` when no line holds
    a question.
    """
    sections = [Section(path.stem)]
    strange = _StrangeLines()
    for number, line in _numbered_lines(path):
        fields = line.split()
        if line.startswith(":"):
            sections.append(Section(line.lstrip(": ").strip() or path.stem))
        elif len(fields) == 4:
            sections[-1].questions.append((fields[0], fields[1], fields[2], fields[3]))
        else:
            strange.add(number, line)
    filled = [section for section in sections if section.questions]
    if not filled:
        raise ModelError(
            f"{path.name} holds no analogies.",
            f"No line has four words. {strange.first_sentence}".strip(),
            "Write one question a line: athens greece baghdad iraq",
        )
    return filled, strange.sentence


def _kind_of(path: Path) -> GoldKind:
    """Told by the first lines: a section's title or four words are an analogy, two words and a score are a pair."""
    strange = _StrangeLines()
    for number, line in islice(_numbered_lines(path), _LOOKED_AT_LINES):
        if line.startswith(":") or len(line.split()) == 4:
            return "analogy"
        if _pair(line) is not None:
            return "similarity"
        strange.add(number, line)
    raise ModelError(
        f"{path.name} is no gold set.",
        f"Its lines hold neither two words and a score, nor four words. {strange.first_sentence}".strip(),
        "Write one pair a line (cat dog 7.5), or one question a line (athens greece baghdad iraq).",
    )


def _pair(line: str) -> Pair | None:
    """Two words and a score between tabs, else between commas or semicolons where there are just two, else spaces."""
    for sign in "\t,;":
        if line.count(sign) >= 2:
            fields = line.split(sign)
            break
    else:
        fields = line.split()
    if len(fields) != 3 or not (fields[0].strip() and fields[1].strip()):
        return None
    try:
        score = float(fields[2])
    except ValueError:
        return None
    return Pair(fields[0].strip(), fields[1].strip(), score) if math.isfinite(score) else None


class _StrangeLines:
    """Lines that hold neither a pair nor a question: how many, and the first of them."""

    def __init__(self) -> None:
        self._count = 0
        self._first = (0, "")

    def add(self, number: int, line: str) -> None:
        self._first = self._first if self._count else (number, line)
        self._count += 1

    @property
    def first_sentence(self) -> str:
        number, line = self._first
        shown = line if len(line) <= _SHOWN_SIGNS else f"{line[:_SHOWN_SIGNS]} ..."
        return f'Line {number:,} reads "{shown}".' if self._count else ""

    @property
    def sentence(self) -> str:
        if not self._count:
            return ""
        lines = (
            "1 line of another form was"
            if self._count == 1
            else f"{self._count:,} lines of another form were"
        )
        return f"{lines} left out. {self.first_sentence}"


def _numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that may hold something, each with its number counted from 1."""
    try:
        text = "".join(read_blocks(scan_file(path)))
    except ModelError:
        raise
    except PtftError as problem:  # an empty or binary file: said in the words of the data room
        raise ModelError(problem.message, problem.detail, "Choose a text file with a gold set.") from problem
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            yield number, stripped
