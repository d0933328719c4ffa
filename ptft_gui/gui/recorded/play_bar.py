"""The bar over a recorded run: that it is one, play and pause, how fast, and a slider over its time."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QWidget

from ptft_gui.gui.recorded.played_run import SPEEDS, PlayedRun
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import IconButton, SecondaryButton
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice

_TICKS = 1000


class PlayBar(QFrame):
    """Plays one :class:`PlayedRun` (objectName playBar); ``close_requested`` when a person has seen enough."""

    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("playBar")
        self.setProperty("ground", "narrator")
        self.setAccessibleName(self.tr("Play the recorded run"))
        self._played: PlayedRun | None = None
        self._is_showing = False
        self.ribbon = PlainLabel(self.tr("Recorded"), TextStyle.STRONG, Role.WARNING_TEXT)
        self.ribbon.setObjectName("recordedRibbon")
        self.ribbon.setProperty("ground", "ribbon")
        self.ribbon.setWordWrap(False)
        self.play_button = SecondaryButton(self.tr("Play"), "play")
        self.play_button.setObjectName("playButton")
        self.play_button.clicked.connect(self.toggle)
        self.speed = SegmentedChoice(
            [(str(speed), self.tr("x{speed}").format(speed=speed), "") for speed in SPEEDS],
            self.tr("How fast the recording is played"),
        )
        self.speed.setObjectName("playSpeed")
        self.speed.setFixedWidth(self.speed.sizeHint().width())
        self.speed.value_changed.connect(self._on_speed_changed)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("playSlider")
        self.slider.setAccessibleName(self.tr("Moment of the recorded run"))
        self.slider.setRange(0, _TICKS)
        self.slider.setPageStep(_TICKS // 10)
        self.slider.valueChanged.connect(self._on_slider_moved)
        self.time = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.time.setObjectName("playTime")
        self.time.setWordWrap(False)
        self.close_button = IconButton("cross", self.tr("Leave the recorded run"))
        self.close_button.setObjectName("leaveRecording")
        self.close_button.clicked.connect(self.close_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        row.setSpacing(Space.MEDIUM)
        for widget in (self.ribbon, self.play_button, self.speed):
            row.addWidget(widget)
        row.addWidget(self.slider, 1)
        row.addWidget(self.time)
        row.addWidget(self.close_button)

    def show_run(self, played: PlayedRun) -> None:
        """Play this one from now on."""
        if self._played is not None:
            self._played.moved.disconnect(self._on_moved)
        self._played = played
        played.moved.connect(self._on_moved)
        self._on_moved()

    def forget(self) -> None:
        """Nothing is played any more."""
        if self._played is not None:
            self._played.moved.disconnect(self._on_moved)
            self._played = None

    @Slot()
    def toggle(self) -> None:
        """Play, or hold still."""
        if self._played is not None:
            self._played.pause() if self._played.is_playing else self._played.play()

    @Slot(str)
    def _on_speed_changed(self, value: str) -> None:
        if self._played is not None and not self._is_showing:
            self._played.set_speed(int(value))

    @Slot(int)
    def _on_slider_moved(self, value: int) -> None:
        if self._played is not None and not self._is_showing:
            self._played.seek(value / _TICKS * self._played.seconds)

    @Slot()
    def _on_moved(self) -> None:
        played = self._played
        if played is None:
            return
        self._is_showing = True
        if not self.slider.isSliderDown():
            self.slider.setValue(round(played.moment / played.seconds * _TICKS) if played.seconds else 0)
        self.speed.set_value(str(played.speed))
        self._is_showing = False
        words = (self.tr("Pause"), "pause") if played.is_playing else (self.tr("Play"), "play")
        if self.play_button.text() != words[0]:
            self.play_button.setText(words[0])
            self.play_button.set_icon_name(words[1])
        times = self.tr("{moment} of {all}")
        self.time.setText(times.format(moment=clock_text(played.moment), all=clock_text(played.seconds)))


def clock_text(seconds: float) -> str:
    """A moment as minutes and seconds: 0:07, 12:40."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
