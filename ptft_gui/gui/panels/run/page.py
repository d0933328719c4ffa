"""The page of one run: header, tabs, and the one place where what a person asks for becomes a signal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.rundir import RunDir, State
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.details.tab import DetailsTab
from ptft_gui.gui.panels.run.evaluate.sorting_tab import ScoreTab
from ptft_gui.gui.panels.run.evaluate.vectors_tab import EvaluateTab
from ptft_gui.gui.panels.run.explore import ExploreTab
from ptft_gui.gui.panels.run.failure_card import FailureCard
from ptft_gui.gui.panels.run.header import RunHeader
from ptft_gui.gui.panels.run.language_tabs import LanguageTabs
from ptft_gui.gui.panels.run.page_answers import ANSWERS
from ptft_gui.gui.panels.run.shown_run import RunTab, ShownRun
from ptft_gui.gui.panels.run.tab_row import TabRow
from ptft_gui.gui.panels.run.task_tabs import TaskTabs
from ptft_gui.gui.panels.run.train.tab import TrainTab
from ptft_gui.gui.panels.run.try_it.sorting_tab import TryItTab
from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.asker import Asker

_LEAST_TAB = QSize(640, 320)


class _TabStack(QStackedWidget):
    """Asks for no more room than the smallest window has; what is seen folds or scrolls within it."""

    def minimumSizeHint(self) -> QSize:
        return _LEAST_TAB

    def hasHeightForWidth(self) -> bool:
        return False


_CHANGES_THE_RUN = frozenset(
    "pause resume_paused stop save discard resume resume_half_rate train_longer duplicate".split()
)


class RunPage(QWidget):
    """Shows a run, live or ended, and asks for what a person wants done with it.

    ``refresh`` takes the newest fold about ten times a second; only the tab that is seen draws. ``view_actions`` are
    the page's own keys (tabs, log scale, back, find a word), for the View menu. ``page_action_requested`` carries the
    key and argument of a button that the page cannot answer itself; ``said`` a sentence and ``failed`` a PtftError
    for the place that tells the person things.
    """

    pause_requested = Signal()
    resume_requested = Signal()
    stop_requested = Signal(str)
    discard_requested = Signal()
    save_requested = Signal()
    duplicate_requested = Signal(object)
    train_longer_requested = Signal(float)
    resume_run_requested = Signal(object)
    export_requested = Signal()
    show_folder_requested = Signal()
    rename_requested = Signal(str)
    page_action_requested = Signal(str, object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runPage")
        self._asker = asker
        self._shown: ShownRun | None = None
        self._made: dict[type, LanguageTabs | TaskTabs] = {}
        self._reason = ""
        self._is_unread = self._is_expected = False
        self._is_recorded = False
        self._introduced: set[str] = set()
        self._tab_kept_for: RunDir | None = None
        self.header = RunHeader()
        self.failure = FailureCard()
        self.train = TrainTab(asker)
        self.explore = ExploreTab(asker)
        self.try_it = TryItTab(asker)
        self.evaluate = EvaluateTab(asker)
        self.score = ScoreTab(asker)
        self.details = DetailsTab()
        self._tabs: dict[str, RunTab] = {
            "train": self.train,
            "try_it": self.try_it,
            "explore": self.explore,
            "evaluate": self.evaluate,
            "details": self.details,
        }
        self.tab_row = TabRow(
            [
                ("train", self.tr("Train")),
                ("try_it", self.tr("Try it")),
                ("explore", self.tr("Explore")),
                ("evaluate", self.tr("Evaluate")),
                ("details", self.tr("Details")),
            ]
        )
        self._stack = _TabStack()
        self._lay_out()
        self._connect()
        self.view_actions = self._make_view_actions()

    def add_below_header(self, widget: QWidget) -> None:
        """Give ``widget`` the place between the header and the tabs."""
        self._below_header.addWidget(widget)

    def _lay_out(self) -> None:
        self._below_header = QVBoxLayout()
        self._below_header.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, 0)
        self._blank = QWidget()
        for tab in (
            self._blank, self.train, self.try_it, self.explore, self.evaluate, self.score, self.details,
        ):  # fmt: skip
            self._stack.addWidget(tab)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addLayout(self._below_header)
        whole.addWidget(self.failure)
        whole.addWidget(self.tab_row)
        whole.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.tab_row.chosen.connect(self._on_tab_chosen)
        self.header.rename_requested.connect(self.rename_requested)
        for part in (
            self.header,
            self.failure,
            self.train,
            self.try_it,
            self.explore,
            self.evaluate,
            self.score,
        ):
            part.action_requested.connect(self.act)
        self.train.word_activated.connect(self._on_watched_word)
        self.train.chart_exported.connect(self._on_chart_exported)
        self.train.chart_export_failed.connect(self.failed)
        self.details.folder_requested.connect(self.show_folder_requested)
        for tab in (self.try_it, self.explore, self.evaluate, self.score, self.details):
            tab.said.connect(self.said)
        self.explore.failed.connect(self.failed)
        for measured in (self.evaluate, self.score):
            measured.failed.connect(self.failed)

    def _make_view_actions(self) -> list[QAction]:
        """Keys of the View menu that belong to a run; they answer while the page is seen."""
        wanted = (
            ("show_train", self.tr("Train"), "Ctrl+1"),
            ("show_explore", self.tr("Explore"), "Ctrl+2"),
            ("show_evaluate", self.tr("Evaluate"), "Ctrl+3"),
            ("show_details", self.tr("Details"), "Ctrl+4"),
            ("show_try_it", self.tr("Try it"), "Ctrl+5"),
            ("log_scale", self.tr("Log scale"), "Ctrl+L"),
            ("back", self.tr("Back to the word before"), "Alt+Left"),
        )
        actions = []
        for key, words, keys in wanted:
            action = QAction(words, self)
            action.setObjectName(f"{key}Action")
            action.setData(key)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(self._on_view_action)
            self.addAction(action)
            actions.append(action)
        return actions

    @Slot()
    def _on_view_action(self) -> None:
        key = str(self.sender().data())  # type: ignore[attr-defined]
        self.act(Action(key, ""))

    # showing

    def expect_run(self, run: RunDir, summary: RunSummary, state: State) -> None:
        """Name an ended run while its log is being read; its tabs hear of it once, when :meth:`show_run` tells all."""
        self._is_expected, self._is_recorded = True, False
        self._apply_reason()
        shown = self._shown = ShownRun(run, summary, state)
        self.header.show_run(shown)
        self._offer_tabs(shown)
        self._stack.setCurrentWidget(self._blank)

    def show_run(self, run: RunDir, summary: RunSummary, state: State, is_recorded: bool = False) -> None:
        """Show another run: a live or a recorded one at its training, an ended one at what it learned."""
        self._is_expected, self._is_recorded = False, is_recorded
        self._apply_reason()
        shown = self._shown = ShownRun(run, summary, state, is_recorded=is_recorded)
        self.header.show_run(shown)
        self.failure.refresh(shown, not self.reason)
        self._offer_tabs(shown)
        self._introduced.clear()
        self._is_unread = summary.newest_time is None and not is_recorded
        if run != self._tab_kept_for:
            self._tab_kept_for = None
            self.tab_row.choose(self._result_tab(shown) if shown.has_model and not is_recorded else "train")
        if self._stack.currentWidget() is self._blank:
            self._stack.setCurrentWidget(self._tabs[self.tab_row.current()])  # type: ignore[arg-type]
        self._refresh_seen_tab()

    def refresh(self, summary: RunSummary, state: State, end_note: str = "") -> None:
        """Show what is new in the run; cheap enough for ten times a second."""
        if self._shown is None:
            return
        has_race = self._shown.has_race
        self._shown = ShownRun(self._shown.run, summary, state, end_note, self._is_recorded, has_race)
        self.header.refresh(self._shown)
        self.failure.refresh(self._shown, not self.reason)
        self._offer_tabs(self._shown)
        self._open_where_it_belongs(self._shown)
        self._refresh_seen_tab()

    def set_has_race(self, has_race: bool) -> None:
        """Whether the run that is shown was raced against others."""
        if self._shown is not None and self._shown.has_race != has_race:
            self._shown = replace(self._shown, has_race=has_race)
            self._refresh_seen_tab()

    def tell_again(self, summary: RunSummary, state: State) -> None:
        """What is played back went to an earlier moment: nothing later may stay on the page."""
        if self._shown is not None:
            self._shown = ShownRun(self._shown.run, summary, state, is_recorded=self._is_recorded)
            self._introduced.discard("train")
            self._refresh_seen_tab()

    def _open_where_it_belongs(self, shown: ShownRun) -> None:
        """A run may be shown before its log is read; an ended one opens on what it learned once that is known."""
        if self._is_unread and shown.has_model:
            self._is_unread = False
            self.tab_row.choose(self._result_tab(shown))
        elif shown.is_live and shown.summary.newest_time is not None:
            self._is_unread = False

    def _offer_tabs(self, shown: ShownRun) -> None:
        """The tabs that this kind of model has, and under each name the one that answers for it."""
        is_scored = shown.judges_texts or shown.reads_language or shown.token_task is not None
        self.tab_row.offer("try_it", is_scored)
        self.tab_row.offer("explore", shown.places_words or shown.reads_language)
        self.tab_row.offer("evaluate", shown.places_words or is_scored)
        current = self.tab_row.current()
        for key, tab in self._tabs_for(shown).items():
            if tab is not self._tabs[key]:
                self._tabs[key] = tab
                self._introduced.discard(key)
                if key == current:
                    self._on_tab_chosen(key)
        if current and not self.tab_row.is_offered(current):
            self.tab_row.choose("train")

    def _tabs_for(self, shown: ShownRun) -> dict[str, RunTab]:
        """A language model answers in tabs of its own; one that sorts texts has scores of its own."""
        kind = LanguageTabs if shown.reads_language else TaskTabs if shown.token_task else None
        if kind is not None:
            if kind not in self._made:
                self._made[kind] = kind(self._asker, self._stack, self.act, self.said.emit, self.failed.emit)
            return self._made[kind].by_key
        evaluate: RunTab = self.score if shown.judges_texts else self.evaluate
        return {"try_it": self.try_it, "explore": self.explore, "evaluate": evaluate}

    @staticmethod
    def _result_tab(shown: ShownRun) -> str:
        """Where an ended run opens: at what it learned."""
        if shown.judges_texts or shown.reads_language or shown.token_task:
            return "try_it"
        return "explore" if shown.places_words else "train"

    def set_read_only(self, reason: str | None) -> None:
        """With a reason nothing here changes a run; the controls say why."""
        self._reason = reason or ""
        self._apply_reason()
        if self._shown is not None:
            self.refresh(self._shown.summary, self._shown.state, self._shown.end_note)

    @property
    def reason(self) -> str:
        """Why nothing here changes the run, or an empty text."""
        recorded = self.tr("This is a recorded run: it can be watched and asked, not changed.")
        return self._reason or (recorded if self._is_recorded else "")

    def _apply_reason(self) -> None:
        self.header.set_read_only(self.reason)
        self.train.set_read_only(self.reason)

    def show_name(self, name: str) -> None:
        """The run is called otherwise now."""
        self.header.name_field.show_name(name)

    def shown_run(self) -> RunDir | None:
        """The run that the page shows."""
        return self._shown.run if self._shown else None

    def _refresh_seen_tab(self) -> None:
        """Draw what is seen. A tab hears of a run when it is first seen: to open a run is not to draw five tabs."""
        if self._shown is None or self._is_expected:
            return
        key = self.tab_row.current()
        if key in self._introduced:
            self._tabs[key].refresh(self._shown)
        else:
            self._introduced.add(key)
            self._tabs[key].show_run(self._shown)

    @Slot(str)
    def _on_tab_chosen(self, key: str) -> None:
        if self._is_expected:  # who chooses a tab before the log is read goes there when it is
            self._tab_kept_for = self._shown.run if self._shown is not None else None
            return
        self._stack.setCurrentWidget(self._tabs[key])  # type: ignore[arg-type]
        self._is_unread = self._is_unread and key == "train"  # who chose a tab stays there
        self._refresh_seen_tab()

    def measure_again(self) -> None:
        """What the scores stand beside has changed elsewhere: further parts of the rows were tested."""
        self._introduced.discard("evaluate")
        if self.tab_row.current() == "evaluate":
            self._refresh_seen_tab()

    def show_tab(self, key: str) -> None:
        """Go to a tab and stay there, also when the log of the run is read only later."""
        self._is_unread = False
        self._tab_kept_for = self._shown.run if self._shown is not None else None
        self.tab_row.choose(key)

    @Slot()
    def toggle_log_scale(self) -> None:
        """Draw the loss on the other scale."""
        plot = self.train.loss.plot
        plot.set_log(not plot.is_log)

    @Slot()
    def find_word(self) -> None:
        """Go to where a word is asked for."""
        self.tab_row.choose("explore")
        self._tabs["explore"].focus_query()  # type: ignore[attr-defined]

    def show_try_it(self, is_file: bool = False, text: str = "") -> None:
        """Go to where a text, or a whole file, is given to the model; ``text`` is asked at once."""
        if not self.tab_row.is_offered("try_it"):
            return
        self.tab_row.choose("try_it")
        tab: Any = self._tabs["try_it"]
        if is_file and hasattr(tab, "focus_file"):
            tab.focus_file()
        else:
            tab.focus_input()
        if text:
            tab.ask(text)

    @Slot()
    def show_log(self) -> None:
        """Go to the log of the training process."""
        self.tab_row.choose("details")
        self.details.show_log()

    @Slot()
    def show_files(self) -> None:
        """Go to the files of the run with their sizes."""
        self.tab_row.choose("details")
        self.details.show_files()

    # what a person asks for

    @Slot(object)
    def act(self, action: Action) -> None:
        """Do what a button asks for, or pass it on."""
        if self.reason and action.key in _CHANGES_THE_RUN:
            return
        answer = ANSWERS.get(action.key)
        if answer is None:
            self.page_action_requested.emit(action.key, action.argument)
        else:
            answer(self, action.argument)

    @Slot(str)
    def _on_watched_word(self, word: str) -> None:
        self.tab_row.choose("explore")  # which says while it learns that it can be asked later
        if self._shown is not None and self._shown.has_model:
            self.explore.neighbours.ask(word)

    def go_on_with_new_text(self, **more: str) -> None:
        """Ask for a new run that starts from this one's model, in another stage where ``stage`` names one."""
        if self._shown is not None:
            self.duplicate_requested.emit({"init": str(self._shown.run.path), **more})

    @Slot(str)
    def _on_chart_exported(self, path: str) -> None:
        self.said.emit(self.tr("Saved as {path}").format(path=path))
