"""A few words side by side of which one is chosen, and the sentence that explains the chosen one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.restyle import set_style_property


class SegmentedChoice(QWidget):
    """``choices`` are (value, label, sentence); arrow keys choose. Where they do not fit side by side they stand
    below one another, at most ``fallback_columns`` a row. ``value_changed`` carries the value chosen."""

    value_changed = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str, str]],
        accessible_name: str = "",
        parent: QWidget | None = None,
        fallback_columns: int = 1,
    ) -> None:
        super().__init__(parent)
        self._fallback_columns = fallback_columns
        self.setAccessibleName(accessible_name)
        self._sentences = {value: sentence for value, _, sentence in choices}
        self._buttons = {value: self._make_button(value, label) for value, label, _ in choices}
        self._offered = list(self._buttons)
        self._group = QButtonGroup(self)
        self._sentence = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        for place, (value, button) in enumerate(self._buttons.items()):
            self._group.addButton(button)
            button.setAccessibleDescription(self._sentences[value])
            self._grid.addWidget(button, 0, place)
        row = QHBoxLayout()
        row.addLayout(self._grid)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(row)
        column.addWidget(self._sentence)
        self._sentence.setVisible(any(self._sentences.values()))
        self._group.buttonToggled.connect(self._on_toggled)
        self._arrange(len(self._buttons))
        if choices:
            self.set_value(choices[0][0])

    @staticmethod
    def _make_button(value: str, label: str) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(f"segment_{value}")
        button.setProperty("kind", "segment")
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def button(self, value: str) -> QPushButton:
        return self._buttons[value]

    def value(self) -> str:
        return next((value for value, button in self._buttons.items() if button.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Choose ``value``; raises :class:`KeyError` when it is not offered."""
        self._buttons[value].setChecked(True)

    def offer(self, values: Collection[str]) -> None:
        """Show only these choices; one that is chosen and not among them gives way to the first that is."""
        self._offered = [value for value in self._buttons if value in values]
        for value, button in self._buttons.items():
            button.setVisible(value in self._offered)
            # Qt lets Tab come back only to the one it was on
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if self._offered and self.value() not in self._offered:
            self.set_value(self._offered[0])
        self._fit()

    def _shown(self) -> list[QPushButton]:
        return [self._buttons[value] for value in self._offered]

    def minimumSizeHint(self) -> QSize:
        widest = max((button.sizeHint().width() for button in self._shown()), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def width_in(self, columns: int) -> int:
        """How wide the choices are with so many in a row; all in one row they touch."""
        widths = [button.sizeHint().width() for button in self._shown()]
        if columns >= len(widths):
            return sum(widths)
        return sum(max(widths[place::columns]) for place in range(columns)) + Space.HALF * (columns - 1)

    def _fit(self) -> None:
        count = len(self._shown())
        fitting = (
            n for n in (count, *range(self._fallback_columns, 1, -1)) if self.width_in(n) <= self.width()
        )
        self._arrange(next(fitting, 1))

    def _arrange(self, columns: int) -> None:
        """Place the choices in rows of so many; what stands alone has an edge of its own."""
        shown = self._shown()
        is_one_row, last = columns >= len(shown), len(shown) - 1
        self._grid.setSpacing(0 if is_one_row else Space.HALF)
        for index, button in enumerate(shown):
            self._grid.addWidget(button, index // max(columns, 1), index % max(columns, 1))
            place = {0: "first", last: "last"}.get(index, "middle")
            set_style_property(button, "place", place if is_one_row and last > 0 else "only")

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, button: QAbstractButton, is_checked: bool) -> None:
        if not is_checked:
            return
        value = self.value()
        self._sentence.setText(self._sentences[value])
        self.value_changed.emit(value)
