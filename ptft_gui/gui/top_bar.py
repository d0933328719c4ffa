"""The bar at the top: name, New run, what the computer is doing, help."""

from __future__ import annotations

import psutil
from PySide6.QtCore import QCoreApplication, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from ptft_gui.gui.gpu_meter import GpuReader, GpuUse
from ptft_gui.gui.icons import set_icon
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import IconButton, PrimaryButton, SecondaryButton
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.restyle import set_style_property

_METER_MS = 2_000
_GB = 1e9


class TopBar(QFrame):
    """As high as its buttons; tells when New run, Present and help are wanted."""

    new_run_requested = Signal()
    present_requested = Signal()
    help_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setProperty("ground", "surface")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # on a full page too
        self.new_run_button = PrimaryButton(self.tr("New run"), "plus")
        self.new_run_button.setObjectName("newRunButton")
        self.new_run_button.setAccessibleName(self.tr("New run"))
        self.new_run_button.clicked.connect(self.new_run_requested)
        self.meter = DeviceMeter()
        self.free_room = QWidget()  # where notes are shown: no page has anything here
        help_button = IconButton("help", self.tr("Words used here"))
        help_button.setObjectName("helpButton")
        help_button.setSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored
        )  # as high as New run
        help_button.clicked.connect(self.help_requested)
        self.present_button = SecondaryButton(self.tr("Present"))
        self.present_button.setObjectName("presentButton")
        self.present_button.setToolTip(self.tr("Full screen, large enough for a room (F5); Esc leaves."))
        self.present_button.clicked.connect(self.present_requested)
        self.present_button.hide()  # until there is something to present
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        row.setSpacing(Space.MEDIUM)
        name = PlainLabel("ptft", TextStyle.TITLE, Role.ACCENT)
        name.setWordWrap(False)
        row.addWidget(name)
        row.addWidget(self.new_run_button)
        row.addWidget(self.free_room, 1)
        row.addWidget(self.meter)
        row.addWidget(self.present_button)
        row.addWidget(help_button)

    def set_new_run_filled(self, is_filled: bool) -> None:
        """A page has one filled button; where the page has its own, New run is only outlined."""
        set_style_property(self.new_run_button, "kind", "primary" if is_filled else "secondary")
        set_icon(self.new_run_button, "plus", Role.ON_ACCENT if is_filled else Role.TEXT)


class DeviceMeter(PlainLabel):
    """How busy this computer is, in one line, every two seconds while it is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", TextStyle.CAPTION, Role.QUIET_TEXT, parent)
        self.setObjectName("deviceMeter")
        self.setWordWrap(False)
        self._cores = psutil.cpu_count() or 1
        psutil.cpu_percent(None)  # what is asked next is measured from here
        self._gpus = GpuReader(self)
        self._gpus.told.connect(self._show_gpus)
        self._timer = QTimer(self)
        self._timer.setInterval(_METER_MS)
        self._timer.timeout.connect(self._measure)
        self._timer.start()
        self._show(None)

    @Slot()
    def _measure(self) -> None:
        if not self.isVisible():
            return
        if self._gpus.can_ask:
            self._gpus.ask()
        else:
            self._show(psutil.cpu_percent(None))

    def hideEvent(self, event: QHideEvent) -> None:
        self._gpus.close()
        super().hideEvent(event)

    @Slot(object)
    def _show_gpus(self, gpus: list[GpuUse]) -> None:
        """The first card and how many more there are; without one, the processor."""
        if not gpus:
            self._show(psutil.cpu_percent(None))
            return
        text = gpus[0].as_text()
        if len(gpus) > 1:
            text = self.tr("{first}  and {count} more").format(first=text, count=len(gpus) - 1)
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip("\n".join(gpu.as_text() for gpu in gpus) if len(gpus) > 1 else "")

    def _show(self, busy_percent: float | None) -> None:
        memory = psutil.virtual_memory()
        used, total = (memory.total - memory.available) / _GB, memory.total / _GB
        busy = "" if busy_percent is None else f" {busy_percent:.0f} %"
        text = self.tr("CPU {cores} cores{busy} - memory {used}/{total} GB")
        shown = text.format(cores=self._cores, busy=busy, used=f"{used:.1f}", total=f"{total:.0f}")
        self.setText(shown)
        self.setAccessibleName(shown)


def use_sentence() -> str:
    """What may slow training down: how busy the computer is, and whether it runs on battery."""
    translate = QCoreApplication.translate
    memory = psutil.virtual_memory()
    text = translate("TopBar", "The processor is {busy} % busy, {percent} % of the memory is in use.")
    sentence = text.format(busy=f"{psutil.cpu_percent(None):.0f}", percent=f"{memory.percent:.0f}")
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    if battery is not None and not battery.power_plugged:
        sentence += " " + translate("TopBar", "The computer runs on battery, which makes it slower.")
    return sentence
