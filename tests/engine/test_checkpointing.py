"""When checkpoints are written: each epoch beside training, one at a time, and a failure ends nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ptft_gui.core.before_start import Room
from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.eventlog import EventReader, EventWriter
from ptft_gui.engine.checkpoint import find_checkpoints
from ptft_gui.engine.checkpointing import COPIED_BYTES, CheckpointKeeper
from ptft_gui.engine.reporter import Reporter


@pytest.fixture
def keeper(tmp_path: Path) -> CheckpointKeeper:
    return CheckpointKeeper(tmp_path / "checkpoints", Reporter(EventWriter(tmp_path / "events.jsonl")), 10)


def write(folder: Path) -> None:
    (folder / "state.json").write_text("{}")


def told(tmp_path: Path) -> list[tuple[str, int]]:
    events = EventReader(tmp_path / "events.jsonl").read_all()
    return [(e.event, e.step) for e in events if e.event in ("checkpoint", "checkpoint_failed")]


def test_every_epoch_gets_one_that_is_written_beside_training(
    keeper: CheckpointKeeper, tmp_path: Path
) -> None:
    for step in (10, 20, 30):
        assert keeper.is_due(wants_each=True)
        keeper.save_beside(step, step / 10, 1.0 / step, write)
        keeper.close()
    assert told(tmp_path) == [("checkpoint", 10), ("checkpoint", 20), ("checkpoint", 30)]


def test_an_epoch_that_ends_while_one_is_being_written_gets_none(
    keeper: CheckpointKeeper, tmp_path: Path
) -> None:
    may_go_on = threading.Event()

    def write_slowly(folder: Path) -> None:
        assert may_go_on.wait(10)
        write(folder)

    keeper.save_beside(10, 1.0, None, write_slowly)
    assert not keeper.is_due(wants_each=True)
    assert not find_checkpoints(tmp_path / "checkpoints")
    may_go_on.set()
    keeper.close()
    assert keeper.is_due(wants_each=True)
    assert [found.step for found in find_checkpoints(tmp_path / "checkpoints")] == [10]


def test_without_the_wish_for_each_they_cost_a_small_share_of_the_time(keeper: CheckpointKeeper) -> None:
    keeper.save(10, 1.0, None, write)
    assert not keeper.is_due()


def test_a_large_state_is_never_copied(tmp_path: Path) -> None:
    reporter = Reporter(EventWriter(tmp_path / "events.jsonl"))
    keeper = CheckpointKeeper(tmp_path / "checkpoints", reporter, COPIED_BYTES + 1)
    assert not keeper.writes_beside
    assert keeper.is_due()
    keeper.save(10, 1.0, None, write)
    assert not keeper.is_due(wants_each=True)


def test_a_full_disk_is_told_and_tried_again_only_later(keeper: CheckpointKeeper, tmp_path: Path) -> None:
    def fail(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    keeper.save_beside(10, 1.0, None, fail)
    keeper.close()
    assert told(tmp_path) == [("checkpoint_failed", 10)]
    assert not keeper.is_due(wants_each=True)
    assert not list((tmp_path / "checkpoints").iterdir())


def test_a_fault_beside_training_is_raised_where_training_hears_it(keeper: CheckpointKeeper) -> None:
    def fail(_folder: Path) -> None:
        raise RunFolderError("The log cannot be written.")

    class Broken:
        def checkpoint_failed(self, _step: int, problem: Exception) -> None:
            raise problem

    keeper._reporter = Broken()  # type: ignore[assignment]
    keeper.save_beside(10, 1.0, None, fail)
    with pytest.raises(RunFolderError):
        keeper.close()
    keeper.close()  # told once


def test_a_disk_that_is_nearly_full_keeps_only_the_newest_and_says_so_once(
    keeper: CheckpointKeeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ptft_gui.engine.checkpointing.room_of", lambda _: Room(total=1_000, free=105))
    for step in (10, 20, 30):
        keeper.save(step, step / 10, None, write)
    assert [found.step for found in find_checkpoints(tmp_path / "checkpoints")] == [30]
    events = EventReader(tmp_path / "events.jsonl").read_all()
    notices = [event for event in events if event.event == "notice"]
    assert [notice.key for notice in notices] == ["disk_foretold"]
    assert "are free" in notices[0].detail


def test_with_room_enough_two_are_kept_and_nothing_is_said(keeper: CheckpointKeeper, tmp_path: Path) -> None:
    for step in (10, 20, 30):
        keeper.save(step, step / 10, None, write)
    assert [found.step for found in find_checkpoints(tmp_path / "checkpoints")] == [30, 20]
    assert all(event.event != "notice" for event in EventReader(tmp_path / "events.jsonl").read_all())
