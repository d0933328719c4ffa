"""Points that move, a cloud in space, and that a hidden map does nothing."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.word_map import WordMap
from tests.gui.widgets.word_map.map_points import cloud


def shown(qtbot, dimensions: int = 2, count: int = 2_000) -> WordMap:
    words = WordMap()
    qtbot.addWidget(words)
    words.resize(700, 500)
    words.set_points(cloud(count, dimensions))
    words.show()
    QApplication.processEvents()
    words.grab()
    return words


def test_points_are_there_at_once_without_time(qtbot, theme: Theme) -> None:
    words = shown(qtbot)
    goal = cloud(2_000, seed=5).positions
    words.move_points(goal)
    assert np.array_equal(words.scene.positions, goal)


def test_points_glide_and_arrive_exactly(qtbot, theme: Theme) -> None:
    words = shown(qtbot)
    start, goal = words.scene.positions.copy(), cloud(2_000, seed=5).positions
    frames: list[np.ndarray] = []
    words._travel.moved.connect(frames.append)
    words.move_points(goal, milliseconds=150)
    qtbot.waitUntil(lambda: not words._travel.is_on, timeout=5_000)
    assert np.array_equal(words.scene.positions, goal)
    assert np.array_equal(frames[-1], goal)
    way = np.linalg.norm(goal - start, axis=1)
    for frame in frames:
        assert (np.linalg.norm(frame - start, axis=1) <= way + 1e-5).all()


def test_a_new_goal_starts_from_where_the_points_are(qtbot, theme: Theme) -> None:
    words = shown(qtbot)
    words.move_points(cloud(2_000, seed=5).positions, milliseconds=60_000)
    words._travel._on_frame()
    here = words.scene.positions.copy()
    words.move_points(cloud(2_000, seed=6).positions, milliseconds=60_000)
    assert np.array_equal(words._travel._start, here)
    words.hide()


def test_a_word_without_a_new_place_stays(qtbot, theme: Theme) -> None:
    words = shown(qtbot)
    before = words.scene.positions.copy()
    goal = cloud(2_000, seed=5).positions
    goal[7] = np.nan
    words.move_points(goal)
    assert np.array_equal(words.scene.positions[7], before[7])
    assert np.array_equal(words.scene.positions[8], goal[8])


def test_places_of_another_shape_are_refused(qtbot, theme: Theme) -> None:
    words = shown(qtbot)
    with pytest.raises(ValueError, match="The map has 2000 words"):
        words.move_points(np.zeros((5, 2), np.float32))


def test_hiding_ends_every_movement_and_no_picture_is_made(qtbot, theme: Theme) -> None:
    words = shown(qtbot)
    goal = cloud(2_000, seed=5).positions
    words.move_points(goal, milliseconds=60_000)
    words._move_on()
    words.hide()
    assert not words._travel.is_on
    assert not words._rest.isActive()
    assert np.array_equal(words.scene.positions, goal)
    made = words._ground.pictures_made
    words.move_points(cloud(2_000, seed=6).positions, milliseconds=60_000)
    words.set_highlight(["w3"])
    words.set_colouring("group")
    theme.set_preference("dark")
    QApplication.processEvents()
    assert not words._travel.is_on
    assert words._ground.pictures_made == made


def test_pointing_at_words_draws_no_point_anew(qtbot, theme: Theme) -> None:
    words = shown(qtbot)
    made = words._ground.pictures_made
    words._hover(5)
    words.set_highlight(["w9"])
    words.grab()
    assert words._ground.pictures_made == made


def test_a_drag_turns_a_cloud_in_space_and_with_shift_it_pans(qtbot, theme: Theme) -> None:
    words = shown(qtbot, dimensions=3)
    turn, view = words.scene.turn.copy(), words.view
    qtbot.keyClick(words, Qt.Key.Key_Left)
    assert not np.allclose(words.scene.turn, turn)
    assert words.view == view
    turn = words.scene.turn.copy()
    qtbot.keyClick(words, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert np.array_equal(words.scene.turn, turn)
    assert words.view != view


def test_in_space_the_lasso_takes_what_the_screen_shows(qtbot, theme: Theme) -> None:
    words = shown(qtbot, dimensions=3)
    words.set_lasso(True)
    words._pressed = QPoint(0, 0)
    words._outline = np.array([(200, 150), (500, 150), (500, 350), (200, 350)], np.float64)
    words._close_outline(is_adding=False)
    screen = words.on_screen()
    found = (screen[:, 0] > 200) & (screen[:, 0] < 500) & (screen[:, 1] > 150) & (screen[:, 1] < 350)
    assert set(words.selection()) == {f"w{row}" for row in np.flatnonzero(found)}
    assert 0 < len(words.selection()) < 2_000


def test_near_points_lie_over_far_ones(qtbot, theme: Theme) -> None:
    words = shown(qtbot, dimensions=3)
    _, keys = words.scene.classes_and_keys(theme)
    near = words.scene.nearness()
    order = np.argsort(near)
    assert (np.diff(keys[order].astype(int)) >= 0).all()


def test_trails_are_drawn_for_words_on_the_map(qtbot, theme: Theme) -> None:
    words = shown(qtbot)
    before = words.grab().toImage()
    path = np.linspace((-1, -1), (1, 1), 12).astype(np.float32)
    path[3] = np.nan
    words.set_trails({"w1": path, "not there": path, "w2": path[:, :1]})
    assert set(words.scene.trails) == {1}
    assert len(words.scene.trails[1]) == 11
    assert words.grab().toImage() != before
    words.set_trails({})
    assert words.grab().toImage() == before


def test_very_many_points_are_drawn_with_fewer_pixels_while_they_grow_only(qtbot, theme: Theme) -> None:
    words = shown(qtbot, count=30_000)
    words.resize(701, 501)

    def drawn() -> float:
        words.grab()
        return words._ground._image.devicePixelRatio()

    assert drawn() == 1
    words._zoom(1.1, 300, 200)
    assert drawn() < 1
    words._pan(3, 2)
    assert drawn() == 1
    words._zoom(1.1, 300, 200)
    assert drawn() < 1
    edge = words.grab().toImage()
    surface = edge.pixelColor(0, 0)
    assert [edge.pixelColor(700, y) for y in range(0, 500, 25)] == [surface] * 20, (
        "the picture reaches the edge"
    )
    words._is_moving = False
    assert drawn() == 1
