"""A language model drawn from its embeddings to its head: what stays as it is, what learns, what is added."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.core.family.methods import Anatomy, ModelPart
from ptft_gui.gui.theme import Role, TextStyle, Theme, current_theme
from ptft_gui.gui.theme.roles import blend

WIDTH, HEIGHT = 320, 160
_END_WIDTH, _GAP, _TOP, _BOTTOM = 40, 3, 16, 44
_MOST_DRAWN = 24
_SQUARE = 10


class AnatomyPicture(QWidget):
    """320 x 160. Filled: it learns; an outline: it stays as it is; a bar inside: a piece that LoRA adds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("anatomyPicture")
        self._anatomy: Anatomy | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current_theme().theme_changed.connect(self._on_theme_changed)
        self.hide()

    def show_anatomy(self, anatomy: Anatomy | None) -> None:
        """Draw this model; None draws nothing."""
        self._anatomy = anatomy
        self.setVisible(anatomy is not None)
        self.setAccessibleName(self.tr("What of the model learns"))
        self.setAccessibleDescription(self._in_words(anatomy) if anatomy else "")
        self.update()

    def _in_words(self, anatomy: Anatomy) -> str:
        learning = [part.name for part in anatomy.parts if part.is_trained]
        told = self.tr("It learns: {parts}.").format(parts=", ".join(learning))
        if any(part.has_inserts for part in anatomy.parts):
            told += " " + self.tr("Small pieces that learn are added to each layer.")
        return told

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._anatomy is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        for part, box in self._boxes(self._anatomy):
            _draw_part(painter, theme, part, box)
        self._draw_names(painter, theme)
        self._draw_legend(painter, theme)
        painter.end()

    def _boxes(self, anatomy: Anatomy) -> list[tuple[ModelPart, QRectF]]:
        """Ends of a fixed width, and the layers sharing the room between them."""
        layers = [part for part in anatomy.parts if part.kind == "layer"][-_MOST_DRAWN:]
        first, last = anatomy.parts[0], anatomy.parts[-1]
        height, room = HEIGHT - _TOP - _BOTTOM, self.width() - 2 * (_END_WIDTH + 2 * _GAP)
        each = room / max(len(layers), 1)
        boxes = [(first, QRectF(1, _TOP + height / 6, _END_WIDTH, height * 2 / 3))]
        for place, part in enumerate(layers):
            left = _END_WIDTH + 2 * _GAP + place * each
            boxes.append((part, QRectF(left, _TOP, max(each - _GAP, 2), height)))
        right = self.width() - _END_WIDTH - 1
        boxes.append((last, QRectF(right, _TOP + height / 4, _END_WIDTH, height / 2)))
        return boxes

    def _draw_names(self, painter: QPainter, theme: Theme) -> None:
        assert self._anatomy is not None
        layers = sum(part.kind == "layer" for part in self._anatomy.parts)
        painter.setPen(theme.colour(Role.QUIET_TEXT))
        painter.setFont(theme.font(TextStyle.CAPTION))
        line = QRectF(0, HEIGHT - _BOTTOM + 2, self.width(), 16)
        aligns = Qt.AlignmentFlag
        painter.drawText(line, aligns.AlignLeft, self.tr("Tokens"))
        painter.drawText(line, aligns.AlignHCenter, self.tr("{count} layers").format(count=layers))
        has_new_head = self._anatomy.parts[-1].numbers > 0  # a model that writes keeps its own
        painter.drawText(line, aligns.AlignRight, self.tr("New head") if has_new_head else self.tr("Head"))

    def _draw_legend(self, painter: QPainter, theme: Theme) -> None:
        assert self._anatomy is not None
        y, x = HEIGHT - 18.0, 1.0
        has_inserts = any(part.has_inserts for part in self._anatomy.parts)
        entries = [(self.tr("learns"), True), (self.tr("stays as it is"), False)]
        for words, learns in entries:
            box = QRectF(x, y + 2, _SQUARE, _SQUARE)
            _draw_box(painter, theme, box, learns)
            x = self._write(painter, theme, words, x + _SQUARE + 4, y)
        if has_inserts:
            painter.fillRect(QRectF(x, y + 5, _SQUARE, 4), theme.colour(Role.HELD_OUT))
            self._write(painter, theme, self.tr("added, learns"), x + _SQUARE + 4, y)

    @staticmethod
    def _write(painter: QPainter, theme: Theme, words: str, x: float, y: float) -> float:
        """Write ``words``; returns where the next may stand."""
        painter.setPen(theme.colour(Role.TEXT))
        width = painter.fontMetrics().horizontalAdvance(words)
        painter.drawText(QPointF(x, y + painter.fontMetrics().ascent()), words)
        return x + width + 16

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()


def _draw_box(painter: QPainter, theme: Theme, box: QRectF, learns: bool) -> None:
    ground = (
        theme.hex(Role.TRAINING) if learns else blend(theme.hex(Role.BORDER), theme.hex(Role.SURFACE), 0.5)
    )
    painter.setPen(QPen(theme.colour(Role.TRAINING if learns else Role.CONTROL_BORDER), 1))
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, 3, 3)


def _draw_part(painter: QPainter, theme: Theme, part: ModelPart, box: QRectF) -> None:
    _draw_box(painter, theme, box, part.is_trained)
    if part.has_inserts:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Role.HELD_OUT))
        inset = max(1.0, box.width() * 0.2)
        for share in (0.3, 0.62):
            bar = QRectF(box.left() + inset, box.top() + box.height() * share, box.width() - 2 * inset, 6)
            painter.drawRoundedRect(bar, 2, 2)
