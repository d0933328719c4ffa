"""One Word2Vec run from top to bottom: prepare, resolve, build, train, save."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.core.spec import RunSpec
from ptft_gui.engine.checkpoint import Checkpoint
from ptft_gui.engine.checkpointing import CheckpointKeeper
from ptft_gui.engine.gold.growing import check_own_set
from ptft_gui.engine.initial_plan import data_of_start, note_vocabulary, plan_of_start
from ptft_gui.engine.initial_reading import read_initial
from ptft_gui.engine.lineage import text_has_changed
from ptft_gui.engine.observer import Observer, choose_watched_words
from ptft_gui.engine.pace import Pace
from ptft_gui.engine.position import position_of
from ptft_gui.engine.registry import Outcome, TrainingRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.schedule import Schedule
from ptft_gui.engine.text import PHRASE_DELIMITER, TrainingText, prepare_text
from ptft_gui.engine.vector_run import (
    heed_stop,
    stopped_early,
    tell_about_text,
)
from ptft_gui.engine.vectors import Floats32
from ptft_gui.engine.word2vec.model import BatchFedWord2Vec, build_model
from ptft_gui.engine.word2vec.observer import draw_probes
from ptft_gui.engine.word2vec.resolve import Plan, alter_plan, data_of_attempt, resolve_plan
from ptft_gui.engine.word2vec.state import (
    Position,
    State,
    expected_bytes,
    restore_state,
    state_of,
    vectors_of,
)
from ptft_gui.engine.word2vec.threads import Batch, DoneBatch, Trainer, TrainingThreads
from ptft_gui.engine.word2vec.trainers import make_trainer
from ptft_gui.engine.word_training import WordTraining

_HURRY_AFTER_SECONDS, _STOP_PATIENCE_SECONDS = 0.2, 1.0
_SILENCE_SECONDS = 60.0


_IN_MEMORY_TOKENS = 20_000_000
"""Texts of up to so many words are kept in memory; larger ones are read from the disk in every epoch."""


def train(request: TrainingRequest, reporter: Reporter) -> Outcome:
    """Train, or go on training, one run; everything is reported, and the model is saved in the run's folder.

    Raises :class:`~ptft_gui.core.errors.PtftError` for everything that a person can mend.
    """
    spec = request.run.read_spec()
    check_own_set(spec.options.get("gold_set"))
    try:
        initial = read_initial(spec, request.resolved, reporter)
        data = data_of_start(data_of_attempt(spec, request.resolved), initial)
        text = prepare_text(data, spec.options, reporter, _IN_MEMORY_TOKENS)
        reporter.phase("vocabulary", "Counting the words")
        heed_stop(reporter)
        # Over all text: a word that only the held-out part has can be asked for, too.
        counts = text.word_counts()
        plan = plan_of_start(
            _plan_for(request, spec, text), spec, initial, counts, is_first_attempt=not request.resolved
        )
        heed_stop(reporter)
        model = build_model(plan.values, counts, text.train_sentence_count, initial)
        heed_stop(reporter)
        if initial is not None and model.joint is not None and not request.resolved:
            note_vocabulary(plan.values, initial, model.joint, reporter)
        trainer = make_trainer(model, text, plan.values, request.run.path, reporter)
        heed_stop(reporter)
        training = Word2VecTraining(request, reporter, spec, text, counts, plan, model, trainer)
        heed_stop(reporter)
    except StoppedByPerson:
        return stopped_early(request, reporter)
    return training.run()


def _plan_for(request: TrainingRequest, spec: RunSpec, text: TrainingText) -> Plan:
    """The plan of this attempt: a new one, or that of the earlier attempt with what a person changed."""
    earlier = request.resolved
    if not earlier:
        return resolve_plan(spec, text)
    if earlier.get("fingerprint") != text.facts["fingerprint"]:
        raise text_has_changed()
    seconds = position_of(Position, request.checkpoint).seconds if request.checkpoint else 0.0
    return alter_plan(earlier, request.changes, seconds)


class Word2VecTraining(WordTraining[Position]):
    """The training of one attempt.

    It goes on in segments: the threads come to rest where a person stops or saves, where a checkpoint too large to be
    copied is due at an epoch's end, and, with one thread or early stopping, at every epoch's end, so that what is
    measured there is exact. Other checkpoints are copied while the threads train on, as the looks are.
    """

    _model: BatchFedWord2Vec

    def __init__(
        self,
        request: TrainingRequest,
        reporter: Reporter,
        spec: RunSpec,
        text: TrainingText,
        counts: Counter[str],
        plan: Plan,
        model: BatchFedWord2Vec,
        trainer: Trainer,
    ) -> None:
        self._request, self._run = request, request.run
        self._reporter, self._control = reporter, reporter.control
        self._spec, self._text, self._counts = spec, text, counts
        self._model, self._trainer = model, trainer
        self._values: dict[str, Any] = plan.values
        self._resolve(plan)
        self._position = restore_state(request.checkpoint, model) if request.checkpoint else Position()
        self._schedule = self._make_schedule(plan)
        self._observer = Observer(
            model,
            {
                name: partial(probe.loss, model)
                for name, probe in draw_probes(model, text, self._values["seed"]).items()
            },
            self._values["watched_words"],
            self._run.snapshots,
            reporter,
            model.alpha,
            self._values.get("gold_set"),
        )
        self._keeper = CheckpointKeeper(self._run.checkpoints, reporter, expected_bytes(model))
        self._pace = Pace()
        self._handed_steps = 0
        self._handed_end = (0, 0)
        self._checked_epoch = self._position.epoch
        self._has_stopped_early = False
        self._last_result_at = 0.0
        self._stop_seen_at: float | None = None

    # --- before ------------------------------------------------------------------------------------------------

    def _resolve(self, plan: Plan) -> None:
        """Record what this run trains with: once, and again when a person changed it."""
        if self._request.resolved:
            if plan.why:
                self._reporter.resolved(plan.values, plan.reasons, plan.why)
            return
        watched = choose_watched_words(
            self._spec,
            self._model.words,
            int(self._model.effective_min_count),
            self._preparation,
            self._counts,
            self._text.facts["telling_words"],
            self._reporter,
            PHRASE_DELIMITER,
        )
        self._values |= {
            "vocabulary_size": len(self._model.words),
            "parameters": sum(layer.size for layer in self._model.layers().values()),
            "watched_words": watched,
        }
        self._reporter.resolved(self._values, plan.reasons)
        tell_about_text(self._text, self._values, self._reporter)
        if self._text.train_tokens <= self._values["window"]:
            self._reporter.notice(
                "window",
                "The text is smaller than the window.",
                f"It has {self._text.train_tokens:,} words to train on; the window reaches "
                f"{self._values['window']:,} words far, so all words of a sentence are neighbours of one another.",
                "Choose a smaller window, or add more text.",
                is_warning=True,
            )

    def _make_schedule(self, plan: Plan) -> Schedule:
        return Schedule(
            plan.budget,
            self._values["learning_rate"],
            self._values["min_learning_rate"],
            lambda: self._reporter.clock.seconds,
            (time.time(), self._position.progress),
        )

    # --- training ----------------------------------------------------------------------------------------------

    def run(self) -> Outcome:
        """Train to the end of the budget, or until a person or early stopping ends it."""
        self._begin()
        try:
            while not self._is_over():
                self._train_segment()
                if self._position.sentence == 0 and self._position.epoch > self._checked_epoch:
                    self._rest_at_epoch_end()
                self._serve_saves()
            self._control.open_for_saves(False)
            self._control.open_for_questions()
            self._serve_questions()
            return self._end()
        finally:
            self._keeper.close()

    def _is_over(self) -> bool:
        return self._control.should_stop or self._has_stopped_early or self._progress() >= 1.0

    def _epoch(self) -> float:
        return round(self._position.epochs_done(self._text.train_sentence_count), 6)

    def _progress(self) -> float:
        share = self._position.sentence / self._text.train_sentence_count
        return self._schedule.progress(self._position.epoch, share, self._position.step)

    def _train_segment(self) -> None:
        """Train until the threads have a reason to rest."""
        position = self._position
        self._handed_steps, self._handed_end = position.step, (position.epoch, position.sentence)
        threads = TrainingThreads(self._trainer, self._batches(), self._rate_of, self._values["workers"])
        self._last_result_at = time.monotonic()
        for done in threads.results(self._patience):
            if done is None:
                self._on_idle(threads)
            else:
                self._on_batch(done)
        self._settle(threads.unfinished)

    def _batches(self) -> Iterator[Batch]:
        """The batches of the segment; runs in the training threads, one at a time."""
        epoch, sentence = self._position.epoch, self._position.sentence
        while True:
            for batch in self._trainer.batches(epoch, sentence):
                self._control.wait_while_paused(wakes_for_questions=False)
                if self._rests_before(batch):
                    return
                self._handed_steps, self._handed_end = self._handed_steps + 1, (epoch, batch.end)
                yield batch
            epoch, sentence = epoch + 1, 0
            self._handed_end = (epoch, 0)
            if self._rests_at_epoch_ends():
                return

    def _rests_before(self, batch: Batch) -> bool:
        is_asked = self._control.should_stop or self._control.is_save_wanted
        return is_asked or self._progress_before(batch, self._handed_steps) >= 1.0

    def _rests_at_epoch_ends(self) -> bool:
        return self._is_exact or (not self._keeper.writes_beside and self._keeper.is_due())

    @property
    def _is_exact(self) -> bool:
        return self._values["workers"] == 1 or bool(self._values["early_stopping"])

    def _progress_before(self, batch: Batch, steps: int) -> float:
        share = batch.first / self._text.train_sentence_count
        return self._schedule.progress(batch.epoch, share, steps)

    def _rate_of(self, batch: Batch) -> float:
        return self._schedule.learning_rate(self._progress_before(batch, self._handed_steps - 1))

    def _patience(self) -> float | None:
        """From when on a batch that a thread is still training is left behind: soon after a stop was asked for."""
        if not self._control.should_stop:
            return None
        if self._stop_seen_at is None:
            self._stop_seen_at = time.monotonic()
        elif time.monotonic() > self._stop_seen_at + _HURRY_AFTER_SECONDS:
            self._trainer.hurry()
        return self._stop_seen_at + _STOP_PATIENCE_SECONDS

    def _on_batch(self, done: DoneBatch) -> None:
        self._last_result_at = time.monotonic()
        if done.is_untouched:
            return
        position = self._position
        position.step += 1
        position.words += done.words
        has_passed_epoch = position.advance(done.sentences, self._text.train_sentence_count)
        self._reporter.step(
            position.step,
            lr=round(done.learning_rate, 9),
            words_per_second=round(self._pace.rate(self._reporter.clock.seconds, position.words)),
            epoch=self._epoch(),
            words=float(position.words),
            progress=round(self._progress(), 6),
        )
        self._serve_questions()
        if has_passed_epoch and self._must_look():
            self._look(with_snapshot=True, epoch=float(position.epoch))
        elif self._observer.allows_look():
            self._look()
        elif self._observer.wants_early_picture(position.step):
            self._take_picture()
        if has_passed_epoch and not self._is_exact and self._keeper.writes_beside:
            self._keep_epoch()

    def _on_idle(self, threads: TrainingThreads) -> None:
        self._reporter.flush_if_due()
        self._serve_questions()
        if self._control.is_paused:
            if not threads.unfinished:
                self._reporter.hold()
                self._pace.forget()
            self._last_result_at = time.monotonic()
        elif time.monotonic() - self._last_result_at > _SILENCE_SECONDS:
            self._last_result_at = float("inf")
            self._reporter.notice(
                "slow",
                "No batch has been finished for a minute.",
                "The settings may be very large for this computer, or the disk with the text does not answer.",
                is_warning=True,
            )

    def _settle(self, unfinished: list[Batch]) -> None:
        """Fix where the segment ended; what was left behind unfinished counts as not done."""
        left = min(((batch.epoch, batch.first) for batch in unfinished), default=self._handed_end)
        self._position.epoch, self._position.sentence = left

    def _rest_at_epoch_end(self) -> None:
        """The threads rest and an epoch is whole: the moment for checks and checkpoints."""
        self._checked_epoch = self._position.epoch
        is_best = self._values["early_stopping"] and self._note_check()
        self._keep_epoch(is_best)

    def _bring_home(self) -> None:
        self._trainer.bring_home()

    def _look(self, with_snapshot: bool = False, epoch: float | None = None) -> None:
        self._bring_home()
        self._observer.look(self._position.step, self._epoch() if epoch is None else epoch, with_snapshot)

    def _state(self, is_copied: bool) -> State:
        self._look()
        self._observer.check_finite(self._position.step)
        self._position.seconds = self._reporter.clock.seconds
        self._position.progress = self._progress()
        return state_of(self._model, self._position, self._observer.metrics, is_copied)

    # --- after -------------------------------------------------------------------------------------------------

    def _vectors_of(self, checkpoint: Checkpoint) -> Floats32:
        return vectors_of(checkpoint)

    def _words_kept(self) -> tuple[NDArray[np.int64], int]:
        return self._model.told_counts, int(self._model.effective_min_count)
