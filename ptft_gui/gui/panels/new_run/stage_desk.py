"""The stage and everything on the page that follows it: the goal, the start, what the data is used for, proposals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.data_request import FOLDS, SplitRequest
from ptft_gui.core.datasets import DatasetCard, dataset_title
from ptft_gui.core.errors import PtftError, SpecError
from ptft_gui.core.family.classifier import CLASSIFICATION
from ptft_gui.core.family.language_starts import LanguageStart
from ptft_gui.core.family.methods import Anatomy, ModelSize, count_parameters
from ptft_gui.core.family.registry import FINETUNE, STAGES, get_family
from ptft_gui.core.family.start_fit import ExampleTexts, fit_to_texts
from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.core.finetune_proposals import ExampleFacts, StartFacts, propose_tuning
from ptft_gui.core.proposals import Proposal, propose_task_options
from ptft_gui.gui.panels.new_run.data_column import DataColumn
from ptft_gui.gui.panels.new_run.facts import FOR_EVERY_FAMILY, DatasetFacts
from ptft_gui.gui.panels.new_run.goal_row import GoalRow
from ptft_gui.gui.panels.new_run.goals import (
    GOAL_OF_TASK,
    RELATED_WORDS,
    family_for,
    family_for_task,
    goal_of,
    meanings_of,
    offered_tasks,
    serves,
    usual_task,
)
from ptft_gui.gui.panels.new_run.how_column import HowColumn
from ptft_gui.gui.panels.new_run.model_column import ModelColumn
from ptft_gui.gui.widgets.hub_picker import language_name

_MORE_SPECIAL = ("question-answering", "tagging", "pair-classification", "pair-similarity", "reply")
"""Data for one of these is not only for sorting texts, though it would do."""
_USUAL_FAMILY = "bert"
"""What learns a job where it has something to start from; word vectors are the baseline, one click away."""


class StageDesk:
    """``is_own``: a person chose the goal or the stage; then labels in the data change neither. ``is_own_job``: they
    chose which job the goal means, too.

    ``is_own_family``: a person chose the family; a goal that it serves keeps it. ``_is_usual_job``: what a finished
    model is fine-tuned for was only supposed; the data may tell better.
    """

    def __init__(self, goal: GoalRow, model: ModelColumn, data: DataColumn, how: HowColumn) -> None:
        self._goal, self._model, self._data, self._how = goal, model, data, how
        self.is_own = self.is_own_job = self._is_by_labels = self.is_own_family = self._is_choosing = False
        self._is_usual_job = False

    def start_afresh(self) -> None:
        """Nothing is chosen any more, by nobody, and no data is there to say what it suits."""
        self.is_own = self.is_own_job = self.is_own_family = self._is_usual_job = False
        self._goal.tasks.show_data(None)

    def show(self) -> None:
        """Let the page follow the family and the stage."""
        task, family, stage = self._how.task(), self._model.family(), self._how.stage.value()
        if not serves(self._goal.goal(), family, stage, task):
            self._goal.set_goal(goal_of(family, task))
        self._goal.tasks.show_task(self._goal.goal(), task)
        self._model.show_start(self._how.wants_start())
        self._model.show_task(task)
        self._data.details.set_task(task or PLAIN_TEXT)
        self._data.ready.show_task(task or "")

    def begin(self, stage: str) -> None:
        """Take up a finished model at this stage; which job it is to learn is supposed until the data is there."""
        if stage == FINETUNE:
            self._how.set_task(usual_task(self._model.family()))
        self._how.stage.set_value(stage)
        self._is_usual_job = stage == FINETUNE

    def take(self, task: str | None) -> None:
        """Take over what a person chose on another page or for an earlier run."""
        self.is_own = self.is_own_job = True
        self._is_usual_job = False
        learned = task if task in offered_tasks() else None
        if learned != self._how.task():
            self._learn(learned)
        self.show()

    def _learn(self, task: str | None) -> None:
        """Let a task be learned, by a family that can; None: plain text."""
        if task is None:
            if self._how.learns_task():
                self._how.stage.set_value(STAGES[0].key)
            return
        family = self._family_for(task)
        if family != self._model.family():
            self._choose_family(family)
        self._how.set_task(task)
        self._how.stage.set_value(FINETUNE)

    def _family_for(self, task: str) -> str:
        family = self._model.family()
        has_start = self._model.language_start.has_any(_USUAL_FAMILY)
        return family_for_task(task, family, _USUAL_FAMILY if has_start and not self.is_own_family else "")

    def _choose_family(self, family: str) -> None:
        self._is_choosing = True
        self._model.families.set_value(family)
        self._is_choosing = False

    def note_family(self) -> None:
        """Another family was chosen: by a person, or here."""
        self.is_own_family = not self._is_choosing

    def follow_goal(self, goal: str) -> None:
        """A goal says family and stage; others that serve the same goal stay."""
        self.is_own_job = self._is_usual_job = False
        if not serves(goal, self._model.family(), self._how.stage.value(), self._how.task()):
            task = self._meaning(goal)
            self._learn(None if task == PLAIN_TEXT else task)
            if task == PLAIN_TEXT:
                self._choose_family(family_for(goal, self._model.family()))
        self.show()

    def _meaning(self, goal: str) -> str:
        """Which of the jobs that a goal can mean: the first that the data suits, as far as that is known."""
        meanings, suiting = meanings_of(goal), self._suiting()
        special = [task for task in self._special(suiting) if task in meanings]
        return special[0] if special else meanings[0]

    def follow_task(self, task: str) -> None:
        """A person chose which job a goal means."""
        self.is_own = self.is_own_job = True
        self._is_usual_job = False
        self._learn(None if task == PLAIN_TEXT else task)
        if task == PLAIN_TEXT:
            self._choose_family(family_for(self._goal.goal(), self._model.family()))
        self.show()

    def follow_card(self, card: DatasetCard | None) -> None:
        """Another dataset was chosen, with its card if it comes with the program: what the last one had is over."""
        self._goal.tasks.show_data(None)
        if "fold" in self._how.advanced.option_keys():
            self._how.advanced.form("fold").set_values({"fold": None})  # it was a part of other rows
        if self._is_by_labels and not self.is_own:
            self._is_by_labels = False
            self._goal.set_goal(RELATED_WORDS)
            self.is_own = False
        if card is not None and card.task in offered_tasks():
            self._follow_columns(card.task, "")

    def follow_data(self) -> None:
        """The first rows of a person's data were seen."""
        opened = self._data.details.look.opened_data
        self._goal.tasks.show_data(opened)
        if opened is None or not opened.is_table:
            return
        suiting = self._suiting()
        self._follow_within_goal(suiting)
        special = self._special(suiting)
        task = next(iter(special), CLASSIFICATION)
        if self._is_usual_job:
            self._follow_for_model(suiting, special)
        elif task in suiting:
            self._follow_columns(task, _columns_in(suiting[task]))

    def _follow_within_goal(self, suiting: Collection[str]) -> None:
        """A goal that a person chose can mean several jobs: the data tells which, until they say it themselves."""
        meaning = self._meaning(self._goal.goal())
        if (
            self._how.learns_task()
            and not self.is_own_job
            and meaning in suiting
            and meaning != self._how.task()
        ):
            self._learn(meaning)
            self.show()

    def _follow_for_model(self, suiting: Mapping[str, str], special: Sequence[str]) -> None:
        """A finished model is to learn a job and nobody said which: where the usual one is not in the data, another."""
        learnable = get_family(self._model.family()).tasks
        suits = (task for task in (*special, CLASSIFICATION) if task in suiting and task in learnable)
        task = next(suits, None)
        if task is not None and self._how.task() not in suiting:
            self._choose_for_columns(task, _columns_in(suiting[task]))
            self._is_usual_job = True  # other data may tell otherwise

    def _suiting(self) -> dict[str, str]:
        """What the data can be used for, each with the sentence that names the columns."""
        opened = self._data.details.look.opened_data
        if opened is None or not opened.is_table:
            return {}
        return {
            offer.key: offer.sentence
            for offer in opened.tasks
            if offer.suits and offer.key in offered_tasks()
        }

    def _special(self, suiting: Collection[str]) -> list[str]:
        """Of the jobs that suit, those that use more of the data than its single labels."""
        found = [task for task in _MORE_SPECIAL if task in suiting]
        opened = self._data.details.look.opened_data
        if opened is not None and "multilabel" in suiting and opened.proposed == "multilabel":
            found.append("multilabel")
        return found

    def _follow_columns(self, task: str, which: str) -> None:
        """``which``: the columns, as in "text in “review”, label in “stars”."."""
        if self.is_own or self._how.learns_task():
            return
        self._choose_for_columns(task, which)
        self.is_own, self._is_by_labels = False, True

    def _choose_for_columns(self, task: str, which: str) -> None:
        """Choose the task that the data has the columns of, and say so."""
        words = {
            "reply": _said("Chosen because {name} has prompts and replies: {which}"),
            "question-answering": _said("Chosen because {name} has questions and answers: {which}"),
            "tagging": _said("Chosen because {name} has a tag for each word: {which}"),
            "pair-similarity": _said("Chosen because {name} has pairs of texts with scores: {which}"),
        }.get(task, _said("Chosen because {name} has labels: {which}"))
        if not which:
            words = words.replace(": {which}", ".")
        self._learn(task)
        self.show()
        because = words.format(name=dataset_title(self._data.dataset()), which=which)
        self._goal.set_goal(GOAL_OF_TASK[task], because)

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
        kinds = {
            "question-answering": _said("answers"),
            "tagging": _said("names"),
            "multilabel": _said("labels"),
            "pair-classification": _said("pairs"),
            "pair-similarity": _said("likeness"),
            "reply": _said("replies"),
        }
        kind = kinds.get(self._how.task() or "", _said("classes")) if self._how.learns_task() else family
        return f"{dataset_title(self._data.dataset())} - {kind}"

    def split(self) -> SplitRequest:
        """The shares that are held out and kept for testing, and the part that is tested, as far as a person said."""
        settings = self._how.settings()

        def share(key: str) -> float | None:
            value = settings.get(key)
            return float(value) if isinstance(value, int | float) else None

        fold = settings.get("fold")
        return SplitRequest(
            val_fraction=share("val_fraction"),
            test_fraction=share("test_fraction"),
            fold=fold if isinstance(fold, int) and 1 <= fold <= FOLDS else None,
        )

    def proposals_for(self, facts: DatasetFacts, preset: str) -> dict[str, Proposal]:
        """What automatic options would become with ``preset``."""
        if self._how.reads_language():
            family, chosen = self._model.family(), self._how.settings()
            text, start = facts.language, self.language_start()
            if text is None or (start is None and self._how.goes_on()):
                return {}
            return text.proposals(family, preset, chosen, start)
        if self.tunes():
            return self._tuning_proposals(preset)
        proposals = facts.proposals_for(preset, self._model.family())
        if not self._how.learns_task():
            return proposals
        told = {key: each for key, each in proposals.items() if key in FOR_EVERY_FAMILY - {"min_count"}}
        return {
            **told,
            **propose_task_options(preset, self._how.method.value(), self._model.word_start.is_nothing()),
        }

    def _tuning_proposals(self, preset: str) -> dict[str, Proposal]:
        """What is proposed for a language model that learns a task, but for what takes its tokens to know."""
        start, studied = self._model.language_start.start(), self._data.details.look.studied_data
        if start is None or studied is None:
            return {}
        rows = studied.parts.get("train") or sum(studied.rows.values())
        facts = ExampleFacts(max(1, int(rows)), start.positions or 1)
        shape = StartFacts(start.positions or 1, start.width or 1, "mean", "")
        task, method = self._how.task() or "", self._how.method.value()
        found = propose_tuning(preset, task, method, facts, shape)
        return {key: each for key, each in found.items() if key not in ("block_size", "pooling")}

    def tunes(self) -> bool:
        """Whether a language model learns a task."""
        return self._how.learns_task() and self._model.reads_language()

    def language_start(self) -> LanguageStart | None:
        """What a language model goes on from, if it does and that is known."""
        start = self._model.language_start.start()
        return start if self._how.reads_language() and self._how.goes_on() else None

    def show_numbers(self) -> None:
        """Say how many numbers are trained, as far as the start and the classes are known."""
        self._data.preview.show_cut(not self.tunes())
        if self._model.reads_language():
            self._how.method.show_anatomy(self._anatomy())
            self._show_fit()
            return
        start, studied = self._model.word_start.start(), self._data.details.look.studied_data
        classes = len(studied.all_classes()) if studied is not None else None
        known = (start.words, start.size) if start is not None else (None, None)
        self._how.method.show_numbers(*known, classes)

    def _show_fit(self) -> None:
        """Say how the start fits the labelled texts, as far as they are known, and what of it is not kept."""
        is_kept = self._how.settings().get("start_weights") != "random"
        self._model.language_start.show_head(self.tunes() and is_kept)
        start, studied = self._model.language_start.start(), self._data.details.look.studied_data
        if not self.tunes() or start is None or studied is None:
            return
        lengths = studied.lengths
        texts = ExampleTexts(self._how.task() or "", studied.language, lengths.unit, lengths.p95)
        fits, sentence = fit_to_texts(start, [language_name(code) for code in start.languages], texts)
        self._model.language_start.show_fit({"fits": fits, "sentence": sentence})

    def _anatomy(self) -> Anatomy | None:
        """The start as the chosen method trains it; None where no task is learned or the start is not known."""
        start, settings = self._model.language_start.start(), self._how.settings()
        if start is None or not self._how.learns_task():
            return None
        is_causal = start.family == "gpt"
        size = ModelSize(
            start.vocabulary, start.positions, 0 if is_causal else 2, start.layers, start.width,
            4 * start.width, start.heads, is_causal,
        )  # fmt: skip
        studied = self._data.details.look.studied_data
        classes = len(studied.all_classes()) if studied is not None else 0
        if self._how.task() == "tagging":  # a beginning and a middle of each kind, and what is no name
            classes = 2 * classes + 1
        outputs = {"pair-similarity": 1, "reply": 0}.get(self._how.task() or "", classes or 2)
        return count_parameters(
            size,
            self._how.method.value(),
            outputs=outputs,
            top_layers=int(settings.get("top_layers") or 1),
            lora_rank=int(settings.get("lora_rank") or 1),
            lora_targets=str(settings.get("lora_targets") or ""),
        )


def _columns_in(sentence: str) -> str:
    """The columns that a sentence about them names, as in "text in “review”, label in “stars”."."""
    return sentence.partition(": ")[2]


def _said(words: str) -> str:
    return QCoreApplication.translate("NewRunPage", words)
