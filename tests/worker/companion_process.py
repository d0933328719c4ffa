"""A real companion process and the two pipes to it, for tests."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from ptft_gui.core.companion_protocol import Reply, Request, decode_reply, encode_request

PATIENCE_S = 60.0


class Companion:
    """A companion process and the two pipes to it."""

    def __init__(self, log: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "ptft_gui.worker.companion", "--log", str(log), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.replies: queue.Queue[Reply] = queue.Queue()
        self.strange_lines: list[bytes] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self._number = 0

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            reply = decode_reply(line)
            if reply is None:
                self.strange_lines.append(line)
            else:
                self.replies.put(reply)

    def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def ask(self, kind: str, /, **arguments: Any) -> str:
        self._number += 1
        self.write(encode_request(Request(f"q{self._number}", kind, arguments)))
        return f"q{self._number}"

    def last_reply(self, request_id: str, keep: list[Reply] | None = None) -> Reply:
        """The last reply to a request; replies to others are put into ``keep``."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            reply = self.replies.get(timeout=max(0.0, deadline - time.monotonic()))
            if reply.id == request_id and reply.is_last:
                return reply
            if keep is not None:
                keep.append(reply)

    def result(self, kind: str, /, **arguments: Any) -> dict[str, Any]:
        reply = self.last_reply(self.ask(kind, **arguments))
        assert reply.kind == "result", reply
        return reply.value

    def close(self) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        if not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            code = self.process.wait(10)
        finally:
            self.process.kill()
            self._reader.join()
            self.process.stdout.close()
        return code
