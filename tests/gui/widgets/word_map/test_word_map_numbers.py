"""The numbers behind the map: discs in a picture, the view, turning in space, the lasso, the way of moving points."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.gui.widgets.word_map import turning
from ptft_gui.gui.widgets.word_map.colouring import ink_of
from ptft_gui.gui.widgets.word_map.lasso import inside, rectangle
from ptft_gui.gui.widgets.word_map.points import MapPoints, place
from ptft_gui.gui.widgets.word_map.splat import (
    MOST_LEVEL,
    PARTS,
    Box,
    Dots,
    Plate,
    Splat,
    box_of,
    crowding,
    disc,
    paint,
    tones,
)
from ptft_gui.gui.widgets.word_map.travel import eased
from ptft_gui.gui.widgets.word_map.view import MapView, bounds, fitting


def dots(
    places: list[tuple[float, float]], classes: list[int] | None = None, keys: list[int] | None = None
) -> Dots:
    count = len(places)
    return Dots(
        np.array(places, np.float32).reshape(-1, 2),
        np.array(classes or [0] * count, np.uint8),
        np.array(keys or [0] * count, np.uint8),
    )


# discs


@pytest.mark.parametrize("radius", [0.8, 1.3, 2.0, 3.7, 5.5])
@pytest.mark.parametrize("phase", [0.125, 0.5, 0.875])
def test_a_disc_covers_its_area(radius: float, phase: float) -> None:
    assert disc(radius, phase, phase).sum() == pytest.approx(math.pi * radius**2, rel=0.05)


@pytest.mark.parametrize("way", ["splat_fast", "splat_fine"])
def test_discs_add_up_where_points_are(way: str) -> None:
    box = Box(0, 0, 60, 40)
    splat = getattr(Plate(), way)(dots([(10.5, 20.5)] * 3 + [(45.5, 5.5)]), 2.0, box)
    assert splat.levels[20, 10] == 3 * PARTS
    assert splat.levels[5, 45] == PARTS
    touched = np.argwhere(splat.levels > 0)
    near = [min(math.hypot(x - 10, y - 20), math.hypot(x - 45, y - 5)) for y, x in touched]
    assert max(near) <= 2.9
    assert splat.levels.sum() / PARTS == pytest.approx(4 * math.pi * 4, rel=0.12)


@pytest.mark.parametrize("way", ["splat_fast", "splat_fine"])
def test_the_point_on_top_gives_the_colour(way: str) -> None:
    box = Box(0, 0, 30, 30)
    splat = getattr(Plate(), way)(
        dots([(15.5, 15.5), (15.5, 15.5), (5.5, 5.5)], [7, 3, 9], [10, 200, 0]), 2.0, box
    )
    assert splat.classes[15, 15] == 3
    assert splat.classes[5, 5] == 9


@pytest.mark.parametrize("way", ["splat_fast", "splat_fine"])
def test_points_outside_leave_no_trace_and_points_at_the_edge_are_cut(way: str) -> None:
    box = Box(0, 0, 50, 30)
    far = [(-40.0, 10.0), (200.0, 10.0), (25.0, -30.0), (25.0, 90.0), (-9.0, 3.0), (58.9, 3.0), (1e9, -1e9)]
    assert not getattr(Plate(), way)(dots(far), 3.0, box).levels.any()
    edge = getattr(Plate(), way)(dots([(0.2, 0.2), (49.8, 29.8)]), 3.0, box).levels
    assert edge[0, 0] > 0
    assert edge[29, 49] > 0
    assert edge[0, 49] == edge[29, 0] == 0


def test_the_memory_of_a_plate_holds_nothing_of_the_frame_before() -> None:
    plate, random = Plate(), np.random.default_rng(0)
    many = dots([tuple(p) for p in random.uniform(0, 60, (3_000, 2))], [1] * 3_000)
    plate.splat_fast(many, 2.0, Box(0, 0, 60, 60))
    plate.splat_fine(many, 2.0, Box(0, 0, 60, 60))
    for way in (plate.splat_fast, plate.splat_fine):
        again = way(dots([(10.5, 10.5)], [4]), 2.0, Box(0, 0, 40, 50))
        fresh = getattr(Plate(), way.__name__)(dots([(10.5, 10.5)], [4]), 2.0, Box(0, 0, 40, 50))
        assert np.array_equal(again.levels, fresh.levels)
        assert np.array_equal(again.classes[again.levels > 0], fresh.classes[fresh.levels > 0])


def test_a_hundred_thousand_points_in_one_place_stay_one_disc() -> None:
    crowd = Dots(
        np.full((100_000, 2), 20.5, np.float32), np.zeros(100_000, np.uint8), np.zeros(100_000, np.uint8)
    )
    box = box_of(crowd, 1.3, 100, 80)
    levels = Plate().splat(crowd, 1.3, box).levels
    assert MOST_LEVEL / 12 < levels.max() <= MOST_LEVEL
    assert (levels > 0).sum() <= 25


def test_large_discs_in_a_crowd_do_not_run_over() -> None:
    places = np.random.default_rng(0).uniform(40, 60, (90_000, 2)).astype(np.float32)
    crowd = Dots(places, np.zeros(90_000, np.uint8), np.zeros(90_000, np.uint8))
    levels = Plate().splat_fast(crowd, 11.0, Box(0, 0, 100, 100)).levels
    assert levels[45:55, 45:55].min() == MOST_LEVEL


def test_dense_places_keep_their_shades_and_single_points_stay_visible() -> None:
    tone = tones(crowded=40, single=0.45)
    levels = np.array([0, 1, 2, 4, 8, 16, 40]) * PARTS
    shades = tone[levels].astype(int)
    assert shades[0] == 0
    assert shades[1] == round(0.45 * 255)
    assert (np.diff(shades) > 10).all()
    assert shades[-1] < 250
    assert crowding(np.full((20, 20), 12 * PARTS, np.uint16)) == 12
    assert crowding(np.zeros((20, 20), np.uint16)) == 1


def test_painting_mixes_a_class_with_the_ground() -> None:
    ink = ink_of(("#FF0000", "#0000FF"), "#FFFFFF")
    out = np.zeros((1, 3), np.uint32)
    tone = tones(1, 1.0, 1.0)
    levels = np.array([[0, PARTS, PARTS]], np.uint16)
    paint(Splat(levels, np.array([[0, 0, 1]], np.uint16)), tone, ink, out)
    assert [f"{pixel:08X}" for pixel in out[0].tolist()] == ["FFFFFFFF", "FFFF0000", "FF0000FF"]


# the view


@settings(max_examples=60, deadline=None)
@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0.5, 20), st.floats(0, 800), st.floats(0, 600))
def test_a_zoom_leaves_the_place_under_the_pointer(
    cx: float, cy: float, factor: float, x: float, y: float
) -> None:
    view = MapView((cx, cy), (80.0, 80.0), (800.0, 600.0))
    before = view.to_place(x, y)
    after = view.zoomed(factor, x, y, view).to_place(x, y)
    assert after == pytest.approx(before, abs=1e-6)


def test_places_and_pixels_are_each_others_inverse() -> None:
    view = MapView((1.0, -2.0), (50.0, 70.0), (640.0, 480.0))
    screen = view.to_screen(np.array([[1.0, -2.0], [2.0, -1.0]], np.float32))
    assert screen.tolist() == [[320, 240], [370, 170]]
    assert view.to_place(370, 170) == pytest.approx((2.0, -1.0))


def test_a_first_look_holds_all_points() -> None:
    places = np.random.default_rng(1).normal(size=(500, 2)).astype(np.float32)
    screen = fitting(bounds(places), 400, 300, is_square=True).to_screen(places)
    assert (screen >= 0).all()
    assert (screen <= (400, 300)).all()


def test_a_few_far_away_do_not_make_the_rest_a_dot() -> None:
    places = np.random.default_rng(1).normal(size=(5_000, 2)).astype(np.float32)
    places[0] = 1e6
    room = bounds(places)
    assert room[1].max() < 10


# turning in space


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300)), max_size=30))
def test_any_turning_stays_a_pure_turn(drags: list[tuple[float, float]]) -> None:
    turn = turning.first_turn()
    for dx, dy in drags:
        turn = turning.turned(turn, dx, dy)
    assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(turn) == pytest.approx(1)


def test_a_drag_takes_the_front_along() -> None:
    front = np.array([[0.0, 0.0, 1.0]], np.float32)
    right = turning.seen(front, turning.turned(np.eye(3), 10, 0))[0]
    assert right[0] == pytest.approx(math.sin(10 * turning.RADIANS_A_PIXEL), abs=1e-6)
    down = turning.seen(front, turning.turned(np.eye(3), 0, 10))[0]
    assert down[1] == pytest.approx(-math.sin(10 * turning.RADIANS_A_PIXEL), abs=1e-6)


def test_nearness_goes_from_far_to_near() -> None:
    near = turning.nearness(np.array([-9, -2, 0, 2, 9], np.float32), 2.0)
    assert near.tolist() == [0, 0, 0.5, 1, 1]


# the lasso


def _is_inside(x: float, y: float, outline: list[tuple[float, float]]) -> bool:
    """The plain reference: a ray to the right, one edge after the other."""
    odd = False
    for (x1, y1), (x2, y2) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            odd = not odd
    return odd


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=3, max_size=25),
    st.integers(0, 1_000),
)
def test_the_lasso_holds_exactly_what_is_inside(outline: list[tuple[int, int]], seed: int) -> None:
    points = np.random.default_rng(seed).uniform(-10, 110, (200, 2)).astype(np.float32)
    found = inside(points, np.array(outline, np.float64))
    expected = [_is_inside(float(x), float(y), outline) for x, y in points]
    assert found.tolist() == expected


def test_a_line_that_encloses_nothing_selects_nothing() -> None:
    points = np.zeros((3, 2), np.float32)
    assert not inside(points, np.array([(0.0, 0.0), (5.0, 5.0)])).any()
    assert not inside(np.empty((0, 2), np.float32), rectangle((0, 0), (5, 5))).any()
    assert inside(np.array([[2.0, 2.0]], np.float32), rectangle((5, 5), (0, 0))).all()


# what else


def test_moving_starts_and_ends_at_rest() -> None:
    assert [eased(share) for share in (-1, 0, 0.5, 1, 2)] == [0, 0, 0.5, 1, 1]
    assert eased(0.1) < 0.1


def test_words_that_stand_in_every_text_are_named_last() -> None:
    counts = np.full(3_000, 40, np.int64)
    counts[:3] = 9_000, 5_000, 120
    points = MapPoints([f"w{n}" for n in range(3_000)], np.zeros((3_000, 2), np.float32), counts)
    placed, _ = place(points)
    assert placed.by_importance[0] == 2
    assert placed.by_importance[-2:].tolist() == [0, 1]
    assert placed.by_frequency[:3].tolist() == [0, 1, 2]


def test_a_word_that_comes_twice_is_found_at_its_first_place() -> None:
    placed, _ = place(MapPoints(["a", "b", "a"], np.zeros((3, 2), np.float32)))
    assert placed.row_of == {"a": 0, "b": 1}


@pytest.mark.parametrize("way", ["splat_fine", "splat_fast"])
def test_where_no_point_lies_the_picture_stays_empty_whatever_the_memory_held(way: str) -> None:
    plate = Plate()
    for name in ("classes", "amounts", "codes", "many", "counts", "levels", "tops"):
        kind = {"amounts": np.float32, "many": np.uint32}.get(name, np.uint16)
        plate._memory[name] = np.full(100 * 100, 60_000, kind)  # as memory taken anew may look
    box = Box(0, 0, 40, 30)
    splat = getattr(plate, way)(dots([(10, 10), (30, 20)]), 1.5, box)
    ink = ink_of(("#3B5BDB", "#D9480F"), "#FFFFFF")
    out = np.zeros((30, 40), np.uint32)
    paint(splat, tones(1.0, 0.5), ink, out)
    empty = splat.levels == 0
    assert empty.sum() > 1000
    assert set(out[empty].tolist()) == {int(ink[0, 0])}
