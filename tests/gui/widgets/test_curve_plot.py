"""The chart: what it draws, how it follows a run, what it exports."""

from __future__ import annotations

import csv
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.theme import Role, Theme
from ptft_gui.gui.widgets.chart.drawn_curve import runs_through
from ptft_gui.gui.widgets.curve_plot import Curve, CurvePlot, VerticalMark

STEPS = np.arange(0, 2_000, dtype=np.float64)
TRAINING = 2.0 + 2.0 * np.exp(-STEPS / 200) + 0.05 * np.sin(STEPS)
CHECKS = np.arange(100, 2_001, 100, dtype=np.float64)
HELD_OUT = 2.2 + 1.8 * np.exp(-CHECKS / 250) + 0.0001 * CHECKS


def curves(count: int = len(STEPS)) -> list[Curve]:
    checks = count >= CHECKS
    return [
        Curve("train/loss", "training", STEPS[:count], TRAINING[:count], Role.TRAINING, True, True),
        Curve("val/loss", "held-out", CHECKS[checks], HELD_OUT[checks], Role.HELD_OUT),
    ]


@pytest.fixture
def plot(qtbot, theme: Theme) -> CurvePlot:
    plot = CurvePlot("Loss", y_title="loss, nats per pair")
    plot.setObjectName("lossPlot")
    qtbot.addWidget(plot)
    plot.resize(648, 360)
    plot.show()
    plot.set_curves(curves())
    return plot


def end_labels(plot: CurvePlot) -> dict[str, float]:
    """Text of every visible name at the right, and its y."""
    items = [drawn.label for drawn in plot.view._drawn.values()] + [plot.view._guessing.label]
    return {item.text(): item.pos().y() for item in items if item.isVisible()}


def shown_range(plot: CurvePlot) -> tuple[tuple[float, float], tuple[float, float]]:
    x_range, y_range = plot.view.getViewBox().viewRange()
    return tuple(x_range), tuple(y_range)


def colours_of(image: QImage) -> set[str]:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), dtype=np.uint32) & 0xFFFFFF
    return {f"#{pixel:06X}" for pixel in np.unique(pixels)}


def test_curves_are_drawn_in_their_colours(plot: CurvePlot, theme: Theme) -> None:
    drawn = colours_of(plot.view.grab().toImage())
    assert theme.hex(Role.TRAINING) in drawn
    assert theme.hex(Role.HELD_OUT) in drawn
    assert theme.hex(Role.SURFACE) in drawn


def test_a_chart_changes_its_colours_with_the_theme(plot: CurvePlot, theme: Theme) -> None:
    light = {theme.hex(role) for role in (Role.TRAINING, Role.HELD_OUT, Role.SURFACE)}
    theme.set_preference("dark")
    drawn = colours_of(plot.view.grab().toImage())
    assert {theme.hex(role) for role in (Role.TRAINING, Role.HELD_OUT, Role.SURFACE)} <= drawn
    assert not light & drawn


def test_curves_carry_their_name_and_value_at_their_end(plot: CurvePlot) -> None:
    plot.set_guessing(4.16)
    labels = end_labels(plot)
    assert set(labels) == {"training 2.00", "held-out 2.40", "guessing 4.16"}
    assert labels["guessing 4.16"] < labels["held-out 2.40"] < labels["training 2.00"]
    heights = sorted(labels.values())
    assert min(b - a for a, b in pairwise(heights)) >= 12  # none on another


def test_the_chart_follows_the_run(plot: CurvePlot) -> None:
    plot.set_curves(curves(500))
    assert 500 < shown_range(plot)[0][1] < 515  # a little room, so that a ring at the last point is whole
    plot.set_curves(curves(1_000))
    assert 1_000 < shown_range(plot)[0][1] < 1_030


