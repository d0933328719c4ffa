"""The map with few points or none, with numbers no one expects, and with words that are no words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ptft_gui.gui.theme import Role, Theme
from ptft_gui.gui.widgets.word_map import MapPoints, WordMap
from tests.gui.widgets.word_map.map_points import cloud, colours_of, paint, written


@pytest.mark.parametrize("kind", ["none", "frequency", "group", "value"])
@pytest.mark.parametrize("count", [0, 1, 2, 3_000])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_any_number_of_points_in_any_colouring(
    qtbot, theme: Theme, kind, count: int, dimensions: int
) -> None:
    words = WordMap()
    qtbot.addWidget(words)
    words.resize(336, 240)
    words.set_points(cloud(count, dimensions))
    words.set_colouring(kind)
    words.show()
    drawn = colours_of(paint(words))
    assert theme.hex(Role.SURFACE) in drawn
    assert (len(written(words)) > 0) == (count > 0)
    words.set_points(MapPoints([f"w{n}" for n in range(count)], np.ones((count, dimensions), np.float32)))
    paint(words)


def test_words_without_a_place_are_left_out_and_counted(qtbot, theme: Theme) -> None:
    points = cloud(100)
    points.positions[[3, 50]] = np.nan, np.inf
    words = WordMap()
    qtbot.addWidget(words)
    words.set_points(points)
    assert words.skipped == 2
    assert "2 words have no place." in words.describe()
    assert len(words.scene.points) == 98
    words.set_arrows([(2, 4, ""), (3, 4, "")])  # rows of what was given; w3 has no place
    assert [words.scene.points.words[arrow.end] for arrow in words.scene.arrows] == ["w4"]
    paint(words)


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="3 words need places"):
        MapPoints(["a", "b", "c"], np.zeros((2, 2), np.float32))
    with pytest.raises(ValueError, match="counts has shape"):
        MapPoints(["a"], np.zeros((1, 2), np.float32), counts=np.zeros(2, np.int64))


HOSTILE = {
    "far out": cloud(60).positions * np.float32(1e37),
    "one far out": np.vstack([cloud(59).positions, np.float32([[3e38, -3e38]])]),
    "close together": cloud(60).positions * np.float32(1e-38),
    "far out in space": cloud(60, 3).positions * np.float32(1e11),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_places_of_any_size_are_drawn_or_counted_as_none(
    qtbot, theme: Theme, tmp_path: Path, name: str
) -> None:
    words = WordMap()
    qtbot.addWidget(words)
    words.resize(400, 300)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        words.set_points(MapPoints([f"w{n}" for n in range(60)], HOSTILE[name]))
        words.set_highlight(["w1", "w2"])
        paint(words)
        for factor in (1e9, 1e-12):
            words._zoom(factor, 100, 100)
            paint(words)
        words._pan(1e7, -1e7)
        words.export_picture(tmp_path / "map.svg")
    assert words.skipped == {"far out": 60, "one far out": 1}.get(name, 0)


@pytest.mark.parametrize(
    "columns",
    [
        {"counts": np.zeros(60, np.int64)},
        {"counts": np.where(np.arange(60) % 2, -5, 2**62)},
        {"groups": np.arange(60, dtype=np.int32) * 2**24 - 5, "group_names": ("a",)},
        {"groups": np.full(60, -1, np.int32)},
        {"values": np.full(60, np.nan, np.float32)},
        {"values": np.where(np.arange(60) % 3, np.inf, 3e38).astype(np.float32)},
    ],
)
def test_any_numbers_colour_the_points(qtbot, theme: Theme, columns) -> None:
    words = WordMap()
    qtbot.addWidget(words)
    words.resize(400, 300)
    words.set_points(MapPoints([f"w{n}" for n in range(60)], cloud(60).positions, **columns))
    for kind in ("frequency", "group", "value"):
        words.set_colouring(kind)
        paint(words)
        words._hover(3)
        paint(words)


def test_words_that_are_no_words_are_written_in_a_line(qtbot, theme: Theme) -> None:
    words = WordMap()
    qtbot.addWidget(words)
    words.resize(600, 400)
    strange = ["", "\n", "\u202eabc", "x" * 100_000, "<b>&amp;</b>", "\x00a", "👍🏽", "ﷺ", "国王"]
    words.set_points(MapPoints(strange, cloud(9).positions))
    words.set_highlight(strange)
    paint(words)
    assert max(label.rect.width for label in words.labels()) < 600
    assert words._facts(2) == ["\ufffdabc"]
    assert words._facts(4) == ["<b>&amp;</b>"]
