"""A word that a person gives to a running run: it is watched from that moment on, also after a stop and a resume."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec
from tests.worker.conftest import Start, WorkerRun

SETTINGS: dict[str, dict[str, Any]] = {
    "word2vec": {"workers": 1, "vector_size": 16, "max_minutes": 30, "batch_words": 500},
    "glove": {"workers": 1, "vector_size": 16, "max_minutes": 30},
}
TEN, FIVE = (
    "ship wave sail harbour storm captain deck fish cow barn".split(),
    "milk hay plough field wheat".split(),
)

pytestmark = pytest.mark.parametrize("family", ["word2vec", "glove"])


def begin(start: Start, tmp_path: Path, text: Path, family: str, watched: list[str]) -> WorkerRun:
    spec = new_spec(family, str(text), preset="tiny", settings=SETTINGS[family], watched_words=watched)
    worker = start(run=create_run(tmp_path / "runs", spec))
    worker.wait_for_step(3)
    return worker


def watch(worker: WorkerRun, text: str) -> Any:
    """Give it a word and wait for what becomes of it."""
    sent = worker.send("add_probe", text=text)
    worker.wait_for(lambda events: any(e.event == "command_done" and e.id == sent for e in events), text)
    (done,) = [event for event in worker.named("command_done") if event.id == sent]
    return done


def looks_at(worker: WorkerRun, word: str) -> list[Any]:
    return [event for event in worker.named("probe") if event.name == word]


def stop(worker: WorkerRun) -> int:
    """Stop and keep; returns the last step."""
    worker.send("stop")
    assert worker.end() == 0
    return int(worker.named("stopped")[-1].step)


def test_a_word_is_watched_from_the_moment_it_was_given(
    start: Start, tmp_path: Path, text: Path, family: str
) -> None:
    worker = begin(start, tmp_path, text, family, ["ship"])
    assert watch(worker, "Harbour").ok
    refused = watch(worker, "shpi")
    told = '"shpi" cannot be watched. It never occurs in the text. Close: ship.'
    assert (refused.ok, refused.message) == (False, told)
    last = stop(worker)
    seen = looks_at(worker, "harbour")
    assert seen[0].step > 0
    assert len(seen[0].answer) == 8
    assert seen[-1].step == last, "it is looked at to the end"
    assert looks_at(worker, "shpi") == []


def test_it_is_watched_again_when_the_run_goes_on(
    start: Start, tmp_path: Path, text: Path, family: str
) -> None:
    worker = begin(start, tmp_path, text, family, ["ship"])
    for word in ("cow", "barn", "hen"):
        assert watch(worker, word).ok
    before = stop(worker)
    again = start(run=worker.run, resume=True)
    again.wait_for(
        lambda events: any(e.event == "steps" and e.step[-1] > before for e in events), "another step"
    )
    last = stop(again)
    for word in ("ship", "cow", "barn", "hen"):
        assert looks_at(again, word)[-1].step == last > before


def test_a_paused_run_answers_and_stays_paused(start: Start, tmp_path: Path, text: Path, family: str) -> None:
    worker = begin(start, tmp_path, text, family, ["ship"])
    worker.send("pause")
    worker.wait_for_event("paused")
    step = worker.named("steps")[-1].step[-1]
    assert watch(worker, "cow").ok
    assert len(looks_at(worker, "cow")) == 1
    assert worker.named("steps")[-1].step[-1] == step
    assert worker.named("running") == []
    stop(worker)


def test_five_can_be_added_to_ten(start: Start, tmp_path: Path, text: Path, family: str) -> None:
    worker = begin(start, tmp_path, text, family, TEN)
    assert all(watch(worker, word).ok for word in FIVE)
    refused = watch(worker, "hen")
    assert (refused.ok, refused.message) == (False, "15 words are watched, which is the most.")
    assert watch(worker, "cow").ok, "a word that is watched is only looked at once more"
    stop(worker)
