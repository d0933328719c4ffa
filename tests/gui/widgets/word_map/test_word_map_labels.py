"""Labels: never on one another, at most forty, the important first and where they were before."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.gui.widgets.word_map.labels import (
    MOST_LABELS,
    Placed,
    Rect,
    Weight,
    Wish,
    place_labels,
    side_away_from,
)

WIDTH, HEIGHT = 900.0, 600.0

wishes = st.lists(
    st.builds(
        Wish,
        st.integers(0, 10_000),
        st.sampled_from(Weight),
        st.floats(-50, WIDTH + 50),
        st.floats(-50, HEIGHT + 50),
        st.floats(4, 220),
        st.floats(8, 30),
        st.floats(1, 12),
    ),
    max_size=90,
    unique_by=lambda wish: wish.row,
)


def touching(labels: list[Placed], obstacles: list[Rect]) -> list[tuple[Rect, Rect]]:
    rects = [label.rect for label in labels]
    pairs = [*combinations(rects, 2), *((rect, obstacle) for rect in rects for obstacle in obstacles)]
    return [(first, second) for first, second in pairs if first.touches(second)]


@settings(max_examples=150, deadline=None)
@given(
    wishes,
    st.lists(
        st.builds(Rect, st.floats(0, 800), st.floats(0, 500), st.floats(1, 90), st.floats(1, 90)), max_size=4
    ),
)
def test_labels_never_overlap_and_stay_on_the_screen(wishes: list[Wish], obstacles: list[Rect]) -> None:
    labels = place_labels(wishes, WIDTH, HEIGHT, obstacles)
    assert len(labels) <= MOST_LABELS
    assert touching(labels, obstacles) == []
    for label in labels:
        assert label.rect.left >= 0
        assert label.rect.top >= 0
        assert label.rect.left + label.rect.width <= WIDTH
        assert label.rect.top + label.rect.height <= HEIGHT


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)), min_size=1, max_size=25),
    st.lists(st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)), max_size=60),
)
def test_up_to_twenty_five_highlighted_words_are_always_named(
    chosen: list[tuple[float, float]], others: list[tuple[float, float]]
) -> None:
    wishes = [Wish(row, Weight.HIGHLIGHTED, x, y, 80, 22, 7) for row, (x, y) in enumerate(chosen)]
    wishes += [Wish(1_000 + row, Weight.FREQUENT, x, y, 60, 18, 3) for row, (x, y) in enumerate(others)]
    labels = place_labels(wishes, WIDTH, HEIGHT)
    assert {label.wish.row for label in labels} >= set(range(len(chosen)))


def test_the_important_come_first() -> None:
    here = [Wish(row, weight, 300, 300, 200, 30, 4) for row, weight in enumerate(reversed(Weight))]
    labels = place_labels(here, WIDTH, HEIGHT, most=2)
    assert [label.wish.weight for label in labels] == [Weight.HIGHLIGHTED, Weight.BESIDE]


def test_what_was_named_before_stays_when_everything_moves_together() -> None:
    wishes = [
        Wish(row, Weight.FREQUENT, 20 + (row * 37) % 800, 30 + (row * 53) % 500, 70, 18, 3)
        for row in range(120)
    ]
    first = place_labels(wishes, WIDTH, HEIGHT)
    sides = {label.wish.row: label.side for label in first}
    moved = [Wish(w.row, w.weight, w.x + 15, w.y + 9, w.width, w.height, w.radius) for w in reversed(wishes)]
    second = {label.wish.row: label for label in place_labels(moved, WIDTH, HEIGHT, before=sides)}
    for label in first:
        if (
            label.rect.left + label.rect.width + 15 < WIDTH
            and label.rect.top + label.rect.height + 9 < HEIGHT
        ):
            assert second[label.wish.row].side == label.side


def test_a_label_that_stands_further_off_has_a_line_to_its_point() -> None:
    wishes = [Wish(row, Weight.HIGHLIGHTED, 450, 300, 120, 22, 7) for row in range(20)]
    labels = place_labels(wishes, WIDTH, HEIGHT)
    assert len(labels) == 20
    assert [label.has_leader for label in labels][:2] == [False] * 2
    assert labels[-1].has_leader


def test_a_label_stands_where_no_line_goes() -> None:
    right, left, above, below = range(4)
    assert side_away_from([(-10, 0)]) == right
    assert side_away_from([(10, 0), (5, 5)]) == left
    assert side_away_from([(-3, 9), (3, 9), (9, 1)]) == above
    assert side_away_from([(-3, -9), (9, -1), (-9, -1)]) == below
    assert side_away_from([(0, 0)]) in range(4)
