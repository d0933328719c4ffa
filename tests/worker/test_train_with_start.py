"""A run that goes on from another one, killed as a process and gone on with: the very same numbers."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.engine.checkpoint import newest_whole
from ptft_gui.engine.vectors import load_word_vectors
from tests.worker.conftest import Start, write_text

_EPOCHS = {"word2vec": 120, "glove": 1500}
_NEW_WORDS = "anchor rope pier gull buoy".split()


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """The same topics with words that the start does not know."""
    path = write_text(tmp_path / "more.txt", sentences=1500)
    rng = random.Random(5)
    lines = [" ".join(rng.choices([*_NEW_WORDS, "ship", "wave", "sail"], k=8)) for _ in range(800)]
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def _going_on(runs: Path, family: str, text: Path, init: RunDir, frozen: str) -> RunDir:
    settings: dict[str, Any] = {"workers": 1, "epochs": _EPOCHS[family], "initial_words": frozen}
    if family == "word2vec":
        settings |= {"batch_words": 500, "trainer": "fast"}
    spec = new_spec(family, str(text), preset="tiny", settings=settings, init_from="run", init=str(init.path))
    return create_run(runs, spec)


@pytest.mark.parametrize(
    ("family", "frozen"), [("word2vec", "free"), ("word2vec", "frozen"), ("glove", "free")]
)
def test_a_killed_run_that_had_a_start_goes_on_to_the_very_same_numbers(
    start: Start, text: Path, more: Path, tmp_path: Path, family: str, frozen: str
) -> None:
    runs = tmp_path / "home" / "runs"
    first = start(text, family=family)
    assert first.end() == 0, first.log
    before = load_word_vectors(first.run.model)

    whole = start(run=_going_on(runs, family, more, first.run, frozen))
    assert whole.end() == 0, whole.log
    killed = start(run=_going_on(runs, family, more, first.run, frozen))
    killed.wait_for_event("checkpoint")
    os.killpg(killed.process.pid, signal.SIGKILL)
    killed.process.wait(10)
    assert killed.run.state() == "lost"
    assert newest_whole(killed.run.checkpoints) is not None

    resumed = start(run=killed.run, resume=True)
    assert resumed.end() == 0, resumed.log
    assert resumed.named("resumed")[0].from_step > 0
    one, two = (load_word_vectors(worker.run.model) for worker in (whole, resumed))
    assert one.words == two.words
    assert set(before.words) <= set(two.words) > set(_NEW_WORDS)
    assert np.array_equal(one.vectors, two.vectors)
    if frozen == "frozen":
        rows = [two.index[word] for word in before.words]
        assert np.array_equal(two.vectors[rows], before.vectors)
