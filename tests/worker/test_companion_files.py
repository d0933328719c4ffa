"""Arrays that travel as files leave nothing behind, whoever did not want them any more."""

import io
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.core.companion_protocol import Request, decode_reply
from ptft_gui.worker.companion_desk import Desk
from ptft_gui.worker.companion_files import Lines, clear_files, with_files
from ptft_gui.worker.companion_question import Question


def test_files_of_an_answer_can_be_cleared_away_whole(tmp_path: Path) -> None:
    value = with_files({"a": np.zeros(3), "rows": [{"b": Lines(["x", "y"])}, 3], "name": "kept"}, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    clear_files(value)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_a_newer_question_overtook_leaves_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies = io.BytesIO()
    desk = Desk(replies, tmp_path, idle_seconds=60.0)  # type: ignore[arg-type]
    has_begun, may_end = threading.Event(), threading.Event()

    def answer(question: Question) -> dict[str, Any]:
        if question.request.id == "old":
            has_begun.set()
            assert may_end.wait(30)
        return {"positions": np.zeros((4, 2))}

    monkeypatch.setattr(desk._answerer, "answer", answer)
    desk.take(Request("old", "map", {"model": "x"}))
    assert has_begun.wait(30)
    desk.take(Request("new", "map", {"model": "x"}))
    may_end.set()
    desk._threads.shutdown(wait=True)
    told = [reply for line in replies.getvalue().splitlines() if (reply := decode_reply(line)) is not None]
    assert {reply.id: reply.kind for reply in told} == {"old": "superseded", "new": "result"}
    named = next(reply.value["positions"]["npy"] for reply in told if reply.kind == "result")
    assert [str(path) for path in tmp_path.iterdir()] == [named]
    desk.close()
