"""Column 2: which data, what is in it, and what to decide about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from ptft_gui.core.datasets import dataset_title
from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.new_run.column import Column
from ptft_gui.gui.panels.new_run.data_details import DataDetails
from ptft_gui.gui.panels.new_run.facts import DatasetFacts
from ptft_gui.gui.panels.new_run.own_file import OwnFile
from ptft_gui.gui.panels.new_run.preview import DatasetPreview
from ptft_gui.gui.panels.new_run.ready_sets import ReadySets
from ptft_gui.gui.panels.new_run.recent import RecentTexts
from ptft_gui.gui.panels.new_run.tokens_card import TokensCard
from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.data_answers import library_from_answer
from ptft_gui.gui.widgets.data_words import facts_sentence
from ptft_gui.gui.widgets.network_picker import NetworkPicker
from ptft_gui.gui.widgets.tab_order import order_tab_stops

READY, OWN, NETWORK = 0, 1, 2


class DataColumn(Column):
    """``dataset_changed`` carries the id, name or path of the dataset whenever another one is chosen, "" for none."""

    dataset_changed = Signal(str)

    def __init__(self, asker: Asker, recent: RecentTexts, parent: QWidget | None = None) -> None:
        super().__init__(2, parent)
        self.set_title(self.tr("Data"))
        self._asker = asker
        self._dataset = ""
        self.tabs = QTabBar()
        self.tabs.setObjectName("dataTabs")
        self.tabs.setAccessibleName(self.tr("Where the data comes from"))
        self.tabs.setExpanding(False)
        for title in (self.tr("Ready to use"), self.tr("My file"), self.tr("Network")):
            self.tabs.setTabToolTip(self.tabs.addTab(title), title)
        self.tabs.setUsesScrollButtons(False)  # longer words are cut rather than scrolled away
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.ready = ReadySets()
        self.own = OwnFile(recent)
        self.network = NetworkPicker(asker)
        self.preview = DatasetPreview()
        self.tokens = TokensCard()
        self.details = DataDetails(asker)
        self.preview.add_table(self.details.columns, self.details.reading)
        self.body.addWidget(self._make_picker())
        self.body.addWidget(self.preview)
        self.body.addWidget(self.tokens)
        self.body.addWidget(self.details)
        self.body.addStretch(1)
        self._connect()
        self._on_tab(READY)

    def _make_picker(self) -> QWidget:
        picker = QWidget()
        picker.setObjectName("datasetPicker")
        picker.setAccessibleName(self.tr("Dataset"))
        column = QVBoxLayout(picker)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        for widget in (self.tabs, self.ready, self.own, self.network):
            column.addWidget(widget)
        return picker

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._on_tab)
        self.ready.dataset_chosen.connect(self.choose)
        self.own.dataset_chosen.connect(self.choose_anew)
        self.network.downloaded.connect(self._on_downloaded)
        self.details.learned.connect(self._on_learned)

    def dataset(self) -> str:
        return self._dataset

    @Slot(str)
    def choose(self, dataset: str) -> None:
        """Choose a dataset by its id or name, or a file or folder by its path; "" for none."""
        if dataset == self._dataset and dataset:
            return
        self._dataset = dataset
        is_ready = bool(dataset) and self.ready.has(dataset)
        self.ready.choose(dataset if is_ready else "")
        self.own.choose("" if is_ready else dataset)
        if dataset:
            self.tabs.setCurrentIndex(READY if is_ready else OWN)
        self.set_summary(dataset_title(dataset) if dataset else "")
        self.preview.clear()
        self.tokens.hide()
        self.details.choose(dataset)
        self.dataset_changed.emit(dataset)

    @Slot(str)
    def choose_anew(self, dataset: str) -> None:
        """Choose what a person points at; the same file once more is read once more, for it may have been mended."""
        if dataset == self._dataset and self.is_own_file():
            self._dataset = ""
        self.choose(dataset)

    def remember(self) -> None:
        """A run was started on what is chosen: a file is offered again next time."""
        if self.is_own_file():
            self.own.remember(self._dataset)

    def gone(self) -> PtftError | None:
        """Whether the chosen file or folder was moved or deleted since it was looked at."""
        path = Path(self._dataset)
        if not self.is_own_file() or not path.is_absolute() or path.exists():
            return None
        said = self.tr("{name} is no longer where it was.").format(name=path.name)
        return PtftError(said, hint=self.tr("It was moved or deleted. Choose it again in step 2."))

    def is_own_file(self) -> bool:
        """Whether what is chosen is a file or folder rather than a dataset that has a name."""
        return bool(self._dataset) and not self.ready.has(self._dataset)

    def show_facts(self, facts: DatasetFacts) -> None:
        self.preview.show_facts(facts)
        self.ready.show_reason(self._dataset, "")

    def show_problem(self, problem: PtftError) -> None:
        """The chosen data cannot be used, and why."""
        self.preview.show_problem(problem)
        self.ready.show_reason(self._dataset, problem.message)

    # --- the library -------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask_for_library()

    def ask_for_library(self) -> None:
        """Look which datasets there are; what is shown stays if nobody answers."""
        self._asker.ask("datasets", {}, self._on_library, self._on_no_library)

    def _on_library(self, answer: dict[str, Any]) -> None:
        library = library_from_answer(answer)
        self.ready.show_stored(library.datasets)
        self.network.show_gallery(library.gallery)
        order_tab_stops(self)
        if self._dataset and self.ready.has(self._dataset):
            self.ready.choose(self._dataset)
            self.own.choose("")
            if self.tabs.currentIndex() == OWN:
                self.tabs.setCurrentIndex(READY)

    def _on_no_library(self, _problem: PtftError) -> None:
        """The texts that come with the program are there all the same."""

    @Slot(str)
    def _on_downloaded(self, name: str) -> None:
        self.ask_for_library()
        self.choose(name)

    @Slot()
    def _on_learned(self) -> None:
        data, studied = self.details.look.opened_data, self.details.look.studied_data
        is_told = data is not None and data.is_table and studied is not None
        self.preview.show_data_line(facts_sentence(data, studied) if is_told else "")  # type: ignore[arg-type]
        order_tab_stops(self)

    @Slot(int)
    def _on_tab(self, index: int) -> None:
        for place, page in enumerate((self.ready, self.own, self.network)):
            page.setVisible(index == place)
