"""The values of one option that are to be tried: written where it is a number, ticked where it is one of some words."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from ptft_gui.core.family.options import Option, OptionValue
from ptft_gui.core.sweep import LEAST_VALUES, MOST_VALUES, proposed_values, values_text
from ptft_gui.gui.theme import Space

_LONGEST = 200


class SweepValues(QWidget):
    """A line for numbers (sweepValues), or a tick for each word (sweepTick), called as on the New run page."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ticks: dict[str, QCheckBox] = {}
        self.line = QLineEdit()
        self.line.setObjectName("sweepValues")
        self.line.setAccessibleName(self.tr("Values"))
        self.line.setMaxLength(_LONGEST)
        words = self.tr("Up to {most} values with commas between them").format(most=MOST_VALUES)
        self.line.setPlaceholderText(words)
        self.line.setAccessibleDescription(words)
        self.line.textChanged.connect(self._on_changed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.HALF)
        self._column.addWidget(self.line)

    def propose(self, option: Option, present: OptionValue) -> None:
        """Show the values that are worth a comparison with the ``present`` one."""
        for tick in self._ticks.values():
            self._column.removeWidget(tick)
            tick.hide()
            tick.deleteLater()
        proposed = proposed_values(option, present)
        self._ticks = {
            written: self._make_tick(label, is_on=value in proposed)
            for value, written, label in self._words(option)
        }
        before: QWidget = self.line
        for tick in self._ticks.values():  # made after the buttons of the dialog, and yet reached before them
            QWidget.setTabOrder(before, tick)
            before = tick
        self.line.setVisible(not self._ticks)
        self.line.setText("" if self._ticks else values_text(proposed))

    def _words(self, option: Option) -> list[tuple[OptionValue, str, str]]:
        """Value, as it would be written, as it is called; nothing for a number."""
        named: list[tuple[OptionValue, str]] = list(option.choices)
        if option.kind == "bool":
            named = [(True, self.tr("Yes")), (False, self.tr("No"))]
        return [(value, values_text([value]), label) for value, label in named]

    def _make_tick(self, label: str, is_on: bool) -> QCheckBox:
        tick = QCheckBox(label)
        tick.setObjectName("sweepTick")
        tick.setChecked(is_on)
        tick.toggled.connect(self._on_changed)
        self._column.addWidget(tick)
        return tick

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()

    def text(self) -> str:
        """The values as they would be written, with commas between them."""
        if not self._ticks:
            return self.line.text()
        return ", ".join(written for written, tick in self._ticks.items() if tick.isChecked())

    def what_is_missing(self) -> str:
        """One sentence where too few words are ticked; of numbers the reading of the line tells more."""
        count = sum(tick.isChecked() for tick in self._ticks.values())
        return self.tr("Tick at least two.") if self._ticks and count < LEAST_VALUES else ""
