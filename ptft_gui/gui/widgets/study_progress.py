"""A thin bar and a sentence while a dataset is counted through."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import ElidedLabel


class StudyProgress(QWidget):
    """Hidden until there is progress to show; whoever shows it hides it at the end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("studyProgress")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("How much of the data was counted"))
        self._words = ElidedLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        self.hide()

    @Slot(str, object)
    def show_progress(self, sentence: str, fraction: float | None) -> None:
        """Show what is being done and how much of it; None is not known."""
        self._words.setText(sentence or self.tr("Counting through the data ..."))
        self._bar.setRange(0, 100 if fraction is not None else 0)
        self._bar.setValue(round(100 * (fraction or 0)))
        self.show()

    def text(self) -> str:
        return self._words.full_text()
