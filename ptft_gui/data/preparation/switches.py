"""What may be switched in the preparation of text, as plain values: what a model keeps, and what a person reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Literal, Self

from ptft_gui.core.errors import DataError
from ptft_gui.core.family.data_options import LANGUAGES, PREPARATION_KEYS, PREPARATION_OPTIONS

PreparationName = Literal["words", "none"]
Case = Literal["lower", "keep"]
Digits = Literal["keep", "drop", "zero"]
DropOrKeep = Literal["drop", "keep"]
SentenceEnds = Literal["split", "lines"]
Chinese = Literal["words", "characters"]

# What a preparation does where nothing is said. Models of earlier versions say no more than the name: what stands
# here is what they were trained with, so it must not change.
USUAL: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "words": {
            "case": "lower",
            "digits": "keep",
            "punctuation": "drop",
            "stop_words": "keep",
            "sentences": "split",
            "chinese": "characters",
            "markup": "keep",
            "copies": "keep",
        },
        "none": {
            "case": "keep",
            "digits": "keep",
            "punctuation": "keep",
            "stop_words": "keep",
            "sentences": "lines",
            "markup": "keep",
            "copies": "keep",
        },
    }
)


@dataclass(frozen=True)
class Switches:
    """The values of a preparation. What is left out is filled in as usual for ``name``.

    ``language`` (ISO 639-1) says whose stop words are meant. ``chinese`` of None, with ``none``, leaves Chinese as it
    stands between spaces.
    """

    name: PreparationName = "words"
    case: Case | None = None
    digits: Digits | None = None
    punctuation: DropOrKeep | None = None
    stop_words: DropOrKeep | None = None
    language: str | None = None
    sentences: SentenceEnds | None = None
    chinese: Chinese | None = None
    markup: DropOrKeep | None = None
    copies: DropOrKeep | None = None

    def __post_init__(self) -> None:
        for key, value in USUAL[self.name].items():
            if getattr(self, key) is None:
                object.__setattr__(self, key, value)

    @property
    def cuts_plainly(self) -> bool:
        """Whether words are cut as usual for the name, which has a way of its own: the fastest."""
        return all(getattr(self, key) == USUAL[self.name].get(key) for key in _OF_WORDS)

    def to_record(self) -> dict[str, str]:
        """All values, for JSON; see :meth:`from_record`."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {key: value for key, value in values.items() if value is not None}

    @classmethod
    def from_record(cls, record: object) -> Self:
        """From what was kept with a model or a run: a record, or the mere name as earlier versions wrote it.

        Raises DataError for one that this program cannot carry out.
        """
        values = {"name": record} if isinstance(record, str) else record
        if not isinstance(values, Mapping):
            raise _unknown("It is not a record.")
        for key, value in values.items():
            if value not in _ALLOWED.get(key, ()):
                raise _unknown(f"It holds {key} = {value!r}.")
        return cls(**values)

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """From the settings of a run, among which ``preparation`` and the switches stand as equals."""
        own = {key: values[key] for key in PREPARATION_KEYS if values.get(key) is not None}
        return cls.from_record({"name": own.pop("preparation", "words"), **own})

    def describe(self) -> str:
        """What is done to text, as one or two plain sentences."""
        begin = "Text is cut into words" if self.name == "words" else "Text is cut at spaces only"
        changes = [words for words in self._changes().values() if words]
        if self.name == "none" and not changes:
            return f"{begin}; nothing else is changed."
        return f"{'; '.join([begin, *changes])}."

    def _changes(self) -> dict[str, str]:
        """Switch to words, the empty string where there is nothing to say."""
        is_words = self.name == "words"
        language = LANGUAGES.get(self.language or "", "")
        kept = {
            "case": "capitals are kept" if is_words else "",
            "digits": "numbers are kept" if is_words else "",
            "punctuation": "punctuation is kept as words of its own" if is_words else "",
            "sentences": "" if is_words else "sentences are told apart",
        }
        done = {
            "case": "all in lower case",
            "digits": "numbers are left out" if self.digits == "drop" else "every digit is written as 0",
            "punctuation": "punctuation is left out",
            "stop_words": f"{language} stop words are left out".strip(),
            "sentences": "each line is one sentence" if is_words else "",
            "chinese": f"Chinese is cut into {self.chinese}",
            "markup": "HTML tags and signs are removed",
            "copies": "of repeated lines one is kept",
        }
        is_done = {
            "case": self.case == "lower",
            "digits": self.digits != "keep",
            "punctuation": self.punctuation == "drop",
            "stop_words": self.stop_words == "drop",
            "sentences": self.sentences == "lines",
            "chinese": self.chinese != USUAL[self.name].get("chinese"),
            "markup": self.markup == "drop",
            "copies": self.copies == "drop",
        }
        return {key: done[key] if is_done[key] else kept.get(key, "") for key in done}


_OF_WORDS = ("case", "digits", "punctuation", "stop_words", "chinese")
_ALLOWED = {"name": ("words", "none"), "language": tuple(LANGUAGES)} | {
    option.key: tuple(dict(option.choices)) for option in PREPARATION_OPTIONS if option.key != "language"
}


def check_switches(switches: Mapping[str, str]) -> None:
    """Raise DataError for a switch or a value that does not exist."""
    Switches.from_record({"name": "words", **switches})


def _unknown(detail: str) -> DataError:
    return DataError(
        "This program does not know how the text was prepared.",
        detail,
        "Perhaps it was made by a newer ptft-gui: update this program.",
    )
