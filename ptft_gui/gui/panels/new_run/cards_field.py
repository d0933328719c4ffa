"""Whether all graphics cards of this computer train together, where there are several."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ptft_gui.core.crew import cards_here
from ptft_gui.core.family.learning_options import PROCESSES
from ptft_gui.core.family.options import OptionValue
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel


class CardsField(QWidget):
    """One box (allCardsBox); ``changed`` follows it. A number that an earlier run had is kept as it is."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = cards_here()
        self._processes = 1
        self.box = QCheckBox(self.tr("Use all {count} graphics cards").format(count=self._cards))
        self.box.setObjectName("allCardsBox")
        self.sentence = PlainLabel(
            self.tr(
                "Each takes a share of every batch. The result stays the same within a little; it is faster."
            ),
            TextStyle.CAPTION,
            Role.QUIET_TEXT,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        column.addWidget(self.box)
        column.addWidget(self.sentence)
        self.box.toggled.connect(self._on_toggled)

    @property
    def is_offered(self) -> bool:
        """Whether there is anything to choose: several cards, or a run that had several processes."""
        return self._cards > 1 or self._processes > 1

    def choose(self, processes: OptionValue) -> None:
        """Take over how many processes a run had."""
        count = processes if isinstance(processes, int) else 1
        self.box.setChecked(count > 1)
        self._processes = count
        if self._cards < 2 and count > 1:
            self.box.setText(self.tr("Train with {count} processes").format(count=count))

    def values(self) -> dict[str, OptionValue]:
        """As a run's settings name it."""
        return {PROCESSES.key: self._processes}

    @Slot(bool)
    def _on_toggled(self, is_on: bool) -> None:
        self._processes = max(self._cards, 1) if is_on else 1
        self.changed.emit()
