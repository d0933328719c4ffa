"""The list of runs: order, words, keys, the queue, renaming, narrow and wide."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QObject, Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.overview import RunOverview
from ptft_gui.gui.panels.runs import RunsPanel
from ptft_gui.gui.panels.runs.delegate import age_within, second_line, title_within


def row(name: str, state: str = "finished", **changes: Any) -> RunOverview:
    values: dict[str, Any] = {
        "name": name,
        "title": f"Title of {name}",
        "family": "Word2Vec",
        "dataset": "wikipedia",
        "state": state,
        "number": "loss 2.11",
        "headline": "Learned 9,002 words.",
        "problem": "",
        "created": time.time() - 60,
    }
    return RunOverview(**{**values, **changes})


@pytest.fixture
def panel(qtbot: QtBot) -> RunsPanel:
    panel = RunsPanel()
    qtbot.addWidget(panel)
    panel.resize(240, 600)
    panel.show()
    return panel


def the_list(panel: RunsPanel) -> QListView:
    view = panel.findChild(QListView, "runsList")
    assert isinstance(view, QListView)
    return view


def names(panel: RunsPanel) -> list[str]:
    model = panel.model
    rows = (model.overview(model.index(n)) for n in range(model.rowCount()))
    return [r.name for r in rows if r is not None]


def test_waiting_runs_stand_first_in_their_order(panel: RunsPanel) -> None:
    rows = [row("d"), row("c", "queued"), row("b", "queued"), row("a", "running")]
    panel.show_runs(rows, ["b", "c"])
    assert names(panel) == ["b", "c", "d", "a"]


def test_a_waiting_run_says_its_place_in_the_queue(panel: RunsPanel) -> None:
    rows = [row("d"), row("c", "queued"), row("b", "queued"), row("a", "queued")]
    panel.show_runs(rows, ["b", "thrown-away", "c", "a"])
    assert second_lines(panel) == [
        "waiting, next",
        "waiting, 2 of 3",
        "waiting, 3 of 3",
        "finished, loss 2.11",
    ]
    panel.model.seek("of c")
    assert second_lines(panel) == ["waiting, 2 of 3"]
    panel.show_runs(rows, ["c", "a"])
    assert second_lines(panel) == ["waiting, next"]


def test_ages_go_on_while_nothing_else_happens(qtbot: QtBot, panel: RunsPanel) -> None:
    panel.show_runs([row("a")], [])
    painted = _Paints(the_list(panel).viewport())
    qtbot.waitUntil(lambda: painted.count > 0)
    before = painted.count
    ages = panel.findChild(QTimer)
    assert ages is not None
    assert ages.isActive()
    assert ages.interval() <= 60_000
    ages.timeout.emit()
    qtbot.waitUntil(lambda: painted.count > before)


class _Paints(QObject):
    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)
        watched.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def test_a_long_title_keeps_the_end_in_which_runs_of_one_sweep_differ(panel: RunsPanel) -> None:
    metrics = the_list(panel).fontMetrics()
    room = metrics.horizontalAdvance("Letters of my grandmother")
    shown = {title_within(room, f"Letters of my grandmother, window {n}", metrics) for n in (5, 10)}
    assert len(shown) == 2
    assert all(title.startswith("Lett") for title in shown)


def test_the_number_of_a_run_comes_before_its_age(panel: RunsPanel) -> None:
    metrics = the_list(panel).fontMetrics()
    whole, short = metrics.horizontalAdvance("5 min ago"), metrics.horizontalAdvance("5 min")
    assert age_within(whole, "5 min ago", metrics) == "5 min ago"
    assert age_within(whole - 1, "5 min ago", metrics) == "5 min"
    assert age_within(short - 1, "5 min ago", metrics) == ""


def second_lines(panel: RunsPanel) -> list[str]:
    model = panel.model
    rows = (model.overview(model.index(n)) for n in range(model.rowCount()))
    return [second_line(each) for each in rows if each is not None]


def test_the_second_line_is_word_and_number_or_the_problem() -> None:
    assert second_line(row("a", "running", number="41 %")) == "running 41 %"
    assert second_line(row("a", "failed", problem="out of memory")) == "failed: out of memory"


def test_a_click_and_enter_open(qtbot: QtBot, panel: RunsPanel) -> None:
    panel.show_runs([row("b"), row("a")], [])
    view = the_list(panel)
    with qtbot.waitSignal(panel.run_opened) as opened:
        place = view.visualRect(panel.model.index(1)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == ["a"]
    with qtbot.waitSignal(panel.run_opened):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_the_chosen_run_stays_chosen_when_others_come(panel: RunsPanel) -> None:
    panel.show_runs([row("a")], [])
    panel.choose_run("a")
    panel.show_runs([row("b"), row("a", "running")], [])
    assert panel.chosen_run() == "a"


def test_the_chosen_run_is_marked_again_when_a_search_that_left_it_out_ends(
    qtbot: QtBot, panel: RunsPanel
) -> None:
    panel.show_runs([row(n) for n in "abcdefghi"], [])
    search = panel.findChild(QLineEdit, "runSearch")
    none_found = panel.findChild(QWidget, "noRunFound")
    assert search is not None
    assert none_found is not None
    panel.choose_run("c")
    search.setText("of c")
    assert panel.chosen_run() == "c"
    search.setText("of d")
    assert panel.chosen_run() == ""
    panel.show_runs([row(n) for n in "abcdefghij"], [])
    search.setText("of nobody")
    assert none_found.isVisible()
    panel.show_runs([row(n) for n in "abc"], [])
    assert search.isVisible(), "so few runs need no search, but this one hides them"
    search.clear()
    assert panel.chosen_run() == "c"
    assert not none_found.isVisible()


def test_delete_asks_for_the_chosen_run(qtbot: QtBot, panel: RunsPanel) -> None:
    panel.show_runs([row("a")], [])
    panel.choose_run("a")
    with qtbot.waitSignal(panel.run_delete_requested) as requested:
        qtbot.keyClick(the_list(panel), Qt.Key.Key_Delete)
    assert requested.args == ["a"]


def test_renaming_is_asked_for_not_done(qtbot: QtBot, panel: RunsPanel) -> None:
    panel.show_runs([row("a")], [])
    with qtbot.waitSignal(panel.run_rename_requested) as requested:
        panel.model.setData(panel.model.index(0), "  Vectors of my book ")
    assert requested.args == ["a", "Vectors of my book"]
    assert panel.model.data(panel.model.index(0)) == "Title of a"
    with qtbot.assertNotEmitted(panel.run_rename_requested):
        panel.model.setData(panel.model.index(0), "   ")


def test_keys_move_a_waiting_run(qtbot: QtBot, panel: RunsPanel) -> None:
    panel.show_runs([row(n, "queued") for n in "abc"], ["a", "b", "c"])
    panel.choose_run("c")
    with qtbot.waitSignal(panel.queue_reordered) as wished:
        qtbot.keyClick(the_list(panel), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert wished.args == [["a", "c", "b"]]
    panel.choose_run("a")
    with qtbot.assertNotEmitted(panel.queue_reordered):
        qtbot.keyClick(the_list(panel), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)


@pytest.mark.parametrize(
    ("dragged", "before", "order"),
    [("a", 3, ["b", "c", "a"]), ("c", 0, ["c", "a", "b"]), ("a", 2, ["b", "a", "c"])],
)
def test_dragging_moves_a_waiting_run(
    qtbot: QtBot, panel: RunsPanel, dragged: str, before: int, order: list[str]
) -> None:
    panel.show_runs([row("z"), *(row(n, "queued") for n in "abc")], ["a", "b", "c"])
    data = panel.model.mimeData([panel.model.index(panel.model.row_of(dragged))])
    with qtbot.waitSignal(panel.queue_reordered) as wished:
        panel.model.dropMimeData(data, Qt.DropAction.MoveAction, before, 0, QModelIndex())
    assert wished.args == [order]


def test_foreign_things_dropped_on_the_list_do_nothing(qtbot: QtBot, panel: RunsPanel) -> None:
    panel.show_runs([row("a", "queued")], ["a"])
    data = QMimeData()
    data.setText("a")
    with qtbot.assertNotEmitted(panel.queue_reordered):
        panel.model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())


def test_only_waiting_runs_are_dragged(panel: RunsPanel) -> None:
    panel.show_runs([row("a", "queued"), row("b")], ["a"])
    can_drag = [
        bool(panel.model.flags(panel.model.index(n)) & Qt.ItemFlag.ItemIsDragEnabled) for n in range(2)
    ]
    assert can_drag == [True, False]


def test_many_runs_bring_a_search_box(qtbot: QtBot, panel: RunsPanel) -> None:
    search = panel.findChild(QLineEdit, "runSearch")
    assert isinstance(search, QLineEdit)
    panel.show_runs([row(n) for n in "abcdefg"], [])
    assert not search.isVisible()
    panel.show_runs([row(n) for n in "abcdefgh"], [])
    assert search.isVisible()
    qtbot.keyClicks(search, "of C")
    assert names(panel) == ["c"]


def test_read_only_neither_deletes_nor_moves_nor_renames(qtbot: QtBot, panel: RunsPanel) -> None:
    panel.show_runs([row("a", "queued"), row("b", "queued")], ["a", "b"])
    panel.choose_run("b")
    panel.set_read_only(True)
    with qtbot.assertNotEmitted(panel.run_delete_requested), qtbot.assertNotEmitted(panel.queue_reordered):
        qtbot.keyClick(the_list(panel), Qt.Key.Key_Delete)
        qtbot.keyClick(the_list(panel), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert the_list(panel).editTriggers() == QListView.EditTrigger.NoEditTriggers


@pytest.mark.parametrize("is_narrow", [False, True])
@pytest.mark.parametrize(
    "state",
    ["queued", "starting", "running", "paused", "stopping", "finished", "stopped", "failed", "lost"],
)
def test_every_state_is_drawn_and_read_aloud(panel: RunsPanel, state: str, is_narrow: bool) -> None:
    panel.set_narrow(is_narrow)
    before = panel.grab().toImage()
    panel.show_runs([row("a", state)], [])
    assert panel.grab().toImage() != before
    text = panel.model.data(panel.model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert text.startswith("Title of a, ")


def test_the_open_page_is_marked(qtbot: QtBot) -> None:
    panel = RunsPanel()
    qtbot.addWidget(panel)
    home, datasets = (panel.findChild(QPushButton, f"{key}Button") for key in ("home", "datasets"))
    panel.mark_page("datasets")
    assert (home.property("isOpen"), datasets.property("isOpen")) == (False, True)
    assert datasets.accessibleDescription() == "This page is open."
    panel.mark_page("")
    assert not datasets.property("isOpen")
    assert not datasets.accessibleDescription()
