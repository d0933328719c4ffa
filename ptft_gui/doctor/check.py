"""One finding of the doctor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    ``ok`` is True when it is in order, False when the program cannot do its work before it is mended, and None for
    something worth knowing that does not stand in the way. ``remedy`` is the command or step that mends it.
    """

    name: str
    ok: bool | None
    sentence: str
    remedy: str = ""
