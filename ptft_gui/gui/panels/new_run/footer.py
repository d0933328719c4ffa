"""The foot of the page, always visible: what the run will cost, its name, Start, and why Start is off."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ptft_gui.core.wording import count_text, duration_text
from ptft_gui.gui.panels.new_run.estimate import Estimate
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.sizes import CONTROL_HEIGHT
from ptft_gui.gui.widgets.buttons import PrimaryButton
from ptft_gui.gui.widgets.labels import Divider, PlainLabel
from ptft_gui.gui.widgets.metric_chip import MetricChip

HEIGHT = 72
_ROOM_FOR_ALL_CHIPS = 900


class Footer(QWidget):
    """``start_requested`` when the button is pressed, ``name_edited`` when a person writes a name."""

    start_requested = Signal()
    name_edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(HEIGHT)
        self._read = self._make_chip("chipWordsRead", self.tr("Reads in all"))
        self._time = self._make_chip("chipTime", self.tr("Takes"))
        self._vocabulary = self._make_chip("chipVocabulary", self.tr("Learns"))
        self.reason = PlainLabel("", TextStyle.CAPTION, Role.WARNING_TEXT)
        self.reason.setObjectName("startReason")
        self.reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.reason.setMinimumHeight(CONTROL_HEIGHT)  # its middle is that of the button beside it
        self.name = QLineEdit()
        self.name.setObjectName("runName")
        self.name.setAccessibleName(self.tr("Name of the run"))
        self.name.setPlaceholderText(self.tr("Named after the text"))
        self.name.setMaxLength(120)
        self.name.setMinimumWidth(140)
        self.name.setMaximumWidth(320)
        self.start = PrimaryButton(self.tr("Start"), "play")
        self.start.setObjectName("startButton")
        self.start.setToolTip(self.tr("Start the run (Ctrl+Return)"))
        self.start.setMinimumWidth(112)
        self._build()
        self.start.clicked.connect(self._on_start)
        self.name.textEdited.connect(self._on_name_edited)
        self.show_estimate(Estimate())

    def _make_chip(self, name: str, title: str) -> MetricChip:
        chip = MetricChip(title)
        chip.setObjectName(name)
        return chip

    def _build(self) -> None:
        chips = QWidget()
        chips.setObjectName("runCost")
        chips.setAccessibleName(self.tr("What the run will cost"))
        chip_row = QHBoxLayout(chips)
        chip_row.setContentsMargins(0, 0, 0, 0)
        chip_row.setSpacing(Space.SMALL)
        for chip in (self._vocabulary, self._read, self._time):
            chip_row.addWidget(chip)
        label = PlainLabel(self.tr("Name of the run"), TextStyle.CAPTION, Role.QUIET_TEXT)
        label.setBuddy(self.name)
        naming = QVBoxLayout()
        naming.setSpacing(2)
        naming.addWidget(label)
        naming.addWidget(self.name)
        row = QHBoxLayout()
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        row.setSpacing(Space.MEDIUM)
        row.addLayout(naming, 3)
        row.addWidget(chips)
        row.addStretch(1)
        row.addWidget(self.reason, 3, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.start, 0, Qt.AlignmentFlag.AlignBottom)
        surface = QFrame()
        surface.setProperty("ground", "surface")
        surface.setLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider())
        column.addWidget(surface, 1)

    def show_name(self, name: str) -> None:
        """Propose a name; of one that is too long, its beginning is seen."""
        if name != self.name.text():
            self.name.setText(name)
            self.name.setCursorPosition(0)

    def show_estimate(self, estimate: Estimate) -> None:
        """Show what is known; a chip without a number is not there."""
        self._show_chip(self._read, count_text(estimate.words_read) if estimate.words_read else "", "words")
        seconds = (
            self.tr("about {time}").format(time=duration_text(estimate.seconds)) if estimate.seconds else ""
        )
        self._show_chip(self._time, seconds, "")
        self._show_chip(self._vocabulary, f"{estimate.vocabulary:,}" if estimate.vocabulary else "", "words")
        self._time.setToolTip(self.tr("At the speed measured in your last run."))
        self._arrange()

    def _show_chip(self, chip: MetricChip, text: str, unit: str) -> None:
        words = self.tr("{count} words").format(count=text) if unit and text else text
        chip.set_value(words)
        chip.setVisible(bool(text))

    def show_reason(self, text: str) -> None:
        """Why Start is off; "" switches it on."""
        self.reason.setText(text)
        self.reason.setVisible(bool(text))
        self.start.setEnabled(not text)
        self.start.setAccessibleDescription(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        has_room = self.width() >= _ROOM_FOR_ALL_CHIPS
        self._vocabulary.setVisible(has_room and self._vocabulary.value() != "")

    @Slot()
    def _on_start(self) -> None:
        self.start_requested.emit()

    @Slot()
    def _on_name_edited(self) -> None:
        self.name_edited.emit()
