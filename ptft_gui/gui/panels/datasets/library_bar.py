"""The line under a dataset's title: it is not in the library yet, it was changed here, or its file is not as it was."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import QuietButton, SecondaryButton
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.study_progress import StudyProgress

LONGEST_NAME = 60
_NAME_WIDTH = 240
"""So much room the field for the name has beside what stands in its line."""


class LibraryBar(QWidget):
    """``add_requested`` carries the wished name ("" for one made from the file's) and whether to copy the files;
    ``keep_requested``, ``undo_requested``, ``check_requested`` and ``cancel_requested`` carry nothing."""

    add_requested = Signal(str, bool)
    keep_requested = Signal()
    undo_requested = Signal()
    check_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("libraryBar")
        self.name = QLineEdit()
        self.name.setObjectName("newDatasetName")
        self.name.setAccessibleName(self.tr("Name in the library"))
        self.name.setPlaceholderText(self.tr("Named after the file"))
        self.name.setMaxLength(LONGEST_NAME)
        self.name.returnPressed.connect(self._on_add)
        self.copy = QCheckBox(self.tr("Copy the files into the library"))
        self.copy.setObjectName("copyIntoLibrary")
        self.copy.setToolTip(
            self.tr("Without a copy the library remembers where the files are and notices when they change.")
        )
        self._adding = self._make_adding()
        self._kept = self._make_line(
            "keepBar",
            self.tr(
                "Changed here. A run started from here uses the changes; the library does not know them yet."
            ),
            (
                ("keepChangesButton", self.tr("Keep in the library"), self.keep_requested),
                ("undoChangesButton", self.tr("Undo the changes"), self.undo_requested),
            ),
        )
        self._state = PlainLabel("", TextStyle.BODY, Role.WARNING_TEXT)
        self._state.setObjectName("datasetState")
        self._look = self._button("checkDatasetButton", self.tr("Look again"), self.check_requested)
        self._watched = self._make_frame("stateBar", self._state, (self._look,))
        self.progress = StudyProgress()
        self.cancel = self._button("cancelAddButton", self.tr("Cancel"), self.cancel_requested)
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        for part in (self._watched, self._adding, self._kept, self.progress, self.cancel):
            part.hide()
            column.addWidget(part)

    def _button(self, name: str, text: str, signal: object) -> QPushButton:
        button = QuietButton(text)
        button.setObjectName(name)
        button.clicked.connect(signal)
        return button

    def _make_adding(self) -> QFrame:
        add = SecondaryButton(self.tr("Add to the library"), "plus")
        add.setObjectName("addToLibraryButton")
        add.clicked.connect(self._on_add)
        frame = QFrame()
        frame.setProperty("ground", "narrator")
        column = QVBoxLayout(frame)
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        column.setSpacing(Space.HALF)
        sentence = self.tr(
            "Not in your library yet. In it, it has a name and is ready for every further run."
        )
        column.addWidget(PlainLabel(sentence, TextStyle.CAPTION, Role.QUIET_TEXT))
        naming = QHBoxLayout()
        naming.setSpacing(Space.SMALL)
        naming.addWidget(self.name, 1)
        naming.addWidget(add)
        self._adding_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._adding_row.setSpacing(Space.SMALL)
        self._adding_row.addLayout(naming, 1)
        self._adding_row.addWidget(self.copy)
        column.addLayout(self._adding_row)
        self._needed = add.sizeHint().width() + self.copy.sizeHint().width() + _NAME_WIDTH
        return frame

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < self._needed
        directions = QBoxLayout.Direction
        self._adding_row.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)

    def _make_line(self, name: str, sentence: str, buttons: tuple[tuple[str, str, object], ...]) -> QFrame:
        label = PlainLabel(sentence, TextStyle.CAPTION, Role.QUIET_TEXT)
        return self._make_frame(name, label, tuple(self._button(*parts) for parts in buttons))

    @staticmethod
    def _make_frame(name: str, label: PlainLabel, buttons: tuple[QPushButton, ...]) -> QFrame:
        frame = QFrame()
        frame.setObjectName(name)
        frame.setProperty("ground", "narrator")
        row = QHBoxLayout(frame)
        row.setContentsMargins(Space.MEDIUM, Space.HALF, Space.SMALL, Space.HALF)
        row.setSpacing(Space.SMALL)
        row.addWidget(label, 1)
        for button in buttons:
            row.addWidget(button)
        return frame

    def show_state(self, *, is_new: bool, is_changed: bool, state_sentence: str) -> None:
        """Show what holds: not kept yet, changed here, or a sentence about its files."""
        self._adding.setVisible(is_new and not self.progress.isVisibleTo(self))
        self._kept.setVisible(is_changed and not is_new)
        self._state.setText(state_sentence)
        self._watched.setVisible(bool(state_sentence))

    def show_adding(self, sentence: str, fraction: float | None) -> None:
        """The dataset is being put into the library."""
        self._adding.hide()
        self.progress.show_progress(sentence, fraction)
        self.cancel.show()

    def end_adding(self) -> None:
        self.progress.hide()
        self.cancel.hide()

    @Slot()
    def _on_add(self) -> None:
        self.add_requested.emit(self.name.text().strip(), self.copy.isChecked())
