"""A text cut into tokens, each a coloured piece; its number shows where it is pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ptft_gui.gui.theme import Role, TextStyle, current_theme
from ptft_gui.gui.widgets.choice_bars import visible_token
from ptft_gui.gui.widgets.labels import as_plain_tooltip

_COLOURS = (Role.GROUP_1, Role.GROUP_2, Role.GROUP_3, Role.GROUP_4)
_GROUND = 0.22
_PADDING, _GAP, _LINE_GAP = 4, 3, 6
TEXT, GOES_ON, SPECIAL, UNKNOWN = "text", "goes on", "special", "unknown"


@dataclass(frozen=True)
class ShownPiece:
    """A token, its number in the vocabulary, what it stands for in the text, and ``text``, ``goes on``, ``special``
    or ``unknown``."""

    token: str
    number: int
    text: str
    what: str

    @property
    def label(self) -> str:
        """What is written on the piece: what the person typed, where it is known."""
        if self.what in (SPECIAL, UNKNOWN) or not self.text:
            return visible_token(self.token)
        return visible_token(self.text)


class TokenPieces(QWidget):
    """Pieces of one word touch each other; signs that frame a text have a dashed border. ``chosen`` carries the token
    that was pressed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pieces: tuple[ShownPiece, ...] = ()
        self._laid_out: tuple[int, list[QRectF], float] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("The text as the model reads it"))
        current_theme().theme_changed.connect(self._on_theme_changed)

    def show_pieces(self, pieces: Sequence[ShownPiece]) -> None:
        self._pieces, self._laid_out = tuple(pieces), None
        self.setAccessibleDescription(" | ".join(f"{piece.label} {piece.number}" for piece in pieces[:200]))
        self.updateGeometry()
        self.update()

    def pieces(self) -> tuple[ShownPiece, ...]:
        return self._pieces

    def in_words(self, piece: ShownPiece) -> str:
        """What is told of a piece where it is pointed at."""
        words = self.tr("Token {number}: {token}").format(
            number=f"{piece.number:,}", token=visible_token(piece.token)
        )
        notes = {
            GOES_ON: self.tr("It goes on with the word before it."),
            SPECIAL: self.tr("A sign of the model itself, not of your text."),
            UNKNOWN: self.tr(
                "The model does not know this; it reads the same sign for all that it does not know."
            ),
        }
        return f"{words}\n{notes[piece.what]}" if piece.what in notes else words

    # laying out

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._lay_out(width)[1])

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._line_height())

    def _line_height(self) -> int:
        return round(1.9 * current_theme().pixels(TextStyle.BODY))

    def _lay_out(self, width: int) -> tuple[list[QRectF], float]:
        """Where each piece stands, and how high all are."""
        if self._laid_out is not None and self._laid_out[0] == width:
            return self._laid_out[1:]
        metrics, height = QFontMetrics(current_theme().font(TextStyle.BODY)), self._line_height()
        x, y, places = 0.0, 0.0, []
        for piece in self._pieces:
            wide = min(metrics.horizontalAdvance(piece.label) + 2 * _PADDING, max(width, 1))
            gap = (1 if piece.what == GOES_ON else _GAP) if x else 0
            if x and x + gap + wide > width:
                x, y, gap = 0.0, y + height + _LINE_GAP, 0
            places.append(QRectF(x + gap, y, wide, height))
            x += gap + wide
        self._laid_out = (width, places, y + height if places else 0.0)
        return self._laid_out[1:]

    # drawing and pointing

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(TextStyle.BODY))
        seen = _event.rect()
        for number, (piece, place) in enumerate(
            zip(self._pieces, self._lay_out(self.width())[0], strict=True)
        ):
            if place.toAlignedRect().intersects(seen):
                self._paint_piece(painter, piece, place, number)
        painter.end()

    def _paint_piece(self, painter: QPainter, piece: ShownPiece, place: QRectF, number: int) -> None:
        theme = current_theme()
        is_sign = piece.what in (SPECIAL, UNKNOWN)
        edge = theme.colour(Role.CONTROL_BORDER if is_sign else _COLOURS[number % len(_COLOURS)])
        ground = QColor(edge)
        ground.setAlphaF(0.0 if is_sign else _GROUND)
        painter.setPen(QPen(edge, 1, Qt.PenStyle.DashLine if is_sign else Qt.PenStyle.SolidLine))
        painter.setBrush(ground)
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(theme.colour(Role.QUIET_TEXT if is_sign else Role.TEXT))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), piece.label)

    def piece_at(self, point: QPoint) -> ShownPiece | None:
        """The piece under a point."""
        places = self._lay_out(self.width())[0]
        found = (piece for piece, place in zip(self._pieces, places, strict=True) if place.contains(point))
        return next(found, None)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            piece = self.piece_at(event.pos())
            if piece is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), as_plain_tooltip(self.in_words(piece)), self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        is_over = self.piece_at(event.position().toPoint()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        piece = self.piece_at(event.position().toPoint())
        if piece is not None and piece.what not in (SPECIAL, UNKNOWN):
            self.chosen.emit(piece.token)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._laid_out = None
        self.updateGeometry()
        self.update()
