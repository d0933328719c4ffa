"""One option of a run as data: what it is called, what it may be, and the sentence that explains it."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ptft_gui.core.errors import SpecError

OptionKind = Literal["int", "float", "bool", "choice", "text"]
OptionValue = int | float | bool | str | None

_NOT_SET = ("", "auto", "automatic", "none", "null")


@dataclass(frozen=True)
class Option:
    """A setting that a person may change.

    ``default`` of ``None`` with ``automatic`` means that the program proposes a value from the text and the
    computer, and records the value and its reason in the run. ``None`` without ``automatic`` means "not used".
    ``help`` says what the option is, what more or less of it does, and a usual value. ``zero_word`` is what 0 means
    where it is more than a number. ``aliases`` are other names for the key and ``spellings`` other words for a
    choice, as people know them from other programs.
    """

    key: str
    label: str
    help: str
    kind: OptionKind
    default: OptionValue = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    zero_word: str = ""
    advanced: bool = False
    automatic: bool = False
    aliases: tuple[str, ...] = ()
    spellings: tuple[tuple[str, str], ...] = ()

    @property
    def is_optional(self) -> bool:
        return self.automatic or self.default is None

    def check(self, value: OptionValue) -> None:
        """Raise :class:`SpecError` when ``value`` cannot be used."""
        if value is None:
            if not self.is_optional:
                raise self._problem("needs a value")
            return
        if self.kind == "bool" and not isinstance(value, bool):
            raise self._problem(f"is yes or no, not {value!r}")
        if self.kind in ("int", "float"):
            self._check_number(value)
        if self.kind == "choice" and value not in dict(self.choices):
            raise self._problem(
                f"cannot be {value!r}", "Choose one of: " + ", ".join(dict(self.choices)) + "."
            )

    def _check_number(self, value: OptionValue) -> None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or (self.kind == "int" and not isinstance(value, int)):
            raise self._problem(f"is a {'whole ' if self.kind == 'int' else ''}number, not {value!r}")
        assert isinstance(value, int | float)
        low = -math.inf if self.minimum is None else self.minimum
        high = math.inf if self.maximum is None else self.maximum
        if not math.isfinite(value) or not low <= value <= high:
            raise self._problem(f"cannot be {_in_words(value)}", f"Choose a number {self._range_in_words()}.")

    def _range_in_words(self) -> str:
        if self.maximum is None:
            return f"from {_in_words(self.minimum or 0)} on"
        if self.minimum is None:
            return "that is finite"
        return f"between {_in_words(self.minimum)} and {_in_words(self.maximum)}"

    def _problem(self, what: str, hint: str = "") -> SpecError:
        return SpecError(f"{self.label} {what}.", hint=hint, key=self.key)

    def parse(self, text: str) -> OptionValue:
        """The value that ``text`` stands for, as typed after ``--set key=``."""
        cleaned = text.strip()
        if self.is_optional and cleaned.lower() in _NOT_SET and cleaned not in dict(self.choices):
            return None
        value: OptionValue = dict(self.spellings).get(cleaned.lower(), cleaned)
        if self.kind == "bool":
            value = _parse_bool(cleaned)
        elif self.kind in ("int", "float"):
            value = _parse_number(cleaned, self.kind)
        self.check(value)
        return value


def _in_words(value: float) -> str:
    """A number as people write it: 1,000,000 rather than 1e+06."""
    is_long = math.isfinite(value) and abs(value) >= 10_000 and float(value).is_integer()
    return f"{value:,.0f}" if is_long and abs(value) < 1e15 else f"{value:g}"


def _parse_bool(text: str) -> bool | str:
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    return known.get(text.lower(), text)


def _parse_number(text: str, kind: str) -> int | float | str:
    try:
        number = float(text.replace("_", ""))
    except ValueError:
        return text
    return int(number) if kind == "int" and number.is_integer() else number


def find_option(options: Sequence[Option], key: str) -> Option:
    """The option named ``key`` or by one of its aliases; raises :class:`SpecError` with the closest names."""
    for option in options:
        if key == option.key or key in option.aliases:
            return option
    raise unknown_name_problem("setting", key, [option.key for option in options])


def unknown_name_problem(what: str, name: str, known: Iterable[str]) -> SpecError:
    """The sentence for a name that does not exist, with what was perhaps meant."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"Perhaps {' or '.join(close)}?" if close else "Known are: " + ", ".join(names) + "."
    return SpecError(f'There is no {what} "{name}".', hint=hint, key=name)
