"""A card that is a button: an icon, a title, a sentence and a quiet line; pressing it leads somewhere."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ptft_gui.gui.icons import icon_pixmap
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.theme.sizes import CARD_RADIUS
from ptft_gui.gui.widgets.labels import PlainLabel

_ICON_PIXELS = 24


class ActionCard(QAbstractButton):
    """Pressed by a click, Enter or the space bar; ``clicked`` as of every button."""

    def __init__(
        self,
        title: str,
        sentence: str,
        second_line: str = "",
        icon: str = "play",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._icon = QLabel()
        self._labels = (
            PlainLabel(title, TextStyle.STRONG),
            PlainLabel(sentence, TextStyle.BODY, Role.QUIET_TEXT),
            PlainLabel(second_line, TextStyle.CAPTION, Role.QUIET_TEXT),
        )
        if not second_line:  # shown without a parent it would be a window
            self._labels[2].hide()
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{sentence} {second_line}".strip())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._build()
        current_theme().theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _build(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(Space.HALF)
        for label in self._labels:
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        column.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        self._row.setSpacing(Space.MEDIUM)
        self._row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(column, 1)

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._row.minimumSize().height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._row.heightForWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        is_marked = self.isEnabled() and (self.hasFocus() or self.underMouse())
        width = 2 if self.hasFocus() else 1
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Role.ACCENT if is_marked else Role.BORDER), width))
        painter.setBrush(theme.colour(Role.SELECTED if self.isDown() else Role.SURFACE))
        inset = width / 2
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, CARD_RADIUS, CARD_RADIUS)
        painter.end()

    @Slot()
    def _on_theme_changed(self) -> None:
        ratio = self.devicePixelRatioF()
        colour = current_theme().hex(Role.ACCENT)
        pixmap = icon_pixmap(self._icon_name, colour, round(_ICON_PIXELS * ratio))
        pixmap.setDevicePixelRatio(ratio)
        self._icon.setPixmap(pixmap)
        self.update()
