"""What a person does again and again leaves nothing behind: counted in objects, not in bytes."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.toast import Message
from tests.gui.fixtures_runs import make_run
from tests.gui.workers import Launches

_WARM, _TIMES, _ROUNDS = 2, 4, 3


class NobodyAnswers:
    """An asker that keeps no question."""

    def ask(self, *_: object) -> str:
        return "asked"

    def cancel(self, _: str) -> None:
        return None


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, theme: Theme) -> Iterator[OpenWindow]:
    runs = tmp_path / "runs"
    runs.mkdir()
    opened = OpenWindow(runs, Launches(), NobodyAnswers())
    opened.window.show()  # and not the pages that are built a moment later: what is counted has to stand still
    opened.controller.begin()
    yield opened
    opened.window.close_for_good()
    opened.close_down()
    opened.window.deleteLater()


def _settle() -> None:
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()


def _objects_of_qt(window: QWidget) -> Counter[str]:
    """How many objects of each class hang below the window and the application."""
    roots = {id(root): root for root in (window, *QApplication.topLevelWidgets())}.values()
    found = [child for root in roots for child in root.findChildren(QObject)]
    return Counter(child.metaObject().className() for child in found)


def _objects_of_ours() -> Counter[str]:
    named = ((str(type(each).__module__), type(each).__qualname__) for each in gc.get_objects())
    return Counter(f"{module}.{name}" for module, name in named if module.startswith("ptft_gui."))


def _growth(opened: OpenWindow, act: Callable[[int], None], times: int = _TIMES) -> dict[str, int]:
    """What there is more of after doing something ``times`` more: one for every time, or nearly so, is a leak.

    A leak grows in every round; a page that shows a little later what it was given grows in one.
    """
    for turn in range(_WARM):
        act(turn)
    grown: dict[str, int] = {}
    for begin in range(_WARM, _WARM + _ROUNDS * times, times):
        grown = _growth_of_round(opened, act, range(begin, begin + times))
        if not grown:
            break
    return grown


def _growth_of_round(opened: OpenWindow, act: Callable[[int], None], turns: range) -> dict[str, int]:
    _settle()
    ours, qts = _objects_of_ours(), _objects_of_qt(opened.window)
    for turn in turns:
        act(turn)
    _settle()
    grown = (_objects_of_ours() - ours) + (_objects_of_qt(opened.window) - qts)
    return {name: count for name, count in grown.items() if count >= len(turns) - 1}


def _close_dialogs(window: QWidget) -> int:
    shown = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    for dialog in shown:
        dialog.reject()
    return len(shown)


@pytest.mark.parametrize(
    "action",
    ["open_data", "open_vectors", "open_model", "open_run", "open_pack", "play_recording", "preferences", "glossary",
     "doctor", "about", "explain"],
)  # fmt: skip
def test_a_dialog_that_was_closed_is_gone(opened: OpenWindow, action: str) -> None:
    def open_and_close(_: int) -> None:
        opened.window._actions[action].trigger()
        QCoreApplication.processEvents()
        assert _close_dialogs(opened.window) == 1

    assert _growth(opened, open_and_close) == {}


def test_the_folder_dialog_of_a_window_that_only_shows_is_gone(opened: OpenWindow) -> None:
    def open_and_close(_: int) -> None:
        opened.window._only_shows.ask_for_folder()
        QCoreApplication.processEvents()
        assert _close_dialogs(opened.window) == 1

    assert _growth(opened, open_and_close) == {}


def test_notes_come_and_go(opened: OpenWindow) -> None:
    def tell(turn: int) -> None:
        opened.window.tell(Message(f"Note {turn}", "bad", "In detail."))

    for turn in range(10):  # four are shown at a time
        tell(turn)
    grown = _growth(opened, lambda turn: tell(100 + turn), times=8)
    assert grown == {
        "ptft_gui.gui.widgets.toast.Message": 8
    }  # what was told can be read again, up to a number


def test_opening_runs_in_turn_keeps_no_earlier_one(qtbot: QtBot, opened: OpenWindow) -> None:
    first = make_run(opened.controller.runs, "finished")
    second = make_run(opened.controller.runs, "stopped", started_ago=900.0)

    def open_one(turn: int) -> None:
        opened.window.open_run((first, second)[turn % 2].name)
        qtbot.waitUntil(lambda: (f := opened.controller.opened()) is not None and f.is_whole)
        for tab in ("train", "explore", "details"):
            opened.window.pages.run_desk().page.show_tab(tab)

    opened.window.prepare_pages()
    grown = _growth(opened, open_one)
    assert not [
        name for name in grown if "FollowedRun" in name or "RunThread" in name or "RunSummary" in name
    ]
    assert grown == {}


def test_a_run_that_tells_thousands_of_epochs_is_held_in_few_events(qtbot: QtBot, opened: OpenWindow) -> None:
    run = make_run(opened.controller.runs, "finished")
    opened.window.open_run(run.name)
    qtbot.waitUntil(lambda: (f := opened.controller.opened()) is not None and f.is_whole)
    followed = opened.controller.opened()
    assert followed is not None
    gc.collect()
    before = sum(count for name, count in _objects_of_ours().items() if ".core.events." in name)
    step = followed.summary.step
    for epoch in range(1, 3_001):
        at = step + epoch
        followed.summary.fold(
            [
                ev.Evaluated(step=at, epoch=float(epoch), metrics={"val/loss": 2.0 + 1.0 / epoch}),
                *(ev.Probe(step=at, name=word, answer=[["queen", 0.5]]) for word in ("king", "bread")),
                ev.Snapshot(step=at, path=f"snapshots/step-{at:08}.safetensors"),
                ev.Checkpoint(step=at, path=f"checkpoints/step-{at:08}"),
            ]
        )
        if epoch % 500 == 0:
            opened.window.pages.refresh(followed)
    gc.collect()
    told = sum(count for name, count in _objects_of_ours().items() if ".core.events." in name)
    assert told - before < 2_200  # of 15,000
