"""An analogy as a picture: its words on the plane that fits them best, with the two steps as arrows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion

if TYPE_CHECKING:
    from ptft_gui.gui.widgets.word_map import WordMap

_LEAST_HEIGHT = 120


class AnalogyPicture(QWidget):
    """Hidden until there is a picture. ``word_activated`` carries a word of it."""

    word_activated = Signal(str)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question = OneQuestion(asker)
        self._map: WordMap | None = None
        self._sentence = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._sentence.setObjectName("analogyPictureSentence")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.HALF)
        self._column.addWidget(self._sentence)
        self.hide()

    @property
    def map(self) -> WordMap | None:
        """The picture, once there has been one."""
        return self._map

    def ask(self, model: str, text: str) -> None:
        """Draw the analogy ``text``; what is shown until then stays out of sight."""
        self.clear()
        self._question.ask("plane", {"model": model, "text": text}, self._on_plane, self._on_problem)

    def clear(self) -> None:
        self._question.drop()
        self.hide()

    def save(self, path: Path) -> None:
        """Write the picture. Raises what the map's own export raises."""
        if self._map is not None:
            self._map.export_picture(path)

    def _made_map(self) -> WordMap:
        from ptft_gui.gui.widgets.word_map import WordMap

        if self._map is None:
            self._map = WordMap()
            self._map.setObjectName("analogyPicture")
            self._map.setAccessibleName(self.tr("The analogy as a picture"))
            self._map.setMinimumHeight(_LEAST_HEIGHT)
            self._map.word_activated.connect(self._on_word_activated)
            self._column.insertWidget(0, self._map, 1)
        return self._map

    def _on_plane(self, result: dict[str, Any]) -> None:
        from ptft_gui.gui.widgets.word_map import MapPoints

        points = list(result.get("points") or ())
        if len(points) < 3 or all(point[3] != "answer" for point in points):
            return
        words = [str(point[0]) for point in points]
        places = [[float(point[1]), float(point[2])] for point in points]
        target = result.get("target")
        self._goal = ""
        if target is not None:
            self._goal = self.tr("where it leads")
            words.append(self._goal)
            places.append([float(target[0]), float(target[1])])
        picture = self._made_map()
        picture.set_points(MapPoints(words, np.array(places, dtype=np.float32)))
        by_role = [[str(p[0]) for p in points if p[3] == role] for role in ("answer", "asked")]
        picture.set_highlight([*by_role[0], *by_role[1], *([self._goal] if self._goal else [])])
        picture.set_arrows([(int(start), int(end), "") for start, end, *_ in result.get("arrows") or ()])
        self._sentence.setText(str(result.get("sentence") or ""))
        self._sentence.setVisible(bool(self._sentence.text()))
        self.show()

    def _on_problem(self, _problem: PtftError) -> None:
        """The list beside the picture has the same question and says what is wrong with it."""
        self.hide()

    def _on_word_activated(self, word: str) -> None:
        if word != self._goal:
            self.word_activated.emit(word)