def test_a_zoom_stops_following_until_asked(plot: CurvePlot, qtbot) -> None:
    button = plot.findChild(QPushButton, "followButton")
    plot.set_curves(curves(1_000))
    assert not button.isVisible()
    plot.view.setFocus()
    qtbot.keyClick(plot.view, Qt.Key.Key_Plus)
    assert not plot.is_following
    assert button.isVisible()
    zoomed = shown_range(plot)
    plot.set_curves(curves(1_500))
    assert shown_range(plot) == zoomed
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert plot.is_following
    assert 1_500 < shown_range(plot)[0][1] < 1_545
    assert not button.isVisible()


def test_a_first_spike_does_not_flatten_the_curve(plot: CurvePlot) -> None:
    spiky = TRAINING.copy()
    spiky[:3] = 5_000.0
    plot.set_curves([Curve("train/loss", "training", STEPS, spiky, Role.TRAINING, True, False)])
    assert shown_range(plot)[1][1] < 10


def test_gaps_and_nothing_at_all_are_no_trouble(plot: CurvePlot) -> None:
    holes = TRAINING.copy()
    holes[400:900] = np.nan
    plot.set_curves([Curve("train/loss", "training", STEPS, holes, Role.TRAINING, True, True)])
    plot.set_curves([Curve("train/loss", "training", np.empty(0), np.empty(0))])
    plot.set_curves([Curve("a", "a", np.array([1.0]), np.array([np.nan]))])
    plot.set_curves([])
    assert plot.view.grab().width() > 0
    assert end_labels(plot) == {}


def test_log_scale_shows_values_not_exponents(plot: CurvePlot, qtbot) -> None:
    plot.set_curves([Curve("x", "x", STEPS, 10.0 ** (STEPS / 500 - 2), Role.TRAINING)])
    qtbot.mouseClick(plot.findChild(QPushButton, "logScaleButton"), Qt.MouseButton.LeftButton)
    assert plot.is_log
    low, high = shown_range(plot)[1]
    assert -3 < low < -2
    assert 1.9 < high < 2.5
    ticks = plot.view.getAxis("left").tickStrings([-1, 0, 1], 1, 1)
    assert ticks == ["0.100", "1.00", "10.0"]


def test_log_scale_leaves_out_what_is_not_above_zero(plot: CurvePlot) -> None:
    plot.set_log(True)
    plot.set_curves([Curve("x", "x", np.arange(4.0), np.array([-1.0, 0.0, 10.0, 100.0]))])
    low, high = shown_range(plot)[1]
    assert 0.5 < low < 1.0
    assert 2.0 < high < 2.5


def test_the_best_point_is_marked_with_a_word(plot: CurvePlot) -> None:
    point = curves()[1].lowest()
    assert point is not None
    plot.set_best(point)
    assert plot.view._best_point.text == f"best {point[1]:.2f}"
    plot.set_best(None)
    assert plot.view._best_point.text == ""


def falling(to: float, name: str) -> Curve:
    """A loss that falls until step 500 and rises a little from there."""
    x = np.arange(0.0, 1_001.0, 50.0)
    return Curve(name, name, x, to + np.abs(x - 500) / 1_000)


@pytest.mark.parametrize(("training", "is_above"), [(1.0, False), (1.98, True)])
def test_the_word_at_the_best_point_lies_on_no_curve(
    plot: CurvePlot, training: float, is_above: bool
) -> None:
    held_out = falling(2.0, "held-out")
    plot.set_curves([falling(training, "training"), held_out])
    plot.set_best(held_out.lowest())
    ring, word = plot.view._best_point._at, plot.view._best_point._word
    assert ring is not None
    spot = plot.view._y_on_screen(ring[1])
    assert (word.sceneBoundingRect().bottom() < spot) is is_above
    assert (word.sceneBoundingRect().top() > spot) is not is_above


def test_grid_lines_run_behind_the_curves(plot: CurvePlot) -> None:
    axis, area = plot.view.getAxis("left"), plot.view.getViewBox()
    assert axis.zValue() < area.zValue()


