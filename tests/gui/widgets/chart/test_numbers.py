"""Decimation, smoothing, placement and ranges: the arithmetic of a chart, without a window."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.gui.widgets.chart.curve import Curve
from ptft_gui.gui.widgets.chart.decimate import MOST_POINTS, LiveDecimation, bucket_extremes, decimate
from ptft_gui.gui.widgets.chart.ranges import robust_y_range
from ptft_gui.gui.widgets.chart.smooth import smooth
from ptft_gui.gui.widgets.chart.spread import spread


def noisy(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return np.arange(count, dtype=np.float64), rng.normal(size=count)


# fewer points


def test_a_bucket_keeps_its_extremes_in_their_order() -> None:
    x = np.arange(8, dtype=np.float64)
    y = np.array([5.0, 1.0, 9.0, 3.0, 2.0, 8.0, 0.0, 4.0])
    low_high_x, low_high_y = bucket_extremes(x, y, 4)
    assert low_high_x.tolist() == [1, 2, 5, 6]
    assert low_high_y.tolist() == [1, 9, 8, 0]


def test_a_bucket_looks_past_what_is_missing() -> None:
    y = np.array([np.nan, 1.0, 3.0, np.nan, np.nan, np.nan, np.nan, np.nan])
    _, low_high_y = bucket_extremes(np.arange(8.0), y, 4)
    assert low_high_y[:2].tolist() == [1, 3]
    assert np.isnan(low_high_y[2:]).all()


@pytest.mark.parametrize("count", [0, 1, 2, 3_999, 4_000, 4_001, 7_777, 250_000])
def test_decimation_keeps_spikes_ends_and_the_newest_points(count: int) -> None:
    x, y = noisy(count)
    if count > 100:
        y[count // 3] = 50.0
    small_x, small_y = decimate(x, y)
    assert len(small_x) <= MOST_POINTS
    assert (np.diff(small_x) >= 0).all()
    if count:
        assert small_y.max() == y.max()
        assert small_y.min() == y.min()
        assert small_x[-100:].tolist() == x[-100:].tolist()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 9_000), min_size=1, max_size=25), st.integers(0, 5))
def test_a_growing_curve_looks_like_the_whole_one(growth: list[int], seed: int) -> None:
    x, y = noisy(sum(growth), seed)
    live = LiveDecimation()
    length = 0
    for more in growth:
        length += more
        live.follow(x[:length], y[:length])
        points_x, points_y = live.points()
        assert len(points_x) <= MOST_POINTS
        assert points_y.min() == y[:length].min()
        assert points_y.max() == y[:length].max()
        assert points_x[-1] == x[length - 1]
        assert (np.diff(points_x) >= 0).all()
    _, means, counts = live.means()
    assert counts.sum() == pytest.approx(length)
    if length <= MOST_POINTS:
        assert np.average(means, weights=counts) == pytest.approx(y.mean())


def test_a_long_curve_keeps_its_mean() -> None:
    x, y = noisy(300_000)
    live = LiveDecimation()
    live.follow(x, y)
    _, means, counts = live.means()
    assert np.average(means, weights=counts) == pytest.approx(y.mean(), abs=0.01)


def test_a_curve_cut_back_after_resuming_starts_anew() -> None:
    x, y = noisy(20_000)
    live = LiveDecimation()
    live.follow(x, y)
    live.follow(x[:9_000], y[:9_000])
    assert live.points()[0][-1] == 8_999
    changed = np.concatenate((y[:9_000], np.full(11_000, 7.0)))
    live.follow(x, changed)
    assert live.points()[1].max() == 7.0
    assert live.points()[1][-1] == 7.0


def test_missing_values_stay_gaps_and_count_nothing() -> None:
    x, y = noisy(50_000)
    y[10_000:20_000] = np.nan
    live = LiveDecimation()
    live.follow(x, y)
    points_x, points_y = live.points()
    assert np.isnan(points_y[(points_x > 11_000) & (points_x < 19_000)]).all()
    assert live.means()[2].sum() == pytest.approx(40_000, abs=1)


# the bold line


def test_smoothing_leaves_a_level_curve_level_from_its_first_point() -> None:
    assert smooth(np.full(500, 3.7)) == pytest.approx(3.7)


def test_smoothing_does_not_lag_behind_a_slope() -> None:
    line = np.linspace(10.0, 0.0, 1_000)
    assert smooth(line)[100:-100] == pytest.approx(line[100:-100], abs=1e-3)


def test_smoothing_takes_noise_away() -> None:
    _, y = noisy(5_000)
    assert smooth(y)[200:-200].std() < 0.2 * y.std()


def test_an_entry_for_many_points_weighs_as_many() -> None:
    values = np.array([0.0] * 100 + [10.0] + [0.0] * 100)
    alone = smooth(values, np.full(201, 20.0))[100]
    crowd = smooth(values, np.array([20.0] * 100 + [400.0] + [20.0] * 100))[100]
    speck = smooth(values, np.array([20.0] * 100 + [1.0] + [20.0] * 100))[100]
    assert speck < 0.5 < 2.0 < alone < 7.0 < crowd


def test_what_is_missing_changes_nothing() -> None:
    y = np.array([1.0, np.nan, 1.0, np.nan, np.nan, 1.0])
    assert smooth(y) == pytest.approx(1.0)
    assert np.isnan(smooth(np.full(3, np.nan))).all()
    assert len(smooth(np.empty(0))) == 0


# names at the ends


def test_labels_with_room_stay_where_they_want_to_be() -> None:
    assert spread([10.0, 50.0, 90.0], 12.0, 0.0, 100.0) == [10.0, 50.0, 90.0]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-50, 250), min_size=1, max_size=12))
def test_labels_never_overlap_nor_change_their_order(wanted: list[float]) -> None:
    places = spread(wanted, 12.0, 0.0, 200.0)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    in_order = [places[i] for i in order]
    assert all(b - a >= 12.0 - 1e-9 for a, b in pairwise(in_order))
    assert min(places) >= -1e-9
    assert max(places) <= 200.0 + 1e-9


def test_two_labels_in_one_place_share_the_way() -> None:
    assert spread([50.0, 50.0], 12.0, 0.0, 100.0) == [44.0, 56.0]


# the y axis


def test_a_first_spike_is_not_what_the_axis_shows() -> None:
    y = np.concatenate(([900.0, 400.0], 2.0 + 2.0 * np.exp(-np.arange(998) / 100)))
    low, high = robust_y_range([y]) or (0.0, 0.0)
    assert low < 2.0
    assert 3.5 < high < 5.0


def test_guessing_is_shown_while_it_is_near() -> None:
    y = np.linspace(4.0, 2.0, 100)
    _, near = robust_y_range([y], 4.16) or (0.0, 0.0)
    _, far = robust_y_range([y], 40.0) or (0.0, 0.0)
    assert near > 4.16
    assert far < 5.0


def test_nothing_finite_has_no_range() -> None:
    assert robust_y_range([np.array([np.nan]), np.empty(0)]) is None
    low, high = robust_y_range([np.array([0.0])]) or (0.0, 0.0)
    assert low < 0.0 < high


# curves


def test_a_curve_of_unequal_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="2 steps but 1 values"):
        Curve("train/loss", "training", np.array([1.0, 2.0]), np.array([1.0]))


def test_the_nearest_point_of_a_curve() -> None:
    curve = Curve("val/loss", "held-out", np.array([10.0, 20.0, 40.0]), np.array([3.0, 2.0, 2.5]))
    assert curve.nearest(29.0) == (20.0, 2.0)
    assert curve.nearest(31.0) == (40.0, 2.5)
    assert curve.nearest(-5.0) == (10.0, 3.0)
    assert curve.nearest(float("inf")) == (40.0, 2.5)
    assert curve.lowest() == (20.0, 2.0)
    assert Curve("a", "a", np.empty(0), np.empty(0)).nearest(1.0) is None
