"""A score as it stands on a card."""

from __future__ import annotations

from typing import Any

UNKNOWN = "-"


def number_text(value: Any) -> str:
    """Two digits behind the point, and as many more as keep a share that is not whole from reading 1.00."""
    if not isinstance(value, int | float):
        return UNKNOWN
    if value >= 1000:
        return f"{value:,.0f}"
    digits = 2
    while value < 1 and digits < 6 and float(f"{value:.{digits}f}") == 1:
        digits += 1
    return f"{value:.{digits}f}"
