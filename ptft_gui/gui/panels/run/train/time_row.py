"""A row to go through the moments of a run: play, a slider, what moment it is, and back to what happens now."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from ptft_gui.gui.icons import set_icon
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import IconButton, QuietButton
from ptft_gui.gui.widgets.labels import PlainLabel

_PARTS = 24
"""Places of the slider between two moments: dragged, the words glide."""
_WHOLE_S, _MOST_A_MOMENT_S = 8.0, 0.8
"""All of it takes as long; few moments take less, so that nothing creeps."""
_FRAME_MS = 33


class TimeRow(QWidget):
    """``moment_changed`` carries the moment, a number from 0 to ``count`` - 1, when it is played or chosen.

    ``held`` says that a person looks back; ``live_requested`` that what happens now is wanted again.
    """

    moment_changed = Signal(float)
    held = Signal()
    live_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._is_playing = 0, False
        self._played_at = 0.0
        self._moment = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._on_tick)
        self.button = IconButton("play", self.tr("Play"), Role.ACCENT)
        self.button.setObjectName("motionPlay")
        self.button.clicked.connect(self.toggle)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("motionSlider")
        self.slider.setAccessibleName(self.tr("Moment of the run"))
        self.slider.setSingleStep(_PARTS)
        self.slider.setPageStep(5 * _PARTS)
        self.slider.setToolTip(self.tr("Drag to see how the words came to where they are."))
        self.slider.sliderPressed.connect(self._on_held)
        self.slider.valueChanged.connect(self._on_chosen)
        self.label = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.label.setObjectName("motionMoment")
        self.label.setWordWrap(False)
        self.live = QuietButton(self.tr("Live"))
        self.live.setObjectName("motionLive")
        self.live.setToolTip(self.tr("Follow the training again."))
        self.live.clicked.connect(self.live_requested)
        self.live.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        for widget, stretch in ((self.button, 0), (self.slider, 1), (self.label, 0), (self.live, 0)):
            row.addWidget(widget, stretch)

    # what there is

    @property
    def moment(self) -> float:
        return self._moment

    @property
    def count(self) -> int:
        return self._count

    @property
    def is_playing(self) -> bool:
        return self._is_playing

    def show_count(self, count: int) -> None:
        """There are ``count`` moments now; the present one stays as far as there is one."""
        self._count = count
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, count - 1) * _PARTS)
        self.slider.blockSignals(False)
        self.slider.setEnabled(count > 1)
        self.button.setEnabled(count > 1)
        self.show_moment(min(self._moment, max(0, count - 1)))

    def show_moment(self, moment: float) -> None:
        """Stand at ``moment`` without telling anyone."""
        self._moment = moment
        self.slider.blockSignals(True)
        self.slider.setValue(round(moment * _PARTS))
        self.slider.blockSignals(False)

    # playing

    @Slot()
    def toggle(self) -> None:
        """Play, from the beginning where the end is reached, or hold still."""
        if self._is_playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Play to the newest moment."""
        if self._count < 2:
            return
        if self._moment >= self._count - 1:
            self._go(0.0)
        self._is_playing, self._played_at = True, time.monotonic()
        self._show_button()
        self.held.emit()
        self._timer.start()

    def pause(self) -> None:
        """Hold still."""
        self._timer.stop()
        self._is_playing = False
        self._show_button()

    def _show_button(self) -> None:
        words = self.tr("Hold still") if self._is_playing else self.tr("Play")
        set_icon(self.button, "pause" if self._is_playing else "play", Role.ACCENT)
        self.button.setAccessibleName(words)
        self.button.setToolTip(words)

    @Slot()
    def _on_tick(self) -> None:
        now = time.monotonic()
        seconds = min(_WHOLE_S, _MOST_A_MOMENT_S * (self._count - 1))
        moment = self._moment + (now - self._played_at) * (self._count - 1) / seconds
        self._played_at = now
        if moment >= self._count - 1:
            self.pause()
            moment = float(self._count - 1)
        self._go(moment)

    def _go(self, moment: float) -> None:
        self.show_moment(moment)
        self.moment_changed.emit(moment)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.pause()

    # a person chooses

    @Slot()
    def _on_held(self) -> None:
        self.pause()
        self.held.emit()

    @Slot(int)
    def _on_chosen(self, value: int) -> None:
        self._moment = value / _PARTS
        if self._is_playing:
            self.pause()
        self.held.emit()
        self.moment_changed.emit(self._moment)
