"""Options and their failures in plain words: one sentence that names the input and what would be right."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.options import unknown_name_problem
from ptft_gui.core.family.registry import known_settings
from ptft_gui.core.paths import runs_folder


class PlainParser(argparse.ArgumentParser):
    """An argument parser that raises :class:`PtftError` instead of printing its usage and leaving."""

    def __init__(self, command: str, description: str, examples: Sequence[str] = ()) -> None:
        epilog = "examples:\n" + "\n".join(f"  {example}" for example in examples) if examples else None
        super().__init__(
            prog=f"ptft-gui {command}",
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.add_argument("--runs", metavar="DIR", help="folder of runs (or set PTFT_RUNS)")

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The options, ``runs`` as a path; raises :class:`PtftError` for what cannot be understood."""
        for word in arguments:  # first, because a misspelt option makes others seem to be missing
            if word.startswith("--") and word.partition("=")[0] not in self._option_string_actions:
                raise self._unknown(word)
        options, unknown = self.parse_known_args(arguments)
        if unknown:
            raise self._unknown(unknown[0])
        options.runs = Path(runs_folder(options.runs))
        return options

    def _unknown(self, word: str) -> PtftError:
        if word.startswith("-"):
            key, _, value = word.lstrip("-").partition("=")
            if "--set" in self._option_string_actions and (key := key.replace("-", "_")) in known_settings():
                return PtftError(
                    f"{key} is a setting, and settings are given after --set.",
                    hint=f"Write --set {key}={value or 'VALUE'}.",
                )
            return unknown_name_problem("option", word.partition("=")[0], self._option_string_actions)
        return PtftError(f'"{word}" is one word too many.', hint=f"See: {self.prog} --help")

    def error(self, message: str) -> NoReturn:
        """Called by argparse with its own wording, which is turned into ours."""
        raise PtftError(_in_plain_words(message), hint=f"See: {self.prog} --help")


_WORDINGS = (
    (r"the following arguments are required: (.+)", r"\1 is missing."),
    (r"one of the arguments (\S+) (\S+) is required", r"\1 or \2 is needed."),
    (r"one of the arguments (.+) is required", r"One of \1 is needed."),
    (r"argument ([^:]+): not allowed with argument (.+)", r"\1 and \2 cannot be given together."),
    (r"argument ([^:]+): expected (?:one|at least one) argument", r"\1 needs a value after it."),
    (r"argument ([^:]+): expected (\d+) arguments", r"\1 needs \2 values after it."),
    (r"argument ([^:]+): ignored explicit argument (.+)", r"\1 takes no value; it was given \2."),
)


def _in_plain_words(message: str) -> str:
    for pattern, wording in _WORDINGS:
        found = re.fullmatch(pattern, message)
        if found:
            return found.expand(wording)
    return f"The command line cannot be understood ({message})."


def whole_number(name: str, low: int, high: int) -> Callable[[str], int]:
    """A converter for a whole number between ``low`` and ``high``."""

    def convert(text: str) -> int:
        number = int(text) if re.fullmatch(r"[+-]?\d{1,12}", text) else None
        if number is None or not low <= number <= high:
            raise PtftError(
                f'{name} cannot be "{text}".', hint=f"Give a whole number between {low:,} and {high:,}."
            )
        return number

    return convert


def one_of(what: str, known: Iterable[str]) -> Callable[[str], str]:
    """A converter for one of a few names."""
    names = list(known)

    def convert(text: str) -> str:
        if text not in names:
            raise unknown_name_problem(what, text, names)
        return text

    return convert
