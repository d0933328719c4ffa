"""A line over the window's lower edge that says what the demo does."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow

from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel

_WIDTH, _MARGIN, _STATUS = 640, 16, 36


class Caption(QFrame):
    """Lies over the window, takes no clicks, and stays at the lower middle."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setObjectName("demoCaption")
        self.setProperty("surface", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label = PlainLabel("", TextStyle.BODY, Role.TEXT)
        hint = PlainLabel(self.tr("Demo. Esc: it is yours."), TextStyle.CAPTION, Role.QUIET_TEXT)
        hint.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        row.setSpacing(_MARGIN)
        row.addWidget(self._label, 1)
        row.addWidget(hint)
        window.installEventFilter(self)

    def say(self, text: str) -> None:
        self._label.setText(text)
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        window = self.parentWidget()
        assert window is not None
        width = min(_WIDTH, window.width() - 2 * _MARGIN)
        height = max(self.heightForWidth(width), self.sizeHint().height())
        self.setGeometry((window.width() - width) // 2, window.height() - height - _STATUS, width, height)
