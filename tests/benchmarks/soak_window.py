"""Memory of the window while a run trains and everything is redrawn, minute after minute: it must stay flat.

Run it as a program::

    python tests/benchmarks/soak_window.py [--minutes 10]

Once a second the window takes another size, theme or tab, and now and then another run; every half minute a line tells
the memory of the window, of the process it asks and of the run's worker, and how late a 16 ms timer was. The last lines
are the verdict: how many MiB an hour the window grows after a warm-up, with and without the curves it follows, by the
median of the slopes between all pairs of measurements (Theil 1950, Sen 1968: a single high measurement does not move
it), and how late the timer was and how much processor time a change took in the first third against the last. Lateness
needs a computer that does nothing else; memory and processor time tell also beside other work. The offscreen platform
is used unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, cycle
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ptft_gui.core.spec import RunSpec, new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.app import OpenWindow, make_application
from ptft_gui.gui.garbage import GarbageCollector
from ptft_gui.gui.theme import Preference, current_theme
from tests.benchmarks.bench_window import Ticker

TELL_EVERY_S = 30.0
WARM_UP_SHARE = 0.3
"""Of the time: pages, fonts and caches are made then, and the allocator finds its size."""
FLAT_MIB_AN_HOUR = 12.0
"""Less than this is called flat: a window of 230 MiB then grows by a tenth in two hours."""
SIZES = ((1280, 800), (1920, 1080), (1024, 700))
THEMES: tuple[Preference, ...] = ("light", "dark")
TABS = ("train", "train", "details", "train")
_MEBIBYTE = 1 << 20
_BYTES_A_POINT = 16
"""A step and a value."""
_MOST_EPOCHS = 10_000
"""Half an hour, about; then the next run begins."""


@dataclass(frozen=True)
class Measured:
    """What was seen at one moment: seconds since the beginning, resident memory, lateness of the timer since before.

    ``change_ms``: what a change and the second of drawing after it took of the window's thread: processor time, median.
    """

    seconds: float
    window_mib: float
    asked_mib: float
    worker_mib: float
    late_ms: float
    change_ms: float = 0.0
    history_mib: float = 0.0
    """Of ``window_mib``: the curves of the runs that are followed, which grow with every step up to a bound
    (:data:`ptft_gui.core.series.MOST_POINTS`)."""

    @property
    def rest_mib(self) -> float:
        """What the window takes beside those curves: this must stay flat."""
        return self.window_mib - self.history_mib


def slope_an_hour(seconds: Sequence[float], values: Sequence[float]) -> float:
    """By how much ``values`` rise in an hour: the median slope of all pairs; 0 for fewer than two."""
    points = list(zip(seconds, values, strict=True))
    slopes = [(b - a) / (t - s) for (s, a), (t, b) in combinations(points, 2) if t > s]
    return 3600 * statistics.median(slopes) if slopes else 0.0


def verdict(measured: Sequence[Measured]) -> list[str]:
    """Three lines, on memory, lateness and processor time; what was seen in the warm-up does not count."""
    if not measured:
        return ["Too short: nothing was measured."]
    warm = [m for m in measured if m.seconds >= WARM_UP_SHARE * measured[-1].seconds]
    times = [m.seconds for m in warm]
    slopes = {
        name: slope_an_hour(times, [getattr(m, name) for m in warm])
        for name in ("window_mib", "rest_mib", "asked_mib", "worker_mib")
    }
    word = "flat" if slopes["rest_mib"] < FLAT_MIB_AN_HOUR else "growing"
    third = max(1, len(warm) // 3)
    parts = (warm[:third], warm[-third:])
    first, last = (statistics.median(m.late_ms for m in part) for part in parts)
    before, after = (statistics.median(m.change_ms for m in part) for part in parts)
    return [
        f"verdict: {word}; window {slopes['window_mib']:+.1f} MiB an hour, without its curves "
        f"{slopes['rest_mib']:+.1f}, asked process {slopes['asked_mib']:+.1f}, worker {slopes['worker_mib']:+.1f} "
        f"(window {warm[0].window_mib:.1f} MiB warm, {warm[-1].window_mib:.1f} at the end)",
        f"timer late (median of p99): {first:.1f} ms in the first third, {last:.1f} ms in the last",
        f"processor time of a change and a second of drawing: {before:.0f} ms in the first third, {after:.0f} ms in "
        f"the last",
    ]


def spec(name: str, epochs: int) -> RunSpec:
    return new_spec(
        "word2vec", "wikipedia", preset="tiny", settings={"epochs": epochs, "workers": 1},
        watched_words=("music", "war", "city", "water"), name=name,
    )  # fmt: skip


class Soak:
    """One window on one folder; ``measured`` holds what was seen every half minute."""

    def __init__(self, opened: OpenWindow, application: QApplication) -> None:
        self._opened, self._application = opened, application
        self._process = psutil.Process()
        self._began = self._told = time.monotonic()
        self._changes = cycle(range(24))
        self.measured: list[Measured] = []
        self._change_ms: list[float] = []
        self._ticker = Ticker()

    def wait(self, seconds: float) -> None:
        QTimer.singleShot(round(seconds * 1000), self._application.exit)  # quit() would close the window
        self._application.exec()

    def begin(self) -> None:
        """An ended run to look at in between, and one that trains all the while."""
        controller, panel = self._opened.controller, self._opened.window._frame.runs_panel
        controller.start(spec("Ended", 2))
        while not [row for row in panel.model.all_rows() if row.state == "finished"]:
            self.wait(0.5)
        controller.start(spec("Long", _MOST_EPOCHS))
        while len(panel.model.all_rows()) < 2:
            self.wait(0.5)
        self._names = [row.name for row in panel.model.all_rows()]
        self._ticker.start()

    def go_on(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not self._opened.controller.live_runs():
                self._opened.controller.start(spec("Another long", _MOST_EPOCHS))
            began = time.thread_time()
            self._change(next(self._changes))
            self.wait(1.0)
            self._opened.window.grab()
            self._change_ms.append((time.thread_time() - began) * 1000)
            if time.monotonic() - self._told >= TELL_EVERY_S:
                self._tell()

    def _change(self, turn: int) -> None:
        window = self._opened.window
        if turn % 12 == 0:
            names = [run.run.name for run in self._opened.controller.live_runs()] or self._names
            window.open_run(names[0] if turn == 0 else self._names[-1])
        elif turn % 12 == 6:
            window.show_home() if turn == 6 else window.show_datasets()
        elif turn % 3 == 0:
            window.resize(*SIZES[turn // 3 % len(SIZES)])
        elif turn % 3 == 1:
            current_theme().set_preference(THEMES[turn // 3 % len(THEMES)])
        elif window.pages.is_run_page_seen():
            window.pages.run_desk().page.show_tab(TABS[turn // 3 % len(TABS)])

    def _tell(self) -> None:
        self._told = time.monotonic()
        late = sorted(self._ticker.lateness_ms)
        self._ticker.lateness_ms = []
        seen = Measured(
            self._told - self._began,
            _mib(self._process.pid),
            sum(_mib(child.pid) for child in self._process.children() if _asks(child)),
            sum(_mib(pid) for run in self._opened.controller.live_runs() if (pid := run.run.worker_pid())),
            late[int(0.99 * (len(late) - 1))] if late else 0.0,
            statistics.median(self._change_ms) if self._change_ms else 0.0,
            sum(_curves_mib(run.summary) for run in self._opened.controller.live_runs()),
        )
        self._change_ms = []
        self.measured.append(seen)
        step = max((run.summary.step for run in self._opened.controller.live_runs()), default=0)
        told = max((run.summary.probe_count for run in self._opened.controller.live_runs()), default=0)
        print(
            f"{seen.seconds / 60:6.1f} min   window {seen.window_mib:7.1f} MiB   asked process {seen.asked_mib:7.1f}   "
            f"worker {seen.worker_mib:7.1f}   step {step:>9,}   probes {told:>6,}   "
            f"curves {seen.history_mib:5.1f} MiB   timer late by {seen.late_ms:5.1f} ms (p99)   "
            f"a change {seen.change_ms:4.0f} ms",
            flush=True,
        )


def _curves_mib(summary: RunSummary) -> float:
    """What the columns of a run's curves take; the room they have ahead is not resident yet."""
    return sum(len(series) * _BYTES_A_POINT for series in summary.series.values()) / _MEBIBYTE


def _asks(child: psutil.Process) -> bool:
    """Whether it is the process that the window asks."""
    try:
        return any("companion" in part for part in child.cmdline())
    except psutil.Error:
        return False


def _mib(pid: int) -> float:
    """Resident memory of a process; 0 when it has gone."""
    try:
        resident: int = psutil.Process(pid).memory_info().rss
    except psutil.Error:
        return 0.0
    return resident / _MEBIBYTE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["PTFT_HOME"] = home
        application = make_application()
        application.setQuitOnLastWindowClosed(False)
        garbage = GarbageCollector(application)
        runs = Path(home) / "runs"
        runs.mkdir()
        opened = OpenWindow(runs)
        opened.prepared.connect(garbage.freeze)
        opened.show()
        soak = Soak(opened, application)
        soak.wait(2.0)
        soak.begin()
        soak.go_on(options.minutes * 60)
        print("\n".join(verdict(soak.measured)), flush=True)
        for followed in opened.controller.live_runs():
            opened.controller.discard(followed.run.name)
        while opened.controller.live_runs():
            soak.wait(0.2)
        opened.close_down()
        garbage.end()
        opened.window.hide()


if __name__ == "__main__":
    main()
