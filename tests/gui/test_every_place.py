"""Every page and dialog: words 40 % longer fit, every control has a name, Tab goes round, and the focus is seen."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.theme import Preference, Theme
from tests.gui.drawn_words import faint_drawn
from tests.gui.every_place import PLACES
from tests.gui.fake_asker import FakeAsker
from tests.gui.place_checks import badly_reached, faint, nameless, without_room
from tests.gui.test_datasets_longer_words import LongerWords
from tests.gui.test_no_text_is_cut import sideways
from tests.gui.workers import Launches

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1_800),
]  # every page and dialog: minutes, more on a busy computer

Problems = Callable[[QWidget], list[str]]


class PatientAsker(FakeAsker):
    """Answers what the tables know, and is still thinking about everything else."""

    def ask(self, kind: str, *rest: object) -> str:
        try:
            return super().ask(kind, *rest)  # type: ignore[arg-type]
        except KeyError:
            return str(len(self.asked))


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, theme: Theme) -> Iterator[OpenWindow]:
    launches = Launches()
    opened = OpenWindow(tmp_path, launches, PatientAsker(holds={"inspect_dataset"}))
    opened.show()
    qtbot.waitExposed(opened.window)
    opened.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is opened.window, timeout=30_000)
    yield opened
    opened.close_down()
    opened.window.hide()
    opened.window.deleteLater()
    launches.end_all()


@pytest.fixture
def longer_words(qapp: QApplication) -> Iterator[None]:
    translator = LongerWords()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def in_every_place(qtbot: QtBot, opened: OpenWindow, problems_of: Problems) -> dict[str, list[str]]:
    """What ``problems_of`` finds in each place that has any; dialogs are closed again."""
    found = {}
    for name, go in PLACES.items():
        looked_at = go(qtbot, opened)
        if problems := problems_of(looked_at):
            found[name] = problems
        if isinstance(looked_at, QDialog):
            looked_at.reject()
        opened.window._frame.away.show_reports(())
    return found


def test_words_that_are_longer_fit(longer_words: None, qtbot: QtBot, opened: OpenWindow) -> None:
    opened.window.resize(1024, 700)

    def cut(looked_at: QWidget) -> list[str]:
        with contextlib.suppress(qtbot.TimeoutError):  # layouts settle
            qtbot.waitUntil(lambda: not without_room(looked_at) and not sideways(looked_at), timeout=10_000)
        return [*without_room(looked_at), *(f"sideways: {name}" for name in sideways(looked_at))]

    assert in_every_place(qtbot, opened, cut) == {}


@pytest.mark.parametrize(
    ("scale", "width", "height"), [(1.3, 1280, 800), (1.5, 1280, 800), (1.75, 1920, 1080)]
)
def test_large_text_fits(
    qtbot: QtBot, opened: OpenWindow, theme: Theme, scale: float, width: int, height: int
) -> None:
    """In the whole window, its bars included."""
    theme.set_text_scale(scale)
    opened.window.resize(width, height)

    def cut(looked_at: QWidget) -> list[str]:
        window = looked_at.window()
        with contextlib.suppress(qtbot.TimeoutError):  # layouts settle
            qtbot.waitUntil(lambda: not without_room(window) and not sideways(looked_at), timeout=10_000)
        return [*without_room(window), *(f"sideways: {name}" for name in sideways(looked_at))]

    # the screen of the tests is 800 wide, and a dialog never wider than its screen
    assert {
        name: found for name, found in in_every_place(qtbot, opened, cut).items() if name != "preferences"
    } == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_legible_and_the_focus_goes_round_and_is_seen(
    qtbot: QtBot, opened: OpenWindow, theme: Theme, scheme: Preference
) -> None:
    theme.set_preference(scheme)

    def amiss(looked_at: QWidget) -> list[str]:
        return [*nameless(looked_at), *faint(looked_at), *badly_reached(looked_at)]

    assert in_every_place(qtbot, opened, amiss) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_that_are_drawn_and_titles_of_columns_are_legible(
    qtbot: QtBot, opened: OpenWindow, theme: Theme, scheme: Preference
) -> None:
    theme.set_preference(scheme)
    assert in_every_place(qtbot, opened, faint_drawn) == {}
