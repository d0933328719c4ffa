"""Says on the desktop that a run has ended, when the window that would say so has been closed."""

from __future__ import annotations

from contextlib import suppress

from ptft_gui.core.desktop_note import show_note
from ptft_gui.core.errors import PtftError
from ptft_gui.core.locks import WINDOW_LOCK, lock_holder
from ptft_gui.core.overview import overview
from ptft_gui.core.rundir import RunDir


def announce_end(run: RunDir) -> bool:
    """Show a note of how the run ended; not where a window is open, nor where none ever was (a trial, a script)."""
    window = run.path.parent / WINDOW_LOCK
    if not window.exists() or lock_holder(window) is not None:
        return False
    with suppress(
        PtftError, OSError
    ):  # how it ended stands in the log; a note that cannot be shown ends nothing
        row = overview(run)
        return show_note(row.title, row.headline)
    return False
