"""A history that may go on for days and is kept in a bounded number of entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_Entry = TypeVar("_Entry")


def thin_out(history: list[_Entry], most: int, is_kept: Callable[[_Entry], bool] = lambda _: False) -> None:
    """Once there are more than ``most``: the newest half stays whole, of what is older every second entry goes.

    Done again and again as a history grows, entries lie ever further apart the older they are. The first one stays,
    and what ``is_kept`` asks for.
    """
    if len(history) <= most:
        return
    older = history[: -(most // 2)]
    history[: len(older)] = [entry for place, entry in enumerate(older) if place % 2 == 0 or is_kept(entry)]
