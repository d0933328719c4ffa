"""The map of words as a widget: points to pan, zoom, turn, point at and select."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.gui.widgets.word_map import export
from ptft_gui.gui.widgets.word_map.gestures import Gestures
from ptft_gui.gui.widgets.word_map.points import Colouring, MapPoints, have_place
from ptft_gui.gui.widgets.word_map.travel import Travel


class WordMap(Gestures):
    """A scatter of words.

    Drag pans (in space it turns, and Shift-drag pans), the wheel zooms, a click activates a word, a double click
    brings it to the middle. Keys: arrows pan or turn, + and - zoom, 0 shows all, Page Down and Page Up walk through
    the written words, Return activates, Esc leaves the lasso. ``word_hovered`` carries a word, or "" when the
    pointer leaves it; ``selection_changed`` a list of words.
    """

    word_activated = Signal(str)
    word_hovered = Signal(str)
    selection_changed = Signal(object)
    lasso_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("embeddingMap")
        self.setAccessibleName(self.tr("Map of words"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 140)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._travel = Travel(self)
        self._travel.moved.connect(self._on_travelled)
        self._describe()

    # what is shown

    def set_points(self, points: MapPoints, keep_view: bool = False) -> None:
        """Show ``points`` instead of those before. Words that were highlighted or watched stay so where they occur;
        arrows, trails and the selection end. Points without a finite place are left out, and the map says how many."""
        self._travel.stop()
        had_selection = len(self.scene.selected) > 0
        self.scene.set_points(points)
        self._hovered, self._sides = None, {}
        self._empty.setVisible(len(self.scene.points) == 0)
        if not keep_view or self._is_whole:
            self._view, self._is_whole = None, True
        if had_selection:
            self.selection_changed.emit([])
        self._refresh()

    def move_points(self, positions: NDArray[np.float32], milliseconds: int = 0) -> None:
        """The same words at other places (shape as given to :meth:`set_points`), gliding there in so many
        milliseconds; a map that is hidden is there at once. A word whose place is not finite stays where it was.
        Raises :class:`ValueError` when the shape differs."""
        given = np.asarray(positions, np.float32)
        total = len(self.scene.points) + self.scene.points.skipped
        if given.shape != (total, self.scene.positions.shape[1]):
            raise ValueError(f"The map has {total} words; places of shape {given.shape} do not fit.")
        goal = given[self.scene.points.kept]
        is_known = have_place(goal)[:, None]
        goal = np.where(is_known, goal, self.scene.positions)
        self._travel.go(self.scene.positions, goal, milliseconds if self.isVisible() else 0)

    @Slot(object)
    def _on_travelled(self, positions: NDArray[np.float32]) -> None:
        self.scene.set_positions(positions)
        if self._is_whole:
            self._view = None
        if self._travel.is_on:
            self._move_on()
        self.update()

    def set_colouring(self, kind: Colouring) -> None:
        """Colour points by what is known of them; by nothing where that is not known."""
        self.scene.colour_by(kind)
        if self._is_whole:
            self._view = None  # the legend needs other room
        self._refresh()

    def set_highlight(self, words: Iterable[str]) -> None:
        """Make words unmistakable: the first is what a person searched and stands out most, those after it belong to
        it. All of them are named."""
        self.scene.highlighted = self.scene.rows(words)
        self._refresh()

    def set_watched(self, words: Iterable[str]) -> None:
        """Name these words whenever there is room."""
        self.scene.watched = self.scene.rows(words)
        self._refresh()

    def set_arrows(self, arrows: Sequence[tuple[str | int, str | int, str]]) -> None:
        """Arrows (from, to, word beside it or "") between words, or between rows of the points as they were given. Two
        arrows are the parallel sides of a parallelogram, and the map closes it with dashed lines."""
        self.scene.set_arrows(arrows)
        self._sides = {}  # labels stand where no arrow goes
        self._refresh()

    def set_trails(self, trails: Mapping[str, NDArray[np.float32]]) -> None:
        """The places (k, dimensions) where words were, oldest first; drawn to where they are now, fading backwards."""
        self.scene.set_trails(trails)
        self.update()

    def set_axis_names(self, x: tuple[str, str] | None, y: tuple[str, str] | None = None) -> None:
        """Name the two ends of each axis, (negative, positive), with zero lines; None for axes that mean nothing."""
        self.scene.x_names, self.scene.y_names = x, y
        if self._is_whole:
            self._view = None
        self._refresh()

    def set_empty_sentence(self, sentence: str) -> None:
        """What stands there while there are no points."""
        self._empty.set_sentence(sentence)
        self._describe()

    def _refresh(self) -> None:
        self._describe()
        self.update()

    # the view

    @Slot()
    def show_all(self) -> None:
        """Show the whole cloud."""
        self._sides = {}
        self._set_view(self._whole_view(), is_whole=True)
        self.update()

    def centre_on(self, word: str) -> None:
        """Bring a word to the middle; nothing happens where it is not on the map."""
        row = self.scene.row(word)
        if row is not None:
            self._centre_on_row(row)

    # selecting

    def set_lasso(self, is_on: bool) -> None:
        """Whether dragging draws a line around words (with Shift a rectangle) instead of moving the map."""
        if is_on != self._is_lasso:
            self._is_lasso = is_on
            self._outline = None
            self.setCursor(Qt.CursorShape.CrossCursor if is_on else Qt.CursorShape.ArrowCursor)
            self.lasso_changed.emit(is_on)
            self.update()

    @property
    def is_lasso(self) -> bool:
        return self._is_lasso

    def selection(self) -> list[str]:
        """The selected words, the frequent first."""
        points = self.scene.points
        is_selected = np.zeros(len(points), bool)
        is_selected[self.scene.selected] = True
        return [points.words[row] for row in points.by_frequency[is_selected[points.by_frequency]].tolist()]

    def set_selection(self, words: Iterable[str]) -> None:
        """Select these words; the others stand back."""
        self._select(np.array(self.scene.rows(words), np.int64))

    def clear_selection(self) -> None:
        self._select(np.empty(0, np.int64))

    # out of the window

    def export_picture(self, path: Path | str) -> None:
        """Write what is shown to ``path``: .png with twice the pixels, .svg as a drawing. Raises
        :class:`~ptft_gui.core.errors.PtftError` when it cannot be written."""
        export.export_picture(self, Path(path))

    # in words

    @property
    def skipped(self) -> int:
        """How many words have no place and are not drawn."""
        return self.scene.points.skipped

    def describe(self) -> str:
        """What the map shows, for those who do not see it."""
        points = self.scene.points
        if len(points) == 0:
            return self._empty.sentence()
        parts = [self.tr("{count} words.").format(count=f"{len(points):,}")]
        if points.skipped:
            parts.append(self.tr("{count} words have no place.").format(count=f"{points.skipped:,}"))
        for row in self.scene.highlighted[:5]:
            near = ", ".join(self._nearest_words(row, 5))
            template = self.tr("{word} lies near {words}.") if near else "{word}."
            parts.append(template.format(word=points.words[row], words=near))
        for arrow in self.scene.arrows:
            if not arrow.is_dashed:
                template = self.tr("An arrow leads from {start} to {end}.")
                parts.append(template.format(start=points.words[arrow.start], end=points.words[arrow.end]))
        if len(self.scene.selected):
            parts.append(self.tr("{count} selected.").format(count=f"{len(self.scene.selected):,}"))
        return " ".join(parts)

    def _nearest_words(self, row: int, count: int) -> list[str]:
        away = ((self.scene.positions - self.scene.positions[row]) ** 2).sum(axis=1)
        some = np.argpartition(away, min(count, len(away) - 1))[: count + 1]
        nearest = some[np.argsort(away[some], kind="stable")].tolist()
        return [self.scene.points.words[other] for other in nearest if other != row][:count]

    def _describe(self) -> None:
        self.setAccessibleDescription(self.describe())
