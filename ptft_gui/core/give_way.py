"""Lets the window and the person's other programs go first; what nobody else wants is still all for this process."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_AUTOGROUP = Path("/proc/self/autogroup")
"""Linux shares the processor between sessions before it looks at the niceness of a process (man 7 sched, "The autogroup
feature"): a process that leads a session of its own has to lower the whole session."""


def give_way(niceness: int) -> None:
    """Raise the niceness of this process, and of its session where this process leads one, by ``niceness``.

    Nothing happens on a system that does not know this, or does not allow it.
    """
    with contextlib.suppress(OSError, AttributeError):
        os.nice(niceness)
    with contextlib.suppress(OSError, AttributeError):
        if os.getsid(0) == os.getpid():
            _AUTOGROUP.write_text(f"{niceness}\n", encoding="ascii")
