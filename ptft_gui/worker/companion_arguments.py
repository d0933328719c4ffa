"""The arguments of a question to the companion, each of the type it must have."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import PtftError
from ptft_gui.core.spec import DataSpec
from ptft_gui.worker.companion_question import Question

_Model = TypeVar("_Model", bound=BaseModel)


class Arguments:
    """The arguments of a question, each of the type it must have."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._values = question.request.arguments

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def text(self, key: str) -> str:
        value = self._values.get(key)
        if not isinstance(value, str):
            raise self._problem(key, "a text")
        return value

    def optional_text(self, key: str) -> str | None:
        return None if self._values.get(key) is None else self.text(key)

    def texts(self, key: str) -> list[str]:
        value = self._values.get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._problem(key, "a list of texts")
        return value

    def number(self, key: str, default: int) -> int:
        value = self._values.get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._problem(key, "a whole number")
        return value

    def real_number(self, key: str, default: float) -> float:
        value = self._values.get(key)
        if value is None:
            return default
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self._problem(key, "a number")
        return float(value)

    def optional_texts(self, key: str) -> list[str] | None:
        return None if self._values.get(key) is None else self.texts(key)

    def optional_number(self, key: str) -> int | None:
        return None if self._values.get(key) is None else self.number(key, 0)

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """One of several words, the first when none is given."""
        value = self._values.get(key)
        if value is None:
            return choices[0]
        if value not in choices:
            raise self._problem(key, f"one of {', '.join(choices)}")
        return str(value)

    def records(self, key: str) -> list[dict[str, Any]]:
        value = self._values.get(key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._problem(key, "a list of records")
        return value

    def yes_or_no(self, key: str) -> bool:
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            raise self._problem(key, "yes or no")
        return value

    def record(self, key: str) -> dict[str, Any]:
        value = self._values.get(key) or {}
        if not isinstance(value, dict):
            raise self._problem(key, "a record")
        return value

    def data_request(self, key: str = "request") -> DataRequest:
        """What is asked of a dataset. Raises :class:`PtftError` for a record that is none."""
        return _validated(DataRequest, self.record(key), self.question.request.kind)

    def text_of_a_run(self) -> DataSpec:
        """The text that a run would read: its dataset, how it is read, and what was chosen of its preparation.

        ``preparation`` is a name or a record of several settings; ``switches`` are further ones.
        """
        given = self._values.get("preparation")
        settings = dict(given) if isinstance(given, dict) else {"preparation": given}
        values: dict[str, Any] = {**settings, **self.record("switches")}
        if "request" in self:
            values |= self.data_request().model_dump(include={"dataset", "val", "read", "roles", "decisions"})
        for key in ("dataset", "val"):
            if key in self:
                values[key] = self.text(key)
        if not values.get("dataset"):
            raise self._problem("dataset", "a text")
        return _validated(DataSpec, values, self.question.request.kind)

    def _problem(self, key: str, kind: str) -> PtftError:
        return PtftError(
            f'The question "{self.question.request.kind}" needs "{key}", {kind}.',
            f"It was {self._values.get(key)!r:.100}.",
        )


def _validated(model: type[_Model], record: dict[str, Any], kind: str) -> _Model:
    try:
        return model.model_validate(record)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PtftError(
            f'The question "{kind}" does not say which data it is about.', f"{where}: {first['msg']}."
        ) from None
