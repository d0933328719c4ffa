"""The New run page: gathers what a person chose into a RunSpec, and says at once what keeps it from starting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.errors import PtftError, Remedy, SpecError
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.family.registry import DATA_OPTIONS, FAMILIES, GO_ON, data_options_of
from ptft_gui.core.spec import RunSpec, new_spec, problems_of
from ptft_gui.gui.panels.new_run.column import ColumnRow
from ptft_gui.gui.panels.new_run.cost_desk import CostDesk
from ptft_gui.gui.panels.new_run.cost_words import name_with
from ptft_gui.gui.panels.new_run.data_column import DataColumn
from ptft_gui.gui.panels.new_run.fit_card import FitCard
from ptft_gui.gui.panels.new_run.fit_check import FitCheck
from ptft_gui.gui.panels.new_run.footer import Footer
from ptft_gui.gui.panels.new_run.goal_row import GoalRow
from ptft_gui.gui.panels.new_run.going_on import GoingOn
from ptft_gui.gui.panels.new_run.how_column import HowColumn
from ptft_gui.gui.panels.new_run.model_column import ModelColumn
from ptft_gui.gui.panels.new_run.recent import RecentTexts, default_settings
from ptft_gui.gui.panels.new_run.stage_desk import StageDesk
from ptft_gui.gui.panels.new_run.text_look import TextLook
from ptft_gui.gui.panels.new_run.text_question import TextQuestion
from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.asker import Asker

_DATA_KEYS = (*(option.key for option in DATA_OPTIONS), "test_fraction", "fold")


class NewRunPage(QWidget):
    """``run_requested`` carries the RunSpec of the run a person started, ``datasets_requested`` the DataRequest to show
    on the Datasets page, or None."""

    run_requested = Signal(object)
    datasets_requested = Signal(object)

    def __init__(
        self, asker: Asker, settings: QSettings | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("newRunPage")
        self._asker = asker
        self._read_only_reason = ""
        self._given_parts: dict[str, str | None] = {}
        self._is_filling = self._has_own_name = False
        self.goal = GoalRow()
        self.model = ModelColumn(asker)
        self.data = DataColumn(asker, RecentTexts(settings if settings is not None else default_settings()))
        self.how = HowColumn(self.model.family())
        self._going_on = GoingOn(self.model, self.how)
        self._stage = StageDesk(self.goal, self.model, self.data, self.how)
        self.columns = ColumnRow((self.model, self.data, self.how))
        self.footer = Footer()
        self.fit = FitCheck(asker, self)
        self.fit_card = FitCard()
        self._question = TextQuestion(self.data, self.how, self._going_on)
        self._look = TextLook(asker, self._question.ask_for, self)
        self._costs = CostDesk(self.how, self._stage, self.footer, self.fit, self.fit_card, self.spec)
        self._build()
        self._connect()
        self.start_afresh()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.goal)
        column.addWidget(self.columns, 1)
        column.addWidget(self.fit_card)
        column.addWidget(self.footer)

    def _connect(self) -> None:
        self._look.answered.connect(self._on_answered)
        self._look.failed.connect(self._on_data_problem)
        self._look.progressed.connect(self._on_progress)
        self.data.tokens.sentence_written.connect(self._cut_sentence)
        self.fit.changed.connect(self._show_costs)
        self.fit_card.again_requested.connect(self.fit.measure_again)
        self.fit_card.remedy_requested.connect(self._on_remedy)
        self.goal.goal_chosen.connect(self._on_goal)
        self.goal.tasks.task_chosen.connect(self._on_task)
        self.model.family_changed.connect(self._on_family)
        self.data.dataset_changed.connect(self.goal.forget_reason)
        self.data.dataset_changed.connect(self._on_dataset)
        self.data.preview.remedy_requested.connect(self._on_remedy)
        self.data.details.request_changed.connect(self._refresh)
        self.data.details.learned.connect(self._on_details)
        self.data.details.page_requested.connect(self._on_page_requested)
        self.data.ready.all_requested.connect(self._on_page_requested)
        self.how.stage_changed.connect(self._on_stage)
        self.model.word_start.changed.connect(self._on_start)
        self.model.language_start.changed.connect(self._on_start)
        self.model.language_start.offer.pretrain_requested.connect(self.how.begin_from_nothing)
        self.how.changed.connect(self._refresh)
        self.footer.start_requested.connect(self.start)
        self.footer.name_edited.connect(self._on_name_edited)

    # what the window asks of the page

    @Slot()
    def start_afresh(self) -> None:
        """An empty page: nothing chosen, all settings at their defaults."""
        self._is_filling = True
        self._given_parts = {}
        self._has_own_name = False
        self.data.choose("")
        self.model.word_start.choose("")
        self.model.language_start.choose("")
        self.model.families.set_value(next(iter(FAMILIES)))
        self._stage.start_afresh()
        self.how.set_family(self.model.family())
        self.how.start_afresh()
        self._stage.show()
        self.columns.begin()
        self._is_filling = False
        self._refresh()

    @Slot(str)
    def set_dataset(self, dataset: str) -> None:
        """Choose a bundled dataset by its id, or a file or folder by its path."""
        self.data.choose_anew(dataset)
        self.columns.open_step(1)

    def set_request(self, request: DataRequest, settings: Mapping[str, OptionValue]) -> None:
        """Choose a dataset as the Datasets page shows it: how it is read and used, and what of its text was set."""
        self._is_filling = True
        self.data.choose(request.dataset)
        self._stage.take(request.task)
        self.data.details.fill(request)
        self._given_parts = {"val": request.val, "test": request.test}
        chosen = {**settings, "val_fraction": request.split.val_fraction}
        for option in data_options_of(self.how.family()):
            value = chosen.get(option.key, option.default)
            self.how.advanced.form(option.key).set_values({option.key: value})
        self._is_filling = False
        self.columns.open_step(1)
        self._refresh()

    def fill_from(self, spec: RunSpec, changes: Mapping[str, Any] | None = None) -> None:
        """Show the choices of ``spec``; ``changes`` are option values to put over them, as a remedy proposes."""
        if changes and (start := changes.get("init")):
            self.go_on_from(str(start), spec.family, str(changes.get("stage") or GO_ON))
            return
        values = {**spec.options, **spec.data.model_dump(include=set(_DATA_KEYS)), **(changes or {})}
        self._is_filling = True
        self.model.families.set_value(spec.family)
        self.how.set_family(spec.family)
        self.data.choose(spec.data.dataset)
        self.how.fill_from(spec, values)
        self._stage.take(spec.task)
        self.data.details.fill(spec.data.request())
        self._given_parts = {"val": spec.data.val, "test": spec.data.test}
        self.model.start.choose(spec.init or "")
        if not spec.init:
            self.model.word_start.choose_nothing()
        self.footer.show_name(name_with(self.model.family(), spec.name, changes or {}))
        self._has_own_name = True
        self._is_filling = False
        self.columns.open_step(2)
        self._refresh()

    def go_on_from(self, start: str, family: str, stage: str = GO_ON) -> None:
        """Begin a run that goes on from a run, a model folder or a vector file; its text is still to be chosen."""
        self.start_afresh()
        self.model.families.set_value(family)
        self._stage.begin(stage)
        self.model.start.choose(start)
        self.columns.open_step(1)

    def set_read_only(self, reason: str | None) -> None:
        """Keep Start off and say why; None takes that back."""
        self._read_only_reason = reason or ""
        self._refresh()

    def set_measured_speeds(self, words_per_second: Mapping[str, float]) -> None:
        """The speed of each trainer's last run on this computer, from which times are computed."""
        self._costs.speeds = words_per_second
        self._refresh()

    def spec(self, preset: str | None = None) -> RunSpec:
        """The run as chosen now, or with another preset. Raises :class:`SpecError` for a value that cannot be used."""
        return new_spec(
            self.model.family(),
            self.data.dataset(),
            preset=preset or self.how.preset.value(),
            settings=self.how.settings(),
            name=self.footer.name.text().strip() or self._stage.default_name(),
            val=self._given_parts.get("val"),
            test=self._given_parts.get("test"),
            **self.how.watches(),
            **self._going_on.spec_parts(),
            **self.data.details.request_parts(),
        )

    def problems(self) -> list[PtftError]:
        """What keeps the run from starting, the first to be met on the page first."""
        field_problems = self.how.field_problems()
        try:
            found = field_problems or problems_of(self.spec()) or self._going_on.problems()
        except SpecError as problem:
            found = [problem]
        of_text = [self._look.problem] if self._look.problem else self.data.details.problems()
        of_text = of_text or self._stage.problems(self._look.facts) or self.data.details.waiting()
        of_data = [problem for problem in found if problem.key == "dataset"]
        return [*of_data, *of_text, *(problem for problem in found if problem.key != "dataset")]

    @Slot()
    def start(self) -> None:
        """Ask for the run, if nothing keeps it from starting."""
        if not self.footer.start.isEnabled():
            return
        if (gone := self.data.gone()) is not None:
            self._look.fail(gone)
            return
        spec = self.spec()
        self.data.remember()
        for look in (self.data.details.look, self.model.word_start, self._look, self.fit):
            look.give_up()  # the run reads the text now; reading it twice at once would make both slow
        self.run_requested.emit(spec)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.start()
            return
        super().keyPressEvent(event)

    @Slot(str)
    def _on_goal(self, goal: str) -> None:
        self._stage.follow_goal(goal)
        self._refresh()

    @Slot(str)
    def _on_task(self, task: str) -> None:
        self._stage.follow_task(task)
        self._refresh()

    @Slot(str)
    def _on_family(self, family: str) -> None:
        self._stage.note_family()
        self.how.set_family(family)
        self._look.forget(self.data.dataset())
        self.data.tokens.hide()
        self._stage.show()
        self._going_on.propose(family)
        self._refresh()

    @Slot()
    def _on_stage(self) -> None:
        if not self.how.reads_language():
            self.data.tokens.hide()
        self._stage.is_own = True
        self._stage.show()
        self._going_on.propose(self.model.family())

    @Slot()
    def _on_start(self) -> None:
        if not self._is_filling:
            self._going_on.propose(self.model.family())
        self._refresh()

    # the text

    @Slot(str)
    def _on_dataset(self, dataset: str) -> None:
        card = bundled_dataset(dataset)
        self._look.forget(dataset)
        self._given_parts = {}
        if not self._is_filling:
            self._follow(lambda: self._stage.follow_card(card))
        self.how.propose_words(card.watched_words if card else ())
        self.model.show_sentence(())
        self._refresh()

    def _follow(self, change: Callable[[], None]) -> None:
        """Let the data change the goal; the page is brought up to date after it, not in its midst."""
        was_filling, self._is_filling = self._is_filling, True
        change()
        self._is_filling = was_filling

    def _schedule_look(self) -> None:
        """Look at the data when it, or how it is read and cut, changed."""
        self._question.val = self._given_parts.get("val")
        self.data.details.look_at(
            self._given_parts.get("val"), self._given_parts.get("test"), self._stage.split()
        )
        self._look.schedule()

    @Slot(dict)
    def _on_answered(self, answer: dict[str, Any]) -> None:
        facts = self._look.facts
        self.data.show_facts(facts)
        self.data.tokens.show_cut(answer)
        if self.data.tokens.written():
            self._cut_sentence()
        if facts.language is not None:
            self.how.probes.propose(facts.probes)
            self.model.language_start.show_fit(answer.get("start"))
            self._propose_preset()
        else:
            self.model.show_sentence(facts.example())
            if bundled_dataset(self.data.dataset()) is None:
                self.how.propose_words(facts.watched_words)
        self._refresh()

    @Slot()
    def _cut_sentence(self) -> None:
        """Show a person's own sentence cut; while the text is looked at, that comes first and this after it."""
        kind, arguments = self._question.ask_for()
        if kind == "cut_text" and arguments and not self._look.is_looking:
            wanted = {**arguments, "text": self.data.tokens.written()}
            self._asker.ask(kind, wanted, self.data.tokens.show_cut, lambda _problem: None)

    def _propose_preset(self) -> None:
        text, family = self._look.facts.language, self.how.family()
        if text is not None and not self.how.goes_on():
            keys = tuple(preset.key for preset in family.presets)
            self.how.propose_preset(text.fitting_preset(family.key, keys, self.how.settings()))

    @Slot(object)
    def _on_data_problem(self, problem: PtftError) -> None:
        self.data.show_problem(problem)
        self.data.tokens.hide()
        self._refresh()

    @Slot(str, object)
    def _on_progress(self, sentence: str, fraction: float | None) -> None:
        self.data.preview.show_looking(sentence, fraction, self._look.facts)

    @Slot()
    def _on_details(self) -> None:
        self._follow(self._stage.follow_data)
        problem = self.data.details.problems()
        if problem and self.data.details.look.opened_data is None:
            self.data.show_problem(problem[0])
        self._refresh()

    @Slot()
    def _on_page_requested(self) -> None:
        self.datasets_requested.emit(self.data.details.request() if self.data.dataset() else None)

    @Slot(object)
    def _on_remedy(self, remedy: Remedy) -> None:
        if remedy.action == "new_run_with":
            self.fill_from(self.spec(), remedy.argument)
        elif remedy.action == "choose_preset":
            self.how.preset.set_value(str(remedy.argument["preset"]))

    # showing it all

    @Slot()
    def _refresh(self) -> None:
        if self._is_filling:
            return
        self._schedule_look()
        if self.how.wants_start() and not self.model.reads_language():
            self.model.word_start.set_text(self._question.arguments())
        if not self._has_own_name:
            self.footer.show_name(self._stage.default_name() if self.data.dataset() else "")
        self.how.show_problems(())
        problems = self.problems()
        self.how.show_problems([p for p in problems if isinstance(p, SpecError) and p.key != "dataset"])
        self._show_reason(problems)
        is_read = self.how.reads_language() and self._look.facts.language is not None
        is_measured = is_read or (self._stage.tunes() and bool(self.data.dataset()))
        self.fit.look(self.spec() if is_measured and not problems else None)
        self._show_costs()

    def _show_reason(self, problems: list[PtftError]) -> None:
        first = problems[0] if problems else None
        reason = " ".join(part for part in (first.message, first.hint) if part) if first else ""
        self.footer.show_reason(self._read_only_reason or reason)

    @Slot()
    def _show_costs(self) -> None:
        """Everything that is proposed, and what the run takes with it."""
        settings, facts = self.how.settings(), self._look.facts
        self._stage.show_numbers()
        proposals = self._stage.proposals_for(facts, self.how.preset.value()) | self._going_on.fixed()
        chosen = {key: found.value for key, found in proposals.items() if settings.get(key) is None}
        self.model.show_reading({**settings, **chosen})
        self.how.advanced.show_proposals(proposals)
        self.how.length.show_proposal(proposals.get("epochs"))
        self._costs.show(facts, settings, proposals)

    # the name

    @Slot()
    def _on_name_edited(self) -> None:
        self._has_own_name = bool(self.footer.name.text().strip())
