"""*Race the methods* on the New run page: instead of one method several are learned, one after the other."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ptft_gui.core.family.definition import FROZEN, FULL
from ptft_gui.core.family.methods import LORA
from ptft_gui.core.race import LANES, USUAL_LANES
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.race_lanes import RaceLanes

_DEAREST = (FULL, LORA, FROZEN)


class RaceField(QWidget):
    """A switch (raceSwitch) that unfolds the lanes; ``changed`` follows every change.

    With lanes in :meth:`lane_keys` a start of the page is that of a race.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_possible = True
        self.switch = QCheckBox(self.tr("Race the methods"))
        self.switch.setObjectName("raceSwitch")
        words = self.tr(
            "Learns the same rows in several ways, one after the other, and shows which way is worth it."
        )
        self.switch.setToolTip(words)
        self.switch.setAccessibleDescription(words)
        self.lanes = RaceLanes()
        self._outcome = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._outcome.setObjectName("raceCount")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        for widget in (self.switch, self.lanes, self._outcome):
            column.addWidget(widget)
        self.switch.toggled.connect(self._on_changed)
        self.lanes.changed.connect(self._on_changed)
        self._show()

    def is_on(self) -> bool:
        return self._is_possible and self.switch.isChecked()

    def lane_keys(self) -> tuple[str, ...]:
        """The lanes of the race; none while there is to be one run."""
        return self.lanes.lanes() if self.is_on() else ()

    def dearest_method(self) -> str:
        """The method of the lane that takes most memory and time: what fits it fits all."""
        return next((method for method in _DEAREST if method in self.methods()), FULL)

    def methods(self) -> tuple[str, ...]:
        """The methods of the chosen lanes."""
        return tuple(dict.fromkeys(lane.method for lane in LANES if lane.key in self.lane_keys()))

    def offer(self, methods: Collection[str]) -> None:
        """There is a race where a language model learns; its lanes are these methods."""
        self._is_possible = LORA in methods
        self.setVisible(self._is_possible)
        self.lanes.offer(methods)
        self._show()

    def start_afresh(self) -> None:
        self.lanes.tick(USUAL_LANES)
        self.switch.setChecked(False)

    @Slot()
    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        is_on = self.is_on()
        self.lanes.setVisible(is_on)
        self._outcome.setVisible(is_on)
        words = self.tr(
            "Start queues {count} runs with the same rows, split and seed, and compares them on one page. Learning "
            "rate, epochs and the time to stop are those that suit each lane. What is checked at the foot is the lane "
            "that takes most."
        )
        self._outcome.setText(words.format(count=len(self.lane_keys())))
