"""Runs that wait for one another without any window: light while they wait, and one failure stops none of the rest."""

from __future__ import annotations

from pathlib import Path

from ptft_gui.core.queue import read_queue, reorder
from tests.worker.conftest import Start, write_text

HEAVY = ("torch", "gensim", "numba", "transformers", "scipy", "sklearn")


def libraries_of(pid: int) -> set[str]:
    """Which of the heavy libraries a process has loaded a part of."""
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace")
    return {name for name in HEAVY if f"/site-packages/{name}/" in maps}


def test_a_run_whose_data_vanished_fails_and_the_next_one_begins(start: Start, tmp_path: Path) -> None:
    lasting, vanishing = write_text(tmp_path / "lasting.txt"), write_text(tmp_path / "vanishing.txt")
    first = start(lasting, epochs=10_000)
    first.wait_for_event("started")
    second, third = start(vanishing), start(lasting)
    second.wait_for_event("queued")
    third.wait_for_event("queued")
    assert not libraries_of(second.process.pid)
    vanishing.unlink()
    first.wait_for_step(1)
    first.send("stop", keep="last")
    assert second.end() == 1
    assert third.end() == 0
    assert first.end() == 0
    failure = second.named("failed") or second.named("start_failed")
    assert "vanishing.txt" in failure[0].message
    assert third.named("finished")
    assert read_queue(first.run.path.parent) == []


def test_waiting_runs_are_served_in_the_order_a_person_gave_them(start: Start, tmp_path: Path) -> None:
    text = write_text(tmp_path / "topics.txt")
    first = start(text, epochs=10_000)
    first.wait_for_event("started")
    second, third = start(text, epochs=1), start(text, epochs=1)
    second.wait_for_event("queued")
    third.wait_for_event("queued")
    reorder(first.run.path.parent, [third.run.name, second.run.name])
    first.wait_for_step(1)
    first.send("stop", keep="last")
    assert (first.end(), third.end(), second.end()) == (0, 0, 0)
    assert third.named("finished")[0].time < second.named("started")[0].time
