"""Every page of the whole window, in sizes and type sizes a person may choose: no sentence is cut."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.theme import Theme
from tests.gui.fake_asker import FakeAsker
from tests.gui.fixtures_runs import STATES, Kind, living, make_run
from tests.gui.workers import Launches

pytestmark = pytest.mark.slow  # every page in every size takes minutes

LOOKS = ((1024, 700, 1.0), (1280, 800, 1.0), (1280, 800, 1.3))
"""Width and height of the window, and the scale of its type."""
_AIR = 2
"""Pixels by which a font's own measure may differ from that of a layout."""


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, theme: Theme) -> Iterator[OpenWindow]:
    launches = Launches()
    opened = OpenWindow(tmp_path, launches, FakeAsker(holds={"inspect_dataset"}))
    opened.show()
    qtbot.waitExposed(opened.window)
    yield opened
    opened.close_down()
    opened.window.hide()
    opened.window.deleteLater()
    launches.end_all()


def cut_texts(window: QWidget) -> list[str]:
    """Sentences that have less height than they need, and buttons narrower than their words."""
    labels = [w for w in window.findChildren(QLabel) if w.isVisible() and w.text() and w.wordWrap()]
    cut = [w.text() for w in labels if w.height() + _AIR < w.heightForWidth(w.width())]
    buttons = [w for w in window.findChildren(QAbstractButton) if w.isVisible() and w.text()]
    return cut + [w.text() for w in buttons if w.width() + _AIR < w.minimumSizeHint().width()]


def sideways(window: QWidget) -> list[str]:
    """Areas that would have to be scrolled sideways."""
    return [
        area.objectName() or type(area.widget()).__name__
        for area in window.findChildren(QScrollArea)
        if area.isVisible() and area.widget().minimumSizeHint().width() > area.viewport().width() + _AIR
    ]


def check_everywhere(qtbot: QtBot, opened: OpenWindow, theme: Theme) -> None:
    window = opened.window
    for width, height, scale in LOOKS:
        theme.set_text_scale(scale)
        window.resize(width, height)
        with contextlib.suppress(qtbot.TimeoutError):  # layouts settle
            qtbot.waitUntil(lambda: not cut_texts(window) and not sideways(window), timeout=1_000)
        assert (width, height, scale, cut_texts(window), sideways(window)) == (width, height, scale, [], [])


def test_home(qtbot: QtBot, opened: OpenWindow, theme: Theme) -> None:
    check_everywhere(qtbot, opened, theme)


@pytest.mark.parametrize("step", [0, 1, 2])
def test_new_run(qtbot: QtBot, opened: OpenWindow, theme: Theme, step: int) -> None:
    opened.window.show_new_run_with("wikipedia")
    opened.window.pages.data.new_run_page().columns.open_step(step)
    check_everywhere(qtbot, opened, theme)


def test_new_run_with_a_table(qtbot: QtBot, opened: OpenWindow, theme: Theme, tmp_path: Path) -> None:
    opened.window.show_new_run_with(str(_survey(tmp_path)))
    details = opened.window.pages.data.new_run_page().data.details
    qtbot.waitUntil(lambda: details.look.studied_data is not None)
    details.reading.set_open(True)
    check_everywhere(qtbot, opened, theme)


@pytest.mark.parametrize("tab", [1, 2])
def test_the_ways_to_other_data(qtbot: QtBot, opened: OpenWindow, theme: Theme, tab: int) -> None:
    opened.window.show_new_run_with(None)
    data = opened.window.pages.data.new_run_page().data
    data.tabs.setCurrentIndex(tab)
    opened.window.pages.data.new_run_page().columns.open_step(1)
    data.network.name.setText("stanfordnlp/imdb")
    data.network.look_up.click()
    check_everywhere(qtbot, opened, theme)


def test_no_dataset(qtbot: QtBot, opened: OpenWindow, theme: Theme) -> None:
    opened.window.show_datasets()
    check_everywhere(qtbot, opened, theme)


@pytest.mark.parametrize("tab", [0, 1, 2, 3])
@pytest.mark.parametrize("dataset", ["file", "survey-2026", "letters"])
def test_datasets(
    qtbot: QtBot, opened: OpenWindow, theme: Theme, tmp_path: Path, dataset: str, tab: int
) -> None:
    opened.window.show_datasets()
    page = opened.window.pages.data.datasets_page()
    page.show_path(str(_survey(tmp_path))) if dataset == "file" else page.show_named(dataset)
    qtbot.waitUntil(lambda: page.details.look.studied_data is not None)
    page.details.cleaning.form.set_values({"case": "keep"})
    page.details.tabs.setCurrentIndex(tab)
    check_everywhere(qtbot, opened, theme)


def _survey(folder: Path) -> Path:
    path = folder / "survey 2026, final (2).csv"
    path.write_text("resp_id;Q17_open;v23_rec\n1;More trees;green\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("kind", "tabs"),
    [
        ("running", ("train",)),
        ("memorising", ("train",)),
        ("finished", ("train", "explore", "evaluate", "details")),
        ("failed", ("train",)),
    ],
)
def test_a_run(qtbot: QtBot, opened: OpenWindow, theme: Theme, kind: Kind, tabs: tuple[str, ...]) -> None:
    run = make_run(opened.controller.runs, kind)
    with living(run) if STATES[kind] == "running" else contextlib.nullcontext():
        opened.window.open_run(run.name)
        page = opened.window.pages.run_desk().page
        sign = "." if kind == "failed" else "loss"  # of a headline that knows the log
        qtbot.waitUntil(lambda: sign in page.header._headline.text(), timeout=10_000)
        for tab in tabs:
            page.tab_row.choose(tab)
            check_everywhere(qtbot, opened, theme)


@pytest.mark.parametrize("view", ["map", "analogy", "axes", "compare", "changes", "history"])
@pytest.mark.parametrize("dataset", ["wikipedia", "little-kingdom"])
def test_the_views_of_explore(
    qtbot: QtBot, opened: OpenWindow, theme: Theme, view: str, dataset: str
) -> None:
    run = make_run(opened.controller.runs, "finished", dataset=dataset)
    opened.window.open_run(run.name)
    explore = opened.window.pages.run_desk().page.explore
    qtbot.waitUntil(lambda: bool(explore.map._drawn), timeout=10_000)
    explore.choose(view)
    if view == "axes":
        explore.axes._on_example("man - woman / king - queen")
    if view in ("compare", "changes"):
        explore.other.open_path("/somewhere/a file with a rather long name, as people have.vec")
    check_everywhere(qtbot, opened, theme)


@pytest.mark.parametrize("view", ["overview", "watched", "changes"])
@pytest.mark.parametrize("other", ["memorised", "nothing_held_out"])
def test_compare(qtbot: QtBot, opened: OpenWindow, theme: Theme, view: str, other: Kind) -> None:
    names = [make_run(opened.controller.runs, kind).name for kind in ("finished", other)]
    compare = opened.window.pages.compare
    compare.compare(names)
    qtbot.waitUntil(lambda: all(run.summary.final for run in compare.page.runs()), timeout=10_000)
    compare.page.choice.set_value(view)
    check_everywhere(qtbot, opened, theme)
