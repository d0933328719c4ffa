"""The companion as the window meets it: a real process, real lines, and everything that can go wrong with them."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from ptft_gui.core.companion_protocol import LONGEST_LINE_BYTES, Reply, Request, encode_request
from ptft_gui.core.errors import UnknownWordError
from ptft_gui.engine.vectors import WordVectors, save_word_vectors
from tests.worker.companion_process import PATIENCE_S, Companion

WORDS = "the of king queen man woman music folk dance kings kingdom caf\u00e9".split()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Companion]]:
    started: list[Companion] = []

    def begin(*arguments: str) -> Companion:
        started.append(Companion(tmp_path / "companion.log", *arguments))
        assert started[-1].replies.get(timeout=PATIENCE_S).kind == "ready"
        return started[-1]

    yield begin
    for companion in started:
        companion.close()


@pytest.fixture
def model(tmp_path: Path) -> str:
    return _save(tmp_path / "model", seed=1)


def _save(folder: Path, seed: int) -> str:
    numbers = np.random.default_rng(seed).standard_normal((len(WORDS), 8)).astype(np.float32)
    counts = np.arange(len(WORDS), 0, -1, dtype=np.int64)
    config = {"name": "small", "preparation": "words", "min_count": 1, "dataset": "little-kingdom"}
    save_word_vectors(folder, WordVectors(WORDS, counts, numbers, config))
    return str(folder)


@pytest.fixture
def slow_question(tmp_path: Path) -> dict[str, Any]:
    """An evaluation that takes long: many made-up questions about many words."""
    words = [f"w{n}" for n in range(20_000)]
    numbers = np.random.default_rng(1).standard_normal((len(words), 100)).astype(np.float32)
    save_word_vectors(tmp_path / "large", WordVectors(words, np.ones(len(words), np.int64), numbers, {}))
    gold = tmp_path / "gold.txt"
    gold.write_text(
        "".join(f"w{n} w{n + 1} w{n + 2} w{n + 3}\n" for n in range(19_000)) * 5, encoding="utf-8"
    )
    return {"model": str(tmp_path / "large"), "gold": str(gold), "kind": "analogy"}


def test_every_kind_is_answered(start: Callable[..., Companion], model: str, tmp_path: Path) -> None:
    companion = start()
    similar = companion.result("similar", model=model, text="King", topn=3)
    assert similar["words"] == ["king"]
    assert [len(row) for row in similar["neighbours"]] == [3, 3, 3]
    analogy = companion.result("analogy", model=model, text="king - man + woman")
    assert (analogy["positive"], analogy["negative"]) == (["king", "woman"], ["man"])
    assert companion.result("complete", model=model, prefix="ki")["words"] == [
        ["king", 10],
        ["kings", 3],
        ["kingdom", 2],
    ]
    info = companion.result("vocabulary_info", model=model)
    assert (info["name"], info["words"], info["dimensions"], info["dataset"]) == (
        "small",
        12,
        8,
        "little-kingdom",
    )
    assert info["examples"]
    assert len(companion.result("gold_sets")["gold_sets"]) == 3
    assert companion.result("evaluate", model=model, gold="simlex999")["pairs"] == 999
    exported = companion.result("export", model=model, format="glove-text", path=str(tmp_path / "v.txt"))
    assert exported["paths"] == [str(tmp_path / "v.txt")]
    assert companion.result("suggest", dataset="little-kingdom", limit=3)["words"] == [
        "king",
        "queen",
        "prince",
    ]
    assert companion.close() == 0
    assert companion.strange_lines == []


def test_a_text_is_told_with_proposals_and_reasons(start: Callable[..., Companion], tmp_path: Path) -> None:
    path = tmp_path / "cats.txt"
    path.write_text("The cat sat. The dog ran away.\n" * 50, encoding="latin-1")
    told = start().result("inspect_dataset", dataset=str(path), preset="tiny")
    assert told["is_exact"]
    assert told["facts"]["tokens"] == 350
    assert told["facts"]["types"] == 6
    assert told["preview"][:2] == ["the cat sat", "the dog ran away"]
    assert told["proposals"]["min_count"]["value"] == 1
    assert told["proposals"]["min_count"]["reason"]
    assert told["preparation"]["value"] == "words"


def test_a_failure_arrives_in_words(start: Callable[..., Companion], model: str, tmp_path: Path) -> None:
    companion = start()
    reply = companion.last_reply(companion.ask("similar", model=model, text="kinng"))
    problem = reply.problem()
    assert isinstance(problem, UnknownWordError)
    assert problem.suggestions[0] == "king"
    for kind, arguments, said in (
        ("similar", {"model": str(tmp_path / "absent"), "text": "a"}, "There is no run, folder or file"),
        ("similar", {"model": model}, 'needs "text"'),
        ("similar", {"model": model, "text": "king", "topn": "many"}, 'needs "topn"'),
        ("inspect_dataset", {"dataset": str(tmp_path / "absent.txt")}, "There is no file or folder"),
        ("nonsense", {}, 'There is no question "nonsense"'),
    ):
        reply = companion.last_reply(companion.ask(kind, **arguments))
        assert reply.kind == "error"
        assert said in reply.value["message"]


def test_an_array_travels_as_a_private_file(start: Callable[..., Companion], model: str) -> None:
    companion = start()
    compared = companion.result("compare_words", model=model, words=["king", "queen"])
    path = Path(compared["similarity"]["npy"])
    array = np.load(path, allow_pickle=False)
    assert array.shape == (2, 2)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    companion.close()
    assert not path.parent.exists()


def test_garbage_is_survived(start: Callable[..., Companion], model: str, tmp_path: Path) -> None:
    companion = start()
    for line in (
        b"\n",
        b"nonsense\n",
        b"[1, 2]\n",
        b"{}\n",
        b'{"id": 3, "kind": 4}\n',
        b"\xff\xfe\x00\n",
        b"[" * 5000 + b"\n",
    ):
        companion.write(line)
    companion.write(
        b'{"id": "long", "kind": "similar", "arguments": {"text": "' + b"x" * LONGEST_LINE_BYTES + b'"}}\n'
    )
    assert companion.result("similar", model=model, text="king")["words"] == ["king"]
    assert "no request" in (tmp_path / "companion.log").read_text(encoding="utf-8")
    companion.write(b'{"id": "torn", "kind": "simi')  # the window dies in the middle of a line
    assert companion.close() == 0


def test_a_slow_question_can_be_cancelled_and_holds_up_nothing(
    start: Callable[..., Companion], model: str, slow_question: dict[str, Any]
) -> None:
    companion = start()
    slow = companion.ask("evaluate", **slow_question)
    others: list[Reply] = []
    quick = companion.last_reply(companion.ask("similar", model=model, text="king"), others)
    assert quick.kind == "result"
    assert not any(reply.id == slow and reply.is_last for reply in others)
    companion.ask("cancel")
    companion.write(encode_request(Request(slow, "cancel")))
    assert companion.last_reply(slow).kind == "cancelled"


def test_the_newest_question_of_a_kind_wins(
    start: Callable[..., Companion], slow_question: dict[str, Any], model: str
) -> None:
    companion = start()
    slow = companion.ask("evaluate", **slow_question)
    newer = companion.ask("evaluate", model=model, gold="simlex999")
    replies: list[Reply] = []
    assert companion.last_reply(newer, replies).kind == "result"
    assert [reply.kind for reply in replies if reply.id == slow and reply.is_last] == ["superseded"]


def test_progress_is_told(start: Callable[..., Companion], slow_question: dict[str, Any]) -> None:
    companion = start()
    slow = companion.ask("evaluate", **slow_question)
    while (reply := companion.replies.get(timeout=PATIENCE_S)).kind != "progress":
        assert not reply.is_last
    assert reply.id == slow
    assert 0 <= reply.value["fraction"] <= 1


def test_it_ends_with_the_window_even_in_the_middle_of_work(
    start: Callable[..., Companion], slow_question: dict[str, Any]
) -> None:
    companion = start()
    companion.ask("evaluate", **slow_question)
    while companion.replies.get(timeout=PATIENCE_S).kind != "progress":
        pass
    assert companion.close() == 0


def test_a_model_that_changed_is_opened_anew(start: Callable[..., Companion], model: str) -> None:
    companion = start()
    before = companion.result("similar", model=model, text="king")
    _save(Path(model), seed=2)
    assert companion.result("similar", model=model, text="king") != before


def test_an_idle_model_is_freed(start: Callable[..., Companion], model: str) -> None:
    companion = start("--idle-seconds", "0.2")
    companion.result("similar", model=model, text="king")
    process = psutil.Process(companion.process.pid)

    def holds_model() -> bool:
        return any("vectors.safetensors" in mapped.path for mapped in process.memory_maps())

    deadline = time.monotonic() + PATIENCE_S
    while holds_model() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not holds_model()
    assert companion.result("similar", model=model, text="king")["words"] == ["king"]


def test_ctrl_c_is_for_the_window_and_terminate_cleans_up(
    start: Callable[..., Companion], model: str
) -> None:
    companion = start()
    companion.process.send_signal(signal.SIGINT)
    compared = companion.result("compare_words", model=model, words=["king", "queen"])
    folder = Path(compared["similarity"]["npy"]).parent
    companion.process.terminate()
    assert companion.process.wait(10) == 0
    assert not folder.exists()


def test_what_a_killed_companion_left_is_cleared_by_the_next(
    start: Callable[..., Companion], model: str
) -> None:
    companion = start()
    folder = Path(companion.result("compare_words", model=model, words=["king"])["similarity"]["npy"]).parent
    companion.process.kill()
    companion.process.wait()
    assert folder.exists()
    start()
    assert not folder.exists()
    assert folder.parent == Path(tempfile.gettempdir())


def test_what_libraries_print_goes_to_the_log_and_no_qt_is_there(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from ptft_gui.worker import companion, companion_answers\n"
        "class Noise:\n"
        "    def readline(self, _limit): os.write(1, b'native noise\\n'); print('python noise'); return b''\n"
        "read = companion._read_until_closed\n"
        "companion._read_until_closed = lambda _questions, desk: read(Noise(), desk)\n"
        "assert not any(name.startswith('PySide6') for name in sys.modules)\n"
        "assert 'torch' not in sys.modules and 'gensim' not in sys.modules\n"
        f"companion.main(['--log', {str(tmp_path / 'log')!r}])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], input=b"", capture_output=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"ready": True, "version": 1}
    log = (tmp_path / "log").read_bytes()
    assert b"native noise" in log
    assert b"python noise" in log


def test_it_does_not_read_its_standard_input_twice(start: Callable[..., Companion]) -> None:
    companion = start()
    assert os.readlink(f"/proc/{companion.process.pid}/fd/0") == os.devnull
