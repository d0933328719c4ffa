"""The tab *My file*: a place to drop data on, two buttons that open some, and what was used lately."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from ptft_gui.gui.panels.new_run.recent import RecentTexts
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import QuietButton, SecondaryButton
from ptft_gui.gui.widgets.drop_area import DropArea
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel, as_plain_tooltip

_SHOWN = 3


class OwnFile(QWidget):
    """``dataset_chosen`` carries the path of the file or folder that a person chose."""

    dataset_chosen = Signal(str)

    def __init__(self, recent: RecentTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent = recent
        self._dialog: QFileDialog | None = None
        self.area = DropArea(self.tr("Drop a file or a folder here"))
        self.area.setObjectName("dataDropArea")
        self._invitation = PlainLabel(self.tr("Drop a file or a folder here"), TextStyle.STRONG)
        self._formats = PlainLabel(
            self.tr(
                "Text, CSV, Excel, JSON, Parquet, a Wikipedia export, a folder of texts or of classes, or an archive "
                "of these. It is only read, never changed."
            ),
            TextStyle.CAPTION,
            Role.QUIET_TEXT,
        )
        self._chosen = ElidedLabel("", TextStyle.STRONG, mode=Qt.TextElideMode.ElideMiddle)
        self._chosen.setObjectName("ownFileChosen")
        self._note = PlainLabel("", TextStyle.CAPTION, Role.WARNING_TEXT)
        self._recent_title = PlainLabel(self.tr("Used lately"), TextStyle.CAPTION, Role.QUIET_TEXT)
        self._recent_list = QVBoxLayout()
        self._recent_list.setSpacing(0)
        self._build()
        self.area.path_dropped.connect(self._on_path)
        self.area.many_dropped.connect(self._on_many)
        self.choose("")

    def _build(self) -> None:
        for label in (self._chosen, self._invitation, self._formats):
            self.area.body.addWidget(label)
        row = QWidget()
        buttons = FlowLayout(row)
        for name, icon, text, slot in (
            ("dataOpenFileButton", "file", self.tr("Open file..."), self.open_file),
            ("dataOpenFolderButton", "folder", self.tr("Open folder..."), self.open_folder),
        ):
            button = SecondaryButton(text, icon)
            button.setObjectName(name)
            button.clicked.connect(slot)
            buttons.addWidget(button)
        self.area.body.addWidget(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        for widget in (self.area, self._note, self._recent_title):
            column.addWidget(widget)
        column.addLayout(self._recent_list)

    def choose(self, path: str) -> None:
        """Show ``path`` as chosen; "" chooses none."""
        self._note.hide()
        self._chosen.setText(Path(path).name or path)
        self.area.setToolTip(as_plain_tooltip(path) if path else "")
        self._chosen.setVisible(bool(path))
        for label in (self._invitation, self._formats):  # what was chosen needs the room
            label.setVisible(not path)
        self._list_recent(path)

    def remember(self, path: str) -> None:
        """A run was started on ``path``: offer it again next time."""
        self._recent.remember(path)
        self._list_recent(path)

    @Slot()
    def open_file(self) -> None:
        """Ask for a file; the window stays usable meanwhile."""
        self._ask(self.tr("Open a file"), QFileDialog.FileMode.ExistingFile)

    @Slot()
    def open_folder(self) -> None:
        """Ask for a folder, of texts or of one folder a class."""
        self._ask(self.tr("Open a folder"), QFileDialog.FileMode.Directory)

    def _ask(self, title: str, mode: QFileDialog.FileMode) -> None:
        last = next(iter(self._recent.paths()), "")
        dialog = FileDialog(self, title, str(Path(last).parent) if last else "")
        dialog.setObjectName("openDataDialog")
        dialog.setFileMode(mode)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, mode == QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._on_path)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _list_recent(self, chosen: str) -> None:
        while (item := self._recent_list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        paths = [path for path in self._recent.paths() if not chosen][:_SHOWN]
        for number, path in enumerate(paths, 1):
            self._recent_list.addWidget(self._recent_button(number, path))
        self._recent_title.setVisible(bool(paths))

    def _recent_button(self, number: int, path: str) -> QPushButton:
        button = QuietButton(Path(path).name.replace("&", "&&"), "folder" if Path(path).is_dir() else "file")
        button.setObjectName(f"recentText{number}")
        button.setAccessibleName(self.tr("Use {path}").format(path=path))
        button.setProperty("path", path)
        button.setStyleSheet("text-align: left;")
        button.clicked.connect(self._on_recent)
        return button

    @Slot()
    def _on_recent(self) -> None:
        self._on_path(self.sender().property("path"))

    @Slot(str)
    def _on_path(self, path: str) -> None:
        self.dataset_chosen.emit(path)

    @Slot()
    def _on_many(self) -> None:
        self._note.setText(self.tr("Drop one file, or one folder that holds all of them."))
        self._note.show()
