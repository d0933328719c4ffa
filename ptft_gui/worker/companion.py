"""The companion: a process beside the window that answers everything that is not a run.

::

    python -m ptft_gui.worker.companion --log FILE

It speaks the lines of :mod:`ptft_gui.core.companion_protocol` over its standard input and output and ends when its
input closes. Each question is answered in a thread, so that a slow one holds up neither the next nor its own
cancelling.
"""

from __future__ import annotations

import argparse
import faulthandler
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from ptft_gui.core.companion_protocol import LONGEST_LINE_BYTES, Reply, decode_request
from ptft_gui.worker.companion_desk import Desk, PrivateFolder

_LONGEST_LOG_BYTES = 4 << 20
_IDLE_SECONDS = 300.0

_log = logging.getLogger("ptft_gui.companion")


def main(argv: Sequence[str] | None = None) -> int:
    """Answer until the input closes."""
    parser = argparse.ArgumentParser(prog="python -m ptft_gui.worker.companion")
    parser.add_argument("--log", type=Path, required=True, help="file for what libraries print")
    parser.add_argument(
        "--idle-seconds", type=float, default=_IDLE_SECONDS, help="a model is freed after this long"
    )
    asked = parser.parse_args(argv)
    questions, answers = _take_pipes(asked.log)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the window
    signal.signal(signal.SIGTERM, _leave)
    with PrivateFolder() as folder:
        desk = Desk(answers, folder.path, asked.idle_seconds)
        try:
            desk.send(Reply("", "ready"))
            _read_until_closed(questions, desk)
        finally:
            desk.close()
    sys.stdout.flush()
    # Threads that are still inside a library must not hold up the end.
    os._exit(0)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _take_pipes(log: Path) -> tuple[BinaryIO, BinaryIO]:
    """The two pipes to the window, safe from everything that prints or reads: 0 is empty now, 1 and 2 are the log."""
    questions, answers = os.dup(0), os.dup(1)
    log.parent.mkdir(parents=True, exist_ok=True)
    is_long = log.exists() and log.stat().st_size > _LONGEST_LOG_BYTES
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if is_long else os.O_APPEND)
    target = os.open(log, flags, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)
    os.close(nothing)
    faulthandler.enable(2)
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    return open(questions, "rb"), open(answers, "wb", buffering=0)


def _read_until_closed(questions: BinaryIO, desk: Desk) -> None:
    while line := _next_line(questions):
        request = decode_request(line)
        if request is None:
            _log.warning("skipped a line that is no request: %r", line[:200])
        else:
            desk.take(request)


def _next_line(stream: BinaryIO) -> bytes:
    """The next line; of one that is too long only the beginning, which is then no request."""
    line = stream.readline(LONGEST_LINE_BYTES + 1)
    if len(line) <= LONGEST_LINE_BYTES:
        return line
    rest = line
    while rest and not rest.endswith(b"\n"):
        rest = stream.readline(LONGEST_LINE_BYTES)
    return line


if __name__ == "__main__":
    sys.exit(main())
