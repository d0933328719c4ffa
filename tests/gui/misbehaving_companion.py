"""A companion that behaves, or misbehaves, on order; it answers with what it was asked.

``ask`` kinds: ``similar`` echoes, ``evaluate`` reports progress and then echoes, ``complete`` never answers,
``vocabulary_info`` dies, ``suggest`` fails with a sentence, ``compare_words`` answers with an array in a file,
``export`` prints junk before it answers.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

import numpy as np

from ptft_gui.core.companion_protocol import Reply, decode_request, encode_reply
from ptft_gui.core.errors import UnknownWordError


def say(reply: Reply) -> None:
    sys.stdout.buffer.write(encode_reply(reply))
    sys.stdout.buffer.flush()


def answer(number: str, kind: str, arguments: dict[str, object]) -> None:
    if kind == "vocabulary_info":
        os.kill(os.getpid(), signal.SIGKILL)
    elif kind == "suggest":
        problem = UnknownWordError('"kingg" is not known.', word="kingg", suggestions=("king",))
        say(Reply(number, "error", problem.as_dict()))
    elif kind == "compare_words":
        path = Path(tempfile.mkdtemp()) / "a.npy"
        np.save(path, np.eye(2))
        say(Reply(number, "result", {"words": ["a", "b"], "similarity": {"npy": str(path)}}))
    elif kind != "complete":
        if kind == "evaluate":
            say(Reply(number, "progress", {"text": "Half way", "fraction": 0.5}))
        if kind == "export":
            sys.stdout.buffer.write(b"junk\n\xff\xfe{]\n[1,2]\n")
        say(Reply(number, "result", {"kind": kind, "pid": os.getpid(), **arguments}))


def main() -> None:
    if "deaf" in sys.argv:
        signal.pause()
    say(Reply("", "ready"))
    for line in sys.stdin.buffer:
        request = decode_request(line)
        if request is not None:
            answer(request.id, request.kind, request.arguments)


if __name__ == "__main__":
    main()
