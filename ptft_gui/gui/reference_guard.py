"""Guards the window against a PySide6 that miscounts references.

PySide6 6.12.0 on Python 3.11 takes a reference from ``None`` at every call of a Qt method that returns nothing.
A window that draws ten times a second is ended by the interpreter about a minute later, in the middle of a run
(``Fatal Python error: none_dealloc``). The fault shows in a thousand calls, so it is looked for at the start.
"""

from __future__ import annotations

import sys

import PySide6
from PySide6.QtCore import QObject

from ptft_gui.core.errors import PtftError

CALLS = 1_000
MOST_LOST = CALLS // 2  # a fault loses one a call; other threads move the count by a few


def reference_count_is_safe() -> bool:
    """True when a thousand calls of a Qt method leave the references to ``None`` as they were; takes about 1 ms."""
    probe = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        probe.setObjectName("probe")
    return abs(sys.getrefcount(None) - before) < MOST_LOST


def require_safe_reference_count() -> None:
    """Raise PtftError where the window would be ended by the interpreter sooner or later."""
    if not reference_count_is_safe():
        python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
        raise PtftError(
            f"PySide6 {PySide6.__version__} cannot be used with {python}.",
            detail="It miscounts references, so the window would close by itself after about a minute of drawing.",
            hint=f"Install the version this program is tested with: {sys.executable} -m pip install "
            '"PySide6-Essentials==6.10.*"',
        )
