"""Column 2: which text, and what is in it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from ptft_gui.core.datasets import bundled_dataset, dataset_title
from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.new_run.column import Column
from ptft_gui.gui.panels.new_run.facts import DatasetFacts
from ptft_gui.gui.panels.new_run.own_file import OwnFile
from ptft_gui.gui.panels.new_run.preview import DatasetPreview
from ptft_gui.gui.panels.new_run.ready_sets import ReadySets
from ptft_gui.gui.panels.new_run.recent import RecentTexts
from ptft_gui.gui.theme import Space

READY, OWN = 0, 1


class DataColumn(Column):
    """``dataset_changed`` carries the id or path of the dataset whenever another one is chosen, "" for none."""

    dataset_changed = Signal(str)

    def __init__(self, recent: RecentTexts, parent: QWidget | None = None) -> None:
        super().__init__(2, parent)
        self.set_title(self.tr("Data"))
        self._dataset = ""
        self.tabs = QTabBar()
        self.tabs.setObjectName("dataTabs")
        self.tabs.setAccessibleName(self.tr("Where the text comes from"))
        self.tabs.setExpanding(False)
        self.tabs.addTab(self.tr("Ready to use"))
        self.tabs.addTab(self.tr("My file"))
        self.ready = ReadySets()
        self.own = OwnFile(recent)
        self.preview = DatasetPreview()
        self.body.addWidget(self._make_picker())
        self.body.addWidget(self.preview)
        self.body.addStretch(1)
        self.tabs.currentChanged.connect(self._on_tab)
        self.ready.dataset_chosen.connect(self.choose)
        self.own.dataset_chosen.connect(self.choose)
        self._on_tab(READY)

    def _make_picker(self) -> QWidget:
        picker = QWidget()
        picker.setObjectName("datasetPicker")
        picker.setAccessibleName(self.tr("Dataset"))
        column = QVBoxLayout(picker)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.tabs)
        column.addWidget(self.ready)
        column.addWidget(self.own)
        return picker

    def dataset(self) -> str:
        return self._dataset

    @Slot(str)
    def choose(self, dataset: str) -> None:
        """Choose a bundled dataset by its id, or a file or folder by its path; "" for none."""
        if dataset == self._dataset and dataset:
            return
        self._dataset = dataset
        is_bundled = bundled_dataset(dataset) is not None
        self.ready.choose(dataset if is_bundled else "")
        self.own.choose("" if is_bundled else dataset)
        if dataset:
            self.tabs.setCurrentIndex(READY if is_bundled else OWN)
        self.set_summary(dataset_title(dataset) if dataset else "")
        self.preview.clear()
        self.dataset_changed.emit(dataset)

    def show_facts(self, facts: DatasetFacts) -> None:
        self.preview.show_facts(facts)
        self.ready.show_reason(self._dataset, "")

    def show_problem(self, problem: PtftError) -> None:
        """The chosen text cannot be used, and why."""
        self.preview.show_problem(problem)
        self.ready.show_reason(self._dataset, problem.message)

    @Slot(int)
    def _on_tab(self, index: int) -> None:
        self.ready.setVisible(index == READY)
        self.own.setVisible(index == OWN)
