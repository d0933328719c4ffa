"""One attempt of a run: wait for the device, train, and say in the log how it ended."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import ptft_gui
from ptft_gui.core import events as ev
from ptft_gui.core.errors import PtftError, StoppedByPerson
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.locks import HeldLock
from ptft_gui.core.machine import describe_machine
from ptft_gui.core.queue import wait_for_device
from ptft_gui.core.rundir import RunDir, events_from_end
from ptft_gui.core.spec import RunSpec, check_spec
from ptft_gui.engine.checkpoint import newest_whole, steps_named
from ptft_gui.engine.registry import Outcome, TrainingRequest, trainer_of
from ptft_gui.engine.reporter import Reporter
from ptft_gui.worker.commands import FOLDER_IS_GONE, CommandThread
from ptft_gui.worker.failures import failure_kind, folder_is_gone, problem_in_words
from ptft_gui.worker.reserve import DiskReserve
from ptft_gui.worker.signals import StopSignals
from ptft_gui.worker.vitals import VitalsThread

FINISHED, FAILED = 0, 1
_LIBRARIES = ("gensim", "numba", "numpy", "scipy", "safetensors", "tokenizers", "torch", "transformers")


class Attempt:
    """Carries out one attempt. Raises RunFolderError when the run's log cannot be opened."""

    def __init__(
        self, run: RunDir, lock: HeldLock, number: int, is_resuming: bool, changes: dict[str, float]
    ) -> None:
        self._run, self._lock, self._number = run, lock, number
        self._is_resuming, self._changes = is_resuming, changes
        self._earlier = _last_resolved(run) if is_resuming else {}
        self._events = EventWriter(run.events_file)
        self._reporter = Reporter(self._events)
        self._control = self._reporter.control

    def carry_out(self) -> int:
        """Returns the exit code; every end but a kill is told in the log."""
        self._signals = StopSignals()
        commands = CommandThread(self._run, self._number, self._reporter, self._signals, self._lock)
        with DiskReserve(self._run.path) as reserve:
            try:
                self._say(ev.Starting(attempt=self._number, pid=os.getpid()))
                with commands:
                    outcome = self._train_in_turn()
                self._check_folder()
                self._say(self._last_word(outcome))
            except BaseException as problem:
                return self._fail(problem, reserve)
            finally:
                self._events.close()
        return FINISHED

    def _say(self, event: ev.Event) -> None:
        self._reporter.write(event)

    # --- the way to an end -------------------------------------------------------------------------------------

    def _train_in_turn(self) -> Outcome:
        spec = self._run.read_spec()
        check_spec(spec)
        device = wait_for_device(
            self._run, device_of(spec), self._is_wanted, lambda: self._tell_waiting(spec)
        )
        if device is None:
            return self._given_up()
        with _released(device):
            request = self._begin()
            with VitalsThread(self._run, self._reporter):
                return self._train(spec, request)

    def _is_wanted(self) -> bool:
        return not self._control.should_stop

    def _tell_waiting(self, spec: RunSpec) -> None:
        self._say(ev.Queued(device=device_of(spec)))

    def _given_up(self) -> Outcome:
        asked = self._control.stop_request
        return Outcome("discarded" if asked is not None and asked.discard else "stopped")

    def _begin(self) -> TrainingRequest:
        """Say that the attempt begins, and from where."""
        self._say(
            ev.Started(
                attempt=self._number,
                pid=os.getpid(),
                argv=sys.argv[1:],
                versions=_versions(),
                host=describe_machine(),
            )
        )
        checkpoint = newest_whole(self._run.checkpoints) if self._is_resuming else None
        if self._is_resuming or self._number > 1:
            step, epoch = (checkpoint.step, checkpoint.epoch) if checkpoint else (0, 0.0)
            self._say(ev.Resumed(attempt=self._number, from_step=step, from_epoch=epoch))
            self._tell_damaged(step)
        return TrainingRequest(self._run, checkpoint, self._earlier, self._changes)

    def _tell_damaged(self, from_step: int) -> None:
        """A checkpoint later than the one that is gone on from was passed over."""
        later = max((step for step in steps_named(self._run.checkpoints) if step > from_step), default=None)
        if later is None:
            return
        goes_on = f"goes on from step {from_step:,}" if from_step else "begins anew"
        self._reporter.notice(
            "damaged_checkpoint",
            f"The checkpoint of step {later:,} is damaged; the run {goes_on}.",
            "Its files are not as they were written.",
            "If it happens again, check the disk.",
            is_warning=True,
        )

    def _check_folder(self) -> None:
        asked = self._control.stop_request
        if asked is not None and asked.reason == FOLDER_IS_GONE:
            raise folder_is_gone(self._run)

    def _train(self, spec: RunSpec, request: TrainingRequest) -> Outcome:
        try:
            return trainer_of(spec.family, spec.task)(request, self._reporter)
        except StoppedByPerson:
            return self._given_up()

    # --- the end -----------------------------------------------------------------------------------------------

    def _last_word(self, outcome: Outcome) -> ev.Event:
        if outcome.reason == "discarded":
            return ev.Stopped(step=outcome.step, discarded=True)
        seconds = round(self._reporter.clock.seconds, 1)
        if outcome.reason == "stopped":
            return ev.Stopped(step=outcome.step, seconds=seconds, metrics=outcome.metrics)
        return ev.Finished(reason=outcome.reason, step=outcome.step, seconds=seconds, metrics=outcome.metrics)

    def _fail(self, problem: BaseException, reserve: DiskReserve) -> int:
        """Say what happened; when the log has no room for it, make room first."""
        is_gone = not self._lock.is_in_place()
        told = folder_is_gone(self._run) if is_gone else problem_in_words(problem, self._run)
        has_begun = self._reporter.has_begun
        end = ev.Failed if has_begun else ev.StartFailed
        whose_turn = "trouble" if is_gone else failure_kind(problem, has_begun)
        event = end.model_validate({**told.as_dict(), "kind": whose_turn})
        if not self._reporter.try_write(event):
            reserve.give_up()
            self._reporter.try_write(event)
        with contextlib.suppress(OSError):  # the process's own log may be on that full disk, too
            if isinstance(problem, PtftError):
                print(told.as_sentence(), file=sys.stderr)
            else:
                traceback.print_exception(problem)
        return FAILED


def device_of(spec: RunSpec) -> str:
    """What a run waits for: the graphics card where a person chose it, else the processor."""
    return "cuda" if spec.options.get("device") == "cuda" else "cpu"


@contextlib.contextmanager
def _released(lock: HeldLock) -> Iterator[None]:
    try:
        yield
    finally:
        lock.release()


def _last_resolved(run: RunDir) -> dict[str, Any]:
    """What an earlier attempt had decided; empty when none came that far."""
    resolved = (event.values for event in events_from_end(run.events_file) if isinstance(event, ev.Resolved))
    return next(resolved, {})


def _versions() -> dict[str, str]:
    """Versions of what takes part; nothing is imported for it."""
    found = {"ptft-gui": ptft_gui.__version__, "python": sys.version.split()[0]}
    for name in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
