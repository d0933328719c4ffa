"""Every page and dialog of the window, each with the way to it: what is held for all of them is tested for each."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.away import reports_since
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import new_spec
from ptft_gui.gui.app import OpenWindow
from tests.gui import learning_runs
from tests.gui.fixtures_runs import make_run
from tests.gui.sorting_runs import make_sorting_run
from tests.gui.token_runs import make_token_run

Place = Callable[[QtBot, OpenWindow], QWidget]
"""Goes there, and gives the page or the dialog that is looked at."""

_LONG_MS = 30_000


def _dialog(opened: OpenWindow, qtbot: QtBot, name: str) -> QWidget:
    qtbot.waitUntil(
        lambda: any(found.isVisible() for found in opened.window.findChildren(QWidget, name)),
        timeout=_LONG_MS,
    )
    found = next(found for found in opened.window.findChildren(QWidget, name) if found.isVisible())
    qtbot.waitUntil(found.isActiveWindow, timeout=_LONG_MS)  # Tab goes where the keyboard is
    return found


def _by_action(action: str, dialog: str, needs_run: bool = False) -> Place:
    def go(qtbot: QtBot, opened: OpenWindow) -> QWidget:
        if needs_run:
            _open(qtbot, opened, make_run(opened.controller.runs, "finished"))
        opened.window._actions[action].trigger()
        return _dialog(opened, qtbot, dialog)

    return go


def _open(qtbot: QtBot, opened: OpenWindow, run: RunDir, tab: str = "train") -> QWidget:
    opened.window.open_run(run.name)
    page = opened.window.pages.run_desk().page
    qtbot.waitUntil(lambda: opened.controller.opened().is_whole, timeout=_LONG_MS)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: page.tab_row.is_offered(tab), timeout=_LONG_MS)
    page.show_tab(tab)
    return page


_made: dict[tuple[Path, Callable[[Path], RunDir]], RunDir] = {}


def _run(make: Callable[[Path], RunDir], tab: str) -> Place:
    """A run's tab; the run is made for its first tab."""

    def go(qtbot: QtBot, opened: OpenWindow) -> QWidget:
        key = opened.controller.runs, make
        if key not in _made:
            _made[key] = make(opened.controller.runs)
        return _open(qtbot, opened, _made[key], tab)

    return go


@cache
def _language(family: str) -> Callable[[Path], RunDir]:
    def make(runs: Path) -> RunDir:
        run = learning_runs.make_language_run(runs, "finished", family)
        run.model.mkdir(exist_ok=True)
        return run

    return make


def _answers(runs: Path) -> RunDir:
    return make_token_run(runs, "question-answering")


def _names(runs: Path) -> RunDir:
    return make_token_run(runs, "tagging")


def _home(_: QtBot, opened: OpenWindow) -> QWidget:
    opened.window.show_home()
    return opened.window.pages.home


def _disk(qtbot: QtBot, opened: OpenWindow) -> QWidget:
    make_run(opened.controller.runs, "finished")
    opened.window.pages.disk.show()
    page = opened.window.pages.disk.page
    qtbot.waitUntil(lambda: opened.window.pages.disk._use is not None, timeout=_LONG_MS)
    return page


def _away(qtbot: QtBot, opened: OpenWindow) -> QWidget:
    runs = opened.controller.runs
    make_run(runs, "finished")
    make_run(runs, "failed")
    make_run(runs, "lost")
    reports = reports_since(runs, time.time() - 3600, time.time() + 60)
    opened.window._frame.away.show_reports(reports)
    assert len(reports) >= 3
    return _dialog(opened, qtbot, "awayCard")


def _fine_tuning(task: str, dataset: str) -> Place:
    def go(qtbot: QtBot, opened: OpenWindow) -> QWidget:
        spec = new_spec(
            "bert", dataset, stage="finetune", task=task, method="lora", init_from="folder", init="starter"
        )
        opened.window.pages.data.show_new_run_like(spec, {})
        return opened.window.pages.data.new_run_page()

    return go


def _new_run(family: str) -> Place:
    def go(qtbot: QtBot, opened: OpenWindow) -> QWidget:
        opened.window.pages.data.show_new_run_like(new_spec(family, "little-kingdom"), {})
        return opened.window.pages.data.new_run_page()

    return go


def _compare(qtbot: QtBot, opened: OpenWindow) -> QWidget:
    names = [make_run(opened.controller.runs, kind).name for kind in ("finished", "memorised")]
    compare = opened.window.pages.compare
    compare.compare(names)
    qtbot.waitUntil(lambda: all(run.summary.final for run in compare.page.runs()), timeout=_LONG_MS)
    return compare.page


def _failed(qtbot: QtBot, opened: OpenWindow) -> QWidget:
    opened.window.open_run(make_run(opened.controller.runs, "failed").name)
    page = opened.window.pages.run_desk().page
    qtbot.waitUntil(page.failure.isVisible, timeout=_LONG_MS)
    return page


def _words(runs: Path) -> RunDir:
    return make_run(runs, "finished")


PLACES: dict[str, Place] = {
    "home": _home,
    "while you were away": _away,
    "disk use": _disk,
    "compare": _compare,
    "failed": _failed,
    "new run, gpt": _new_run("gpt"),
    "new run, bert": _new_run("bert"),
    "new run, sorting": _fine_tuning("classification", "opinions-en"),
    "new run, answers": _fine_tuning("question-answering", "questions-en"),
    "words, train": _run(_words, "train"),
    "words, explore": _run(_words, "explore"),
    "words, details": _run(_words, "details"),
    "gpt, train": _run(_language("gpt"), "train"),
    "gpt, try it": _run(_language("gpt"), "try_it"),
    "gpt, explore": _run(_language("gpt"), "explore"),
    "gpt, evaluate": _run(_language("gpt"), "evaluate"),
    "gpt, details": _run(_language("gpt"), "details"),
    "bert, train": _run(_language("bert"), "train"),
    "bert, try it": _run(_language("bert"), "try_it"),
    "bert, explore": _run(_language("bert"), "explore"),
    "sorting, train": _run(make_sorting_run, "train"),
    "sorting, try it": _run(make_sorting_run, "try_it"),
    "sorting, evaluate": _run(make_sorting_run, "evaluate"),
    "sorting, details": _run(make_sorting_run, "details"),
    "answers, try it": _run(_answers, "try_it"),
    "answers, evaluate": _run(_answers, "evaluate"),
    "names, try it": _run(_names, "try_it"),
    "names, evaluate": _run(_names, "evaluate"),
    "preferences": _by_action("preferences", "preferencesDialog"),
    "glossary": _by_action("glossary", "glossaryDialog"),
    "about": _by_action("about", "aboutDialog"),
    "doctor": _by_action("doctor", "doctorDialog"),
    "sweep": _by_action("sweep", "sweepDialog", needs_run=True),
    "export": _by_action("export", "exportDialog", needs_run=True),
    "delete": _by_action("delete", "deleteDialog", needs_run=True),
}
