"""A note on the desktop, through the program that this desktop has for it; where there is none, nothing happens."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import suppress

_MOST_SIGNS = 240
_PATIENCE_S = 5.0
_DESKTOP = "org.freedesktop.Notifications"
_APPLESCRIPT = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")


def note_command(title: str, text: str) -> list[str] | None:
    """The command line that shows a note here, or None; both texts are passed as they are, never as code or options."""
    title, text = _one_line(title), _one_line(text)
    if sys.platform == "darwin":
        found = shutil.which("osascript")
        script = [part for line in _APPLESCRIPT for part in ("-e", line)]
        return [found, *script, title, text] if found else None
    if found := shutil.which("notify-send"):
        return [found, "--app-name=ptft", "--", title, text]
    found = shutil.which("gdbus")  # where the desktop's own little program was not installed
    return [*_over_the_bus(found), '""', _quoted(title), _quoted(text), "[]", "{}", "-1"] if found else None


def _over_the_bus(gdbus: str) -> list[str]:
    """Up to the name of the program and the number of no earlier note, as the desktop's specification orders them."""
    where = ["--session", "--dest", _DESKTOP, "--object-path", f"/{_DESKTOP.replace('.', '/')}"]
    return [gdbus, "call", *where, "--method", f"{_DESKTOP}.Notify", "--", '"ptft"', "0"]


def _quoted(text: str) -> str:
    """A text in the notation of GLib's variants."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def show_note(title: str, text: str) -> bool:
    """Show a note; whether it was taken. A desktop that does not answer within seconds is given up."""
    command = note_command(title, text)
    if command is None:
        return False
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_S)
        return done.returncode == 0
    return False


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_MOST_SIGNS]
