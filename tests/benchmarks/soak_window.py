"""Memory of the window while a run trains and everything is redrawn, minute after minute: it must stay flat.

Run it as a program::

    python tests/benchmarks/soak_window.py [--minutes 10]

Once a second the window takes another size, theme or tab, and now and then another run; every half minute a line tells
the memory of the window and of the process it asks, and how late a 16 ms timer was. The last line compares the second
half with its own beginning. The offscreen platform is used unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ptft_gui.core.spec import RunSpec, new_spec
from ptft_gui.gui.app import OpenWindow, make_application
from ptft_gui.gui.garbage import GarbageCollector
from ptft_gui.gui.theme import Preference, current_theme
from tests.benchmarks.bench_window import Ticker

TELL_EVERY_S = 30.0
SIZES = ((1280, 800), (1920, 1080), (1024, 700))
THEMES: tuple[Preference, ...] = ("light", "dark")
TABS = ("train", "train", "details", "train")
_MEBIBYTE = 1 << 20


def spec(name: str, epochs: int) -> RunSpec:
    watched = ("king", "queen", "bread", "dog")
    return new_spec(
        "word2vec", "little-kingdom", preset="tiny", settings={"epochs": epochs, "workers": 1},
        watched_words=watched, name=name,
    )  # fmt: skip


class Soak:
    """One window on one folder; ``memory`` holds (seconds, bytes of the window)."""

    def __init__(self, opened: OpenWindow, application: QApplication) -> None:
        self._opened, self._application = opened, application
        self._process = psutil.Process()
        self._began = self._told = time.monotonic()
        self._changes = cycle(range(24))
        self.memory: list[tuple[float, int]] = []
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
        controller.start(spec("Endless", 10_000))
        while len(panel.model.all_rows()) < 2:
            self.wait(0.5)
        self._names = [row.name for row in panel.model.all_rows()]
        self._ticker.start()

    def go_on(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._change(next(self._changes))
            self.wait(1.0)
            self._opened.window.grab()
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
        now = time.monotonic()
        self._told = now
        resident = self._process.memory_info().rss
        self.memory.append((now - self._began, resident))
        asked = [child for child in self._process.children() if "companion" in " ".join(child.cmdline())]
        others = sum(child.memory_info().rss for child in asked)
        live = [run.summary.step for run in self._opened.controller.live_runs()]
        late = sorted(self._ticker.lateness_ms)
        self._ticker.lateness_ms = []
        p99 = late[int(0.99 * (len(late) - 1))] if late else 0.0
        print(
            f"{(now - self._began) / 60:6.1f} min   window {resident / _MEBIBYTE:7.1f} MiB   asked process "
            f"{others / _MEBIBYTE:7.1f} MiB   step {max(live, default=0):>9,}   timer late by {p99:5.1f} ms (p99)",
            flush=True,
        )

    def verdict(self) -> str:
        """The mean of the last quarter against that of the second."""
        values = [resident for _, resident in self.memory]
        quarter = max(1, len(values) // 4)
        early, late = values[quarter : 2 * quarter] or values, values[-quarter:]
        before, after = sum(early) / len(early) / _MEBIBYTE, sum(late) / len(late) / _MEBIBYTE
        return f"second quarter {before:.1f} MiB, last quarter {after:.1f} MiB: {100 * (after / before - 1):+.1f} %"


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
        opened.show()
        soak = Soak(opened, application)
        soak.wait(2.0)
        soak.begin()
        soak.go_on(options.minutes * 60)
        print(soak.verdict(), flush=True)
        for followed in opened.controller.live_runs():
            opened.controller.discard(followed.run.name)
        while opened.controller.live_runs():
            soak.wait(0.2)
        opened.close_down()
        garbage.end()
        opened.window.hide()


if __name__ == "__main__":
    main()
