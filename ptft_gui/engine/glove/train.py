"""One GloVe run from top to bottom: prepare, resolve, build, count, train, save."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.core.spec import RunSpec
from ptft_gui.engine.batch_training import BatchTraining
from ptft_gui.engine.checkpoint import Checkpoint
from ptft_gui.engine.checkpointing import CheckpointKeeper
from ptft_gui.engine.glove.model import GloveModel, build_model
from ptft_gui.engine.glove.observer import count_text, draw_probes
from ptft_gui.engine.glove.pairs import EpochOrder, TrainingPairs
from ptft_gui.engine.glove.resolve import resolve_plan, with_steps
from ptft_gui.engine.glove.state import (
    Position,
    State,
    expected_bytes,
    restore_state,
    state_of,
    vectors_of,
)
from ptft_gui.engine.glove.steps import CpuSteps, Steps, compile_routines
from ptft_gui.engine.gold.growing import check_own_set
from ptft_gui.engine.initial_plan import data_of_start, note_vocabulary, plan_of_start
from ptft_gui.engine.initial_reading import read_initial
from ptft_gui.engine.lineage import text_has_changed
from ptft_gui.engine.observer import Observer, Probes, choose_watched_words
from ptft_gui.engine.pace import Pace
from ptft_gui.engine.plan import Plan, alter_plan, data_of_attempt
from ptft_gui.engine.position import position_of
from ptft_gui.engine.registry import Outcome, TrainingRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.schedule import Schedule
from ptft_gui.engine.text import TrainingText, prepare_text
from ptft_gui.engine.vector_run import (
    heed_stop,
    stopped_early,
    tell_about_text,
)
from ptft_gui.engine.vectors import Floats32
from ptft_gui.engine.word_training import WordTraining


def train(request: TrainingRequest, reporter: Reporter) -> Outcome:
    """Train, or go on training, one run; everything is reported, and the model is saved in the run's folder.

    Raises :class:`~ptft_gui.core.errors.PtftError` for everything that a person can mend.
    """
    spec = request.run.read_spec()
    check_own_set(spec.options.get("gold_set"))
    try:
        initial = read_initial(spec, request.resolved, reporter)
        data = data_of_start(data_of_attempt(spec, request.resolved), initial)
        text = prepare_text(data, {**spec.options, "seed": _seed_of(spec)}, reporter)
        reporter.phase("vocabulary", "Counting the words")
        heed_stop(reporter)
        # Over all text: a word that only the held-out part has can be asked for, too.
        counts = text.word_counts()
        plan = plan_of_start(
            _plan_for(request, spec, text), spec, initial, counts, is_first_attempt=not request.resolved
        )
        heed_stop(reporter)
        model = build_model(plan.values, counts, initial)
        reporter.phase(
            "compiling", "Getting the fast arithmetic ready, which takes some seconds the first time"
        )
        compile_routines(request.run.path, partial(heed_stop, reporter))
        pairs = count_text(text, model, plan.values, request.run.path, reporter)
        held_out = count_text(text, model, plan.values, request.run.path, reporter, is_held_out=True)
        probes = draw_probes(pairs, held_out, text, plan.values)
        if not request.resolved:
            plan = with_steps(plan, pairs.directed)
            if initial is not None and model.joint is not None:
                note_vocabulary(plan.values, initial, model.joint, reporter)
        training = GloveTraining(request, reporter, spec, text, counts, plan, model, pairs)
        training.prepare({name: partial(probe.cost, model) for name, probe in probes.items()})
        heed_stop(reporter)
    except StoppedByPerson:
        return stopped_early(request, reporter)
    return training.run()


def _seed_of(spec: RunSpec) -> int:
    return int(spec.options["seed"] or 0)


def _plan_for(request: TrainingRequest, spec: RunSpec, text: TrainingText) -> Plan:
    """The plan of this attempt: a new one, or that of the earlier attempt with what a person changed."""
    earlier = request.resolved
    if not earlier:
        return resolve_plan(spec, text)
    if earlier.get("fingerprint") != text.facts["fingerprint"]:
        raise text_has_changed()
    seconds = position_of(Position, request.checkpoint).seconds if request.checkpoint else 0.0
    return alter_plan(earlier, request.changes, seconds)


class GloveTraining(WordTraining[Position], BatchTraining[Position, Observer]):
    """The training of one attempt."""

    _model: GloveModel

    def __init__(
        self,
        request: TrainingRequest,
        reporter: Reporter,
        spec: RunSpec,
        text: TrainingText,
        counts: Counter[str],
        plan: Plan,
        model: GloveModel,
        pairs: TrainingPairs,
    ) -> None:
        self._request, self._run = request, request.run
        self._reporter, self._control = reporter, reporter.control
        self._spec, self._text, self._counts = spec, text, counts
        self._model, self._pairs, self._plan = model, pairs, plan
        self._values: dict[str, Any] = plan.values
        self._records_a_step = max(1, int(self._values["batch_pairs"]) // (2 if pairs.are_mirrored else 1))
        self._batches = max(1, math.ceil(len(pairs) / self._records_a_step))
        self._position = Position()
        self._keeper = CheckpointKeeper(self._run.checkpoints, reporter, expected_bytes(model))
        self._pace = Pace()
        self._has_stopped_early = False

    # --- before ------------------------------------------------------------------------------------------------

    def prepare(self, probes: Probes) -> None:
        """Record what is decided and bring the model to the checkpoint that is gone on from, if there is one."""
        self._resolve()
        if self._request.checkpoint:
            self._position = restore_state(self._request.checkpoint, self._model, self._pairs.directed)
        self._schedule = self._make_schedule()
        watched = self._values["watched_words"]
        rate = self._values["learning_rate"]
        gold = self._values.get("gold_set")
        self._observer = Observer(
            self._model, probes, watched, self._run.snapshots, self._reporter, rate, gold
        )
        self._steps = self._make_steps()

    def _resolve(self) -> None:
        """Record what this run trains with: once, and again when a person changed it."""
        if self._request.resolved:
            if self._plan.why:
                self._reporter.resolved(self._values, self._plan.reasons, self._plan.why)
            return
        watched = choose_watched_words(
            self._spec,
            self._model.words,
            self._values["min_count"],
            self._preparation,
            self._counts,
            self._text.facts["telling_words"],
            self._reporter,
        )
        self._values |= {
            "vocabulary_size": len(self._model.words),
            "parameters": len(self._model.words) * 2 * (int(self._values["vector_size"]) + 1),
            "watched_words": watched,
            "are_pairs_on_disk": self._pairs.is_on_disk,
        }
        self._reporter.resolved(self._values, self._plan.reasons)
        tell_about_text(self._text, self._values, self._reporter)

    def _make_schedule(self) -> Schedule:
        """Only for the length: AdaGrad lets the rate fall by itself."""
        rate, seconds = self._values["learning_rate"], lambda: self._reporter.clock.seconds
        return Schedule(self._plan.budget, rate, rate, seconds, (time.time(), self._position.progress))

    def _make_steps(self) -> Steps:
        if self._values["device"] == "cuda":
            from ptft_gui.engine.glove.gpu import TorchSteps

            return TorchSteps(self._model, self._values, self._pairs.are_mirrored)
        return CpuSteps(self._model, self._values, self._pairs.are_mirrored)

    # --- training ----------------------------------------------------------------------------------------------

    def _close(self) -> None:
        super()._close()
        self._steps.close()

    def _rest_of_epoch(self) -> Iterator[tuple[int, EpochOrder]]:
        """Numbers of batches, and how the pairs of each are ordered."""
        position, values = self._position, self._values
        order = EpochOrder(int(values["seed"]), position.epoch, self._batches, bool(values["reference"]))
        for number in order.numbers()[position.batch :]:
            yield number, order

    def _train_step(self, batch: tuple[int, EpochOrder]) -> None:
        position, (number, order) = self._position, batch
        cost, trained = self._steps.train(self._pairs.batch(number, self._records_a_step), number, order)
        position.pairs += trained
        has_passed_epoch = position.pass_batch(self._batches)
        self._refuse_not_finite(cost)
        self._reporter.step(
            position.step,
            lr=self._values["learning_rate"],
            pairs_per_second=round(self._pace.rate(self._reporter.clock.seconds, position.pairs)),
            epoch=self._epoch(),
            pairs=float(position.pairs),
            cost=round(cost / max(trained, 1), 8),
            progress=round(self._progress(), 6),
        )
        if has_passed_epoch:
            self._rest_at_epoch_end()
        elif self._observer.allows_look():
            self._look()
        elif self._observer.wants_early_picture(position.step):
            self._take_picture()

    def _rest_at_epoch_end(self) -> None:
        """An epoch is whole: the moment for checks and checkpoints."""
        if self._must_look():
            self._look(with_snapshot=True)
        is_best = self._values["early_stopping"] and self._note_check()
        self._keep_epoch(is_best)

    def _bring_home(self) -> None:
        self._steps.bring_home()

    def _look(self, with_snapshot: bool = False) -> None:
        self._bring_home()
        self._observer.look(self._position.step, self._epoch(), with_snapshot)

    def _state(self, is_copied: bool) -> State:
        self._look()
        self._observer.check_finite(self._position.step)
        self._position.seconds = self._reporter.clock.seconds
        self._position.progress = self._progress()
        metrics = self._observer.metrics
        return state_of(self._model, self._position, metrics, self._pairs.directed, is_copied)

    # --- after -------------------------------------------------------------------------------------------------

    def _vectors_of(self, checkpoint: Checkpoint) -> Floats32:
        return vectors_of(checkpoint)

    def _words_kept(self) -> tuple[NDArray[np.int64], int]:
        return self._model.counts, int(self._values["min_count"])
