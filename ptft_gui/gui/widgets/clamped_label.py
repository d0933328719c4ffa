"""A label of a few lines that ends in "..." where its text is longer."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel, as_plain_tooltip


class ClampedLabel(PlainLabel):
    """Always ``lines`` high, so that nothing below moves when the text changes; the whole text is its tooltip."""

    def __init__(
        self,
        text: str = "",
        lines: int = 2,
        style: TextStyle = TextStyle.BODY,
        ink: Role = Role.TEXT,
        parent: QWidget | None = None,
    ) -> None:
        self._full_text, self._lines = "", lines  # the base sets a text, which is fitted here
        self._line_height = 0
        super().__init__("", style, ink, parent)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._full_text = text
        self.setAccessibleName(text)
        self._fit()

    def full_text(self) -> str:
        return self._full_text

    def set_lines(self, lines: int) -> None:
        """Have another height from now on."""
        if lines != self._lines:
            self._lines = lines
            self._fit()
            self.updateGeometry()

    def is_cut(self) -> bool:
        return self.text() != self._full_text

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._lines * max(self._line_height, self._plain_height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 6, self.sizeHint().height())

    def _plain_height(self) -> int:
        return self.fontMetrics().lineSpacing()

    def hasHeightForWidth(self) -> bool:
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
            self.updateGeometry()

    def _fit(self) -> None:
        before = self._line_height
        shown = self._cut(max(self.text_width(), 1))
        super().setText(shown)
        if before != self._line_height:
            self.updateGeometry()
        self.setToolTip(as_plain_tooltip(self._full_text) if shown != self._full_text else "")

    def _cut(self, width: int) -> str:
        """As much of the text as its lines hold; a word longer than a line is broken."""
        layout = QTextLayout(self._full_text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        pieces: list[str] = []
        self._line_height = 0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            # signs of another script come from another font, whose lines may be higher
            self._line_height = max(self._line_height, math.ceil(line.height() + line.leading()))
            start, length = line.textStart(), line.textLength()
            if len(pieces) == self._lines - 1:
                last = self.fontMetrics().elidedText(
                    self._full_text[start:], Qt.TextElideMode.ElideRight, width
                )
                pieces.append(last)
                break
            pieces.append(self._full_text[start : start + length])
        layout.endLayout()
        whole = "".join(pieces)
        return self._full_text if whole == self._full_text else "\n".join(pieces)
