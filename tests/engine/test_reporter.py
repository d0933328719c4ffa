"""What the engine reports arrives in the log, in order and in columns."""

from __future__ import annotations

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ptft_gui.core.errors import ModelError, RunFolderError
from ptft_gui.core.eventlog import EventReader, EventWriter
from ptft_gui.core.events import AnyEvent, Steps
from ptft_gui.engine import reporter as reporter_module
from ptft_gui.engine.control import Control, StopRequest
from ptft_gui.engine.reporter import MOST_STEPS_A_RECORD, Reporter


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


@pytest.fixture
def reporter(log: Path) -> Iterator[Reporter]:
    writer = EventWriter(log)
    yield Reporter(writer)
    writer.close()


def read(log: Path) -> list[AnyEvent]:
    return EventReader(log).read_all()


def test_steps_travel_in_columns(reporter: Reporter, log: Path) -> None:
    for step in range(1, 601):
        reporter.step(step, lr=0.1, words=float(step))
    reporter.flush()
    records = [event for event in read(log) if isinstance(event, Steps)]
    assert max(len(record.step) for record in records) <= MOST_STEPS_A_RECORD
    assert len(records) <= 10
    assert [step for record in records for step in record.step] == list(range(1, 601))
    assert [word for record in records for word in record.columns["words"]] == [
        float(n) for n in range(1, 601)
    ]


def test_a_later_event_comes_after_the_steps_before_it(reporter: Reporter, log: Path) -> None:
    reporter.step(1, lr=0.1)
    reporter.evaluated(1, 0.5, {"train/loss": float("nan")}, 0.01)
    names = [event.event for event in read(log)]
    assert names == ["format", "steps", "evaluated"]


def test_several_threads_may_report(reporter: Reporter, log: Path) -> None:
    def work(first: int) -> None:
        for number in range(first, first + 100):
            reporter.notice("n", str(number))

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = read(log)
    assert [event.seq for event in events] == list(range(301))


@contextmanager
def full_disk(log: Path) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 5, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_has_room_again_soon_costs_nothing(reporter: Reporter, log: Path) -> None:
    with full_disk(log):
        waiting = threading.Thread(target=reporter.notice, args=("n", "written later"))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
    waiting.join(5)
    assert [event.event for event in read(log)] == ["format", "notice"]


def test_a_disk_that_stays_full_is_told(
    reporter: Reporter, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporter_module, "_PATIENCE_SECONDS", 0.1)
    with full_disk(log), pytest.raises(RunFolderError, match="cannot be written"):
        reporter.notice("n", "never")
    assert [event.event for event in read(log)] == ["format"]


def test_a_model_that_is_not_there_yet_cannot_be_asked(reporter: Reporter) -> None:
    with pytest.raises(ModelError, match="cannot answer yet"):
        reporter.live_model()


def test_to_discard_wins_over_to_keep_and_a_stop_ends_a_pause() -> None:
    control = Control()
    control.pause()
    assert control.is_paused
    control.stop(StopRequest(keep="best"))
    control.stop(StopRequest(keep="last"))
    assert control.stop_request == StopRequest(keep="best")
    control.stop(StopRequest(discard=True))
    assert control.stop_request is not None
    assert control.stop_request.discard
    assert not control.is_paused
    control.wait_while_paused()


def test_a_save_is_refused_while_there_is_nothing_to_save() -> None:
    control = Control()
    assert not control.save(lambda ok, why: None)
    control.open_for_saves()
    assert control.save(lambda ok, why: None)
    assert len(control.take_saves()) == 1
    assert not control.is_save_wanted
