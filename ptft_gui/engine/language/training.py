"""The training of one attempt at a language model: the loop, with running text to learn from."""

from __future__ import annotations

from typing import Any

from ptft_gui.core.events import Metrics
from ptft_gui.engine.control import Question
from ptft_gui.engine.language.asked import answer_live
from ptft_gui.engine.language.batches import Numbers
from ptft_gui.engine.language.crew import Crew
from ptft_gui.engine.language.learner import TextLearner
from ptft_gui.engine.language.results import save_model
from ptft_gui.engine.language.state import restore
from ptft_gui.engine.language.watch import Watch
from ptft_gui.engine.loop import NetworkTraining
from ptft_gui.engine.plan import Plan
from ptft_gui.engine.registry import TrainingRequest
from ptft_gui.engine.reporter import Reporter


class LanguageTraining(NetworkTraining):
    """``guessing``: the loss of guessing by how common a token is."""

    def __init__(
        self,
        request: TrainingRequest,
        reporter: Reporter,
        plan: Plan,
        learner: TextLearner,
        probes: tuple[str, ...],
        guessing: float,
        stamp: str,
        crew: Crew,
    ) -> None:
        self._text_learner = learner
        super().__init__(request, reporter, plan, learner, probes, guessing, stamp, crew)

    def _make_watch(self, probes: tuple[str, ...]) -> Watch:
        characters = float(self._values["characters_per_token"])
        return Watch(self._text_learner, probes, self._reporter, self._values, characters)

    def _work_of(self, numbers: Numbers) -> int:
        """The position counts tokens."""
        return len(numbers) * int(self._values["block_size"])

    def _answer_live(self, question: Question) -> Any:
        return answer_live(self._text_learner, self._run.path, question.argument)

    def _values_of_step(self, rate: float) -> dict[str, float]:
        position = self._position
        return {
            "lr": round(rate, 9),
            "tokens_per_second": round(self._pace.rate(self._reporter.clock.seconds, position.tokens)),
            "epoch": self._epoch(),
            "tokens": float(position.tokens),
            "progress": round(self._progress(), 6),
        }

    # --- after -------------------------------------------------------------------------------------------------

    def _save_model(self, keeps_best: bool) -> tuple[int, Metrics]:
        """Save the best moment on held-out text, or the last where nothing is held out; returns step and metrics."""
        step, metrics = self._position.step, self._observer.metrics
        best = self._keeper.best() if self._observer.has_held_out or keeps_best else None
        if best is not None and best.step != step:
            position, metrics = restore(best, self._model, None, self._stamp)
            step = position.step
        kept = "best" if best is not None else "last"
        facts = {"step": step, "kept": kept, "metrics": metrics, "loss_unit": self._text_learner.loss_words}
        save_model(self._run, self._text_learner, self._values, facts)
        return step, metrics
