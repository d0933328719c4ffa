"""EventWriter and EventReader over ``events.jsonl``.

One writer (the worker), any number of readers (the thread that follows a live run, the history, a script). A line
is written with a single ``write`` on a descriptor opened for appending, so a reader sees whole lines or a torn
tail, never two lines mixed. The writer repairs a torn tail left by a killed worker before it appends; the reader
waits for the rest of a torn tail and counts lines that no program could have written.
"""

from __future__ import annotations

import json
import math
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.events import PROTOCOL_VERSION, AnyEvent, Event, Format, decode_event

READ_BYTES = 1 << 16
_SYNCED = {"format", "started", "resumed", "resolved", "checkpoint", "paused", "running", "stopping", "diverged",
           "finished", "stopped", "failed", "start_failed"}  # fmt: skip


class EventWriter:
    """Appends events to a log; safe to use from several threads of the one worker."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _CLOEXEC, 0o600)
        except OSError as problem:
            raise _log_problem(path, problem) from problem
        self._next_seq = _repair_tail(self._descriptor)
        if self._next_seq == 0:
            self.write(Format())

    def write(self, event: Event) -> None:
        """Append one event; its ``seq`` and ``time`` are set here. Raises :class:`RunFolderError`."""
        with self._lock:
            fields = event.model_dump(mode="json", exclude={"event", "seq", "time"})
            name = _name_of(event)
            line = _encode({"event": name, "seq": self._next_seq, "time": round(time.time(), 3), **fields})
            try:
                _write_whole_line(self._descriptor, line)
                if name in _SYNCED:
                    os.fsync(self._descriptor)
            except OSError as problem:
                raise _log_problem(self._path, problem) from problem
            self._next_seq += 1

    def close(self) -> None:
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1


_CLOEXEC = getattr(os, "O_CLOEXEC", 0)


def _name_of(event: Event) -> str:
    return str(type(event).model_fields["event"].default)


def _encode(record: dict[str, Any]) -> bytes:
    return (
        json.dumps(finite(record), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        + b"\n"
    )


def finite(value: Any) -> Any:
    """``value`` with every number that is not finite replaced by None, all the way down."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def _write_whole_line(descriptor: int, line: bytes) -> None:
    """Write all of ``line`` or nothing: what a full disk cut off is taken back."""
    start = os.lseek(descriptor, 0, os.SEEK_END)
    try:
        written = os.write(descriptor, line)
        while written < len(line):
            written += os.write(descriptor, line[written:])
    except OSError:
        os.ftruncate(descriptor, start)
        raise


def _repair_tail(descriptor: int) -> int:
    """Cut off a torn last line; return the number of lines that remain, which is the next ``seq``."""
    end, lines, last_newline = 0, 0, 0
    os.lseek(descriptor, 0, os.SEEK_SET)
    while block := os.read(descriptor, 1 << 20):
        lines += block.count(b"\n")
        position = block.rfind(b"\n")
        if position >= 0:
            last_newline = end + position + 1
        end += len(block)
    if last_newline < end:
        os.ftruncate(descriptor, last_newline)
    return lines


def _log_problem(path: Path, problem: OSError) -> RunFolderError:
    return RunFolderError(
        f"The run's log {path} cannot be written.",
        detail=problem.strerror or str(problem),
        hint="Free some space on that disk, or choose another folder for runs.",
    )


class EventReader:
    """Reads new whole lines of a log from where it last stopped.

    ``unreadable_lines`` counts lines that hold no event this program knows; ``offset`` is the byte position of the
    next unread line. A log that became shorter (it was edited or replaced) is read again from the beginning, and
    ``restarts`` is raised so that whoever folds the events starts afresh too.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.offset = 0
        self.unreadable_lines = 0
        self.restarts = 0
        self.newer_format: int | None = None

    def read_new(self, max_bytes: int = READ_BYTES) -> list[AnyEvent]:
        """Events of the next whole lines, at most about ``max_bytes``; an empty list when there are none yet."""
        try:
            with self.path.open("rb") as log:
                block = self._next_block(log, max_bytes)
        except FileNotFoundError:
            return []
        except OSError as problem:
            raise RunFolderError(f"{self.path} cannot be read.", detail=problem.strerror or "") from problem
        return list(self._decode(block))

    def read_all(self) -> list[AnyEvent]:
        """All events that are still unread."""
        events: list[AnyEvent] = []
        while True:
            before = self.offset
            events += self.read_new(1 << 20)
            if self.offset == before:
                return events

    def _next_block(self, log: Any, max_bytes: int) -> bytes:
        size = os.fstat(log.fileno()).st_size
        if size < self.offset:
            self.offset, self.unreadable_lines = 0, 0
            self.restarts += 1
        log.seek(self.offset)
        block: bytes = log.read(max_bytes)
        end = block.rfind(b"\n") + 1
        if end == 0 and len(block) == max_bytes:
            block += log.readline()
            end = len(block) if block.endswith(b"\n") else 0
        self.offset += end
        return block[:end]

    def _decode(self, block: bytes) -> Iterator[AnyEvent]:
        for line in block.split(b"\n"):
            if not line.strip():
                continue
            event = decode_event(line)
            if event is None:
                self.unreadable_lines += 1
                continue
            if isinstance(event, Format) and event.version > PROTOCOL_VERSION:
                self.newer_format = event.version
            yield event
