"""How long a frame of a map of 100,000 words takes while it is dragged, zoomed and pointed at; the budget is 16 ms.

Run it as a program::

    python tests/benchmarks/bench_map.py [--points 100000] [--rounds 40] [--size 1280x800]

Each frame moves the view and paints the whole widget, points and words. The same points are then dragged and zoomed
in a ``pyqtgraph.ScatterPlotItem`` each of whose eight groups has one brush (its quickest form; it draws no words),
and the ratio is printed. Beside the time on the clock stands the time of the processor, which other programs on the
machine cannot lengthen. Painting goes to memory (offscreen), so that a machine without a display measures the same
work.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pyqtgraph as pg
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from ptft_gui.gui.theme import current_theme
from ptft_gui.gui.widgets.word_map import MapPoints, WordMap
from ptft_gui.gui.widgets.word_map.colouring import group_colour

BUDGET_MS = 16.0
GROUPS = 8

Frame = Callable[[int], None]


def cloud(count: int, dimensions: int) -> MapPoints:
    """A mixture of gaussians, as maps of words are; eight groups."""
    random = np.random.default_rng(0)
    middles, widths = random.normal(size=(12, dimensions)) * 0.7, random.uniform(0.08, 0.3, 12)
    parts = random.choice(12, count, p=random.dirichlet(np.full(12, 3.0)))
    positions = middles[parts] + random.normal(size=(count, dimensions)) * widths[parts][:, None]
    counts = (1e6 / np.arange(1, count + 1)).astype(np.int64) + 1
    names = tuple(f"topic {number}, such words, as these" for number in range(GROUPS))
    words = [f"word{number}" for number in range(count)]
    return MapPoints(words, positions.astype(np.float32), counts, (parts % GROUPS).astype(np.int32), names)


def measure(widget: QWidget, frame: Frame, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each frame on the clock and of the processor."""
    clock, processor = [], []
    painted = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    for number in range(rounds):
        began, used = time.perf_counter(), time.thread_time()
        frame(number)
        painted.repaint()
        processor.append(1000 * (time.thread_time() - used))
        clock.append(1000 * (time.perf_counter() - began))
    return clock, processor


def report(name: str, times: tuple[list[float], list[float]]) -> float:
    """Print a line; the median of the processor's time."""
    clock, processor = (sorted(column) for column in times)
    high = clock[int(0.95 * (len(clock) - 1))]
    median = statistics.median(processor)
    print(
        f"{name:<42} {statistics.median(clock):7.1f} ms median {high:7.1f} ms 95 %   processor {median:7.1f} ms"
        f"   {median / BUDGET_MS:5.2f} of the budget"
    )
    return median


def bench_words(points: MapPoints, size: tuple[int, int], rounds: int, name: str) -> dict[str, float]:
    """Frames of our map."""
    words = WordMap()
    words.resize(*size)
    began = time.perf_counter()
    words.set_points(points)
    words.set_colouring("group")
    words.set_highlight(["word500"])
    words.show()
    QApplication.processEvents()
    words.grab()
    print(f"{name}: first picture after {1000 * (time.perf_counter() - began):.0f} ms")
    medians = {}
    frames: dict[str, Frame] = {
        "drag": lambda number: words._pan(3 if number % 20 < 10 else -3, 2),
        "zoom in": lambda number: words._zoom(1.06, 500, 400),
        "zoom out": lambda number: words._zoom(1 / 1.06, 500, 400),
        "point at words": lambda number: words._hover(words.row_at(400 + 7 * number, 380)),
    }
    if points.positions.shape[1] == 3:
        frames = {"turn": lambda number: words._turn(5, 1), **frames}
    for action, frame in frames.items():
        medians[action] = report(f"{name}: {action}", measure(words, frame, rounds))
    words._is_moving = False
    medians["rest"] = report(f"{name}: a frame at rest", measure(words, lambda n: words.scene.restyled(), 10))
    words.close()
    return medians


def bench_scatter(points: MapPoints, size: tuple[int, int], rounds: int) -> dict[str, float]:
    """Frames of pyqtgraph's scatter."""
    plot = pg.PlotWidget()
    plot.resize(*size)
    plot.setAspectLocked(True)
    assert points.groups is not None
    for group in range(GROUPS):
        rows = points.groups == group
        item = pg.ScatterPlotItem(
            points.positions[rows, 0].astype(np.float64),
            points.positions[rows, 1].astype(np.float64),
            size=3,
            pen=None,
            brush=pg.mkBrush(group_colour(current_theme(), group)),
        )
        plot.addItem(item)
    plot.show()
    QApplication.processEvents()
    plot.grab()
    box = plot.getViewBox()
    medians = {
        "drag": report(
            "ScatterPlotItem: drag", measure(plot, lambda number: box.translateBy(x=0.01, y=0.005), rounds)
        ),
        "zoom in": report(
            "ScatterPlotItem: zoom in", measure(plot, lambda number: box.scaleBy((0.94, 0.94)), rounds)
        ),
        "zoom out": report(
            "ScatterPlotItem: zoom out", measure(plot, lambda number: box.scaleBy((1.06, 1.06)), rounds)
        ),
    }
    plot.close()
    return medians


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--size", default="1280x800")
    options = parser.parse_args()
    width, height = (int(side) for side in options.size.split("x"))
    application = QApplication.instance() or QApplication([])
    print(
        f"{options.points:,} points on {width} x {height}, {options.rounds} frames each; budget {BUDGET_MS:.0f} ms"
    )
    ours = bench_words(cloud(options.points, 2), (width, height), options.rounds, "map")
    bench_words(cloud(options.points, 3), (width, height), options.rounds, "map in space")
    theirs = bench_scatter(cloud(options.points, 2), (width, height), min(options.rounds, 15))
    for action, median in theirs.items():
        print(f"{action}: {median / ours[action]:.1f} times as quick as ScatterPlotItem (processor time)")
    application.quit()
    return 0 if max(ours["drag"], ours["zoom in"], ours["zoom out"]) <= BUDGET_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
