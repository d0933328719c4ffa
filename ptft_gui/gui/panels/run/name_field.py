"""The name of a run, changed where it stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from ptft_gui.gui.theme import Space, TextStyle
from ptft_gui.gui.widgets.buttons import IconButton
from ptft_gui.gui.widgets.labels import ElidedLabel

_LONGEST_NAME = 120


class NameField(QWidget):
    """A title that becomes a field at a double click, F2 or its pencil; Enter keeps, Escape gives up.

    ``renamed`` carries the new name, never an empty one and never the one that stands there.
    """

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ElidedLabel("", TextStyle.TITLE)
        self._label.setObjectName("runName")
        self._pencil = IconButton("edit", self.tr("Rename this run"))
        self._pencil.setObjectName("renameButton")
        self._pencil.clicked.connect(self.begin)
        self._edit = QLineEdit()
        self._edit.setObjectName("runNameEdit")
        self._edit.setAccessibleName(self.tr("Name of this run"))
        self._edit.setMaxLength(_LONGEST_NAME)
        self._edit.setMinimumWidth(280)
        self._edit.installEventFilter(self)
        self._edit.editingFinished.connect(self._on_finished)
        self._edit.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.HALF)
        for widget in (self._label, self._edit, self._pencil):
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def name(self) -> str:
        return self._label.full_text()

    def show_name(self, name: str) -> None:
        """Show ``name``, and leave what is being typed."""
        self._edit.hide()
        self._label.show()
        self._label.setText(name)
        self._pencil.show()

    def set_read_only(self, reason: str) -> None:
        """With a reason the name cannot be changed; the pencil says why."""
        self._pencil.setEnabled(not reason)
        self._pencil.setToolTip(reason or self.tr("Rename this run"))

    @Slot()
    def begin(self) -> None:
        """Turn into a field with the name chosen whole."""
        if not self._pencil.isEnabled():
            return
        self._edit.setText(self.name())
        self._label.hide()
        self._pencil.hide()
        self._edit.show()
        self._edit.setFocus()
        self._edit.selectAll()

    @Slot()
    def _on_finished(self) -> None:
        if self._edit.isHidden():
            return
        name = " ".join(self._edit.text().split())
        before = self.name()
        self.show_name(name or before)
        if name and name != before:
            self.renamed.emit(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._edit and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.show_name(self.name())
            self._pencil.setFocus()
            return True
        return super().eventFilter(watched, event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.begin()
