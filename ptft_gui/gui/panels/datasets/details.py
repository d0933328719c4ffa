"""The right side of the Datasets page: the chosen dataset with its tabs *Rows*, *Facts*, *Decisions* and *Cleaning*."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.data_options import PREPARATION_OPTIONS
from ptft_gui.gui.panels.datasets.cleaning_tab import CleaningTab
from ptft_gui.gui.panels.datasets.decisions_tab import DecisionsTab
from ptft_gui.gui.panels.datasets.edits import DatasetEdits
from ptft_gui.gui.panels.datasets.facts_tab import FactsTab
from ptft_gui.gui.panels.datasets.library_bar import LibraryBar
from ptft_gui.gui.panels.datasets.list_model import NEW, facts_line
from ptft_gui.gui.panels.datasets.rows_tab import RowsTab
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import PrimaryButton, SecondaryButton
from ptft_gui.gui.widgets.data_answers import OpenedData, StoredDataset, StudiedData
from ptft_gui.gui.widgets.data_look import DataLook
from ptft_gui.gui.widgets.data_words import facts_sentence, used_words
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.rows_dialog import RowsDialog
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.gui.widgets.study_progress import StudyProgress
from ptft_gui.gui.widgets.tab_order import order_tab_stops

ROWS, FACTS, DECISIONS, CLEANING = range(4)


class DatasetDetails(QWidget):
    """``new_run_requested`` asks for a run with what is shown, ``more_requested`` carries rename, copy, check or
    remove, ``edits_changed`` when a person changed something."""

    new_run_requested = Signal()
    more_requested = Signal(str)
    edits_changed = Signal()

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self.dataset: StoredDataset | None = None
        self.edits = DatasetEdits()
        self.look = DataLook(asker, self)
        self._title = ElidedLabel("", TextStyle.TITLE)
        self._title.setObjectName("datasetTitle")
        self._caption = ElidedLabel("", TextStyle.CAPTION, Role.QUIET_TEXT, mode=Qt.TextElideMode.ElideMiddle)
        self._caption.setObjectName("datasetCaption")
        self.new_run = PrimaryButton(self.tr("New run with this"), "play")
        self.new_run.setObjectName("newRunWithThisButton")
        self.more = SecondaryButton(self.tr("More"))
        self.more.setObjectName("datasetMoreButton")
        self.more.setMenu(self._make_menu())
        self.bar = LibraryBar()
        self._progress = StudyProgress()
        self._problem = PlainLabel("", TextStyle.BODY, Role.BAD_TEXT)
        self._problem.setObjectName("datasetOpenProblem")
        self.tabs = QTabBar()
        self.tabs.setObjectName("datasetTabs")
        self.tabs.setAccessibleName(self.tr("What to look at"))
        self.tabs.setExpanding(False)
        self.rows, self.facts = RowsTab(), FactsTab()
        self.decisions, self.cleaning = DecisionsTab(), CleaningTab(asker)
        self._pages = QStackedWidget()
        self._build()
        self._connect()

    # --- building ----------------------------------------------------------------------------------------------

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        self._more_actions = {}
        for key, text in (
            ("rename", self.tr("Rename...")),
            ("copy", self.tr("Copy its files into the library")),
            ("check", self.tr("Look whether its files changed")),
            ("remove", self.tr("Remove from the library")),
        ):
            action = self._more_actions[key] = menu.addAction(text)
            action.setObjectName(f"dataset_{key}")
            action.setProperty("key", key)
            action.triggered.connect(self._on_more)
        return menu

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(Space.SMALL)
        top.addWidget(self._title, 1)
        top.addWidget(self.more)
        top.addWidget(self.new_run)
        for title, page in (
            (self.tr("Rows"), _scrolling(self.rows)),
            (self.tr("Facts"), _scrolling(self.facts)),
            (self.tr("Decisions"), _scrolling(self.decisions)),
            (self.tr("Cleaning"), self.cleaning),
        ):
            self.tabs.addTab(title)
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(top)
        for widget in (self._caption, self.bar, self._problem, self._progress, self.tabs):
            column.addWidget(widget)
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.new_run.clicked.connect(self.new_run_requested)
        self.tabs.currentChanged.connect(self._on_tab)
        self.look.opened.connect(self._on_opened)
        self.look.studied.connect(self._on_studied)
        self.look.failed.connect(self._on_failed)
        self.look.progressed.connect(self._progress.show_progress)
        self.rows.role_chosen.connect(self._on_role)
        self.rows.runner_up_chosen.connect(self._on_runner_up)
        self.rows.task_chosen.connect(self._on_task)
        self.rows.reading_changed.connect(self._on_reading)
        self.facts.rows_wanted.connect(self._on_rows_wanted)
        self.decisions.rows_wanted.connect(self._on_rows_wanted)
        self.decisions.decided.connect(self._on_decided)
        self.decisions.shares_changed.connect(self._on_shares)
        self.cleaning.changed.connect(self._on_cleaning)

    # --- what is shown -----------------------------------------------------------------------------------------

    def show_dataset(self, dataset: StoredDataset, edits: DatasetEdits | None = None) -> None:
        """Show a dataset from its beginning; ``edits`` are what another page chose about it."""
        self.dataset = dataset
        self.edits = edits or kept_edits(dataset)
        self.tabs.setCurrentIndex(ROWS)
        self.bar.name.clear()
        self._pages.hide()
        self.tabs.hide()
        self._problem.hide()
        self.cleaning.show_settings(self.edits.settings)
        self.look_again()

    def refresh(self, dataset: StoredDataset) -> None:
        """What the library knows of the same dataset now: its name, its state, the runs that used it."""
        self.dataset = dataset
        self._show_head()

    @Slot()
    def look_again(self) -> None:
        """Look at the data from its beginning, as it is asked for now."""
        self._progress.show_progress(self.tr("Opening ..."), None)
        self._show_head()
        request = self.edits.request()
        self.look.look_at(request)
        self.cleaning.show_request(request)

    def go_on(self) -> None:
        """Finish a look that another page's questions overtook."""
        self.look.resume()

    def give_up(self) -> None:
        self.look.give_up()
        self.cleaning.give_up()

    def _show_head(self) -> None:
        dataset = self.dataset
        assert dataset is not None
        is_new = dataset.state == NEW
        self._title.setText(dataset.label)
        studied = self.look.studied_data
        opened = self.look.opened_data
        facts = (facts_sentence(opened, studied) if opened and studied else "") or facts_line(dataset)
        parts = (facts, used_words(dataset), dataset.path)
        self._caption.setText(" \N{MIDDLE DOT} ".join(part for part in parts if part))
        needs_look = dataset.state in ("changed", "missing")
        self.bar.show_state(
            is_new=is_new,
            is_changed=self.edits != kept_edits(dataset) and not dataset.is_bundled,
            state_sentence=dataset.state_sentence if needs_look else "",
        )
        self.more.setVisible(not is_new and not dataset.is_bundled)
        self._more_actions["copy"].setEnabled(dataset.state != "missing")

    @Slot(object)
    def _on_opened(self, data: OpenedData) -> None:
        self._problem.hide()
        self.rows.show_data(data, self.edits.roles)
        self._progress.show_progress(self.tr("Counting through the data ..."), None)
        for place in (FACTS, DECISIONS):
            self.tabs.setTabEnabled(place, False)
        self.tabs.show()
        self._pages.show()
        order_tab_stops(self.rows)

    @Slot(object)
    def _on_studied(self, studied: StudiedData) -> None:
        data = self.look.opened_data
        assert data is not None
        self._progress.hide()
        self.facts.show_facts(data, studied)
        self.decisions.show_decisions(data, studied, self.edits.split)
        for place in (FACTS, DECISIONS):
            self.tabs.setTabEnabled(place, True)
        open_ones = len(studied.open_findings())
        count = f" ({open_ones})" if open_ones else ""
        self.tabs.setTabText(DECISIONS, self.tr("Decisions") + count)
        self._show_head()
        for tab in (self.facts, self.decisions):
            order_tab_stops(tab)

    @Slot(object)
    def _on_failed(self, problem: PtftError) -> None:
        self._progress.hide()
        self._problem.setText(problem.as_sentence())
        self._problem.show()

    @Slot(int)
    def _on_tab(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        if index == CLEANING:
            self.cleaning.look()
        else:
            self.cleaning.give_up()

    # --- what a person changes ---------------------------------------------------------------------------------

    @Slot(str, str)
    def _on_role(self, column: str, role: str) -> None:
        data = self.look.opened_data
        held = [guess.role for guess in data.roles if column in data.parts_of(guess.column)] if data else []
        self.edits.set_role(column, role, held)
        self._change()

    @Slot(str, str)
    def _on_runner_up(self, role: str, column: str) -> None:
        self._on_role(column, role)

    @Slot(str)
    def _on_task(self, task: str) -> None:
        self.edits.set_task(task)
        self._change()

    @Slot(object)
    def _on_reading(self, options: ReadOptions) -> None:
        self.edits.set_reading(options)
        self._change()

    @Slot(str, str)
    def _on_decided(self, finding: str, choice: str) -> None:
        self.edits.decisions[finding] = choice
        self._change_numbers()

    @Slot(float, float)
    def _on_shares(self, val: float, test: float) -> None:
        data = self.look.opened_data
        has_test = data is not None and self.decisions.shares.has_test
        changes = {"val_fraction": val, "test_fraction": test if has_test else None}
        self.edits.split = self.edits.split.model_copy(update=changes)
        self._change_numbers()

    @Slot()
    def _on_cleaning(self) -> None:
        self.edits.settings = self.cleaning.settings()
        self._show_head()
        self.edits_changed.emit()

    def _change(self) -> None:
        """The rows are another ones now, or are used otherwise."""
        self.look_again()
        self.edits_changed.emit()

    def _change_numbers(self) -> None:
        """Only how many rows are used, and for what, is different."""
        self.look.look_at(self.edits.request(), is_same_reading=True)
        self._show_head()
        self.edits_changed.emit()

    @Slot(str)
    def _on_rows_wanted(self, key: str) -> None:
        studied, request = self.look.studied_data, self.look.request
        found = [finding for finding in (studied.findings if studied else ()) if finding.key == key]
        if found and request is not None:
            RowsDialog(self._asker, request, found[0], self).open()

    @Slot()
    def _on_more(self) -> None:
        self.more_requested.emit(self.sender().property("key"))


def kept_edits(dataset: StoredDataset) -> DatasetEdits:
    """A dataset as the library keeps it: nothing is changed but what is kept with it."""
    known = {option.key: option for option in PREPARATION_OPTIONS}
    kept = {k: v for k, v in dataset.preparation.items() if k in known and v != known[k].default}
    return DatasetEdits(dataset.name, settings=kept)


def _scrolling(content: QWidget) -> PageScroll:
    content.setProperty("isPage", True)
    return PageScroll(content)
