"""What the commands print: JSON on one line, and tables that line up."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from ptft_gui.core.eventlog import finite


def print_json(value: Any) -> None:
    """One line of JSON; numbers that are not finite become null."""
    print(json.dumps(finite(value), ensure_ascii=False, allow_nan=False))


def print_table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Columns two spaces apart, those numbered in ``right`` flush right."""
    if not rows:
        return
    widths = [max(map(shown_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [_padded(cell, widths[n], n in right) for n, cell in enumerate(row)]
        print("  ".join(cells).rstrip())


def _padded(cell: str, width: int, is_right: bool) -> str:
    space = " " * (width - shown_width(cell))
    return space + cell if is_right else cell + space


def shown_width(text: str) -> int:
    """Places a text takes in a terminal: Chinese and Japanese signs take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )
