"""The fast Word2Vec trainer in a worker process, killed and gone on with."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.engine.checkpoint import newest_whole
from ptft_gui.engine.vectors import load_word_vectors
from tests.worker.conftest import Start


@pytest.mark.parametrize("objective", ["skip_gram", "cbow"])
def test_a_killed_run_goes_on_to_the_very_same_numbers(start: Start, text: Path, objective: str) -> None:
    settings: dict[str, Any] = {"epochs": 150, "workers": 1, "objective": objective, "trainer": "fast"}
    whole = start(text, **settings)
    assert whole.end() == 0
    killed = start(text, **settings)
    killed.wait_for_event("checkpoint")
    os.killpg(killed.process.pid, signal.SIGKILL)
    killed.process.wait(10)
    assert newest_whole(killed.run.checkpoints) is not None
    resumed = start(run=killed.run, resume=True)
    assert resumed.end() == 0, resumed.log
    assert resumed.named("resumed")[0].from_step > 0
    first, second = (load_word_vectors(worker.run.model).vectors for worker in (whole, resumed))
    assert np.array_equal(first, second)
