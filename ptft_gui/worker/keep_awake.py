"""Keeps the computer from falling asleep, through a helper process that cannot outlive this one.

The helper holds the system's request as long as its standard input is open; the system closes it at any kind of
death of this process.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys

_INHIBIT = (
    "systemd-inhibit",
    "--what=sleep:idle",
    "--mode=block",
    "--who=ptft-gui",
    "--why=A model is being trained",
    "cat",
)
_CAFFEINATE = ("caffeinate", "-i", "cat")


class KeepAwake:
    """The keep-awake request of one process. ``reason`` says why it is not held."""

    def __init__(self) -> None:
        self._helper: subprocess.Popen[bytes] | None = None
        self._was_refused = False
        self.reason = ""

    @property
    def is_held(self) -> bool:
        return self._helper is not None and self._helper.poll() is None

    def hold(self) -> None:
        """Make the request unless it is held or was refused before; returns at once."""
        if self.is_held or self._was_refused:
            return
        if self._helper is not None:  # it ended by itself: nobody answers such requests here
            self._refuse("The system does not take such a request here.")
            self.release()
            return
        command = _CAFFEINATE if sys.platform == "darwin" else _INHIBIT
        if shutil.which(command[0]) is None:
            self._refuse(f"{command[0]} is not on this computer.")
            return
        try:
            self._helper = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError as problem:
            self._refuse(f"{command[0]} cannot be started: {problem.strerror}.")

    def release(self) -> None:
        """Let the computer sleep again."""
        helper, self._helper = self._helper, None
        if helper is None:
            return
        with contextlib.suppress(OSError):
            assert helper.stdin is not None
            helper.stdin.close()
        try:
            helper.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            helper.kill()
            helper.wait()

    def _refuse(self, reason: str) -> None:
        self._was_refused, self.reason = True, reason
