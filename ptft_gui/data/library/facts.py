"""What a dataset holds, found out once when it is added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.data.request import Progress, ShouldStop

RUNNING_TEXT = ("text", "wikipedia")
"""Kinds of data that are running text; all others have rows and columns."""


@dataclass(frozen=True)
class Described:
    """What was found out: ``facts`` holds ``kind task rows words language classes ...`` as far as they are known."""

    format_name: str = ""
    encoding: str = ""
    preparation: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def describe(request: DataRequest, progress: Progress, should_stop: ShouldStop) -> Described:
    """Look into a dataset. Raises DataError for one that cannot be read, StoppedByPerson."""
    from ptft_gui.data.examples.examine import (
        open_data,
    )  # reads tables; whoever only resolves a name needs none

    progress("Looking at the beginning", None)
    opened = open_data(request)
    is_text = opened["kind"] in RUNNING_TEXT
    facts = _of_text(request, opened) if is_text else _of_table(request, opened, progress, should_stop)
    preparation = facts.pop("preparation", {})
    known = {key: value for key, value in facts.items() if value not in (None, "")}
    return Described(
        format_name=str(opened.get("format_name", "")),
        encoding=str(opened.get("encoding_name") or opened.get("encoding") or ""),
        preparation=preparation,
        facts={"kind": opened["kind"], **known},
    )


def _of_text(request: DataRequest, opened: Mapping[str, Any]) -> dict[str, Any]:
    from ptft_gui.data.examples.language import languages_of
    from ptft_gui.data.preview import inspect_text

    seen = inspect_text(request.dataset)
    beginning = [str(cell) for _, *cells in opened.get("rows", []) for cell in cells if cell]
    languages = languages_of(beginning)
    return {
        "task": PLAIN_TEXT,
        "words": seen["words"],
        "language": languages[0].name if languages else "",
        "bytes": seen.get("bytes"),
        "files": seen.get("number_of_files"),
        "is_estimate": seen["is_estimate"],
        "notices": list(seen["notices"]),
        "preparation": dict(seen["preparation"]),
    }


def _of_table(
    request: DataRequest, opened: Mapping[str, Any], progress: Progress, should_stop: ShouldStop
) -> dict[str, Any]:
    from ptft_gui.data.examples.examine import study_data

    seen = study_data(request, progress, should_stop)
    classes = {label for part in (seen.get("classes") or {}).values() for label, _ in part}
    return {
        "task": str(opened.get("task") or ""),
        "roles": {guess["role"]: guess["column"] for guess in opened.get("roles", []) if guess.get("column")},
        "rows": sum(int(count) for count in (seen.get("rows") or {}).values()),
        "rows_of_parts": dict(seen.get("rows") or {}),
        "words": int(seen.get("tokens") or 0),
        "classes": len(classes) or None,
        "language": str((seen.get("language") or {}).get("name") or ""),
        "notices": list(opened.get("notices", [])),
    }
