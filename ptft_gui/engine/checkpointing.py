"""When checkpoints are written, and what is said about them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from ptft_gui.core.errors import PtftError
from ptft_gui.engine.checkpoint import (
    Checkpoint,
    best_of,
    find_checkpoints,
    prune_checkpoints,
    save_checkpoint,
)
from ptft_gui.engine.reporter import Reporter

SHARE = 0.01
MOST_SECONDS_BETWEEN = 60.0
SECONDS_AFTER_FAILURE = 30.0


class CheckpointKeeper:
    """Writes checkpoints so that they cost a small share of the time, and keeps training alive when one fails.

    ``write_files`` fills the folder of a checkpoint, ``expected_bytes`` is about what it will hold.
    """

    def __init__(
        self,
        checkpoints: Path,
        reporter: Reporter,
        write_files: Callable[[Path], None],
        expected_bytes: int,
    ) -> None:
        self._checkpoints = checkpoints
        self._reporter = reporter
        self._write_files = write_files
        self._expected_bytes = expected_bytes
        self._cost = 0.0
        self._last_end = float("-inf")
        self._last_step: int | None = None
        self._has_failed = False

    def is_due(self) -> bool:
        """Whether enough time has passed since the last one for its cost; at the latest after a minute.

        After a failure (a full disk) half a minute passes before it is tried again.
        """
        passed = time.monotonic() - self._last_end
        if self._has_failed:
            return passed >= SECONDS_AFTER_FAILURE
        return passed * SHARE >= self._cost or passed >= MOST_SECONDS_BETWEEN

    def save(self, step: int, epoch: float, score: float | None) -> PtftError | None:
        """Write a checkpoint and say so, unless this step has one; returns the failure, which ends nothing."""
        if step == self._last_step:
            return None
        begin = time.monotonic()
        self._has_failed = True
        try:
            saved = save_checkpoint(
                self._checkpoints, step, epoch, score, self._write_files, self._expected_bytes
            )
        except PtftError as problem:
            self._reporter.checkpoint_failed(step, problem)
            return problem
        finally:
            self._last_end = time.monotonic()
            self._cost = self._last_end - begin
        self._last_step, self._has_failed = step, False
        prune_checkpoints(self._checkpoints)
        is_best = self.best() == saved
        self._reporter.checkpoint(step, epoch, f"checkpoints/{saved.path.name}", saved.size_bytes, is_best)
        return None

    def best(self) -> Checkpoint | None:
        """The kept checkpoint with the lowest score."""
        return best_of(find_checkpoints(self._checkpoints))
