"""The one training loop of networks: take a batch, guess, correct, look now and then, keep what is good.

Everything that chance decides (the order of blocks, masks, dropout) is a pure function of the seed and of where
training stands. That is why a run that was killed and resumed ends with the very numbers of an undisturbed one.

One step of it is ``_train_step``: order, gradient, clip, optimizer. Devices, processes and gradients are accelerate's,
by way of the Crew; one process alone is a crew of one.
"""

from __future__ import annotations

import math
import time
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import torch

from ptft_gui.core.summary import TRAIN_LOSS
from ptft_gui.engine.checkpoint import clear_leftovers
from ptft_gui.engine.checkpointing import CheckpointKeeper
from ptft_gui.engine.control import Question
from ptft_gui.engine.language.batches import Numbers
from ptft_gui.engine.language.crew import Crew, Order
from ptft_gui.engine.language.gradient import GradientOfBatch
from ptft_gui.engine.language.learner import Learner
from ptft_gui.engine.language.looking import checks_of, checks_until
from ptft_gui.engine.language.optimizers import Optimizers
from ptft_gui.engine.language.rates import rate_share
from ptft_gui.engine.language.state import Position, State, expected_bytes, restore, state_of
from ptft_gui.engine.language.watch import diverged
from ptft_gui.engine.pace import Pace
from ptft_gui.engine.plan import Plan
from ptft_gui.engine.registry import Outcome, TrainingRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.schedule import Schedule
from ptft_gui.engine.scored_looks import ScoredLooks
from ptft_gui.engine.vector_training import VectorTraining

_STEPS_BETWEEN_SAVES = 10
"""After so many steps it is asked whether a checkpoint is due."""
_WAITING_STEPS = 16
"""On a graphics card the losses of so many steps are fetched at once: each fetch waits for the card."""


@dataclass(frozen=True)
class _Step:
    """A step whose numbers may still be under way on the device."""

    loss: torch.Tensor
    norm: torch.Tensor
    values: dict[str, float]
    step: int


