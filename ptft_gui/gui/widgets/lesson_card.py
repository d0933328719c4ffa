"""A lesson as a card: its picture, what it shows, how long it takes with a class."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ptft_gui.gui.widgets.action_card import ActionCard
from ptft_gui.gui.widgets.family_picture import FamilyPicture


class LessonCard(ActionCard):
    """``clicked`` begins the lesson."""

    def __init__(
        self, title: str, sentence: str, minutes: str, picture: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, sentence, minutes, parent=parent)
        self._icon.hide()
        self._row.insertWidget(0, FamilyPicture(picture), 0, Qt.AlignmentFlag.AlignTop)
