"""The two pages on which a person chooses data: New run and Datasets, each built when it is first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.race import can_race
from ptft_gui.core.spec import RunSpec
from ptft_gui.gui.settings import WindowSettings
from ptft_gui.gui.widgets.asker import Asker

if TYPE_CHECKING:  # loaded when first needed: the window is to open at once
    from ptft_gui.gui.panels.datasets import DatasetsPage
    from ptft_gui.gui.panels.new_run import NewRunPage


class DataPages(QObject):
    """``turned_to`` carries the page to show, ``run_requested`` a RunSpec, ``race_requested`` a RunSpec and the keys
    of lanes, ``told`` a Message."""

    turned_to = Signal(QWidget)
    run_requested = Signal(object)
    race_requested = Signal(object, object)
    told = Signal(object)

    def __init__(
        self, asker: Asker, settings: WindowSettings, pages: QStackedWidget, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._asker, self._settings, self._pages = asker, settings, pages
        self._new_run: NewRunPage | None = None
        self._datasets: DatasetsPage | None = None
        self._read_only_reason: str | None = None
        self._is_new_run_used = True

    def new_run_page(self) -> NewRunPage:
        if self._new_run is None:
            from ptft_gui.gui.panels.new_run import NewRunPage

            self._new_run = NewRunPage(self._asker, self._settings.store)
            self._new_run.run_requested.connect(self._on_run_requested)
            self._new_run.datasets_requested.connect(self._on_datasets_requested)
            self._new_run.set_read_only(self._read_only_reason)
            self._pages.addWidget(self._new_run)
        return self._new_run

    def datasets_page(self) -> DatasetsPage:
        if self._datasets is None:
            from ptft_gui.gui.panels.datasets import DatasetsPage

            self._datasets = DatasetsPage(self._asker)
            self._datasets.new_run_requested.connect(self._on_run_with_dataset)
            self._datasets.told.connect(self.told)
            self._pages.addWidget(self._datasets)
        return self._datasets

    def is_new_run(self, page: QWidget | None) -> bool:
        return page is not None and page is self._new_run

    def is_datasets(self, page: QWidget | None) -> bool:
        return page is not None and page is self._datasets

    def set_read_only(self, reason: str | None) -> None:
        """Keep Start off and say why; None takes that back."""
        self._read_only_reason = reason
        if self._new_run is not None:
            self._new_run.set_read_only(reason)

    def forget_new_run(self) -> None:
        """A run was started: the next one begins with an empty page."""
        self._is_new_run_used = True

    def start(self) -> None:
        """Start what stands on the New run page."""
        if self._new_run is not None:
            self._new_run.start()

    def show_new_run(self) -> None:
        """The New run page as it was left, or afresh after a start."""
        page = self.new_run_page()
        if self._is_new_run_used:
            page.start_afresh()
            page.set_measured_speeds(self._settings.speeds())
            self._is_new_run_used = False
        self.turned_to.emit(page)

    def show_new_run_with(self, dataset: str) -> None:
        """The New run page with a dataset chosen; from any other page this begins afresh.

        What was chosen there before was meant for other data, and might keep this from starting.
        """
        if not self.is_new_run(self._pages.currentWidget()):
            self.forget_new_run()
        self.show_new_run()
        self.new_run_page().set_dataset(dataset)

    def show_new_run_like(self, spec: RunSpec, changes: dict[str, Any]) -> None:
        """The New run page filled in as an older run was, with some values changed."""
        self.show_new_run()
        self.new_run_page().fill_from(spec, changes)

    @Slot(str)
    def show_new_run_from(self, start: str) -> None:
        """The New run page for a run that goes on from a vector file or a model folder."""
        self.show_new_run()
        self.new_run_page().go_on_from(start, "word2vec")

    def show_datasets(self) -> None:
        """The Datasets page as it was left."""
        self.turned_to.emit(self.datasets_page())

    def take_dropped(self, path: str) -> None:
        """Where the datasets are looked at a dropped file is shown, anywhere else it begins a run."""
        if self.is_datasets(self._pages.currentWidget()):
            self.datasets_page().show_path(path)
        else:
            self.show_new_run_with(path)

    def act(self, action: str) -> bool:
        """Carry out the action of a note; False when it is none of these."""
        verb, _, name = action.partition("/")
        if verb != "restore_dataset":
            return False
        self.datasets_page().restore(name)
        return True

    @Slot(object)
    def _on_run_requested(self, spec: RunSpec) -> None:
        """One run, or the race that is switched on beside the methods."""
        lanes = self.new_run_page().how.method.race.lane_keys() if can_race(spec) else ()
        if lanes:
            self.race_requested.emit(spec, lanes)
        else:
            self.run_requested.emit(spec)

    @Slot(object)
    def _on_datasets_requested(self, request: DataRequest | None) -> None:
        """The Datasets page, with the data of the New run page if it has any."""
        self.show_datasets()
        if request is not None:
            self.datasets_page().show_request(request)

    @Slot(object, object)
    def _on_run_with_dataset(self, request: DataRequest, settings: dict[str, OptionValue]) -> None:
        self.show_new_run()
        self.new_run_page().set_request(request, settings)
