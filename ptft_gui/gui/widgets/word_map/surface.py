"""The painted part of the map: what is shown of the scene, at which size, with which words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, TextStyle, current_theme
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.word_map import legend as legends
from ptft_gui.gui.widgets.word_map import overlay
from ptft_gui.gui.widgets.word_map.ground import Ground, dots_of, draw_ringed, shown_radius
from ptft_gui.gui.widgets.word_map.labels import Placed, Rect, Weight, Wish, place_labels, side_away_from
from ptft_gui.gui.widgets.word_map.scene import Scene
from ptft_gui.gui.widgets.word_map.splat import Box
from ptft_gui.gui.widgets.word_map.view import MapView, fitting
from ptft_gui.gui.widgets.word_map.word_pictures import WordPictures, plain

_CANDIDATES = 160
_CANDIDATES_MOVING = 60
_LOOK_AHEAD = 4_096
_SMALL_WIDTH = 520
_MOST_CIRCLES = 3_000
_HEART = 0.65
"""Share of the disc of a word that matters which no label may cover."""


class MapSurface(QWidget):
    """Paints a :class:`Scene` through a :class:`MapView`; knows which words are written where."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = Scene()
        self._view: MapView | None = None
        self._is_whole = True
        self._is_moving = False
        self._hovered: int | None = None
        self._has_focus_ring = False
        self._outline: NDArray[np.float64] | None = None
        self._ground = Ground()
        self._pictures = WordPictures()
        self._labels: list[Placed] = []
        self._sides: dict[int, int] = {}
        self._screen: tuple[object, NDArray[np.float32]] | None = None
        self._empty = EmptyState(self.tr("The map of words appears here."), icon="chart")
        self._empty.setObjectName("mapEmptyState")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._empty)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        current_theme().theme_changed.connect(self._on_theme_changed)

    # the view

    def _whole_view(self) -> MapView:
        room = self.scene.room()
        if not self.scene.has_axes:
            return self._beside_legend(room)
        for axis, names in enumerate((self.scene.x_names, self.scene.y_names)):
            if names is not None:  # zero stands in the middle: both ends of the axis are as far
                room[:, axis] = np.array([-1, 1]) * max(np.abs(room[:, axis]).max(), 1e-6)
        return fitting(room, self.width(), self.height(), is_square=False)

    def _beside_legend(self, room: NDArray[np.float64]) -> MapView:
        """The view of ``room`` in the middle or, where the names of groups would lie on it, at their right."""
        view = fitting(room, self.width(), self.height(), is_square=True)
        legend = self.legend()
        if legend is None or not legend.rows:
            return view
        right = legend.rect.left + legend.rect.width
        if view.to_screen(room.astype(np.float32))[0, 0] > right:
            return view
        return fitting(room, self.width(), self.height(), is_square=True, left=right)

    @property
    def view(self) -> MapView:
        """What is shown now."""
        if self._view is None:
            self._view = self._whole_view()
        return self._view

    def _set_view(self, view: MapView, is_whole: bool = False) -> None:
        self._is_whole = is_whole
        if view != self._view:
            self._view = view
            self.update()

    def on_screen(self) -> NDArray[np.float32]:
        """All points in pixels of this widget, (n, 2)."""
        key = (self.scene.version, self.view)
        if self._screen is None or self._screen[0] != key:
            self._screen = (key, self.view.to_screen(self.scene.places()))
        return self._screen[1]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._view is not None:
            self._view = (
                self._whole_view() if self._is_whole else self._view.resized(self.width(), self.height())
            )

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()

    # the words

    def labels(self) -> list[Placed]:
        """The labels as they were painted last, the most important first."""
        return list(self._labels)

    def _ranked_rows(self, most: int) -> list[int]:
        """The most frequent points that are on the screen and do not stand back, those that had a label among them."""
        points, screen = self.scene.points, self.on_screen()
        found: list[int] = []
        back, rim = self.scene.dimmed(current_theme()), 4.0
        for first in range(0, len(points), _LOOK_AHEAD):
            rows = points.by_importance[first : first + _LOOK_AHEAD]
            x, y = screen[rows, 0], screen[rows, 1]
            shown = (x > rim) & (x < self.width() - rim) & (y > rim) & (y < self.height() - rim)
            shown &= ~back[rows]
            found.extend(rows[shown][: most - len(found)].tolist())
            if len(found) >= most:
                break
        before = [
            row for row in self._sides if row < len(points) and not back[row] and self._is_on_screen(row)
        ]
        return list(dict.fromkeys([*found, *before]))

    def _is_on_screen(self, row: int) -> bool:
        x, y = self.on_screen()[row].tolist()
        return bool(0 <= x <= self.width() and 0 <= y <= self.height())

    def _wishes(self, radius: float) -> list[Wish]:
        scene = self.scene
        ends = [row for arrow in scene.arrows for row in (arrow.start, arrow.end)]
        weights: dict[int, Weight] = {}
        for weight, rows in (
            (Weight.HIGHLIGHTED, scene.highlighted[:1]),
            (Weight.BESIDE, scene.highlighted[1:]),
            (Weight.ARROW, ends),
            (Weight.WATCHED, scene.watched),
        ):
            for row in rows:
                if self._is_on_screen(row):
                    weights.setdefault(row, weight)
        for row in self._ranked_rows(_CANDIDATES_MOVING if self._is_moving else _CANDIDATES):
            weights.setdefault(row, Weight.FREQUENT)
        return [self._wish(row, weight, radius) for row, weight in weights.items()]

    def _wish(self, row: int, weight: Weight, radius: float) -> Wish:
        width, height = self._pictures.size(self.scene.points.words[row], weight)
        x, y = self.on_screen()[row].tolist()
        reach = {Weight.HIGHLIGHTED: max(radius * 1.6, 6.5), Weight.FREQUENT: radius}
        size = reach.get(weight, max(radius * 1.25, 4.5))
        return Wish(row, weight, x, y, width, height, size, self._side_without_lines(row))

    def _side_without_lines(self, row: int) -> int:
        screen = self.on_screen()
        ends = [arrow.end if arrow.start == row else arrow.start for arrow in self.scene.arrows_at(row)]
        return side_away_from([tuple((screen[end] - screen[row]).tolist()) for end in ends]) if ends else 0

    def _lay_out_labels(self, radius: float, obstacles: list[Rect]) -> list[Placed]:
        wishes = self._wishes(radius)
        hearts = [
            Rect(
                w.x - w.radius * _HEART, w.y - w.radius * _HEART, 2 * w.radius * _HEART, 2 * w.radius * _HEART
            )
            for w in wishes
            if w.weight < Weight.FREQUENT
        ]
        labels = place_labels(wishes, self.width(), self.height(), [*obstacles, *hearts], self._sides)
        self._sides = {label.wish.row: label.side for label in labels if not label.has_leader}
        return labels

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if len(self.scene.points) == 0:
            painter.fillRect(self.rect(), current_theme().colour(Role.SURFACE))
        else:
            self._paint_ground(painter)
            self._paint_over(painter, is_drawing=False)
        self._paint_focus(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        ratio = painter.device().devicePixelRatio()
        image = self._ground.image(
            self.scene, self.view, self.on_screen(), current_theme(), ratio, self._is_moving
        )
        if image.devicePixelRatio() == ratio:
            painter.drawImage(QPointF(0, 0), image)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), image)

    def draw(self, painter: QPainter, is_vector: bool) -> None:
        """Draw what is shown for a picture (twice the pixels) or, as a vector, a drawing; nothing of what only
        passes."""
        if len(self.scene.points) == 0:
            return
        was_moving, self._is_moving = self._is_moving, False
        if is_vector:
            self._draw_ground(painter)
        else:
            self._paint_ground(painter)
        self._paint_over(painter, is_drawing=True)
        self._is_moving = was_moving

    def _draw_ground(self, painter: QPainter) -> None:
        """Points as circles, or as one picture where there are very many."""
        theme, view = current_theme(), self.view
        dots = dots_of(self.scene, self.on_screen(), theme).within(Box(0, 0, self.width(), self.height()), 12)
        if len(dots) <= _MOST_CIRCLES:
            draw_ringed(painter, dots, self.scene, theme, shown_radius(len(dots), view, theme))
            return
        image = Ground().image(self.scene, view, self.on_screen(), theme, 2.0, is_moving=False)
        painter.drawImage(QRectF(0, 0, view.size[0], view.size[1]), image)

    def shown_radius(self) -> float:
        """Radius in pixels of a point, as it is drawn now."""
        screen = self.on_screen()
        inside = (screen > 0) & (screen < np.array((self.width(), self.height()), np.float32))
        return shown_radius(int(inside.all(axis=1).sum()), self.view, current_theme())

    def legend(self) -> legends.Legend | None:
        """What the colours mean, where that is said on the map."""
        theme = current_theme()
        return legends.lay_out(
            self.scene.shades(theme),
            theme,
            self.width(),
            self.height(),
            self.tr("others"),
            self.tr("times a word occurs"),
        )

    def _paint_over(self, painter: QPainter, is_drawing: bool) -> None:
        theme, scene = current_theme(), self.scene
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._pictures.follow(theme, self.width() < _SMALL_WIDTH)
        canvas = overlay.Canvas(painter, theme, scene, self.view, self.on_screen(), self.shown_radius())
        names = overlay.axis_names(self.view, scene, theme)
        legend = self.legend()
        overlay.draw_axes(canvas, names)
        overlay.draw_trails(canvas)
        overlay.draw_arrows(canvas)
        overlay.draw_emphasised(canvas, None if is_drawing else self._hovered)
        obstacles = [name.rect for name in names] + ([legend.rect] if legend else [])
        obstacles += overlay.arrow_rooms(canvas)
        self._labels = self._lay_out_labels(canvas.radius, obstacles)
        self._paint_labels(canvas, is_drawing)
        if legend is not None:
            legends.draw(painter, legend, scene.shades(theme), theme, scene.isolated)
        self._paint_note(canvas)
        if not is_drawing:
            self._paint_passing(canvas)

    def _paint_labels(self, canvas: overlay.Canvas, is_drawing: bool) -> None:
        words = self.scene.points.words
        write = self._pictures.write if is_drawing else self._pictures.draw
        for label in self._labels:
            if label.has_leader:
                overlay.draw_leader(canvas, label)
        for label in reversed(self._labels):
            write(canvas.painter, label.rect, words[label.wish.row], label.wish.weight, canvas.theme)

    def _paint_note(self, canvas: overlay.Canvas) -> None:
        """How many words have no place: nothing is left out in silence."""
        skipped = self.scene.points.skipped
        if skipped:
            text = self.tr("{count} words have no place on this map.").format(count=f"{skipped:,}")
            at = QPointF(12, 12 + canvas.theme.pixels(TextStyle.CAPTION))
            overlay.write(canvas, at, text, TextStyle.CAPTION, Role.QUIET_TEXT)

    def _paint_passing(self, canvas: overlay.Canvas) -> None:
        """What is there only while the pointer is: the lasso and the box beside a point."""
        if self._outline is not None and len(self._outline) > 1:
            overlay.draw_lasso(canvas, self._outline)
        if self._hovered is not None and self._is_on_screen(self._hovered):
            lines = self._facts(self._hovered)
            overlay.draw_box(canvas, canvas.point(self._hovered), lines, self.width(), self.height())

    def _facts(self, row: int) -> list[str]:
        """A word and what is known of it, a line each."""
        points = self.scene.points
        facts = [plain(points.words[row])]
        if points.counts is not None and points.counts[row] > 0:
            facts.append(self.tr("occurs {count} times").format(count=f"{int(points.counts[row]):,}"))
        if points.groups is not None and 0 <= points.groups[row] < len(points.group_names):
            name = points.group_names[points.groups[row]]
            facts.append(self.tr("group: {name}").format(name=name))
        if points.values is not None and np.isfinite(points.values[row]):
            name = points.value_name or self.tr("value")
            facts.append(f"{name}: {float(points.values[row]):.3g}")
        return facts

    def _paint_focus(self, painter: QPainter) -> None:
        if self._has_focus_ring and self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(current_theme().colour(Role.ACCENT), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
