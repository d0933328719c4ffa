"""When checkpoints are written, and what is said about them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from ptft_gui.core.before_start import foretold, room_of
from ptft_gui.core.errors import PtftError
from ptft_gui.engine.checkpoint import (
    KEPT_NEWEST,
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
COPIED_BYTES = 256 << 20
"""States up to this size are copied and written beside training, which then waits for the copy only."""

WriteFiles = Callable[[Path], None]


class CheckpointKeeper:
    """Writes checkpoints so that they cost a small share of the time, and keeps training alive when one fails.

    A state that is small enough to be copied may be written at every epoch's end, in a thread beside training; a larger
    one when enough time has passed since the last for what it costs. ``expected_bytes`` is about what one holds. The
    methods are called from one thread; :meth:`close` ends the thread that writes.
    """

    def __init__(self, checkpoints: Path, reporter: Reporter, expected_bytes: int) -> None:
        self._checkpoints = checkpoints
        self._reporter = reporter
        self._expected_bytes = expected_bytes
        self._cost = 0.0
        self._last_end = float("-inf")
        self._last_step: int | None = None
        self._has_failed = False
        self._thread: threading.Thread | None = None
        self._fault: BaseException | None = None
        self._has_told_room = False

    @property
    def writes_beside(self) -> bool:
        """Whether a state is small enough to be copied and written while training goes on."""
        return self._expected_bytes <= COPIED_BYTES

    def is_due(self, wants_each: bool = False) -> bool:
        """Whether it is time for a checkpoint, asked at an epoch's end.

        With ``wants_each`` every epoch gets one that can be written beside training, unless the one before is not
        yet on the disk. Else enough time must have passed since the last one for its cost; at the latest after a
        minute. After a failure (a full disk) half a minute passes before it is tried again.
        """
        if self._thread is not None and self._thread.is_alive():
            return False
        passed = time.monotonic() - self._last_end
        if self._has_failed:
            return passed >= SECONDS_AFTER_FAILURE
        if wants_each and self.writes_beside:
            return True
        return passed * SHARE >= self._cost or passed >= MOST_SECONDS_BETWEEN

    def save(self, step: int, epoch: float, score: float | None, write_files: WriteFiles) -> PtftError | None:
        """Write a checkpoint and say so, unless this step has one; returns the failure, which ends nothing."""
        self.close()
        return None if step == self._last_step else self._write(step, epoch, score, write_files)

    def save_beside(self, step: int, epoch: float, score: float | None, write_files: WriteFiles) -> None:
        """The same while training goes on: ``write_files`` must hold a copy of the state."""
        self.close()
        if step != self._last_step:
            arguments = (step, epoch, score, write_files)
            self._thread = threading.Thread(target=self._write_in_thread, args=arguments, name="checkpoint")
            self._thread.start()

    def close(self) -> None:
        """Wait until nothing is being written; raises what went wrong beside a failure to save."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        fault, self._fault = self._fault, None
        if fault is not None:
            raise fault

    def _write_in_thread(self, step: int, epoch: float, score: float | None, write_files: WriteFiles) -> None:
        try:
            self._write(step, epoch, score, write_files)
        except BaseException as fault:  # the log could not be written, say: raised where training hears it
            self._fault = fault

    def _write(
        self, step: int, epoch: float, score: float | None, write_files: WriteFiles
    ) -> PtftError | None:
        begin = time.monotonic()
        self._has_failed = True
        if is_short := self._is_room_short():
            prune_checkpoints(self._checkpoints, newest=1)
        try:
            saved = save_checkpoint(self._checkpoints, step, epoch, score, write_files, self._expected_bytes)
        except PtftError as problem:
            self._reporter.checkpoint_failed(step, problem)
            return problem
        finally:
            self._last_end = time.monotonic()
            self._cost = self._last_end - begin
        self._last_step, self._has_failed = step, False
        prune_checkpoints(self._checkpoints, 1 if is_short else KEPT_NEWEST)
        is_best = self._best() == saved
        self._reporter.checkpoint(step, epoch, f"checkpoints/{saved.path.name}", saved.size_bytes, is_best)
        return None

    def _is_room_short(self) -> bool:
        """Whether the usual checkpoints would leave less than a tenth of the disk free; said once, before the first."""
        needed = (KEPT_NEWEST + 1) * self._expected_bytes
        room = room_of(self._checkpoints)
        if room is None or not room.is_short_after(self._expected_bytes if self._has_told_room else needed):
            return False
        if not self._has_told_room:
            self._has_told_room = True
            self._reporter.notice(
                "disk_foretold",
                "The disk is nearly full: of this run only the newest and the best checkpoint are kept.",
                foretold(room, needed),
                "Clean up checkpoints of earlier runs, or choose another disk for runs.",
                is_warning=True,
            )
        return True

    def best(self) -> Checkpoint | None:
        """The kept checkpoint with the lowest score."""
        self.close()
        return self._best()

    def _best(self) -> Checkpoint | None:
        return best_of(find_checkpoints(self._checkpoints))