class NetworkTraining(VectorTraining[Position, ScoredLooks]):
    """One attempt. ``stamp`` names what a checkpoint belongs to: text and tokenizer, or rows and start."""

    _pieces = "blocks"
    """What a batch is split into where memory is short."""

    def __init__(
        self,
        request: TrainingRequest,
        reporter: Reporter,
        plan: Plan,
        learner: Learner,
        probes: tuple[str, ...],
        guessing: float,
        stamp: str,
        crew: Crew,
    ) -> None:
        self._request, self._run = request, request.run
        self._reporter, self._control = reporter, reporter.control
        self._plan, self._learner, self._guessing, self._stamp = plan, learner, guessing, stamp
        self._values: dict[str, Any] = plan.values
        self._model = learner.model
        self._optimizers = Optimizers(
            self._model, self._values["optimizer"], float(self._values["weight_decay"]), learner.hidden
        )
        self._crew = crew
        self._gradient = GradientOfBatch(learner, self._values, crew, self._tell_smaller_pieces)
        self._position, self._pace = Position(), Pace()
        self._waiting: list[_Step] = []
        self._has_stopped_early = False
        self._batches = int(self._values["steps_an_epoch"])
        self._observer = self._make_watch(probes)
        if request.checkpoint is not None:
            self._position, self._observer.metrics = restore(
                request.checkpoint, self._model, self._optimizers, stamp
            )
        self._keeper = CheckpointKeeper(self._run.checkpoints, reporter, expected_bytes(self._model))
        seconds = lambda: reporter.clock.seconds  # noqa: E731
        start = (time.time(), self._position.progress)
        self._schedule = Schedule(plan.budget, float(self._values["learning_rate"]), 0.0, seconds, start)

    @abstractmethod
    def _make_watch(self, probes: tuple[str, ...]) -> ScoredLooks:
        """What looks at the network while it trains."""

    @abstractmethod
    def _work_of(self, numbers: Numbers) -> int:
        """How much a step on these examples adds to what the position counts."""

    @abstractmethod
    def _values_of_step(self, rate: float) -> dict[str, float]:
        """What is told of a step beside its loss."""

    @abstractmethod
    def _answer_live(self, question: Question) -> Any:
        """The answer to what a person asked of the network as it is at this moment. Raises PtftError."""

    # --- training ----------------------------------------------------------------------------------------------

    def run(self) -> Outcome:
        """Train to the end of the budget, or until a person or early stopping ends it."""
        self._begin()
        try:
            while not self._is_over():
                self._train_epoch()
            self._crew.order(None)
            self._serve_saves()
            self._control.open_for_saves(False)
            self._control.open_for_questions()
            self._serve_questions()
            asked = self._control.stop_request
            if self._position.step and not (asked is not None and asked.discard):
                self._look()
            return self._end()
        finally:
            self._keeper.close()

    def _begin(self) -> None:
        self._run.checkpoints.mkdir(exist_ok=True)
        clear_leftovers(self._run.checkpoints, self._position.step)
        self._reporter.last_step = self._position.step
        self._reporter.phase("training", "Training")
        self._model.train()
        self._crew.align(self._model, self._optimizers)
        if self._position.step == 0:
            self._observer.start(self._guessing)
            self._look()
        self._reporter.clock.start(self._position.seconds)  # what was measured before is no time of learning
        self._control.open_for_saves()
        self._control.open_for_questions("ask", "add_probe")

    def _is_over(self) -> bool:
        return self._control.should_stop or self._has_stopped_early or self._progress() >= 1.0

    def _epoch(self) -> float:
        return round(self._position.epoch + self._position.batch / self._batches, 6)

    def _progress(self) -> float:
        position = self._position
        return self._schedule.progress(position.epoch, position.batch / self._batches, position.step)

    def _train_epoch(self) -> None:
        """Train the rest of the present epoch, in an order that its number and the seed decide."""
        epoch, size = self._position.epoch, int(self._values["global_batch_size"])
        order = self._learner.order_of(epoch)
        for number in range(self._position.batch, self._batches):
            self._wait()
            if self._is_over():
                return
            self._train_step(order[number * size : (number + 1) * size], epoch)

    def _wait(self) -> None:
        """Hold still while paused; what is asked for meanwhile is done, then as before."""
        self._serve_saves()
        self._serve_questions()
        while self._control.is_paused:
            self._tell_steps()
            self._reporter.hold()
            self._pace.forget()
            self._serve_saves()
            self._serve_questions()

    def _answer_to(self, question: Question) -> Any:
        self._tell_steps()
        if question.name == "add_probe":
            text = str(question.argument.get("text") or "")
            return self._observer.add_probe(text, self._position.step, self._epoch())
        return self._answer_live(question)

    def _train_step(self, numbers: Numbers, epoch: int) -> None:
        """One correction: the loss of all examples of the batch, its gradient, clipped, and a step against it."""
        position, before = self._position, self._progress()
        share = rate_share(before, float(self._values["warm_up"]), str(self._values["schedule"]))
        rate = float(self._values["learning_rate"]) * share
        self._crew.order(Order(numbers, epoch, position.step, rate))
        loss = self._gradient(self._learner.batch("train", numbers, epoch), position.step)
        norm = self._crew.clip(self._model, float(self._values["clip"]) or math.inf)
        self._optimizers.step(rate)
        position.tokens += self._work_of(numbers)
        position.pass_batch(self._batches)
        self._observer.at(position.step)
        self._note_step(loss, norm, rate)
        self._rest(before)

    def _tell_smaller_pieces(self, size: int) -> None:
        why = f"{size} blocks at a time, because more did not fit into memory; the batch stays as it is"
        self._reporter.resolved(self._values, {}, why)

    # --- what is told of a step --------------------------------------------------------------------------------

    def _note_step(self, loss: torch.Tensor, norm: torch.Tensor, rate: float) -> None:
        self._waiting.append(_Step(loss, norm, self._values_of_step(rate), self._position.step))
        if self._learner.device.type == "cpu" or len(self._waiting) >= _WAITING_STEPS:
            self._tell_steps()

    def _tell_steps(self) -> None:
        """Report the steps that wait. Raises PtftError at the first whose numbers exploded."""
        waiting, self._waiting = self._waiting, []
        for step in waiting:
            loss, norm = float(step.loss), float(step.norm)
            if not (math.isfinite(loss) and math.isfinite(norm)):
                self._reporter.flush()
                raise diverged(self._reporter, step.step, TRAIN_LOSS, self._values)
            self._reporter.step(step.step, **step.values, loss=round(loss, 8), gradient=float(f"{norm:.6g}"))

    # --- between two steps -------------------------------------------------------------------------------------

    def _rest(self, before: float) -> None:
        """Look when another part of the run is done, and write a checkpoint when one is due.

        Where steps or epochs limit the run, the moments of looking depend on nothing but them, so that early stopping
        and the best moment are the same again when the run is repeated or resumed.
        """
        is_timed = self._values["planned_steps"] is None
        if self._has_passed_check(before) and (not is_timed or self._observer.allows_look()):
            self._look()
            is_best = self._is_best_check()
            if not is_best:
                self._observer.withhold_score()
            if is_best or self._keeper.is_due():
                self._save_checkpoint_beside()
        elif self._position.step % _STEPS_BETWEEN_SAVES == 0 and self._keeper.is_due():
            self._save_checkpoint_beside()

    def _has_passed_check(self, before: float) -> bool:
        """Whether a moment of looking lies between the progress ``before`` and now."""
        checks = checks_of(self._values)
        return checks_until(before, checks) != checks_until(self._progress(), checks)

    def _is_best_check(self) -> bool:
        """Whether this moment is to be kept: better by enough to count, or the last one and better at all."""
        is_better, score = self._note_check(), self._observer.score()
        best = self._position.best
        is_lowest = score is not None and best is not None and score < best
        return is_better or (is_lowest and self._progress() >= 1.0)

    def _look(self) -> None:
        self._tell_steps()
        self._observer.look(self._position.step, self._epoch())

    def _state(self, is_copied: bool) -> State:
        self._tell_steps()
        self._observer.at(self._position.step)
        if not all(bool(torch.isfinite(weight).all()) for weight in self._model.parameters()):
            raise diverged(self._reporter, self._position.step, TRAIN_LOSS, self._values)
        self._position.seconds = self._reporter.clock.seconds
        self._position.progress = self._progress()
        return state_of(
            self._model, self._optimizers, self._position, self._observer.metrics, self._stamp, is_copied
        )
