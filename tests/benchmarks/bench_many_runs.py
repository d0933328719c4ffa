"""How soon thousands of runs are listed, and how quickly the list follows what is typed into its search.

Run it as a program::

    python tests/benchmarks/bench_many_runs.py [--runs 3000]

Every figure is printed beside its budget, as a ratio: below 1.00 it is kept. What a program loads once at its first
window is not in it (bench_window.py measures that). The offscreen platform is used unless QT_QPA_PLATFORM says
otherwise.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView

from ptft_gui.gui.app import OpenWindow, make_application
from ptft_gui.gui.garbage import GarbageCollector
from tests.benchmarks.bench_window import report, spin
from tests.gui.fixtures_runs import Kind, make_run

LIST_BUDGET_S, LETTER_BUDGET_MS = 1.0, 50.0
_KINDS: tuple[Kind, ...] = ("finished", "failed", "lost")


class Painted(QObject):
    """When a list was painted that holds at least ``count`` runs; 0.0 as long as it was not."""

    def __init__(self, view: QListView, count: int) -> None:
        super().__init__()
        self.at = 0.0
        self._view, self._count = view, count
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        is_whole = event.type() == QEvent.Type.Paint and self._view.model().rowCount() >= self._count
        if is_whole and not self.at:
            self.at = time.perf_counter()
        return False


def open_window(application: QApplication, runs: Path, count: int) -> tuple[OpenWindow, float, float]:
    """A window on ``runs``, how many seconds it took to list ``count`` of them, and to have all pages built."""
    began = time.perf_counter()
    opened = OpenWindow(runs)
    built: list[float] = []
    opened.prepared.connect(lambda: built.append(time.perf_counter()))
    opened.show()
    shown = opened.window.findChild(QListView, "runsList")
    assert isinstance(shown, QListView)
    painted = Painted(shown, count)
    spin(application, lambda: bool(painted.at and built) or (count == 0 and bool(built)), 120)
    return opened, (painted.at or built[0]) - began, built[0] - began


def close(application: QApplication, opened: OpenWindow) -> None:
    opened.close_down()
    opened.window.deleteLater()
    application.processEvents()


def type_into_search(application: QApplication, opened: OpenWindow, words: str) -> list[float]:
    """Milliseconds from each letter to the list that is painted for it."""
    field = opened.window.findChild(QLineEdit, "runSearch")
    assert isinstance(field, QLineEdit)
    field.setFocus()
    times = []
    for letter in words:
        began = time.perf_counter()
        QTest.keyClicks(field, letter)
        application.processEvents()
        times.append((time.perf_counter() - began) * 1000)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3000)
    count = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PTFT_HOME"] = folder
        few, many = Path(folder) / "few", Path(folder) / "runs"
        few.mkdir()
        many.mkdir()
        for number in range(count):
            make_run(many, _KINDS[number % len(_KINDS)])
        application = make_application()
        application.setQuitOnLastWindowClosed(False)
        garbage = GarbageCollector(application)
        close(application, open_window(application, few, 0)[0])  # what is loaded once
        opened, _, empty_s = open_window(application, few, 0)
        close(application, opened)
        for turn in ("first time", "second time"):
            opened, listed_s, built_s = open_window(application, many, count)
            report(f"window opened and {count:,} runs listed, {turn}", listed_s, LIST_BUDGET_S, "s")
            print(f"  (all pages built after {built_s:.3f} s; with an empty folder {empty_s:.3f} s)")
            if turn == "first time":
                close(application, opened)
        times = type_into_search(application, opened, "wikipedia lost")
        report("a letter of the search, slowest", max(times), LETTER_BUDGET_MS, "ms")
        close(application, opened)
        garbage.end()


if __name__ == "__main__":
    main()
