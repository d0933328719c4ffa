"""How soon the window can be used, how smooth it stays beside training, how soon a long history and a theme show.

Run it as a program::

    python tests/benchmarks/bench_window.py [start] [smooth] [history] [theme] [--seconds 20] [--steps 1000000]

Every figure is printed beside its budget, as a ratio: below 1.00 it is kept. The offscreen platform is used unless
QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from ptft_gui.core import events as ev
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.launch import package_environment
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.gui.app import MEASURE_START, OpenWindow, make_application
from ptft_gui.gui.garbage import GarbageCollector
from ptft_gui.gui.theme import Preference, current_theme

START_BUDGET_S, STALL_BUDGET_MS, LATENESS_BUDGET_MS, HISTORY_BUDGET_S = 1.0, 50.0, 16.0, 1.0
TICK_MS = 16
_RECORD = 256


def report(what: str, value: float, budget: float, unit: str) -> None:
    """One line: the figure, its budget, their ratio."""
    print(
        f"{what:<58}{value:9.3f} {unit:<3} budget {budget:g} {unit:<3} ratio {value / budget:.2f}", flush=True
    )


class Ticker(QObject):
    """Notes by how many milliseconds each tick of a 16 ms timer comes late."""

    def __init__(self) -> None:
        super().__init__()
        self.lateness_ms: list[float] = []
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    def stop(self) -> None:
        self._timer.stop()

    def start(self) -> None:
        self._due = time.perf_counter() + TICK_MS / 1000
        self._timer.start()

    @Slot()
    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.lateness_ms.append(max(0.0, (now - self._due) * 1000))
        self._due = now + TICK_MS / 1000

    def report(self, what: str) -> None:
        late = np.array(self.lateness_ms)
        report(
            f"{what}: p99 lateness of a 16 ms timer", float(np.quantile(late, 0.99)), LATENESS_BUDGET_MS, "ms"
        )
        report(f"{what}: longest stall", float(late.max()), STALL_BUDGET_MS, "ms")


def bench_start(home: Path, rounds: int = 7) -> None:
    """Process start to a painted window that takes events; the first round warms the disk."""
    times = []
    compiled = {"PTFT_HOME": str(home), "PYTHONPYCACHEPREFIX": str(home / "compiled")}
    environment = {**package_environment(), **compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    for _ in range(rounds + 1):
        environment[MEASURE_START] = str(time.monotonic())
        window = subprocess.Popen(
            [sys.executable, "-P", "-m", "ptft_gui"], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert window.stdout is not None
        line = window.stdout.readline()
        window.terminate()
        window.communicate()
        times.append(float(line.split()[-2]))
    report("process start to usable window, median", statistics.median(times[1:]), START_BUDGET_S, "s")
    bare = [time_of_bare_imports(environment) for _ in range(rounds)]
    print(f"  (a bare python that imports Qt, numpy and pydantic takes {statistics.median(bare):.3f} s here)")


def time_of_bare_imports(environment: dict[str, str]) -> float:
    """What no window could do without: a measure of how quick this computer is."""
    began = time.perf_counter()
    code = "import numpy, pydantic.main, PySide6.QtSvg, PySide6.QtWidgets"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    return time.perf_counter() - began


def spin(application: QApplication, until: Callable[[], bool], limit_s: float) -> None:
    """Run the event loop until something holds."""
    deadline = time.monotonic() + limit_s
    timer = QTimer()
    timer.setInterval(20)
    timer.timeout.connect(lambda: application.exit() if until() or time.monotonic() > deadline else None)
    timer.start()
    application.exec()


def bench_smooth(application: QApplication, garbage: GarbageCollector, home: Path, seconds: float) -> None:
    """A real run trains with all threads while its page is watched."""
    opened = OpenWindow(home / "runs")
    opened.prepared.connect(garbage.freeze)
    opened.show()
    settings = {"epochs": 200, "workers": os.cpu_count() or 2}
    opened.controller.start(new_spec("word2vec", "wikipedia", preset="quick", settings=settings))
    spin(application, lambda: any(f.summary.step > 20 for f in opened.controller.live_runs()), 180)
    ticker = Ticker()
    ticker.start()
    spin(application, lambda: False, seconds)
    ticker.report("training flat out")
    for followed in opened.controller.live_runs():
        print(f"  ({followed.summary.step:,} steps, {followed.summary.speed() or 0:,.0f} words/s meanwhile)")
        opened.controller.discard(followed.run.name)
    spin(application, lambda: not opened.controller.live_runs(), 30)
    opened.close_down()
    opened.window.deleteLater()


def write_history(runs: Path, steps: int) -> str:
    """A finished run whose log holds ``steps`` steps and 2,000 evaluations; returns its name."""
    run = create_run(runs, new_spec("word2vec", "wikipedia", name="A long run"))
    log = EventWriter(run.events_file)
    log.write(ev.Started(attempt=1))
    every = max(steps // 2000, 1)
    for first in range(0, steps, _RECORD):
        at = list(range(first, min(first + _RECORD, steps)))
        columns: dict[str, list[float | None]] = {
            "lr": [round(0.025 * (1 - s / steps), 7) for s in at],
            "words_per_second": [900_000.0 + s % 977 for s in at],
            "epoch": [round(10 * s / steps, 4) for s in at],
            "words": [s * 9_973.0 for s in at],
            "progress": [round(s / steps, 6) for s in at],
        }
        log.write(ev.Steps(step=at, columns=columns))
        if first % every < _RECORD:
            loss = 2.0 + 2.0 / (1 + first / 1e4)
            log.write(ev.Evaluated(step=at[-1], metrics={"train/loss": loss, "val/loss": loss + 0.05}))
    log.write(ev.Finished(step=steps, metrics={"val/loss": 2.05}))
    log.close()
    return run.name


def bench_history(application: QApplication, garbage: GarbageCollector, home: Path, steps: int) -> None:
    """From the click on a run to its whole curves painted, three times."""
    runs = home / "runs"
    name = write_history(runs, steps)
    opened = OpenWindow(runs)
    opened.show()
    opened.window.prepare_pages()
    garbage.freeze()
    spin(application, lambda: False, 2.0)
    times = []
    ticker = Ticker()
    for _ in range(3):
        opened.window.show_home()
        spin(application, lambda: False, 0.5)
        opened.controller._let_go(name)
        ticker.start()
        began = time.perf_counter()
        opened.window.open_run(name)
        opened.window.pages.desk.page.show_tab("train")  # type: ignore[union-attr]
        followed = opened.controller.opened()
        assert followed is not None
        spin(application, lambda f=followed: f.is_whole, 60)  # type: ignore[misc]
        application.processEvents()
        times.append(time.perf_counter() - began)
        spin(application, lambda: False, 0.5)
        ticker.stop()
    report(
        f"history of {steps:,} steps, first whole picture", statistics.median(times), HISTORY_BUDGET_S, "s"
    )
    ticker.report("while it is read")
    opened.close_down()
    opened.window.deleteLater()


def bench_theme(application: QApplication, garbage: GarbageCollector, home: Path, rounds: int = 5) -> None:
    """A change between light and dark with every page built, in processor time of the window's thread; against a style
    sheet that is put over another one, which is the plain way with Qt. In turns."""
    runs = home / "runs"
    name = write_history(runs, 20_000)
    opened = OpenWindow(runs)
    opened.show()
    opened.window.prepare_pages()
    garbage.freeze()
    opened.window.open_run(name)
    spin(application, lambda: False, 2.0)
    ours, plain = [], []
    for place in range(rounds):
        preference: Preference = "dark" if place % 2 == 0 else "light"
        ours.append(_thread_ms(application, lambda to=preference: current_theme().set_preference(to)))  # type: ignore[misc]
        sheet = f"{application.styleSheet()} "  # another one, of the same rules
        plain.append(_thread_ms(application, lambda to=sheet: application.setStyleSheet(to)))  # type: ignore[misc]
    ratio = statistics.median(one / other for one, other in zip(ours, plain, strict=True))
    print(
        f"change of theme with {len(application.allWidgets()):,} widgets: {statistics.median(ours):.0f} ms, "
        f"a sheet over another {statistics.median(plain):.0f} ms; ratio {ratio:.2f} ({rounds} turns, medians)"
    )
    opened.close_down()
    opened.window.deleteLater()


def _thread_ms(application: QApplication, change: Callable[[], None]) -> float:
    began = time.thread_time()
    change()
    application.processEvents()
    return (time.thread_time() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["start", "smooth", "history", "theme"])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--steps", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "runs").mkdir()
        os.environ["PTFT_HOME"] = str(home)
        if "start" in options.parts:
            bench_start(home)
        application = make_application()
        application.setQuitOnLastWindowClosed(False)
        garbage = GarbageCollector(application)
        if "smooth" in options.parts:
            bench_smooth(application, garbage, home, options.seconds)
        if "history" in options.parts:
            bench_history(application, garbage, home, options.steps)
        if "theme" in options.parts:
            bench_theme(application, garbage, home)
        garbage.end()


if __name__ == "__main__":
    main()
