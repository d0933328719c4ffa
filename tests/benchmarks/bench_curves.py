"""How long a chart of a million points takes to take over news and to paint itself; the budget is 16 ms.

Run it as a program::

    python tests/benchmarks/bench_curves.py [--points 1000000] [--rounds 40]

Each round appends what a tenth of a second of a fast run reports, hands the grown curves to the chart of the Train
tab and paints its whole surface, as a live window does. Printed are the median and the 95th percentile of the rounds
and their ratio to the budget. Painting goes to memory (offscreen), so that a machine without a display measures the
same work.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from ptft_gui.core import events as ev
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.series import Series
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS, RunSummary
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.loss_card import LossCard

BUDGET_MS = 16.0
SIZE = (648, 340)
NEWS = 120


def loss(steps: np.ndarray, seed: int) -> np.ndarray:
    """A falling, noisy loss of shape (n,)."""
    noise = np.random.default_rng(seed).normal(0, 0.05, len(steps))
    return 2.0 + 2.1 * np.exp(-steps / 2e5) + noise


def make_run(points: int) -> ShownRun:
    """A live run whose two curves have ``points`` points each."""
    summary = RunSummary(spec=new_spec("word2vec", "wikipedia"))
    append(summary, np.arange(points, dtype=np.float64))
    summary.baselines[VAL_LOSS] = ev.Baseline(metric=VAL_LOSS, value=4.16)
    return ShownRun(RunDir(Path("no-folder")), summary, "running")


def append(summary: RunSummary, steps: np.ndarray) -> None:
    """Report both losses at ``steps``."""
    for seed, name in enumerate((TRAIN_LOSS, VAL_LOSS)):
        summary.series.setdefault(name, Series()).extend(steps, loss(steps, seed + len(steps)))
    summary.step = int(steps[-1])
    summary.evaluations.append(ev.Evaluated(step=summary.step, metrics={}))


def measure(points: int, rounds: int) -> int:
    """Print what a redraw costs; 0 when it is within the budget."""
    application = QApplication.instance() or QApplication([])
    run = make_run(points)
    card = LossCard()
    card.resize(*SIZE)
    began = time.perf_counter()
    card.show_run(run)
    card.show()
    application.processEvents()
    card.grab()
    print(f"first picture of {points:,} points, two curves: {1000 * (time.perf_counter() - began):.0f} ms")
    costs = [_one_round(card, run, points + number * NEWS) for number in range(rounds)]
    median, high = statistics.median(costs), sorted(costs)[int(0.95 * (len(costs) - 1))]
    print(
        f"redraw with news: median {median:.1f} ms, 95th percentile {high:.1f} ms, budget {BUDGET_MS:.0f} ms"
    )
    print(f"ratio to the budget: {median / BUDGET_MS:.2f} (median), {high / BUDGET_MS:.2f} (95th percentile)")
    card.close()
    return 0 if median < BUDGET_MS else 1


def _one_round(card: LossCard, run: ShownRun, first: int) -> float:
    """Milliseconds for taking over :data:`NEWS` points and painting everything."""
    append(run.summary, np.arange(first, first + NEWS, dtype=np.float64))
    began = time.perf_counter()
    card.refresh(run)
    assert card.plot is not None
    card.plot.view.viewport().repaint()
    return 1000 * (time.perf_counter() - began)


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--points", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=40)
    chosen = options.parse_args()
    return measure(chosen.points, chosen.rounds)


if __name__ == "__main__":
    raise SystemExit(main())
