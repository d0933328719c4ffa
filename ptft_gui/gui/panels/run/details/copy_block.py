"""A block of text to take along, with its copy button."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.card import Card

_FRAME = 18
"""Padding and border of a text field in the style sheet, above and below."""


class _Block(QPlainTextEdit):
    """As high as its text, wrapped; Tab goes on to the next control."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setProperty("isLog", "true")
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._timer = QTimer(self)  # a height that is set while the page is laid out would be overlooked
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fit)
        self.document().documentLayout().documentSizeChanged.connect(self._fit_soon)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_soon()

    @Slot()
    def _fit_soon(self) -> None:
        self._timer.start(0)

    @Slot()
    def _fit(self) -> None:
        """The height of all lines as they are wrapped now; the document counts in lines."""
        lines = max(1, round(self.document().size().height()))
        text = lines * self.fontMetrics().lineSpacing() + 2 * round(self.document().documentMargin())
        height = text + _FRAME
        if height != self.height():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(280, self.height())


class CopyBlock(Card):
    """A title, a sentence, a text in a typewriter's type and a button that copies it; ``copied`` follows."""

    copied = Signal()

    def __init__(
        self, title: str, caption: str, button: str, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, caption, parent)
        self.button = QuietButton(button, "copy")
        self.button.setObjectName(f"{name}CopyButton")
        self.button.clicked.connect(self._on_clicked)
        self.add_to_title_row(self.button)
        self._text = ""
        self._block = _Block()
        self._block.setObjectName(name)
        self._block.setAccessibleName(title)
        self.body.addWidget(self._block)

    def text(self) -> str:
        """What is copied."""
        return self._text

    def set_text(self, text: str, shown: str = "") -> None:
        """Show ``text``, or in its place ``shown``, the same broken into lines; an empty one hides the whole block."""
        self.setVisible(bool(text))
        if text != self._text:
            self._text = text
            self._block.setPlainText(shown or text)

    @Slot()
    def _on_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self.copied.emit()
