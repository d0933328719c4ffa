"""The Datasets page: the list left, the chosen dataset right, and what is done with the library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.datasets.details import DatasetDetails
from ptft_gui.gui.panels.datasets.dialogs import NameDialog, NetworkDialog
from ptft_gui.gui.panels.datasets.edits import DatasetEdits
from ptft_gui.gui.panels.datasets.list_model import NEW
from ptft_gui.gui.panels.datasets.list_panel import DatasetListPanel
from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.data_answers import (
    Library,
    StoredDataset,
    StudiedData,
    library_from_answer,
    name_of,
)
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.toast import Message

RESTORE = "restore_dataset"
"""The action of a note that brings a removed dataset back, followed by a slash and its name."""

_LIST_WIDTH = 280


class DatasetsPage(QWidget):
    """``new_run_requested`` carries a DataRequest and the settings of the text; ``told`` a Message."""

    new_run_requested = Signal(object, object)
    told = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("datasetsPage")
        self._asker = asker
        self._library = Library()
        self._new: dict[str, StoredDataset] = {}
        self._wanted = ""
        self._adding = ""
        self.panel = DatasetListPanel()
        self.details = DatasetDetails(asker)
        self._empty = EmptyState(
            self.tr(
                "Choose a dataset at the left to see what is in it. Or add your own: text, CSV, Excel, JSON, Parquet, "
                "a folder. It is only read, never changed."
            ),
            self.tr("Open a file..."),
            "database",
        )
        self._empty.button.setObjectName("datasetsOpenFileButton")
        self._right = QStackedWidget()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._right.addWidget(self._empty)
        self._right.addWidget(self.details)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.MEDIUM, 0)
        column.addWidget(self._right)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.addWidget(self.panel)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LIST_WIDTH, 760])
        self.panel.setMinimumWidth(224)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)

    def _connect(self) -> None:
        self.panel.chosen.connect(self.show_named)
        self.panel.add_requested.connect(self._on_add_from)
        self.panel.remove_requested.connect(self.remove)
        self.panel.restore_requested.connect(self.restore)
        self.panel.rename_requested.connect(self._ask_for_name)
        self._empty.action_requested.connect(self.open_file)
        self.details.new_run_requested.connect(self._on_new_run)
        self.details.more_requested.connect(self._on_more)
        self.details.look.studied.connect(self._on_studied)
        bar = self.details.bar
        bar.add_requested.connect(self._on_add)
        bar.keep_requested.connect(self._on_keep)
        bar.undo_requested.connect(self._on_undo)
        bar.check_requested.connect(self._on_check)
        bar.cancel_requested.connect(self._on_cancel)

    # --- which dataset is shown --------------------------------------------------------------------------------

    def shown(self) -> str:
        """The name, or for a file that is not kept the path, of the dataset that is shown; "" for none."""
        is_any = self._right.currentWidget() is self.details and self.details.dataset is not None
        return self.details.dataset.name if is_any and self.details.dataset else ""

    @Slot(str)
    def show_named(self, name: str) -> None:
        """Show a dataset of the list."""
        dataset = self._find(name)
        if dataset is None:
            self._wanted = name  # the library has not answered yet
        elif name != self.shown():
            self._show(dataset)

    def show_path(self, path: str) -> None:
        """Show a file or folder; it is not in the library yet."""
        self.show_request(DataRequest(dataset=path))

    def show_request(self, request: DataRequest) -> None:
        """Show a dataset as another page reads and uses it, whether it is in the library or not."""
        dataset = self._find(request.dataset)
        if dataset is None and not Path(request.dataset).exists():
            self._wanted = request.dataset  # the library has not answered yet
            return
        if dataset is None:
            path = Path(request.dataset)
            dataset = StoredDataset(str(path), path.name or str(path), kind="", state=NEW, path=str(path))
            self._new[dataset.name] = dataset
            self._show_list()
        self._show(dataset, DatasetEdits.of(request))

    def _show(self, dataset: StoredDataset, edits: DatasetEdits | None = None) -> None:
        self._wanted = ""
        self._right.setCurrentWidget(self.details)
        self.details.show_dataset(dataset, edits)
        self.panel.choose(dataset.name)

    @Slot(object)
    def _on_studied(self, studied: StudiedData) -> None:
        """Of a file that is not kept the list tells what was found out here."""
        data, shown = self.details.look.opened_data, self._new.get(self.shown())
        if shown is not None and data is not None:
            rows = 0 if data.is_running_text else sum(studied.rows.values())
            facts = {"kind": data.kind, "rows": rows, "words": studied.tokens, "language": studied.language}
            self._new[shown.name] = replace(shown, **facts)  # type: ignore[arg-type]
            self._show_list()

    def _find(self, name: str) -> StoredDataset | None:
        return self._new.get(name) or self._library.find(name)

    def _show_list(self) -> None:
        self.panel.show_datasets([*self._new.values(), *self._library.datasets], self.shown())

    # --- the library -------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask_for_library()
        if self.shown():
            self.details.go_on()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.details.give_up()

    def ask_for_library(self) -> None:
        """Look which datasets there are now."""
        self._asker.ask("datasets", {}, self._on_library, self._tell_failure)

    def _on_library(self, answer: dict[str, Any]) -> None:
        self._library = library_from_answer(answer)
        self._show_list()
        if (wanted := self._find(self._wanted)) is not None:
            self._show(wanted)
        elif (known := self._find(self.shown())) is not None:
            self.details.refresh(known)
        elif self.shown():
            self._right.setCurrentWidget(self._empty)

    def _tell_failure(self, problem: PtftError) -> None:
        detail = " ".join(part for part in (problem.detail, problem.hint) if part)
        self.told.emit(Message(problem.message, "bad", detail))

    def _change(
        self, kind: str, arguments: dict[str, object], on_done: Callable[[dict[str, Any]], None]
    ) -> None:
        """Ask for a change of the library; it is shown when it was made."""

        def done(answer: dict[str, Any]) -> None:
            on_done(answer)
            self.ask_for_library()

        self._asker.ask(kind, arguments, done, self._tell_failure)

    @Slot(str, bool)
    def _on_add(self, name: str, is_copy: bool) -> None:
        """Put what is shown into the library."""
        path = self.shown()
        arguments: dict[str, object] = {"request": self.details.edits.request().model_dump(mode="json")}
        arguments["is_copy"] = is_copy
        arguments["preparation"] = self.details.edits.settings
        if name:
            arguments["name"] = name
        self.details.bar.show_adding(self.tr("Adding to the library ..."), None)

        def added(answer: dict[str, Any]) -> None:
            self._end_adding()
            self._new.pop(path, None)
            self._wanted = name_of(answer) if self.shown() == path else ""
            self.told.emit(
                Message(self.tr("{name} is in the library now.").format(name=name_of(answer)), "good")
            )
            self.ask_for_library()

        def failed(problem: PtftError) -> None:
            self._end_adding()
            self._tell_failure(problem)

        self._adding = self._asker.ask("add_dataset", arguments, added, failed, self.details.bar.show_adding)

    def _end_adding(self) -> None:
        self._adding = ""
        self.details.bar.end_adding()
        if (known := self._find(self.shown())) is not None:
            self.details.refresh(known)

    @Slot()
    def _on_cancel(self) -> None:
        self._asker.cancel(self._adding)
        self._end_adding()

    @Slot()
    def _on_keep(self) -> None:
        """The library takes over what was changed here."""
        name, edits = self.shown(), self.details.edits
        arguments: dict[str, object] = {
            "name": name,
            "request": edits.request().model_dump(mode="json"),
            "preparation": edits.settings,
        }

        def kept(_answer: dict[str, Any]) -> None:
            if self.shown() == name:
                self._wanted = name
            self.told.emit(Message(self.tr("The changes of {name} are kept.").format(name=name), "good"))

        self._change("change_dataset", arguments, kept)

    @Slot()
    def _on_undo(self) -> None:
        if self.details.dataset is not None:
            self._show(self.details.dataset)

    @Slot()
    def _on_check(self) -> None:
        def checked(answer: dict[str, Any]) -> None:
            record = answer.get("dataset") or answer
            sentence = str(record.get("state_sentence") or "") if isinstance(record, dict) else ""
            if sentence or record.get("state") == "unchanged":
                self.told.emit(Message(sentence or self.tr("Its files are as they were when it was added.")))

        self._change("check_dataset", {"name": self.shown()}, checked)

    @Slot(str)
    def remove(self, name: str) -> None:
        """Take a dataset out of the library; its own files stay where they are."""
        dataset = self._find(name)
        if dataset is None or dataset.is_bundled:
            return
        if dataset.state == NEW:
            self._new.pop(name, None)
            self._leave(name)
            self._show_list()
            return

        def removed(_answer: dict[str, Any]) -> None:
            self._leave(name)
            text = self.tr("{name} was removed from the library.").format(name=dataset.label)
            detail = self.tr("Your own files stay where they are. For seven days Add brings it back.")
            self.told.emit(Message(text, "info", detail, f"{RESTORE}/{name}", self.tr("Undo")))

        self._change("remove_dataset", {"name": name}, removed)

    def _leave(self, name: str) -> None:
        if self.shown() == name:
            self.details.give_up()
            self._right.setCurrentWidget(self._empty)

    @Slot(str)
    def restore(self, name: str) -> None:
        """Bring a removed dataset back."""

        def restored(answer: dict[str, Any]) -> None:
            self._wanted = name_of(answer) or name

        self._change("restore_dataset", {"name": name}, restored)

    @Slot(str)
    def _ask_for_name(self, name: str) -> None:
        dataset = self._find(name)
        if dataset is not None and not dataset.is_bundled and dataset.state != NEW:
            dialog = NameDialog(dataset.name, self)
            dialog.name_chosen.connect(lambda new_name: self._rename(name, new_name))
            dialog.open()

    def _rename(self, name: str, new_name: str) -> None:
        def renamed(answer: dict[str, Any]) -> None:
            if self.shown() == name:
                self._wanted = name_of(answer) or new_name

        self._change("rename_dataset", {"name": name, "new_name": new_name}, renamed)

    # --- what a person asks for --------------------------------------------------------------------------------

    @Slot(str)
    def _on_more(self, key: str) -> None:
        if key == "rename":
            self._ask_for_name(self.shown())
        elif key == "copy":
            self._on_add("", True)
        elif key == "check":
            self._on_check()
        else:
            self.remove(self.shown())

    @Slot()
    def _on_new_run(self) -> None:
        edits = self.details.edits
        self.new_run_requested.emit(edits.request(), dict(edits.settings))

    @Slot(str)
    def _on_add_from(self, key: str) -> None:
        if key == "file":
            self.open_file()
        elif key == "folder":
            self._ask_for_path(QFileDialog.FileMode.Directory, self.tr("Open a folder"))
        else:
            dialog = NetworkDialog(self._asker, self._library.gallery, self)
            dialog.picker.downloaded.connect(self._on_downloaded)
            dialog.open()

    @Slot()
    def open_file(self) -> None:
        """Ask for a file and show it."""
        self._ask_for_path(QFileDialog.FileMode.ExistingFile, self.tr("Open a file"))

    def _ask_for_path(self, mode: QFileDialog.FileMode, title: str) -> None:
        dialog = FileDialog(self, title)
        dialog.setObjectName("openDatasetDialog")
        dialog.setFileMode(mode)
        dialog.fileSelected.connect(self.show_path)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_downloaded(self, name: str) -> None:
        self._wanted = name
        self.ask_for_library()
