"""Without a window the worker itself says on the desktop that a run has ended; with one it leaves that to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptft_gui.core.locks import WINDOW_LOCK, try_lock
from ptft_gui.worker.announce_end import announce_end
from tests.gui.fixtures_runs import make_run


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a stand-in for the desktop's program writes what it was told."""
    said, programs = tmp_path / "said.txt", tmp_path / "bin"
    programs.mkdir()
    notifier = programs / "notify-send"
    notifier.write_text(f'#!/bin/sh\necho "$3 | $4" >> {said}\n')
    notifier.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/bin:/usr/bin")
    return said


def test_it_speaks_when_the_window_was_closed(tmp_path: Path, noted: Path) -> None:
    run = make_run(tmp_path / "runs", "finished")
    (run.path.parent / WINDOW_LOCK).touch()
    assert announce_end(run)
    assert noted.read_text().startswith("Wikipedia extract - Word2Vec | Learned 8,599 words in ")


def test_it_is_silent_beside_a_window_and_where_none_ever_was(tmp_path: Path, noted: Path) -> None:
    run = make_run(tmp_path / "runs", "finished")
    assert not announce_end(run)
    held = try_lock(run.path.parent / WINDOW_LOCK)
    assert held is not None
    assert not announce_end(run)
    held.release()
    assert not noted.exists()
