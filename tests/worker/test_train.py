"""The worker process: every end is told in the log, and every request is answered."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from ptft_gui.core.commands import send_command
from ptft_gui.core.locks import lock_holder
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.engine.checkpoint import find_checkpoints, newest_whole
from ptft_gui.engine.vectors import load_word_vectors
from tests.worker.conftest import Start, write_text

LONG = {"epochs": 5000}


def exit_code(run: RunDir) -> object:
    return json.loads(run.exit_file.read_text())["code"]


def test_a_run_from_start_to_finish(start: Start, text: Path) -> None:
    worker = start(text)
    assert worker.end() == 0
    names = [event.event for event in worker.events]
    assert names[:3] == ["format", "starting", "started"]
    assert names[-1] == "finished"
    assert "queued" not in names
    assert worker.run.state() == "finished"
    assert exit_code(worker.run) == 0
    record = worker.run.read_worker()
    assert record["pid"] == worker.process.pid
    assert record["attempt"] == 1
    assert worker.log == ""
    assert "ship" in load_word_vectors(worker.run.model).index
    assert not (worker.run.path / ".reserve").exists()


def test_the_worker_holds_no_window(start: Start, text: Path, tmp_path: Path) -> None:
    run = create_run(tmp_path / "home" / "runs", new_spec("word2vec", str(text), settings={"max_steps": 3}))
    script = (
        "import sys; from ptft_gui.worker.train import main\n"
        "code = main([sys.argv[1]])\n"
        "heavy = [n for n in sys.modules if n.split('.')[0] in ('PySide6', 'shiboken6', 'torch', 'transformers')]\n"
        "print(code, heavy, 'ptft_gui.gui' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, run.path], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "0 [] False", done.stderr


def test_stop_and_keep_is_answered_and_leaves_a_model(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_step(20)
    command = worker.send("stop")
    begin = time.monotonic()
    assert worker.end() == 0
    assert (
        time.monotonic() - begin < 10
    )  # far above the promised two seconds: other tests run beside this one
    assert worker.run.state() == "stopped"
    assert worker.named("stopping")[0].reason == "person"
    assert [done.id for done in worker.named("command_done")] == [command]
    assert load_word_vectors(worker.run.model).config["step"] == worker.named("stopped")[0].step
    assert find_checkpoints(worker.run.checkpoints)


def test_discard_leaves_no_model(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_step(5)
    worker.send("discard")
    assert worker.end() == 0
    assert worker.named("stopped")[0].discarded
    assert not worker.run.model.exists()


def test_a_pause_holds_still_and_keeps_the_process(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_step(20)
    worker.send("pause")
    worker.wait_for_event("paused")
    assert worker.run.state() == "paused"
    steps = worker.named("steps")[-1].step[-1]
    busy = psutil.Process(worker.process.pid).cpu_times().user
    time.sleep(1.0)
    assert worker.named("steps")[-1].step[-1] == steps == worker.named("paused")[0].step
    assert psutil.Process(worker.process.pid).cpu_times().user - busy < 0.3
    worker.send("ask", similar="ship", topn=3)
    worker.wait_for_event("answer")
    worker.send("resume")
    worker.wait_for_event("running")
    worker.wait_for_step(steps + 20)
    worker.send("pause")
    worker.wait_for_event("paused", 2)
    worker.send("stop")
    assert worker.end() == 0
    assert worker.run.state() == "stopped"


def test_a_running_run_answers_questions(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_step(200)
    good = worker.send("ask", similar="ship", topn=3)
    bad = worker.send("ask", similar="zeppelin")
    worker.wait_for_event("command_done", 2)
    answer = worker.named("answer")[0]
    assert answer.id == good
    assert {word for word, _ in answer.answer["similar"]} <= set(
        "wave sail harbour storm captain deck fish".split()
    )
    refused = next(done for done in worker.named("command_done") if done.id == bad)
    assert not refused.ok
    assert '"zeppelin" is not among' in refused.message


def test_save_now_writes_a_checkpoint(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_step(30)
    before = len(worker.named("checkpoint"))
    command = worker.send("save")
    worker.wait_for(
        lambda events: any(e.event == "command_done" and e.id == command for e in events), "the answer"
    )
    done = next(done for done in worker.named("command_done") if done.id == command)
    assert done.ok, done.message
    assert len(worker.named("checkpoint")) > before


def test_commands_for_another_attempt_are_ignored(start: Start, text: Path) -> None:
    worker = start(text, max_steps=100)
    send_command(worker.run.commands_file, "stop", attempt=2)
    send_command(worker.run.commands_file, "stop", attempt=0)
    with worker.run.commands_file.open("ab") as commands:
        commands.write(b'junk\n{"id": "torn", "attempt": 1, "na')
    assert worker.end() == 0
    assert worker.run.state() == "finished"
    assert not worker.named("command_done")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_asks_to_stop_and_keep(start: Start, text: Path, number: signal.Signals) -> None:
    worker = start(text, **LONG)
    worker.wait_for_step(5)
    worker.process.send_signal(number)
    assert worker.end() == 0
    assert worker.named("stopping")[0].reason == "signal"
    assert worker.run.state() == "stopped"
    assert worker.run.model.exists()


def test_a_stop_during_preparation_ends_soon(start: Start, tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    line = "Some words of a long text, which takes its time to be prepared for training.\n"
    big.write_text("".join(f"{number} {line}" for number in range(1_500_000)))
    worker = start(big, workers=2)
    worker.wait_for(lambda events: any(e.event == "phase" and e.fraction for e in events), "preparation")
    worker.send("stop")
    begin = time.monotonic()
    assert worker.end() == 0
    assert time.monotonic() - begin < 10
    assert worker.named("stopped")
    assert not worker.named("resolved")
    assert any(notice.key == "nothing_learned" for notice in worker.named("notice"))


def test_a_second_run_waits_its_turn(start: Start, text: Path) -> None:
    first = start(text, **LONG)
    first.wait_for_step(5)
    second = start(text, max_steps=5)
    second.wait_for_event("queued")
    assert second.run.state() == "queued"
    modules = Path(f"/proc/{second.process.pid}/maps").read_text()
    assert "word2vec_inner" not in modules  # it has imported nothing heavy
    third = start(text, **LONG)
    third.wait_for_event("queued")
    third.send("discard")
    assert third.end() == 0
    assert third.named("stopped")[0].discarded
    first.send("stop")
    assert first.end() == 0
    assert second.end() == 0
    assert second.run.state() == "finished"


def test_a_run_is_trained_by_one_worker(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_step(5)
    events = worker.run.events_file.read_bytes()
    intruder = subprocess.run(
        [sys.executable, "-m", "ptft_gui.worker.train", worker.run.path],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert intruder.returncode == 2
    assert "is being trained already" in intruder.stderr
    assert worker.run.events_file.read_bytes().startswith(events)
    assert worker.run.attempt() == 1
    assert lock_holder(worker.run.lock_file) == worker.process.pid


def test_bad_input_ends_with_a_sentence_before_training(start: Start, tmp_path: Path) -> None:
    worker = start(tmp_path / "missing.txt")
    assert worker.end() == 1
    (failed,) = worker.named("start_failed")
    assert "missing.txt" in failed.message + failed.detail
    assert failed.kind == "input"
    assert "Traceback" not in worker.log
    assert worker.run.state() == "start_failed"
    assert exit_code(worker.run) == 1


def test_a_text_whose_words_are_rare_offers_the_way_out(start: Start, tmp_path: Path) -> None:
    text = tmp_path / "rare.txt"
    text.write_text("one two three four five six\n" * 2)
    worker = start(text, min_count=5)
    assert worker.end() == 1
    (failed,) = worker.named("start_failed")
    assert failed.message == "No word occurs often enough."
    assert failed.remedies[0]["argument"] == {"min_count": 1}


def test_a_spec_from_a_newer_version_is_refused_in_words(start: Start, text: Path, tmp_path: Path) -> None:
    run = create_run(tmp_path / "home" / "runs", new_spec("word2vec", str(text)))
    record = json.loads(run.spec_file.read_text())
    run.spec_file.write_text(json.dumps({**record, "schema_version": 99}))
    worker = start(run=run)
    assert worker.end() == 1
    assert "newer ptft-gui" in worker.named("start_failed")[0].message


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ptft_gui.worker.train", tmp_path], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "is not a run's folder" in done.stderr
    assert list(tmp_path.iterdir()) == [] or not (tmp_path / "events.jsonl").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_told(text: Path, tmp_path: Path) -> None:
    run = create_run(tmp_path / "home" / "runs", new_spec("word2vec", str(text)))
    run.path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    done = subprocess.run(
        [sys.executable, "-m", "ptft_gui.worker.train", run.path], capture_output=True, text=True, timeout=60
    )
    run.path.chmod(stat.S_IRWXU)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB, where this computer lets a test have one."""
    place = tmp_path / "small disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8M", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.slow
