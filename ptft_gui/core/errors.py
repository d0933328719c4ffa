"""Failures a person can understand and act on.

Everything that a person can cause or meet ends in a :class:`PtftError`. Its three texts follow one form:

* ``message`` - one sentence that names the thing ("survey.txt holds no text."),
* ``detail``  - what was seen ("All 0 bytes were read."),
* ``hint``    - what to do ("Choose a file that contains sentences.").

``remedies`` are the same hint as buttons: the window shows the first one beside the sentence.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Remedy:
    """One thing the window can do about a failure.

    ``action`` is a word the window knows (``new_run_with``, ``resume``, ``open_log``, ``show_disk_use`` ...),
    ``label`` what stands on the button, ``argument`` what the action needs (for ``new_run_with``: option values).
    """

    action: str
    label: str
    argument: dict[str, Any] = field(default_factory=dict)


class PtftError(Exception):
    """A failure told in plain words."""

    def __init__(
        self, message: str, detail: str = "", hint: str = "", remedies: tuple[Remedy, ...] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.hint = hint
        self.remedies = remedies

    def as_dict(self) -> dict[str, Any]:
        """The failure as plain data, the form it has in an event log and on the companion's pipe."""
        return {
            "message": self.message,
            "detail": self.detail,
            "hint": self.hint,
            "remedies": [asdict(remedy) for remedy in self.remedies],
        }

    def as_sentence(self) -> str:
        """Message, detail and hint in one line, for a terminal."""
        return " ".join(part.strip() for part in (self.message, self.detail, self.hint) if part.strip())


class SpecError(PtftError):
    """A request for a run that cannot be carried out; ``key`` names the field it stands beside."""

    def __init__(
        self,
        message: str,
        detail: str = "",
        hint: str = "",
        remedies: tuple[Remedy, ...] = (),
        key: str = "",
    ) -> None:
        super().__init__(message, detail, hint, remedies)
        self.key = key


class DataError(PtftError):
    """Text that cannot be read or does not suffice."""


class RunFolderError(PtftError):
    """A run folder that cannot be created, read or written."""


class ModelError(PtftError):
    """A model or vector file that cannot be opened, or a question it cannot answer."""


class UnknownWordError(ModelError):
    """A word the model does not know; ``suggestions`` are close words it does know."""

    def __init__(
        self,
        message: str,
        detail: str = "",
        hint: str = "",
        remedies: tuple[Remedy, ...] = (),
        word: str = "",
        suggestions: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, detail, hint, remedies)
        self.word = word
        self.suggestions = suggestions

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "word": self.word, "suggestions": list(self.suggestions)}


class StoppedByPerson(Exception):
    """Raised inside long work when a person asked it to stop; never shown as a failure."""


def error_from_dict(record: dict[str, Any]) -> PtftError:
    """Rebuild a failure that travelled as plain data; missing parts become empty."""
    remedies = tuple(
        Remedy(str(r.get("action", "")), str(r.get("label", "")), dict(r.get("argument") or {}))
        for r in record.get("remedies") or []
    )
    message, detail, hint = (str(record.get(key) or "") for key in ("message", "detail", "hint"))
    if "suggestions" in record:
        word, suggestions = str(record.get("word", "")), tuple(record["suggestions"])
        return UnknownWordError(message, detail, hint, remedies, word, suggestions)
    return PtftError(message, detail, hint, remedies)