def test_guessing_far_away_is_named_with_an_arrow_to_it(plot: CurvePlot) -> None:
    plot.set_curves(curves())
    plot.set_guessing(40.0)
    assert "guessing 40.0 ↑" in end_labels(plot)
    plot.set_guessing(3.0)
    assert "guessing 3.00" in end_labels(plot)


def test_a_small_chart_shows_a_speed_rather_than_its_standstills(qtbot) -> None:
    speed = 300_000 + 5_000 * np.sin(np.arange(400.0))
    speed[[0, 200]] = 0.0
    chart = CurvePlot("Speed", is_compact=True)
    qtbot.addWidget(chart)
    chart.set_curves([Curve("words_per_second", "", np.arange(400.0), speed, Role.SERIES_2, True, True)])
    assert shown_range(chart)[1][0] > 250_000


def test_moments_have_captions_that_do_not_overlap(plot: CurvePlot) -> None:
    plot.set_marks([VerticalMark(1_000, "learning rate halved"), VerticalMark(1_010, "resumed")])
    first, second = plot.view._moments._captions
    assert first.isVisible()
    assert second.isVisible()
    assert not first.sceneBoundingRect().intersects(second.sceneBoundingRect())


def test_the_pointer_shows_the_values_there(plot: CurvePlot, qtbot) -> None:
    plot.set_guessing(4.16)
    plot.view.hovered.emit(500.0)
    text = plot._hover.text().splitlines()
    assert text[0] == "step 500"
    assert text[1].startswith("training 2.1")
    assert text[2].startswith("held-out 2.49")
    assert text[3] == "guessing 4.16"
    assert plot._hover.isVisible()
    assert plot.view.rect().contains(plot._hover.geometry())
    plot.view.hovered.emit(float("nan"))
    assert not plot._hover.isVisible()


def test_values_can_be_walked_with_the_keyboard(plot: CurvePlot, qtbot) -> None:
    plot.view.setFocus()
    qtbot.keyClick(plot.view, Qt.Key.Key_Right)
    first = plot._hover.text().splitlines()[0]
    qtbot.keyClick(plot.view, Qt.Key.Key_Right)
    assert plot._hover.text().splitlines()[0] != first
    qtbot.keyClick(plot.view, Qt.Key.Key_Escape)
    assert not plot._hover.isVisible()


def test_a_million_points_are_drawn_with_a_few_thousand(plot: CurvePlot) -> None:
    x = np.arange(1_000_000, dtype=np.float64)
    y = 2.0 + np.exp(-x / 1e5)
    y[654_321] = 9.0
    plot.set_curves([Curve("train/loss", "training", x, y, Role.TRAINING, True, True)])
    raw_x, raw_y = plot.view._drawn["train/loss"].raw.getData()
    assert len(raw_x) <= 4_000
    assert raw_y.max() == 9.0
    plot.view.zoom(0.001)  # all the detail there is
    raw_x, _ = plot.view._drawn["train/loss"].raw.getData()
    assert np.diff(raw_x).max() == 1.0


def test_one_words_for_those_who_do_not_see_it(plot: CurvePlot) -> None:
    assert plot.accessibleName() == "Loss"
    assert "held-out 2.40 at step 2,000." in plot.accessibleDescription()
    table = plot.as_table().splitlines()
    assert table[0] == "Loss"
    assert "  step 0: 4.00" in table
    assert "  step 2,000: 2.40" in table


def test_a_small_chart_is_120_high_and_names_its_number_only(qtbot) -> None:
    plot = CurvePlot("Words a second", is_compact=True)
    qtbot.addWidget(plot)
    plot.show()
    plot.set_curves([Curve("s", "Words a second", STEPS, np.full(len(STEPS), 912_000.0), Role.SERIES_1)])
    assert plot.height() == 120
    assert set(end_labels(plot)) == {"912 k"}
    assert not plot.findChild(QPushButton, "logScaleButton").isVisible()


