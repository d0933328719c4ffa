"""The training of one attempt at a task: the loop of the language models, with examples instead of running text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ptft_gui.core.errors import ModelError
from ptft_gui.core.events import Metrics
from ptft_gui.core.summary import VAL_LOSS
from ptft_gui.engine.control import Question
from ptft_gui.engine.finetune.examples import Numbers
from ptft_gui.engine.finetune.learner import TaskLearner
from ptft_gui.engine.finetune.results import TestRows, save_results
from ptft_gui.engine.finetune.watch import TaskWatch
from ptft_gui.engine.language.crew import Crew
from ptft_gui.engine.language.state import restore
from ptft_gui.engine.loop import NetworkTraining
from ptft_gui.engine.plan import Plan
from ptft_gui.engine.registry import TrainingRequest
from ptft_gui.engine.reporter import Reporter


class TaskTraining(NetworkTraining):
    """``test``: reads the test rows, once, when the run ends."""

    _pieces = "texts"

    def __init__(
        self,
        request: TrainingRequest,
        reporter: Reporter,
        plan: Plan,
        learner: TaskLearner,
        probes: tuple[str, ...],
        stamp: str,
        test: TestRows,
    ) -> None:
        self._task_learner, self._test = learner, test
        self._looks_an_epoch = int(plan.values["looks_an_epoch"])
        if plan.values.get("kept_by"):
            self._better = 0.0  # one more row that is right is better, and so is a lower loss at as many
        crew = Crew(learner.device.type)
        super().__init__(request, reporter, plan, learner, probes, 0.0, stamp, crew)

    def _make_watch(self, probes: tuple[str, ...]) -> TaskWatch:
        return TaskWatch(self._task_learner, probes, self._reporter, self._values)

    def _loss_beside_score(self) -> float | None:
        """While it falls the run goes on, though the score that chooses the best moment does not move."""
        has_score = self._values.get("kept_by") and self._observer.has_held_out
        return self._observer.metrics.get(VAL_LOSS) if has_score else None

    def _work_of(self, numbers: Numbers) -> int:
        """The position counts examples."""
        return len(numbers)

    def _has_passed_check(self, before: float) -> bool:
        """At every epoch's end, where there is room for more some times within an epoch, and at the end of the run."""
        position = self._position
        if position.batch == 0 or self._progress() >= 1.0:
            return True
        done, looks = position.batch, self._looks_an_epoch
        return (done * looks) // self._batches != ((done - 1) * looks) // self._batches

    def _values_of_step(self, rate: float) -> dict[str, float]:
        position = self._position
        return {
            "lr": round(rate, 9),
            "texts_per_second": round(self._pace.rate(self._reporter.clock.seconds, position.tokens), 1),
            "epoch": self._epoch(),
            "texts": float(position.tokens),
            "progress": round(self._progress(), 6),
        }

    def _answer_live(self, question: Question) -> Any:
        argument: Mapping[str, Any] = question.argument
        if not isinstance(argument.get("classify"), str):
            raise ModelError(
                "A run that learns a task answers texts only.",
                hint="Ask with --classify, or when it has ended.",
            )
        row = self._task_learner.task.row_of_probe(argument["classify"])
        return {"classify": self._task_learner.answer_rows([row])[0].shown}

    def _save_model(self, keeps_best: bool) -> tuple[int, Metrics]:
        """Choose the best moment on held-out examples, read the test part once, save; returns step and metrics."""
        step, metrics = self._position.step, self._observer.metrics
        best = self._keeper.best() if self._observer.has_held_out or keeps_best else None
        if best is not None and best.step != step:
            position, metrics = restore(best, self._model, None, self._stamp)
            step = position.step
        facts = {"step": step, "kept": "best" if best is not None else "last", "metrics": metrics}
        found = save_results(self._run, self._reporter, self._task_learner, self._values, facts, self._test)
        metrics = {**metrics, **found}
        if found:
            self._reporter.evaluated(self._position.step, self._epoch(), found, 0.0)
        return step, metrics
