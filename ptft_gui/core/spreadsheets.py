"""Cells that a spreadsheet shows as they stand."""

from __future__ import annotations

FORMULA_SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
"""With one of these, or its full-width form, a cell is a formula for a spreadsheet."""


def harmless(text: str) -> str:
    """``text`` in one line, so that no spreadsheet takes it for a formula; a number stays a number."""
    flat = " ".join(text.split())
    if flat[:1] not in FORMULA_SIGNS or len(flat) == 1 or _is_number(flat):
        return flat
    return f"'{flat}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii()
