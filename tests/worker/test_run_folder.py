"""What happens to a run whose folder is moved, deleted or damaged behind the worker's back."""

from __future__ import annotations

import json
import shutil
import signal
from itertools import pairwise
from pathlib import Path

from ptft_gui.core.commands import send_command
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.events import AnyEvent
from ptft_gui.core.locks import lock_holder
from ptft_gui.core.queue import device_lock_file
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.summary import RunSummary
from ptft_gui.engine.checkpoint import find_checkpoints
from tests.worker.conftest import Start, WorkerRun

LONG = {"epochs": 5000}


def killed_after_checkpoints(start: Start, text: Path, count: int = 2) -> WorkerRun:
    worker = start(text, epochs=60)
    worker.wait_for_event("checkpoint", count)
    worker.process.kill()
    worker.end()
    return worker


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-100] ^= 0xFF
    path.write_bytes(content)


def has_trained_again(events: list[AnyEvent]) -> bool:
    names = [event.event for event in events]
    return "resumed" in names and "steps" in names[names.index("resumed") :]


def warnings(worker: WorkerRun) -> list[str]:
    return [notice.message for notice in worker.named("notice") if notice.level == "warning"]


def test_a_run_whose_folder_was_renamed_ends_and_can_be_resumed(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_event("checkpoint")
    moved = RunDir(worker.run.path.with_name("renamed"))
    worker.run.path.rename(moved.path)
    assert worker.end() == 1
    assert not worker.run.path.exists()
    assert moved.state() == "failed"
    failed = EventReader(moved.events_file).read_all()[-1]
    assert failed.event == "failed"
    assert failed.message == "The run's folder was moved or deleted while it trained."
    again = start(run=moved, resume=True)
    again.wait_for(has_trained_again, "a step of the second attempt")
    assert again.named("resumed")[0].from_step > 0
    again.send("stop")
    assert again.end() == 0
    assert moved.model.is_dir()


def test_a_run_whose_folder_was_deleted_ends_and_leaves_the_device(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_step(5)
    runs = worker.run.path.parent
    # First moved, or the worker would write into what is being deleted.
    aside = worker.run.path.rename(runs / "aside")
    shutil.rmtree(aside)
    assert worker.end() == 1
    assert not worker.run.path.exists()
    assert lock_holder(device_lock_file(runs, "cpu")) is None


def test_a_queued_run_whose_folder_was_deleted_is_never_trained(start: Start, text: Path) -> None:
    first = start(text, **LONG)
    first.wait_for_step(1)
    queued = start(text, **LONG)
    queued.wait_for_event("queued")
    shutil.rmtree(queued.run.path)
    assert queued.end() == 1
    assert first.process.poll() is None
    assert not queued.run.path.exists()


def test_a_damaged_checkpoint_is_passed_over_and_told(start: Start, text: Path) -> None:
    worker = killed_after_checkpoints(start, text)
    newest, older, *_ = find_checkpoints(worker.run.checkpoints)
    damage(newest.path / "layers.safetensors")
    again = start(run=worker.run, resume=True)
    assert again.end() == 0
    assert again.named("resumed")[0].from_step == older.step
    assert warnings(again) == [
        f"The checkpoint of step {newest.step:,} is damaged; the run goes on from step {older.step:,}."
    ]


def test_a_run_without_a_whole_checkpoint_says_that_it_begins_anew(start: Start, text: Path) -> None:
    worker = killed_after_checkpoints(start, text)
    found = find_checkpoints(worker.run.checkpoints)
    for checkpoint in found:
        damage(checkpoint.path / "layers.safetensors")
    again = start(run=worker.run, resume=True)
    assert again.end() == 0
    assert again.named("resumed")[0].from_step == 0
    assert warnings(again) == [f"The checkpoint of step {found[0].step:,} is damaged; the run begins anew."]


def test_a_lost_note_of_the_attempt_is_read_from_the_log(start: Start, text: Path) -> None:
    """Or a stop meant for the first attempt would end the second, and its curve would run backwards."""
    worker = killed_after_checkpoints(start, text)
    send_command(worker.run.commands_file, "stop", 1)
    worker.run.worker_file.write_text('{"attempt": "one"}')
    again = start(run=worker.run, resume=True)
    assert again.end() == 0
    assert again.run.state() == "finished"
    assert [event.attempt for event in again.named("starting")] == [1, 2]
    assert json.loads(again.run.worker_file.read_text())["attempt"] == 2
    summary = RunSummary()
    summary.fold(again.events)
    assert all(before <= after for before, after in pairwise(summary.series["val/loss"].steps))


def test_logging_out_lets_the_model_be_saved(start: Start, text: Path) -> None:
    """Then SIGTERM and SIGHUP come at the same moment."""
    worker = start(text, **LONG)
    worker.wait_for_step(5)
    for number in (signal.SIGTERM, signal.SIGHUP):
        worker.process.send_signal(number)
    assert worker.end() == 0
    assert worker.run.state() == "stopped"
    assert worker.run.model.is_dir()
