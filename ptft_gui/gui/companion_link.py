"""The companion process and the two pipes to it, in a thread of their own."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal

from ptft_gui.core.companion_protocol import (
    LONGEST_LINE_BYTES,
    Request,
    decode_reply,
    encode_request,
)
from ptft_gui.core.launch import package_environment

_ENDING_PATIENCE_MS = 1_500


class CompanionLink(QThread):
    """Starts the companion, writes requests, reads replies; ends when the companion does.

    ``reply_read`` carries a :class:`~ptft_gui.core.companion_protocol.Reply`, its arrays already loaded. When the
    thread has finished, ``ending`` says how the process ended.
    """

    reply_read = Signal(object)

    def __init__(self, command: Sequence[str], log: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("companion link")
        self.ending = ""
        self._command = list(command)
        self._log = log
        self._outbox: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._process: subprocess.Popen[bytes] | None = None

    def send(self, request: Request) -> None:
        """Pass a request on, never waiting for the pipe."""
        self._outbox.put(request)

    def end(self) -> None:
        """End the companion: its input closes, and if it does not go by itself it is killed."""
        self._outbox.put(None)
        if not self.wait(_ENDING_PATIENCE_MS) and self._process is not None:
            self._process.kill()
        self.wait()

    def run(self) -> None:
        try:
            process = self._start()
        except OSError as problem:
            self.ending = problem.strerror or str(problem)
            return
        assert process.stdin is not None
        assert process.stdout is not None
        writer = threading.Thread(target=self._write, args=(process.stdin,), name="companion writer")
        writer.start()
        self._read(process.stdout)
        self._outbox.put(None)
        writer.join()
        process.stdout.close()
        code = process.wait()
        self.ending = f"signal {-code}" if code < 0 else f"exit code {code}"

    def _start(self) -> subprocess.Popen[bytes]:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=package_environment(),
            )
        return self._process

    def _write(self, pipe: IO[bytes]) -> None:
        try:
            while (request := self._outbox.get()) is not None:
                pipe.write(encode_request(request))
                pipe.flush()
        except OSError:
            pass  # the companion has died: the reading side notices
        finally:
            _close(pipe)

    def _read(self, pipe: IO[bytes]) -> None:
        while line := pipe.readline(LONGEST_LINE_BYTES + 1):
            reply = decode_reply(line)
            if reply is not None:
                self.reply_read.emit(replace(reply, value=_with_arrays(reply.value)))


def _close(pipe: IO[bytes]) -> None:
    with contextlib.suppress(OSError):  # what was still to be written has nobody to read it
        pipe.close()


def _with_arrays(value: Any) -> Any:
    """``value`` with every ``{"npy": PATH}`` replaced by the array in that file, and every ``{"lines": PATH}`` by the
    list of its lines; the file is then deleted."""
    if isinstance(value, dict):
        if set(value) == {"npy"}:
            path = Path(str(value["npy"]))
            array = np.load(path, allow_pickle=False)
            path.unlink(missing_ok=True)
            return array
        if set(value) == {"lines"}:
            path = Path(str(value["lines"]))
            # only a line feed ends a line: other signs that look like one may stand in a word
            lines = path.read_bytes().decode("utf-8", "replace").split("\n")[:-1]
            path.unlink(missing_ok=True)
            return lines
        return {key: _with_arrays(item) for key, item in value.items()}
    return [_with_arrays(item) for item in value] if isinstance(value, list) else value
