"""The stage and everything on the page that follows it: the goal, the start, what the data is used for, proposals."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.data_request import SplitRequest
from ptft_gui.core.datasets import DatasetCard, dataset_title
from ptft_gui.core.errors import PtftError, SpecError
from ptft_gui.core.families import FINETUNE, STAGES
from ptft_gui.core.family_classifier import CLASSIFICATION
from ptft_gui.core.language_starts import LanguageStart
from ptft_gui.core.proposals import Proposal, propose_task_options
from ptft_gui.core.tasks import PLAIN_TEXT
from ptft_gui.gui.panels.new_run.data_column import DataColumn
from ptft_gui.gui.panels.new_run.facts import FOR_EVERY_FAMILY, DatasetFacts
from ptft_gui.gui.panels.new_run.goal_row import GoalRow
from ptft_gui.gui.panels.new_run.goals import RELATED_WORDS, SORT_TEXTS, family_for, goal_of, serves
from ptft_gui.gui.panels.new_run.how_column import HowColumn
from ptft_gui.gui.panels.new_run.model_column import ModelColumn

_MORE_SPECIAL = ("pair-classification", "pair-similarity", "tagging", "question-answering", "reply")
"""Data for one of these is not only for sorting texts, though it would do."""


class StageDesk:
    """``is_own``: a person chose the goal or the stage; then labels in the data change neither."""

    def __init__(self, goal: GoalRow, model: ModelColumn, data: DataColumn, how: HowColumn) -> None:
        self._goal, self._model, self._data, self._how = goal, model, data, how
        self.is_own = self._is_by_labels = False

    def show(self) -> None:
        """Let the page follow the family and the stage."""
        is_task, family, stage = self._how.learns_task(), self._model.family(), self._how.stage.value()
        if not serves(self._goal.goal(), family, stage):
            self._goal.set_goal(goal_of(family, stage))
        self._model.show_start(self._how.wants_start())
        self._model.show_task(is_task)
        self._data.details.set_task(CLASSIFICATION if is_task else PLAIN_TEXT)

    def take(self, task: str | None) -> None:
        """Take over what a person chose on another page or for an earlier run."""
        self.is_own = True
        if (task == CLASSIFICATION) != self._how.learns_task():
            self._how.stage.set_value(FINETUNE if task == CLASSIFICATION else STAGES[0].key)
        self.show()

    def follow_goal(self, goal: str) -> None:
        """A goal says family and stage; others that serve the same goal stay."""
        if not serves(goal, self._model.family(), self._how.stage.value()):
            self._model.families.set_value(family_for(goal, self._model.family()))
        if (goal == SORT_TEXTS) != self._how.learns_task():
            self._how.stage.set_value(FINETUNE if goal == SORT_TEXTS else STAGES[0].key)

    def follow_card(self, card: DatasetCard | None) -> None:
        """Another dataset was chosen, with its card if it comes with the program: what the last one had is over."""
        has_labels = card is not None and card.task == CLASSIFICATION
        if self._is_by_labels and not self.is_own:
            self._is_by_labels = False
            self._goal.set_goal(RELATED_WORDS)
            self.is_own = False
        if has_labels:
            self._follow_labels("")

    def follow_data(self) -> None:
        """The first rows of a person's data were seen."""
        opened = self._data.details.look.opened_data
        if opened is None or not opened.is_table:
            return
        suiting = {offer.key: offer.sentence for offer in opened.tasks if offer.suits}
        if CLASSIFICATION in suiting and not suiting.keys() & set(_MORE_SPECIAL):
            self._follow_labels(suiting[CLASSIFICATION].partition(": ")[2])

    def _follow_labels(self, which: str) -> None:
        """``which``: the columns, as in "text in “review”, label in “stars”."."""
        if self.is_own or self._how.learns_task():
            return
        words = (
            _said("Chosen because {name} has labels: {which}")
            if which
            else _said("Chosen because {name} has labels.")
        )
        self._goal.set_goal(SORT_TEXTS, words.format(name=dataset_title(self._data.dataset()), which=which))
        self.is_own, self._is_by_labels = False, True

    def facts_for_cost(self, facts: DatasetFacts) -> DatasetFacts:
        """What a cost is computed from: how many words labelled texts hold says nothing about it."""
        return DatasetFacts() if self._how.learns_task() else facts

    def problems(self, facts: DatasetFacts) -> list[PtftError]:
        """A text with too few words; of labelled data, which is decided on before a start, that it is not seen yet."""
        if not self._how.learns_task():
            limit = self._how.settings().get("min_count")
            return [] if self._how.reads_language() else facts.problems_with(limit)
        details = self._data.details
        is_seen = details.look.studied_data is not None or details.problems()
        if is_seen or not self._data.dataset():
            return []
        return [
            SpecError(
                _said("The data is still being looked at."), hint=_said("It takes a moment."), key="decisions"
            )
        ]

    def default_name(self) -> str:
        """What the run is called until a person says otherwise."""
        family = self._how.family().title
        kind = _said("classes") if self._how.learns_task() else family
        return f"{dataset_title(self._data.dataset())} - {kind}"

    def split(self) -> SplitRequest:
        """The shares that are held out and kept for testing, as far as a person set them."""
        settings = self._how.settings()

        def share(key: str) -> float | None:
            value = settings.get(key)
            return float(value) if isinstance(value, int | float) else None

        return SplitRequest(val_fraction=share("val_fraction"), test_fraction=share("test_fraction"))

    def proposals_for(self, facts: DatasetFacts, preset: str) -> dict[str, Proposal]:
        """What automatic options would become with ``preset``."""
        if self._how.reads_language():
            family, chosen = self._model.family(), self._how.settings()
            text, start = facts.language, self.language_start()
            if text is None or (start is None and self._how.goes_on()):
                return {}
            return text.proposals(family, preset, chosen, start)
        proposals = facts.proposals_for(preset, self._model.family())
        if not self._how.learns_task():
            return proposals
        told = {key: each for key, each in proposals.items() if key in FOR_EVERY_FAMILY - {"min_count"}}
        return {
            **told,
            **propose_task_options(preset, self._how.method.value(), self._model.word_start.is_nothing()),
        }

    def language_start(self) -> LanguageStart | None:
        """What a language model goes on from, if it does and that is known."""
        start = self._model.language_start.start()
        return start if self._how.reads_language() and self._how.goes_on() else None

    def show_numbers(self) -> None:
        """Say how many numbers are trained, as far as the start and the classes are known."""
        start, studied = self._model.word_start.start(), self._data.details.look.studied_data
        classes = len(studied.all_classes()) if studied is not None else None
        known = (start.words, start.size) if start is not None else (None, None)
        self._how.method.show_numbers(*known, classes)


def _said(words: str) -> str:
    return QCoreApplication.translate("NewRunPage", words)
