"""Gold sets: what people judged, to measure word vectors by.

A *similarity* set holds pairs of words with a score people gave, ``word1 word2 score`` a line; an *analogy* set holds
questions of four words, ``a b c d`` a line under titles ``: section``, the fourth being the expected answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ptft_gui.core.errors import ModelError, PtftError
from ptft_gui.data.bundled import gensim_texts
from ptft_gui.data.encoding import scan_file
from ptft_gui.data.sources import read_blocks

GoldKind = Literal["similarity", "analogy"]
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


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a similarity set; comments, titles and other lines that hold no pair are passed over.

    Raises :class:`ModelError` when no line holds one.
    """
    pairs = [pair for line in _lines(path) if (pair := _pair(line)) is not None]
    if not pairs:
        raise ModelError(
            f"{path.name} holds no pairs of words.",
            "No line has two words and a score.",
            "Write one pair a line: cat dog 7.5",
        )
    return pairs


def read_sections(path: Path) -> list[Section]:
    """The sections of an analogy set; questions before the first title form a section of the file's name.

    Raises :class:`ModelError` when no line holds a question.
    """
    sections = [Section(path.stem)]
    for line in _lines(path):
        fields = line.split()
        if line.startswith(":"):
            sections.append(Section(line.lstrip(": ").strip() or path.stem))
        elif len(fields) == 4 and not line.startswith("#"):
            sections[-1].questions.append((fields[0], fields[1], fields[2], fields[3]))
    filled = [section for section in sections if section.questions]
    if not filled:
        raise ModelError(
            f"{path.name} holds no analogies.",
            "No line has four words.",
            "Write one question a line: athens greece baghdad iraq",
        )
    return filled


def _kind_of(path: Path) -> GoldKind:
    """Told by the first lines: a section's title or four words are an analogy, two words and a score are a pair."""
    for line in _lines(path)[:100]:
        if line.startswith(":") or len(line.split()) == 4:
            return "analogy"
        if _pair(line) is not None:
            return "similarity"
    raise ModelError(
        f"{path.name} is no gold set.",
        "Its lines hold neither two words and a score, nor four words.",
        "Write one pair a line (cat dog 7.5), or one question a line (athens greece baghdad iraq).",
    )


def _pair(line: str) -> Pair | None:
    fields = line.split("\t") if line.count("\t") >= 2 else line.split()
    if len(fields) != 3 or line.startswith("#"):
        return None
    try:
        return Pair(fields[0].strip(), fields[1].strip(), float(fields[2]))
    except ValueError:
        return None


def _lines(path: Path) -> list[str]:
    try:
        text = "".join(read_blocks(scan_file(path)))
    except ModelError:
        raise
    except PtftError as problem:  # an empty or binary file: said in the words of the data room
        raise ModelError(problem.message, problem.detail, "Choose a text file with a gold set.") from problem
    return [line.strip() for line in text.splitlines()]
