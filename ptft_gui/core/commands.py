"""What a person may tell a running run, over ``commands.jsonl`` in the run folder.

A file needs no port and survives a crash on either side. Every command has an id and the attempt it is meant for;
a worker ignores commands of other attempts (a *stop* written just before a crash must not stop the resumed run) and
answers each of its own with a ``command_done`` event.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ptft_gui.core.errors import RunFolderError

CommandName = Literal["pause", "resume", "stop", "discard", "save", "ask", "add_probe"]


class Command(BaseModel):
    """One request to a running run.

    ``stop`` keeps the model; its argument ``{"keep": "best"}`` keeps the best moment instead of the last.
    ``discard`` ends without saving a model. ``save`` writes a checkpoint now. ``ask`` carries a question.
    ``add_probe`` with ``{"text": ...}`` gives a language model one more input to answer, now and at every check; word
    vectors one more word to watch.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    attempt: int
    name: CommandName
    argument: dict[str, Any] = {}
    time: float = 0.0


def send_command(path: Path, name: CommandName, attempt: int, argument: dict[str, Any] | None = None) -> str:
    """Append a command and return its id. Raises :class:`RunFolderError`."""
    command = Command(
        id=uuid.uuid4().hex, attempt=attempt, name=name, argument=argument or {}, time=time.time()
    )
    line = json.dumps(command.model_dump(), ensure_ascii=False, allow_nan=False).encode() + b"\n"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _end_torn_line(descriptor)
            os.write(descriptor, line)
        finally:
            os.close(descriptor)
    except OSError as problem:
        raise RunFolderError(
            f"The request could not be passed to the run: {path} cannot be written.",
            detail=problem.strerror or "",
            hint="Free some space on that disk and try again.",
        ) from problem
    return command.id


def _end_torn_line(descriptor: int) -> None:
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        os.write(descriptor, b"\n")


class CommandReader:
    """Reads the commands of one attempt, each once."""

    def __init__(self, path: Path, attempt: int) -> None:
        self._path = path
        self._attempt = attempt
        self._offset = 0

    def read_new(self) -> list[Command]:
        """Commands of this attempt that were written since the last call; torn and foreign lines are skipped."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                block = file.read()
        except OSError:
            return []
        end = block.rfind(b"\n") + 1
        self._offset += end
        decoded = (_decode(line) for line in block[:end].splitlines())
        return [command for command in decoded if command is not None and command.attempt == self._attempt]


def _decode(line: bytes) -> Command | None:
    try:
        return Command.model_validate_json(line)
    except ValidationError:
        return None
