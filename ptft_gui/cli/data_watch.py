"""What a command shows while it reads or fetches: one line that is written over in a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from ptft_gui.cli.output import shown_width
from ptft_gui.core.wording import percent_text

_SECONDS_BETWEEN = 0.1


class ProgressLine:
    """A progress function for the data room."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._width = 0
        self._said_at = 0.0

    def __call__(self, text: str, fraction: float | None) -> None:
        now = time.monotonic()
        if now - self._said_at < _SECONDS_BETWEEN:
            return
        self._said_at = now
        self._write(text if fraction is None else f"{text}, {percent_text(fraction)}")

    def clear(self) -> None:
        if self._width:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _write(self, line: str) -> None:
        self._stream.write(f"\r{line}{' ' * (self._width - shown_width(line))}")
        self._stream.flush()
        self._width = shown_width(line)


def _silent(_text: str, _fraction: float | None) -> None:
    """For output that goes to a file or another program."""


@contextmanager
def shown_progress() -> Iterator[ProgressLine]:
    """A line on standard error that is gone at the end; silent where that is no terminal."""
    line = ProgressLine(sys.stderr)
    if not sys.stderr.isatty():
        yield _silent  # type: ignore[misc]
        return
    try:
        yield line
    finally:
        line.clear()
