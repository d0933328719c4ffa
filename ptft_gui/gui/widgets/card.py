"""A card: what belongs together, on a surface of its own."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel


class Card(QFrame):
    """A surface with an optional title row; what is in it goes into ``body``, a vertical layout.

    ``caption`` is a quiet sentence under the title. ``add_to_title_row`` puts a button at the title's right.
    """

    def __init__(self, title: str = "", caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "card")
        self._title = PlainLabel(title, TextStyle.STRONG)
        self._caption = PlainLabel(caption, TextStyle.CAPTION, Role.QUIET_TEXT)
        self._title_row = QHBoxLayout()
        self._title_row.setSpacing(Space.SMALL)
        self._title_row.addWidget(self._title, 1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        self.body.setSpacing(Space.SMALL)
        self.body.addLayout(self._title_row)
        self.body.addWidget(self._caption)
        self.set_title(title)
        self.set_caption(caption)

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)

    def set_caption(self, caption: str) -> None:
        self._caption.setText(caption)
        self._caption.setVisible(bool(caption))

    def add_to_title_row(self, widget: QWidget) -> None:
        self._title_row.addWidget(widget)
