"""The map of words as a film needs it: seen from one side all along, and only the words that matter are named."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QVariantAnimation, Slot
from PySide6.QtWidgets import QWidget

from ptft_gui.gui.panels.run.motion_film import MotionFilm, Places
from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.word_map import MapPoints, WordMap
from ptft_gui.gui.widgets.word_map.scene import Scene
from ptft_gui.gui.widgets.word_map.view import MapView, fitting

_TRAIL = 8
"""Frames that the way of a watched word reaches back."""


class FilmScene(Scene):
    """Words from row ``named`` on are the cloud, and stand back behind those before."""

    named = 0

    def dimmed(self, theme: Theme) -> NDArray[np.bool_]:
        """Which points stand back."""
        back = super().dimmed(theme).copy()
        back[self.named :] = True
        return back


class MotionMap(WordMap):
    """Shows moments of a :class:`MotionFilm`. What is seen of the plane stays the same from frame to frame, so that
    words which come closer together are seen to do so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("motionMap")
        self.setAccessibleName(self.tr("Map of meaning: the watched words and their neighbours"))
        self.scene: FilmScene = FilmScene()
        self._film: MotionFilm | None = None
        self._room = np.array([[-1.0, -1.0], [1.0, 1.0]])
        self._room_before = self._room_after = self._room
        self._opening = QVariantAnimation(self)
        self._opening.setStartValue(0.0)
        self._opening.setEndValue(1.0)
        self._opening.valueChanged.connect(self._on_opening)

    def show_film(self, film: MotionFilm, moment: float, milliseconds: int) -> None:
        """Show ``moment`` of a film; words that are on the map already glide there from where they are."""
        before = self._film
        self._film = film
        if before is None or before.words != film.words:
            self._exchange_words(film, moment)
        self._see(film.room(), milliseconds if before is not None else 0)
        self.show_moment(moment, milliseconds if before is not None else 0)

    def show_moment(self, moment: float, milliseconds: int = 0) -> None:
        """Show another moment of the same film."""
        if self._film is None:
            return
        self.move_points(self._film.at(moment), milliseconds)
        self.set_trails(self._film.trails(moment, _TRAIL))

    def show_nothing(self, sentence: str) -> None:
        """No film: say what will be here."""
        if self._film is not None:
            self._film = None
            self.set_points(MapPoints((), np.empty((0, 2), np.float32)))
        self.set_empty_sentence(sentence)

    def _exchange_words(self, film: MotionFilm, moment: float) -> None:
        """Other words, each where it was seen last, and a new one where it belongs."""
        places = np.nan_to_num(film.at(moment))
        for row, word in enumerate(film.words):
            known = self.scene.row(word)
            if known is not None:
                places[row] = self.scene.positions[known]
        names = film.watched
        self.scene.named = film.named
        self.set_points(MapPoints(film.words, places, groups=film.groups, group_names=names), keep_view=True)
        self.set_colouring("group")
        self.set_watched(names)

    def _see(self, room: NDArray[np.float64], milliseconds: int) -> None:
        self._opening.stop()
        self._room_before, self._room_after = self._room, room
        if milliseconds <= 0 or not self.isVisible():
            self._on_opening(1.0)
            return
        self._opening.setDuration(milliseconds)
        self._opening.start()

    @Slot(object)
    def _on_opening(self, share: float) -> None:
        self._room = self._room_before + (self._room_after - self._room_before) * share
        if self._is_whole:
            self._view = None
            self.update()

    def places(self) -> Places:
        """Where the words are now, in the order of the film's words."""
        return self.scene.positions

    # what differs from other maps

    def _whole_view(self) -> MapView:
        return fitting(self._room, self.width(), self.height(), is_square=True)

    def _ranked_rows(self, most: int) -> list[int]:
        return [row for row in super()._ranked_rows(most) if row < self.scene.named]

    def legend(self) -> None:
        """None: the watched words are named where they are."""
