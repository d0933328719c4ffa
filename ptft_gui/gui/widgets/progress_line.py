"""How far a run is, and in words what is left: a bar with one line under it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ptft_gui.core.wording import percent_text
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel

_THOUSANDTHS = 1000


class ProgressLine(QWidget):
    """A bar (``bar``, objectName progressBar) with the share at its right and a line of facts below, 32 high."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setObjectName("progressBar")
        self.bar.setRange(0, _THOUSANDTHS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the run"))
        self._share = PlainLabel("", TextStyle.CAPTION)
        self._share.setWordWrap(False)
        self._share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._left = ElidedLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._right = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._right.setWordWrap(False)
        bar_row, text_row = QHBoxLayout(), QHBoxLayout()
        bar_row.setSpacing(Space.SMALL)
        bar_row.addWidget(self.bar, 1)
        bar_row.addWidget(self._share)
        text_row.addWidget(self._left, 1)
        text_row.addWidget(self._right)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        column.addLayout(bar_row)
        column.addLayout(text_row)
        self.set_progress(0.0)

    def set_progress(self, share: float | None, left: str = "", right: str = "") -> None:
        """``share`` from 0 to 1, or ``None`` while it is not known how much there is; two short texts below."""
        if share is None:
            self.bar.setRange(0, 0)
            self._share.setText("")
        else:
            share = min(max(share, 0.0), 1.0)
            self.bar.setRange(0, _THOUSANDTHS)
            self.bar.setUpdatesEnabled(False)  # else Qt paints all that waits to be painted, at once and here
            self.bar.setValue(round(share * _THOUSANDTHS))
            self.bar.setUpdatesEnabled(True)
            self._share.setText(percent_text(share))
            self.bar.setAccessibleDescription(percent_text(share))
        self._left.setText(left)
        self._right.setText(right)

    def text(self) -> str:
        """The words below the bar, for tests and screen readers."""
        return " ".join(
            part for part in (self._share.text(), self._left.full_text(), self._right.text()) if part
        )
