"""The end of an event log, read backwards: what a list of thousands of runs needs of each, without reading it whole."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ptft_gui.core.eventlog import READ_BYTES

_NAME = re.compile(rb'\{\s*"event"\s*:\s*"(\w+)"')


def lines_from_end(log: Path) -> Iterator[bytes]:
    """The whole lines of a log, the last one first, reading only as far back as is asked for."""
    try:
        with log.open("rb") as file:
            position = file.seek(0, os.SEEK_END)
            tail = b""
            while position > 0:
                start = max(0, position - READ_BYTES)
                file.seek(start)
                block = file.read(position - start) + tail
                position = start
                # The first line of the block may have begun further back, unless the block is the file's start.
                tail, _, rest = (b"", b"", block) if position == 0 else block.partition(b"\n")
                yield from (line for line in reversed(rest.split(b"\n")) if line.strip())
    except OSError:
        return


def lines_from_start(log: Path, most_bytes: int) -> list[bytes]:
    """The whole lines within the first ``most_bytes`` of a log; none when it cannot be read."""
    try:
        with log.open("rb") as file:
            block = file.read(most_bytes)
    except OSError:
        return []
    return block[: block.rfind(b"\n") + 1].splitlines()


def event_name(line: bytes) -> str:
    """The name of the event that a line holds, found without decoding the rest; "" where it does not begin with it."""
    found = _NAME.match(line)
    return found.group(1).decode() if found else ""