def test_a_full_disk_ends_with_a_last_word(start: Start, text: Path, small_disk: Path) -> None:
    run = create_run(
        small_disk / "runs", new_spec("word2vec", str(text), settings={**LONG, "batch_words": 200})
    )
    worker = start(run=run)
    worker.wait_for_event("checkpoint_failed")
    with contextlib.suppress(OSError), (small_disk / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))
    assert worker.end() == 1
    (failed,) = worker.named("failed")
    assert failed.message == "The disk is full."
    assert worker.run.state() == "failed"
    assert "Traceback" not in worker.log


def test_a_log_that_may_not_grow_ends_the_run_with_its_checkpoint_whole(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_event("checkpoint")
    room = worker.run.events_file.stat().st_size + 2000
    resource.prlimit(worker.process.pid, resource.RLIMIT_FSIZE, (room, room))
    worker.send("stop")
    assert worker.end() in (0, 1)
    assert worker.run.state() in ("stopped", "failed", "lost")
    assert newest_whole(worker.run.checkpoints) is not None


def test_a_killed_worker_is_lost_and_goes_on_without_a_seam(start: Start, text: Path) -> None:
    settings = {"epochs": 20, "seed": 3}
    whole = start(text, **settings)
    assert whole.end() == 0
    worker = start(text, **settings)
    worker.wait_for_event("checkpoint", 2)
    worker.process.kill()
    worker.end()
    assert worker.run.state() == "lost"
    with worker.run.events_file.open("ab") as log:
        log.write(b'{"event": "steps", "step": [1, 2')
    again = start(run=worker.run, resume=True)
    assert again.end() == 0

    assert again.run.state() == "finished"
    summary = RunSummary()
    summary.fold(again.events)
    steps = summary.series["lr"].steps
    assert list(steps) == list(range(1, len(steps) + 1))
    assert again.named("resumed")[0].from_step > 0
    assert summary.attempt == 2
    before, after = load_word_vectors(whole.run.model), load_word_vectors(again.run.model)
    assert before.words == after.words
    assert np.array_equal(before.vectors, after.vectors)


@pytest.mark.slow
def test_kills_at_random_moments_lose_no_run(start: Start, text: Path) -> None:
    worker = start(text, epochs=60, workers=2)
    for number in range(6):
        time.sleep(0.25 + 0.2 * number)
        worker.process.kill()
        worker.end()
        assert worker.run.state() in ("lost", "finished", "starting", "start_failed")
        worker = start(run=worker.run, resume=True)
    assert worker.end() == 0
    assert worker.run.state() == "finished"
    assert not list(worker.run.checkpoints.glob("*.tmp-*"))
    assert load_word_vectors(worker.run.model).words


def test_a_run_without_a_checkpoint_begins_again(start: Start, text: Path) -> None:
    worker = start(text, epochs=3)
    worker.wait_for_event("starting")
    worker.process.kill()
    worker.end()
    again = start(run=worker.run, resume=True)
    assert again.end() == 0
    assert again.named("resumed")[-1].from_step == 0
    assert again.run.state() == "finished"


def test_a_resumed_run_may_learn_at_half_the_rate(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_event("checkpoint")
    worker.send("stop")
    worker.end()
    again = start(run=worker.run, resume=True, changes={"learning_rate_factor": 0.5})
    again.wait_for_event("resumed")
    again.wait_for_step(again.named("resumed")[0].from_step + 5)
    again.send("stop")
    assert again.end() == 0
    rates = again.named("steps")
    assert rates[-1].columns["lr"][-1] == pytest.approx(rates[0].columns["lr"][0] / 2, rel=0.1)
    assert "learning rate x 0.5" in again.named("resolved")[-1].why


def test_a_huge_batch_does_not_hold_up_a_stop(start: Start, tmp_path: Path) -> None:
    text = write_text(tmp_path / "heavy.txt", sentences=20_000)
    worker = start(text, window=400, vector_size=1024, negative=60, batch_words=10_000, epochs=50)
    worker.wait_for(
        lambda events: any(e.event == "phase" and e.name == "training" for e in events), "training"
    )
    time.sleep(0.5)
    worker.send("stop")
    begin = time.monotonic()
    assert worker.end() == 0
    assert time.monotonic() - begin < 15
    assert worker.run.state() == "stopped"
