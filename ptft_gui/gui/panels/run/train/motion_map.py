"""The map of words as a film needs it: seen from one side all along, and only the words that matter are named."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from ptft_gui.gui.panels.run.train.motion_film import MotionFilm, Places
from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.word_map import MapPoints, WordMap
from ptft_gui.gui.widgets.word_map.scene import Scene
from ptft_gui.gui.widgets.word_map.travel import eased
from ptft_gui.gui.widgets.word_map.view import MapView, fitting

_TRAIL = 8
"""Frames that the way of a watched word reaches back."""
_FRAME_MS = 50
"""From one picture to the next while words glide: smooth enough, and nothing that a training would feel."""
_FEWEST_NAMES, _PIXELS_A_NAME = 12, 9_000


@dataclass(frozen=True)
class _Sight:
    """``places`` of the words (n, 2), and the ``room`` of the plane that is seen."""

    places: Places
    room: NDArray[np.float64]


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
        self._start = self._goal = _Sight(np.empty((0, 2), np.float32), self._room)
        self._began_s = self._length_s = 0.0
        self._glide = QTimer(self)
        self._glide.setInterval(_FRAME_MS)
        self._glide.timeout.connect(self._on_glide)

    def show_film(self, film: MotionFilm, moment: float, milliseconds: int) -> None:
        """Show ``moment`` of a film; words that are on the map already glide there from where they are."""
        before = self._film
        self._film = film
        if before is None or before.words != film.words:
            self._exchange_words(film, moment)
        self.show_moment(moment, milliseconds if before is not None else 0)

    def show_moment(self, moment: float, milliseconds: int = 0) -> None:
        """Show another moment of the same film."""
        if self._film is None:
            return
        self.set_trails(self._film.trails(moment, _TRAIL))
        self._go(_Sight(self._film.at(moment), self._film.room), milliseconds)

    def show_nothing(self, sentence: str) -> None:
        """No film: say what will be here."""
        if self._film is not None:
            self._film = None
            self._glide.stop()
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
        self._glide.stop()
        self.scene.named = film.named
        self.set_points(MapPoints(film.words, places, groups=film.groups, group_names=names), keep_view=True)
        self.set_colouring("group")
        self.set_watched(names)

    def places(self) -> Places:
        """Where the words are now, in the order of the film's words."""
        return self.scene.positions

    # on the way

    @property
    def is_gliding(self) -> bool:
        return self._glide.isActive()

    def _go(self, goal: _Sight, milliseconds: int) -> None:
        self._glide.stop()
        self._start, self._goal = _Sight(self.scene.positions, self._room), goal
        if milliseconds <= 0 or not self.isVisible():
            self._see(1.0)
            return
        self._began_s, self._length_s = time.monotonic(), milliseconds / 1000
        self._glide.start()

    @Slot()
    def _on_glide(self) -> None:
        share = (time.monotonic() - self._began_s) / self._length_s
        if share >= 1:
            self._glide.stop()
        self._see(eased(share))

    def _see(self, share: float) -> None:
        """Show what lies ``share`` of the way between two sights."""
        start, goal = self._start, self._goal
        self._room = start.room + (goal.room - start.room) * share
        self._move_on()  # fewer names are placed anew while words move
        self.move_points(start.places + (goal.places - start.places) * np.float32(share))

    def hideEvent(self, event: QHideEvent) -> None:
        if self._glide.isActive():
            self._glide.stop()
            self._see(1.0)
        super().hideEvent(event)

    # what differs from other maps

    def _whole_view(self) -> MapView:
        return fitting(self._room, self.width(), self.height(), is_square=True)

    def _ranked_rows(self, most: int) -> list[int]:
        """Of the words that matter as many as there is room for, the nearest ones first."""
        room = _FEWEST_NAMES + int(self.width() * self.height() / _PIXELS_A_NAME)
        most = min(most, room, self.scene.named)
        return [row for row in super()._ranked_rows(most) if row < self.scene.named]

    def legend(self) -> None:
        """None: the watched words are named where they are."""
