"""What a dataset holds, found out once when it is added."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.request import Progress, ShouldStop


@dataclass(frozen=True)
class Described:
    """The request with what was found out filled in, and the facts beside it."""

    request: DataRequest
    format_name: str
    encoding: str
    preparation: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def describe(request: DataRequest, progress: Progress, should_stop: ShouldStop) -> Described:
    """Look into a dataset. Raises DataError for one that cannot be read, StoppedByPerson."""
    from ptft_gui.data.preview import inspect_text  # only adding looks into a text; resolving a name does not

    progress("Looking at the text", None)
    seen = inspect_text(request.dataset)
    facts = {
        "words": seen["words"],
        "bytes": seen.get("bytes"),
        "files": seen.get("number_of_files"),
        "is_estimate": seen["is_estimate"],
        "notices": seen["notices"],
    }
    return Described(
        request=request,
        format_name="plain text",
        encoding=seen["encoding"],
        preparation=dict(seen["preparation"]),
        facts={key: value for key, value in facts.items() if value is not None},
    )
