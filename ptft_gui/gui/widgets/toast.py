"""The one place that tells the user things: short notes at the top that block nothing.

A note stays until it is closed, its time is over, or, when it only has time, until the next one comes; its time stands
still while the pointer is on it.
What was said is kept (``history``), so that nothing is missed by looking away, and tests can read it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.icons import icon_pixmap, set_icon
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.labels import PlainLabel

Tone = Literal["info", "good", "warning", "bad"]

_ICONS = {"info": "info", "good": "check", "warning": "warning", "bad": "cross"}
_TIME_MS = {"info": 6_000, "good": 6_000, "warning": 12_000, "bad": 0}
_LEAST_WIDTH, _MOST_WIDTH = 400, 640
_MOST_SHOWN = 4
_MOST_KEPT = 200


@dataclass(frozen=True)
class Message:
    """Something told to the user; ``action`` (a word the window knows) is offered as ``action_label``."""

    text: str
    tone: Tone = "info"
    detail: str = ""
    action: str = ""
    action_label: str = ""

    def as_text(self) -> str:
        """All of it, for the clipboard."""
        return "\n".join(part for part in (self.text, self.detail) if part)


class Toast(QFrame):
    """One note. ``closed`` when it goes, ``action_requested`` when its button is pressed."""

    closed = Signal(QWidget)
    action_requested = Signal(str)

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.setProperty("ground", "toast")
        self.setAccessibleName(message.as_text())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.close_toast)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, 0, Space.SMALL, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self._make_icon())
        row.addLayout(self._make_column(), 1)
        for button in self._make_buttons():
            row.addWidget(button)
        self._start_clock()

    @property
    def is_passing(self) -> bool:
        """Whether it goes by itself and asks for nothing, so that the next note may take its place."""
        return _TIME_MS[self.message.tone] > 0 and not self.message.action

    def _make_icon(self) -> QLabel:
        self._icon = QLabel()
        current_theme().theme_changed.connect(self._draw_icon)
        self._draw_icon()
        return self._icon

    @Slot()
    def _draw_icon(self) -> None:
        ratio = self.devicePixelRatioF()
        pixmap = icon_pixmap(
            _ICONS[self.message.tone], current_theme().hex(Role.ON_TOOLTIP), round(20 * ratio)
        )
        pixmap.setDevicePixelRatio(ratio)
        self._icon.setPixmap(pixmap)

    def _make_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.setContentsMargins(0, Space.HALF, 0, Space.HALF)
        for text, style in ((self.message.text, TextStyle.BODY), (self.message.detail, TextStyle.CAPTION)):
            if text:
                label = PlainLabel(text, style, Role.ON_TOOLTIP)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                column.addWidget(label)
        return column

    def _make_buttons(self) -> list[QPushButton]:
        buttons = []
        if self.message.action:
            button = self._make_text_button(self.message.action_label, self._on_action)
            button.setObjectName("toastAction")
            buttons.append(button)
        if self.message.tone in ("warning", "bad"):
            buttons.append(self._make_text_button(self.tr("Copy"), self.copy_text))
        return [*buttons, self._make_button("cross", self.tr("Close"), self.close_toast)]

    @staticmethod
    def _make_text_button(text: str, slot: object) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("kind", "toast")
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _make_button(self, icon: str, name: str, slot: object) -> QPushButton:
        button = self._make_text_button("", slot)
        set_icon(button, icon, Role.ON_TOOLTIP)
        button.setIconSize(QSize(16, 16))
        button.setAccessibleName(name)
        button.setToolTip(name)
        return button

    @Slot()
    def copy_text(self) -> None:
        """Put the whole note on the clipboard."""
        QGuiApplication.clipboard().setText(self.message.as_text())

    @Slot()
    def close_toast(self) -> None:
        self._timer.stop()
        self.closed.emit(self)

    @Slot()
    def _on_action(self) -> None:
        self.action_requested.emit(self.message.action)
        self.close_toast()

    def _start_clock(self) -> None:
        if (time_ms := _TIME_MS[self.message.tone]) > 0:
            self._timer.start(time_ms)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._start_clock()
        super().leaveEvent(event)


class ToastArea(QWidget):
    """Shows notes in ``room``, a free part of its parent, from its top down; at most four at a time.

    While there is no such room, as before an audience, what lasts waits until there is room again.
    """

    action_requested = Signal(str)

    def __init__(self, parent: QWidget, room: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room or parent
        self.setObjectName("toastArea")
        self.setAccessibleName(self.tr("Messages"))
        self.history: deque[Message] = deque(maxlen=_MOST_KEPT)
        self._toasts: list[Toast] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.SMALL)
        self._room.installEventFilter(self)
        self.hide()

    @property
    def toasts(self) -> list[Toast]:
        """The notes on the screen, oldest first."""
        return list(self._toasts)

    def tell(self, message: Message) -> Toast:
        """Show ``message``; the same words again only start their time anew."""
        for toast in self._toasts:
            if toast.message == message:
                toast._start_clock()
                return toast
        self.history.append(message)
        for passing in [t for t in self._toasts if t.is_passing]:
            passing.close_toast()
        toast = Toast(message, self)
        toast.closed.connect(self._on_closed)
        toast.action_requested.connect(self.action_requested)
        self._toasts.append(toast)
        self._column.addWidget(toast)
        while len(self._toasts) > _MOST_SHOWN:
            self._toasts[0].close_toast()
        toast.show()
        self._place()
        return toast

    def tell_failure(self, failure: PtftError) -> Toast:
        """Show a failure: its sentence, what was seen and what to do, the first remedy as a button."""
        detail = " ".join(part for part in (failure.detail, failure.hint) if part)
        remedy = failure.remedies[0] if failure.remedies else None
        action, label = (remedy.action, remedy.label) if remedy else ("", "")
        return self.tell(Message(failure.message, "bad", detail, action, label))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._place()
        return super().eventFilter(watched, event)

    @Slot(QWidget)
    def _on_closed(self, toast: QWidget) -> None:
        self._toasts = [t for t in self._toasts if t is not toast]
        self._column.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        self._place()

    def _place(self) -> None:
        parent = self.parentWidget()
        has_room = parent is not None and self._room.isVisibleTo(parent)
        self.setVisible(bool(self._toasts) and has_room)
        if not self._toasts or parent is None or not has_room:
            return
        width = min(max(self._room.width() - 2 * Space.SMALL, _LEAST_WIDTH), _MOST_WIDTH)
        heights = [max(t.heightForWidth(width), t.minimumSizeHint().height()) for t in self._toasts]
        corner = self._room.mapTo(parent, QPoint())
        self.resize(width, sum(heights) + Space.SMALL * (len(heights) - 1))
        self.move(corner.x() + (self._room.width() - width) // 2, corner.y() + Space.HALF)
        self.raise_()
