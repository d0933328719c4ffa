"""A label that only the pass over all rows found: one sentence, and a button that takes it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.data_answers import DataWarning
from ptft_gui.gui.widgets.labels import PlainLabel

_KEY = "later_label"
_LONGEST_NAME = 24


class LaterLabelOffer(QWidget):
    """``label_chosen`` carries the column that a person takes as label."""

    label_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("laterLabel")
        self._column = ""
        self._sentence = PlainLabel("", TextStyle.BODY, Role.WARNING_TEXT)
        self._hint = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._take = SecondaryButton("")
        self._take.setObjectName("laterLabelButton")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        for widget in (self._sentence, self._hint, self._take):
            column.addWidget(widget)
        self._take.clicked.connect(self._on_clicked)
        self.hide()

    def show_warnings(self, warnings: Sequence[DataWarning]) -> None:
        """Offer the column that one of these speaks of; without one there is nothing here."""
        found = next((each for each in warnings if each.key == _KEY and each.column), None)
        self._column = found.column if found else ""
        self._sentence.setText(found.sentence if found else "")
        self._hint.setText(found.hint if found else "")
        words = self.tr("Use {column} as label").format(column=self._column)
        self._take.setText(
            words if len(self._column) <= _LONGEST_NAME else self.tr("Use this column as label")
        )
        self._take.setAccessibleName(words)
        self.setVisible(found is not None)

    @Slot()
    def _on_clicked(self) -> None:
        self.label_chosen.emit(self._column)
