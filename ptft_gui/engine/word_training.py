"""What the training of Word2Vec and of GloVe does alike: how it begins, and the vectors that it leaves."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.atomic import sync_folder
from ptft_gui.core.events import Metrics
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.spec_checks import MOST_WITH_ADDED
from ptft_gui.data.preparation import Preparation
from ptft_gui.engine.checkpoint import Checkpoint, clear_leftovers
from ptft_gui.engine.control import Question
from ptft_gui.engine.earlier_probes import probes_of_log
from ptft_gui.engine.observer import Observer, word_to_watch
from ptft_gui.engine.position import Position, metrics_of
from ptft_gui.engine.text import PHRASE_DELIMITER
from ptft_gui.engine.vector_run import model_config
from ptft_gui.engine.vector_training import VectorTraining
from ptft_gui.engine.vectors import Floats32, WordVectors, save_word_vectors

PositionType = TypeVar("PositionType", bound=Position)


class WordModel(Protocol):
    """``vectors``: shape (V, d), one row for each of ``words``."""

    @property
    def words(self) -> Sequence[str]: ...

    @property
    def vectors(self) -> Floats32: ...


class WordTraining(VectorTraining[PositionType, Observer]):
    """``_counts``: every word of the text, the rare ones included."""

    _run: RunDir
    _spec: RunSpec
    _counts: Counter[str]
    _model: WordModel

    @abstractmethod
    def _look(self, with_snapshot: bool = False) -> None:
        """Measure this moment."""

    @abstractmethod
    def _vectors_of(self, checkpoint: Checkpoint) -> Floats32:
        """The word vectors that a checkpoint holds; raises ModelError."""

    @abstractmethod
    def _words_kept(self) -> tuple[NDArray[np.int64], int]:
        """How often each word of the model was seen, and how often a word had to be seen."""

    def _begin(self) -> None:
        self._run.checkpoints.mkdir(exist_ok=True)
        clear_leftovers(self._run.checkpoints, self._position.step)
        self._observer.album.forget_after(self._position.step)
        self._reporter.last_step = self._position.step
        self._reporter.show_model(lambda: self._word_vectors(self._model.vectors, {}))
        self._reporter.phase("training", "Training")
        if self._position.step == 0 and not self._values.get("initial"):
            self._observer.start()  # what goes on has learned before: its first look is no guessing
        self._reporter.clock.start(self._position.seconds)
        self._look(with_snapshot=self._position.step == 0)
        for word in probes_of_log(self._run, MOST_WITH_ADDED) if self._request.resolved else ():
            self._observer.also_watch(word)
        self._control.open_for_saves()
        self._control.open_for_questions("add_probe")

    def _answer_to(self, question: Question) -> None:
        """One more word to watch from this moment on. Raises PtftError for one that cannot be."""
        asked = str(question.argument.get("text") or "")
        word = word_to_watch(
            asked, self._model.words, self._words_kept()[1], self._preparation, self._counts, PHRASE_DELIMITER
        )
        self._bring_home()
        self._observer.add_word(word, self._position.step, self._epoch())

    @property
    def _preparation(self) -> Preparation:
        return Preparation.from_settings(self._values)

    def _save_model(self, keeps_best: bool) -> tuple[int, Metrics]:
        """Save the last or the best vectors; returns the step and the metrics of what was saved."""
        step, metrics, vectors = self._position.step, self._observer.metrics, self._model.vectors
        best = self._keeper.best() if keeps_best else None
        if best is not None and best.step != step:
            step, metrics, vectors = best.step, metrics_of(best), self._vectors_of(best)
        facts = {"step": step, "kept": "best" if keeps_best else "last", "metrics": metrics}
        known = set(self._model.words)
        rare = {word: count for word, count in self._counts.items() if word not in known}
        save_word_vectors(self._run.model, self._word_vectors(vectors, facts), rare)
        sync_folder(self._run.path)
        return step, metrics

    def _word_vectors(self, vectors: Floats32, facts: dict[str, Any]) -> WordVectors:
        """The vectors with all that is needed to ask them a question in the way they were trained."""
        counts, min_count = self._words_kept()
        config = model_config(
            self._run,
            self._spec,
            self._values,
            min_count=min_count,
            delimiter=PHRASE_DELIMITER if self._values.get("phrases") else None,
            facts=facts,
        )
        return WordVectors(self._model.words, counts, vectors, config)
