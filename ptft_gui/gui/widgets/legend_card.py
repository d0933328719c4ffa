"""A card that says beside its title what its marks mean."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel


class LegendCard(Card):
    """The legend stands in the title row, or below it where the title would be broken for it.

    Buttons beside it are given to ``add_to_title_row``; ``set_legend`` again when one of them came or went.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._beside: list[QWidget] = []
        self._legend = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._legend.setWordWrap(False)
        super().add_to_title_row(self._legend)
        current_theme().theme_changed.connect(self._place_legend)

    def add_to_title_row(self, widget: QWidget) -> None:
        super().add_to_title_row(widget)
        self._beside.append(widget)

    def set_legend(self, text: str) -> None:
        """What the marks mean; "" where there are none."""
        self._legend.setText(text)
        self._place_legend()

    @Slot()
    def _place_legend(self) -> None:
        text = self._legend.text()
        shown = [self._legend, *(widget for widget in self._beside if not widget.isHidden())]
        title = QFontMetrics(current_theme().font(TextStyle.STRONG)).horizontalAdvance(self.accessibleName())
        room = (
            self.contentsRect().width()
            - self.body.contentsMargins().left()
            - self.body.contentsMargins().right()
        )
        needed = title + sum(widget.sizeHint().width() + Space.SMALL for widget in shown) + Space.SMALL
        has_room = needed <= room
        self._legend.setVisible(bool(text) and has_room)
        self.set_caption("" if has_room else text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_legend()