def test_a_picture_has_twice_the_pixels(plot: CurvePlot, qtbot, tmp_path: Path, theme: Theme) -> None:
    with qtbot.waitSignal(plot.exported) as written:
        plot.export_png(tmp_path / "loss.png")
    assert written.args == [str(tmp_path / "loss.png")]
    image = QImage(str(tmp_path / "loss.png"))
    assert image.width() == 2 * plot.view.width()
    assert theme.hex(Role.TRAINING) in colours_of(image)


def test_a_drawing_is_svg_with_its_words_as_text(plot: CurvePlot, qtbot, tmp_path: Path) -> None:
    with qtbot.waitSignal(plot.exported):
        plot.export_svg(tmp_path / "loss.svg")
    root = ET.parse(tmp_path / "loss.svg").getroot()
    texts = " ".join(
        "".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")
    )
    assert "Loss" in texts
    assert "held-out 2.40" in texts
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) > 3


def test_csv_holds_every_point(plot: CurvePlot, qtbot, tmp_path: Path) -> None:
    x = np.arange(25_000, dtype=np.float64)
    y = np.sqrt(x + 1)
    y[7] = np.nan
    plot.set_curves([Curve("train/loss", "training", x, y), *curves()[1:]])
    with qtbot.waitSignal(plot.exported, timeout=10_000):
        plot.export_csv(tmp_path / "loss.csv")
    with (tmp_path / "loss.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["metric", "step", "value"]
    assert len(rows) == 1 + 25_000 + len(CHECKS)
    assert rows[8] == ["train/loss", "7", ""]
    assert float(rows[25_000][2]) == y[-1]
    assert [path.name for path in tmp_path.glob("*")] != []
    assert not list(tmp_path.glob(".*.tmp"))


@pytest.mark.parametrize("kind", ["png", "svg", "csv"])
def test_a_place_that_cannot_be_written_is_told_in_words(
    plot: CurvePlot, qtbot, tmp_path: Path, kind: str
) -> None:
    with qtbot.waitSignal(plot.export_failed) as failed:
        getattr(plot, f"export_{kind}")(tmp_path / "no such folder" / f"loss.{kind}")
    failure = failed.args[0]
    assert isinstance(failure, PtftError)
    assert failure.hint


def test_the_export_menu_asks_where_to(plot: CurvePlot, qtbot, tmp_path: Path) -> None:
    actions = plot.findChild(QPushButton, "exportChartButton").menu().actions()
    assert [action.text() for action in actions] == [
        "Picture (PNG)...",
        "Drawing (SVG)...",
        "All numbers (CSV)...",
    ]
    with qtbot.waitSignal(plot.exported):
        plot._on_file_chosen(str(tmp_path / "chosen.svg"))
    assert (tmp_path / "chosen.svg").read_text("utf-8").startswith("<?xml")


def test_dragging_and_the_wheel_zoom_the_large_chart_only(plot: CurvePlot, qtbot) -> None:
    assert plot.view.getViewBox().state["mouseEnabled"] == [True, True]
    small = CurvePlot("Speed", is_compact=True)
    qtbot.addWidget(small)
    assert small.view.getViewBox().state["mouseEnabled"] == [False, False]
    qtbot.mouseMove(plot.view.viewport(), QPoint(300, 100))


def test_the_chart_is_imported_when_the_first_one_is_made() -> None:
    """The window is usable before pyqtgraph is there."""
    code = (
        "import sys, ptft_gui.gui.widgets.curve_plot, ptft_gui.gui.widgets.spec_form, ptft_gui.gui.widgets.toast;"
        "print(sorted(m for m in sys.modules if m in ('pyqtgraph', 'torch', 'gensim', 'scipy', 'numba')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_word_of_the_best_point_stands_beside_curves_that_would_run_through_it(
    qtbot, theme: Theme
) -> None:
    plot = CurvePlot("Loss")
    qtbot.addWidget(plot)
    plot.resize(648, 300)
    plot.show()
    steps = np.arange(0.0, 9_000.0, 40.0)
    held_out = np.where(
        steps < 200, 4.16 - 1.17 * steps / 200, 2.99 + 1.2 * (1 - np.exp(-(steps - 200) / 3000))
    )
    training = 2.0 + 2.16 * np.exp(-steps / 150)
    plot.set_curves(
        [Curve("val/loss", "held-out", steps, held_out), Curve("train/loss", "training", steps, training)]
    )
    plot.set_best((200.0, 2.99))
    word = plot.view._best_point._word
    box = word.rect().translated(word.pos())
    is_crossed = partial(runs_through, plot.view.getPlotItem(), tuple(plot.view._drawn.values()))
    assert not is_crossed(box)
    spot = plot.view.getViewBox().mapFromView(QPointF(200.0, 2.99))
    at = plot.view.getViewBox().mapToItem(plot.view.getPlotItem(), spot)
    usual = box.translated(at.x() - box.center().x(), 0)
    assert is_crossed(usual), "there was nothing to step aside for"


def _box_of_the_word(plot: CurvePlot) -> QRectF:
    word = plot.view._best_point._word
    return word.rect().translated(word.pos())


@pytest.mark.parametrize("width", [40.0, 120.0, 400.0])
@pytest.mark.parametrize("at", [400.0, 4_500.0, 8_700.0])
@pytest.mark.parametrize("height", [220, 300, 500])
def test_the_word_of_the_best_point_is_readable_in_a_narrow_valley(
    qtbot, theme: Theme, width: float, at: float, height: int
) -> None:
    plot = CurvePlot("Loss")
    qtbot.addWidget(plot)
    plot.resize(648, height)
    plot.show()
    steps = np.arange(0.0, 9_000.0, 20.0)
    held_out = 3.0 - np.exp(-(((steps - at) / width) ** 2))
    training = 2.6 - 0.9 * np.exp(-(((steps - at) / width) ** 2))
    plot.set_curves(
        [Curve("val/loss", "held-out", steps, held_out), Curve("train/loss", "training", steps, training)]
    )
    plot.set_best((at, 2.0))
    box = _box_of_the_word(plot)
    assert not runs_through(plot.view.getPlotItem(), tuple(plot.view._drawn.values()), box)
    view = plot.view.getViewBox()
    room = view.mapRectToItem(plot.view.getPlotItem(), view.boundingRect())
    assert room.adjusted(-2, -10, 2, 2).contains(box), "a word outside the chart belongs to no point"
    spot = view.mapToItem(plot.view.getPlotItem(), view.mapFromView(QPointF(at, 2.0)))
    assert abs(box.center().x() - spot.x()) < 2 * box.width(), "it stands beside its point"


def test_a_line_leads_to_a_word_that_found_no_room_at_its_point(qtbot, theme: Theme) -> None:
    plot = CurvePlot("Loss")
    qtbot.addWidget(plot)
    plot.resize(648, 300)
    plot.show()
    steps = np.arange(0.0, 90.0)
    falling = 4.0 - 0.03 * steps
    plot.set_curves([Curve("val/loss", "held-out", steps, falling)])
    plot.set_best((89.0, float(falling[-1])))
    assert not plot.view._best_point.has_line, "beside its point a word needs none"
    checks = np.arange(0.0, 98.0, 14.0)
    held_out = np.array([0.76, 0.55, 0.27, 0.25, 0.083, 0.18, 0.097])
    noisy = 0.1 + 0.1 * np.cos(2.5 * steps)
    plot.set_curves(
        [Curve("val/loss", "held-out", checks, held_out), Curve("train/loss", "training", steps, noisy)]
    )
    plot.set_best((56.0, 0.083))
    box = _box_of_the_word(plot)
    line = plot.view._best_point._line.line()
    assert plot.view._best_point.has_line, box
    assert box.adjusted(-1, -1, 1, 1).contains(line.p1())
