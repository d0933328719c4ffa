"""What the training of word vectors, and of what stands on them, does alike: checks, checkpoints, the end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from ptft_gui.core.errors import PtftError
from ptft_gui.core.events import Metrics, Stopping
from ptft_gui.core.telling.narrator_ends import BETTER
from ptft_gui.engine.checkpointing import CheckpointKeeper
from ptft_gui.engine.control import Control, Question
from ptft_gui.engine.registry import Outcome, TrainingRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.vector_run import Checks, has_few_epochs, stopped_early


class Progress(Protocol):
    """Where training stands, as far as all families know it; see the ``Position`` of each."""

    step: int
    best: float | None
    stale_checks: int
    best_loss: float | None


PositionType = TypeVar("PositionType", bound=Progress)


class Looks(Protocol):
    """What was measured so far; see :class:`~ptft_gui.engine.observer.Observer`."""

    @property
    def has_held_out(self) -> bool: ...

    @property
    def is_recent(self) -> bool: ...

    def score(self) -> float | None: ...

    def take_picture(self, step: int, epoch: float, is_last: bool) -> None: ...


class KeptState(Protocol):
    """All of a checkpoint at one moment; ``write`` puts it into a folder."""

    @property
    def write(self) -> Callable[[Path], None]: ...


LooksType = TypeVar("LooksType", bound=Looks)


class VectorTraining(ABC, Generic[PositionType, LooksType]):
    """The part of an attempt that is the same for all families; each adds how it trains and what it keeps."""

    _request: TrainingRequest
    _reporter: Reporter
    _control: Control
    _values: dict[str, Any]
    _observer: LooksType
    _keeper: CheckpointKeeper
    _position: PositionType
    _has_stopped_early: bool
    _better = BETTER
    """By which share of the best score another one must lie below it to count as better."""

    @abstractmethod
    def _epoch(self) -> float:
        """Epochs done, as a number that may fall between two of them."""

    @abstractmethod
    def _state(self, is_copied: bool) -> KeptState:
        """The present moment, measured and found finite; copied, it stays as it is while training goes on."""

    @abstractmethod
    def _save_model(self, keeps_best: bool) -> tuple[int, Metrics]:
        """Save the last or the best vectors; returns the step and the metrics of what was saved."""

    # --- checks at epochs' ends --------------------------------------------------------------------------------

    def _must_look(self) -> bool:
        is_wanted = has_few_epochs(self._values) or bool(self._values["early_stopping"])
        return is_wanted or not self._observer.is_recent

    def _bring_home(self) -> None:
        """Let the model's arrays hold what was learned, where they are trained elsewhere."""

    def _take_picture(self, is_last: bool = False) -> None:
        """A snapshot of this moment, without measuring anything."""
        self._bring_home()
        self._observer.take_picture(self._position.step, self._epoch(), is_last)

    def _loss_beside_score(self) -> float | None:
        """The held-out loss of this moment, where the best moment is chosen by another score; None where it is not."""
        return None

    def _note_check(self) -> bool:
        """Compare with the best epoch so far; whether this one is better by enough to count."""
        position = self._position
        checks = Checks(position.best, position.stale_checks, position.best_loss)
        is_better = checks.note(self._observer.score(), self._loss_beside_score(), self._better)
        position.best, position.stale_checks = checks.best, checks.stale_checks
        position.best_loss = checks.best_loss
        patience = self._values["early_stopping"]
        if patience and self._observer.has_held_out and position.stale_checks >= patience:
            self._has_stopped_early = True
            self._reporter.write(Stopping(reason="early_stopping", keep="best"))
        return is_better

    # --- checkpoints -------------------------------------------------------------------------------------------

    def _keep_epoch(self, is_wanted: bool = False) -> None:
        if is_wanted or self._keeper.is_due(has_few_epochs(self._values)):
            self._save_checkpoint_beside()

    def _serve_saves(self) -> None:
        for request in self._control.take_saves():
            problem = self._save_checkpoint()
            request.on_done(problem is None, problem.as_sentence() if problem else "")

    def _serve_questions(self) -> None:
        """Answer what a person asked of the model as it is at this moment."""
        for question in self._control.take_questions():
            try:
                question.on_done(self._answer_to(question), None)
            except PtftError as problem:
                question.on_done(None, problem)

    def _answer_to(self, question: Question) -> Any:
        """The answer to a question of a name that this training is open for; of itself it is open for none."""
        raise PtftError(f"This run takes no question of the kind {question.name}.")

    def _save_checkpoint(self) -> PtftError | None:
        """Write a checkpoint of this very moment; returns the failure, if there was one."""
        state = self._state(is_copied=False)
        return self._keeper.save(self._position.step, self._epoch(), self._observer.score(), state.write)

    def _save_checkpoint_beside(self) -> None:
        """The same while training goes on, where the state is small enough to be copied."""
        if not self._keeper.writes_beside:
            self._save_checkpoint()
            return
        state = self._state(is_copied=True)
        self._keeper.save_beside(self._position.step, self._epoch(), self._observer.score(), state.write)

    # --- after -------------------------------------------------------------------------------------------------

    def _end(self) -> Outcome:
        asked = self._control.stop_request
        if asked is not None and asked.discard:
            return Outcome("discarded", self._position.step)
        if self._position.step == 0:
            return stopped_early(self._request, self._reporter)
        self._reporter.phase("saving", "Saving the model")
        self._save_checkpoint()
        self._take_picture(is_last=True)
        keeps_best = self._has_stopped_early or (asked is not None and asked.keep == "best")
        step, metrics = self._save_model(keeps_best)
        if asked is not None:
            return Outcome("stopped", step, metrics)
        return Outcome("early_stopping" if self._has_stopped_early else "length", step, metrics)
