"""The rows of ended runs in a file beside the runs, ``.rows.json``: a cache that may be deleted at any time."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, cast

from ptft_gui import __version__
from ptft_gui.core.atomic import write_text_atomically
from ptft_gui.core.overview import RunOverview
from ptft_gui.core.rundir import LIVE_STATES

Key = tuple[int, int, int]
"""When the files that a row comes from were changed last."""

ROWS_FILE = ".rows.json"
_MOST_BYTES = 64 << 20
_FIELDS = {field.name for field in fields(RunOverview)}
_NUMBERS = ("created", "progress")


def read_kept_rows(runs: Path) -> dict[str, tuple[Key, RunOverview]]:
    """The rows by the names of their runs; a file of another version, or a damaged one, holds none."""
    path = runs / ROWS_FILE
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["version"] != __version__:
            return {}
        return {name: _row_from(name, *pair) for name, pair in record["rows"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _row_from(name: str, key: Any, values: dict[str, Any]) -> tuple[Key, RunOverview]:
    """One row; raises :class:`ValueError` or :class:`TypeError` for what is none."""
    is_right = set(values) == _FIELDS and values["name"] == name
    is_right = is_right and all(
        isinstance(value, int | float if field in _NUMBERS else str) for field, value in values.items()
    )
    if not is_right:
        raise ValueError(name)
    changed, titled, asked = (int(number) for number in key)
    return (changed, titled, asked), RunOverview(**values)


def write_kept_rows(runs: Path, kept: dict[str, tuple[Key, RunOverview]]) -> None:
    """Keep the rows of ended runs; where nothing can be written they are read anew next time."""
    rows = {
        name: [list(key), asdict(row)]
        for name, (key, row) in kept.items()
        if row.state not in (*LIVE_STATES, cast(Any, "reading"))
    }
    text = json.dumps({"version": __version__, "rows": rows}, ensure_ascii=False, separators=(",", ":"))
    with suppress(OSError):
        write_text_atomically(runs / ROWS_FILE, text)
