"""Models that no run made, opened from the File menu: a file of word vectors, or the folder of any model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.toast import Message

if TYPE_CHECKING:  # loaded when it is first needed: maps take time to import
    from ptft_gui.gui.panels.run.explore.opened_model import OpenedModelPage


class ModelDesk(QObject):
    """Asks for a model and shows it on a page of its own.

    ``turned_to`` carries the page, ``page_made`` comes once, ``go_on_requested`` carries the path of a start, ``told``
    a :class:`Message`, ``failed`` a :class:`PtftError`.
    """

    turned_to = Signal(QWidget)
    page_made = Signal()
    go_on_requested = Signal(str)
    told = Signal(object)
    failed = Signal(object)

    def __init__(self, asker: Asker, pages: QStackedWidget, window: QWidget) -> None:
        super().__init__(window)
        self._asker, self._pages, self._window = asker, pages, window
        self.page: OpenedModelPage | None = None

    @Slot()
    def ask_for_file(self) -> None:
        self._ask(self.tr("Open word vectors"), QFileDialog.FileMode.ExistingFile)

    @Slot()
    def ask_for_folder(self) -> None:
        self._ask(self.tr("Open a model folder"), QFileDialog.FileMode.Directory)

    def _ask(self, title: str, mode: QFileDialog.FileMode) -> None:
        dialog = FileDialog(self._window, title)
        dialog.setObjectName("openModelDialog")
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    @Slot(str)
    def open_path(self, path: str) -> None:
        """Show the model at ``path``; what cannot be read is told on its page."""
        if self.page is None:
            from ptft_gui.gui.panels.run.explore.opened_model import OpenedModelPage

            self.page = OpenedModelPage(self._asker)
            self.page.open_requested.connect(self.ask_for_file)
            self.page.open_folder_requested.connect(self.ask_for_folder)
            self.page.go_on_requested.connect(self.go_on_requested)
            self.page.said.connect(self._on_said)
            self.page.failed.connect(self.failed)
            self._pages.addWidget(self.page)
            self.page_made.emit()
        self.page.open(path)
        self.turned_to.emit(self.page)

    @Slot(str)
    def _on_said(self, sentence: str) -> None:
        self.told.emit(Message(sentence))
