"""Cards of which one is chosen: a radio button that has room for a picture and a sentence."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from ptft_gui.gui.icons import icon_pixmap
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.theme.sizes import CARD_RADIUS
from ptft_gui.gui.widgets.labels import PlainLabel

CARD_SIZE = QSize(320, 104)
_TICK_PIXELS = 20


class ChoiceCard(QRadioButton):
    """A picture at the left, then title, sentence and a quiet second line. Chosen it has a border and a tick.

    At least 320 x 104 with a picture; it grows when the text is longer.
    """

    def __init__(
        self,
        title: str,
        sentence: str = "",
        second_line: str = "",
        picture: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = PlainLabel(title, TextStyle.STRONG)
        self._title.setContentsMargins(0, 0, _TICK_PIXELS, 0)
        self._sentence = PlainLabel(sentence, TextStyle.CAPTION)
        self._second_line = PlainLabel(second_line, TextStyle.CAPTION, Role.QUIET_TEXT)
        self._has_picture = picture is not None
        self._build(picture)
        self.set_sentence(sentence)
        self.set_second_line(second_line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        current_theme().theme_changed.connect(self._on_theme_changed)

    def _build(self, picture: QWidget | None) -> None:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addStretch(1)
        for label in (self._title, self._sentence, self._second_line):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        column.addStretch(1)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
        row.setSpacing(Space.MEDIUM)
        if picture is not None:
            row.addWidget(picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(column, 1)

    def title(self) -> str:
        return self._title.text()

    def set_sentence(self, sentence: str) -> None:
        self._show_line(self._sentence, sentence)

    def set_second_line(self, text: str) -> None:
        """The quiet line: a fact, a measurement, or why the card cannot be chosen."""
        self._show_line(self._second_line, text)

    def _show_line(self, label: PlainLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(f"{self._sentence.text()} {self._second_line.text()}".strip())

    # a radio button measures and hits only its circle and text; this one is all card

    def sizeHint(self) -> QSize:
        hint = self._row.sizeHint().expandedTo(self.minimumSizeHint())
        hint.setWidth(CARD_SIZE.width())
        return hint

    def minimumSizeHint(self) -> QSize:
        return QSize(220, CARD_SIZE.height() if self._has_picture else 48)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(self._row.heightForWidth(width), self.minimumSizeHint().height())

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2 if self.isChecked() or self.hasFocus() else 1
        inset = width / 2
        painter.setPen(QPen(current_theme().colour(self._border_role()), width))
        painter.setBrush(current_theme().colour(self._ground_role()))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), CARD_RADIUS, CARD_RADIUS
        )
        if self.hasFocus():  # a ring of its own: a chosen card has the border already
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(current_theme().colour(Role.TEXT), 1))
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(3.5, 3.5, -3.5, -3.5), CARD_RADIUS - 3, CARD_RADIUS - 3
            )
        if self.isChecked():
            self._paint_tick(painter)
        painter.end()

    def _border_role(self) -> Role:
        if not self.isEnabled():
            return Role.BORDER
        if self.isChecked() or self.hasFocus():
            return Role.ACCENT
        return Role.CONTROL_BORDER if self.underMouse() else Role.BORDER

    def _ground_role(self) -> Role:
        if not self.isEnabled():
            return Role.WINDOW
        return Role.SELECTED if self.isChecked() else Role.SURFACE

    def _paint_tick(self, painter: QPainter) -> None:
        theme = current_theme()
        box = QRect(self.width() - _TICK_PIXELS - Space.SMALL, Space.SMALL, _TICK_PIXELS, _TICK_PIXELS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Role.ACCENT if self.isEnabled() else Role.CONTROL_BORDER))
        painter.drawEllipse(box)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(box.adjusted(3, 3, -3, -3), icon_pixmap("check", theme.hex(Role.ON_ACCENT), 28))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()


class ChoiceGroup(QWidget):
    """Choice cards below or beside one another. Arrow keys choose, Tab goes past the group.

    ``value_changed`` carries the value of the card a person or the program chose.
    """

    value_changed = Signal(str)

    def __init__(
        self,
        orientation: Qt.Orientation = Qt.Orientation.Vertical,
        accessible_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        is_vertical = orientation == Qt.Orientation.Vertical
        directions = QBoxLayout.Direction
        self._box = QBoxLayout(directions.TopToBottom if is_vertical else directions.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Space.SMALL)
        self._cards: dict[str, ChoiceCard] = {}
        self.setAccessibleName(accessible_name)

    def add(self, value: str, card: ChoiceCard) -> ChoiceCard:
        """Offer ``card`` as the choice ``value``; Tab comes to it here, however late it is added."""
        before = next(reversed(self._cards.values()), None) or self._stop_before()
        self._cards[value] = card
        card.setObjectName(card.objectName() or f"choice_{value}")
        card.toggled.connect(self._on_toggled)
        self._box.addWidget(card)
        QWidget.setTabOrder(before, card)
        return card

    def _stop_before(self) -> QWidget:
        """The last thing before the group that Tab stops at, or the group where nothing is."""
        before = self.previousInFocusChain() or self
        while before is not self and not before.focusPolicy() & Qt.FocusPolicy.TabFocus:
            before = before.previousInFocusChain() or self
        return before

    def clear(self) -> None:
        """Offer nothing, until cards are added again."""
        cards, self._cards = list(self._cards.values()), {}
        for card in cards:
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()

    def card(self, value: str) -> ChoiceCard:
        return self._cards[value]

    def values(self) -> list[str]:
        return list(self._cards)

    def value(self) -> str:
        """The value chosen, or "" while none is."""
        return next((value for value, card in self._cards.items() if card.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Choose ``value``; raises :class:`KeyError` when there is no such card."""
        self._cards[value].setChecked(True)

    @Slot(bool)
    def _on_toggled(self, is_checked: bool) -> None:
        if is_checked:
            self.value_changed.emit(self.value())
