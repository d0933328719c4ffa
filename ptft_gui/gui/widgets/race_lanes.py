"""The lanes of a race as ticks: which ways of learning are held against one another."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ptft_gui.core.race import LANES, LEAST_LANES, USUAL_LANES, Lane
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel

translate = QCoreApplication.translate


class RaceLanes(QWidget):
    """A tick for each lane (raceLane_KEY) with a sentence below it; ``changed`` follows every change.

    A race has two lanes at least: of two that are ticked none can be taken away.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered = {lane.key for lane in LANES}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        self._ticks: dict[str, QCheckBox] = {}
        self._sentences: dict[str, PlainLabel] = {}
        for lane in LANES:
            for widget in self._make_tick(lane):
                column.addWidget(widget)
        self.tick(USUAL_LANES)

    def _make_tick(self, lane: Lane) -> tuple[QCheckBox, PlainLabel]:
        tick = self._ticks[lane.key] = QCheckBox(lane.title)
        tick.setObjectName(f"raceLane_{lane.key}")
        tick.toggled.connect(self._on_toggled)
        sentence = self._sentences[lane.key] = PlainLabel(
            lane_sentence(lane), TextStyle.CAPTION, Role.QUIET_TEXT
        )
        sentence.setContentsMargins(Space.LARGE, 0, 0, 0)
        tick.setAccessibleDescription(lane_sentence(lane))
        return tick, sentence

    def lanes(self) -> tuple[str, ...]:
        """The keys of the ticked lanes that can be raced, in their order."""
        return tuple(key for key, tick in self._ticks.items() if tick.isChecked() and key in self._offered)

    def tick(self, lanes: Collection[str]) -> None:
        """Tick these lanes and no others."""
        for key, tick in self._ticks.items():
            tick.blockSignals(True)
            tick.setChecked(key in lanes)
            tick.blockSignals(False)
        self._hold_the_last()

    def offer(self, methods: Collection[str]) -> None:
        """Show only the lanes whose method can be used."""
        self._offered = {lane.key for lane in LANES if lane.method in methods}
        for key, tick in self._ticks.items():
            tick.setVisible(key in self._offered)
            self._sentences[key].setVisible(key in self._offered)
        self._hold_the_last()

    @Slot()
    def _on_toggled(self) -> None:
        self._hold_the_last()
        self.changed.emit()

    def _hold_the_last(self) -> None:
        ticked = self.lanes()
        for key, tick in self._ticks.items():
            is_held = key in ticked and len(ticked) <= LEAST_LANES
            tick.setEnabled(not is_held)
            tick.setToolTip(self.tr("A race needs two lanes at least.") if is_held else "")


def lane_sentence(lane: Lane) -> str:
    """What a lane is, in one sentence."""
    return {
        "no-pretraining": translate(
            "Race", "The same network begins with random numbers: shows what pre-training is worth."
        ),
        "frozen": translate("Race", "The model stays as it is; only a small new layer on top learns."),
        "lora": translate("Race", "The model stays as it is; small added pieces learn to steer it."),
        "full": translate("Race", "Every number in the model may change."),
    }[lane.key]
