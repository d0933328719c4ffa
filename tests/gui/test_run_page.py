"""The page of a run: what stands where in each state, and what its buttons ask for."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu, QWidget

from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.headline import headline
from ptft_gui.gui.panels.run.failure_card import FailureCard
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.widgets.curve_plot import CurvePlot
from ptft_gui.gui.widgets.narrator_bar import NarratorBar
from tests.gui.fixtures_runs import STATES, make_run, summary_of
from tests.gui.run_pages import open_run

END_NOTE = (
    "The system closed the worker (signal 9, probably out of memory) at step 242. Last checkpoint: step 220.\n"
    "Memory at the last look: 412.0 MB used by the run, 120 MB free.\nepoch 5 of 10"
)


@pytest.mark.parametrize("kind", STATES)
def test_every_state_shows_its_headline_and_opens_on_its_tab(qtbot, tmp_path, kind):
    opened = open_run(qtbot, tmp_path, kind)
    summary = summary_of(opened.run)
    assert opened.text("runHeadline") == headline(summary, STATES[kind])
    has_model = STATES[kind] in ("finished", "stopped")
    assert opened.page.tab_row.current() == ("explore" if has_model else "train")


@pytest.mark.parametrize("kind", ["preparing", "memorising", "finished", "failed", "lost"])
def test_what_can_be_used_has_a_name_for_people_and_for_screen_readers(qtbot, tmp_path, kind):
    opened = open_run(qtbot, tmp_path, kind)
    for tab in ("train", "explore", "evaluate", "details"):
        opened.page.tab_row.choose(tab)
        for widget in opened.page.findChildren(QWidget):
            if widget.isVisible() and isinstance(widget, QAbstractButton | QLineEdit):
                words = widget.accessibleName() or widget.property("text") or widget.toolTip()
                assert words, f"{widget.objectName() or widget} has no words"


def test_a_live_run_can_be_paused_stopped_and_saved(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    opened.click("pauseButton")
    opened.click("stopButton")
    menu = opened.page.findChild(QMenu, "moreMenu")
    menu.aboutToShow.emit()
    items = {item.objectName(): item for item in menu.actions() if item.objectName()}
    assert items["run_save"].isVisible()
    assert items["run_discard"].isVisible()
    assert not items["run_resume"].isVisible()
    assert not items["run_export"].isVisible()
    for key in ("run_save", "run_discard", "run_duplicate", "run_show_folder"):
        items[key].trigger()
    assert opened.requests == [
        ("pause",), ("stop", "last"), ("save",), ("discard",), ("duplicate", {}), ("show_folder",),
    ]  # fmt: skip


def test_a_paused_run_offers_to_go_on(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "paused")
    assert opened.text("pauseButton") == "Resume"
    opened.click("pauseButton")
    assert opened.requests == [("resume",)]


def test_a_run_that_has_not_begun_is_cancelled_not_kept(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "preparing")
    assert opened.text("stopButton") == "Cancel"
    assert not open_run(qtbot, tmp_path, "queued").find(QWidget, "pauseButton").isVisible()


def test_an_ended_run_says_what_now(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    assert not opened.find(QWidget, "pauseButton").isVisible()
    assert not opened.find(QWidget, "stopButton").isVisible()
    assert opened.text("nextStep1") == "Explore words"
    opened.page.tab_row.choose("train")
    opened.click("nextStep1")
    assert opened.page.tab_row.current() == "explore"
    opened.click("nextStep2")
    assert opened.requests[-1] == ("export",)


def test_all_next_steps_stand_there_when_there_is_room(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    third = opened.find(QWidget, "nextStep3")
    assert not third.isVisible()
    opened.page.resize(1680, 900)
    qtbot.waitUntil(third.isVisible)
    opened.page.resize(784, 596)
    qtbot.waitUntil(lambda: not opened.find(QWidget, "nextStep2").isVisible())


def test_a_failure_shows_its_detail_and_its_first_remedy(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "start_failed")
    card = opened.find(FailureCard, "failureCard")
    assert card.isVisible()
    assert card.text() == (
        "The text has 312 words; none occurs 5 times. Lower the minimum count to 1, or add more text."
    )
    opened.click("failureRemedy")
    opened.click("nextStep1")
    assert opened.requests == [
        ("page_action", "new_run_with", {"min_count": 1}),
        ("page_action", "fix_and_start_again", {}),
    ]


def test_a_lost_run_tells_the_cause_and_offers_to_resume(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "lost", end_note=END_NOTE)
    card = opened.find(FailureCard, "failureCard")
    assert "signal 9" in card.text()
    assert "412.0 MB" in card.text()
    assert not opened.find(QWidget, "failureLog").isVisible(), "the log is folded"
    opened.click("nextStep1")
    assert opened.requests == [("resume_run", {})]
    opened.click("nextStep2")
    assert opened.page.tab_row.current() == "details"


def test_the_name_is_changed_where_it_stands(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    opened.click("renameButton")
    field = opened.find(QLineEdit, "runNameEdit")
    qtbot.keyClicks(field, "  Words of   the encyclopedia ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert opened.page.header.name_field.name() == "Words of the encyclopedia"
    opened.click("renameButton")
    qtbot.keyClicks(field, "not this")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert opened.requests == [("rename", "Words of the encyclopedia")]


def test_read_only_switches_off_what_changes_the_run(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "memorising")
    assert opened.page.findChild(NarratorBar).buttons()
    opened.page.set_read_only("Another window is using this runs folder.")
    for name in ("pauseButton", "stopButton", "renameButton"):
        widget = opened.find(QWidget, name)
        assert not widget.isEnabled()
        assert "Another window" in widget.toolTip()
    assert not opened.page.findChild(NarratorBar).buttons()
    opened.page.set_read_only(None)
    assert opened.find(QWidget, "stopButton").isEnabled()
    assert opened.page.findChild(NarratorBar).buttons()


def test_keys_change_the_tab_and_the_scale(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    actions = {action.objectName(): action for action in opened.page.view_actions}
    actions["show_trainAction"].trigger()
    assert opened.page.tab_row.current() == "train"
    plot = opened.find(CurvePlot, "lossPlot")
    actions["log_scaleAction"].trigger()
    assert plot.is_log
    actions["log_scaleAction"].trigger()
    assert not plot.is_log


def test_another_run_leaves_nothing_of_the_one_before(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "lost", end_note=END_NOTE)
    other = make_run(tmp_path, "preparing")
    summary = summary_of(other)
    opened.page.show_run(other, summary, "running")
    opened.page.refresh(summary, "running", "")
    assert not opened.find(FailureCard, "failureCard").isVisible()
    assert opened.text("runHeadline") == "Getting ready."
    assert opened.find(QWidget, "preparingView").isVisible()
    assert opened.page.shown_run() == other


def test_the_page_fits_the_smallest_window(qtbot, tmp_path):
    for kind in ("running", "finished", "lost", "memorising"):
        page = open_run(qtbot, tmp_path, kind, end_note=END_NOTE).page
        assert page.minimumSizeHint().width() <= 784, kind
        assert page.minimumSizeHint().height() <= 596, kind


def test_a_run_whose_settings_cannot_be_read_still_opens(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "lost")
    summary = summary_of(opened.run)
    summary.spec = None
    opened.page.show_run(opened.run, summary, "lost")
    for tab in ("train", "explore", "evaluate", "details"):
        opened.page.tab_row.choose(tab)
    assert ShownRun(Path(), summary, "lost").family is None


def test_an_ended_run_whose_log_is_read_later_opens_on_what_it_learned(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    whole = summary_of(opened.run)
    opened.page.show_run(opened.run, RunSummary(spec=whole.spec), "starting")
    opened.page.refresh(RunSummary(spec=whole.spec), "starting")
    assert opened.page.tab_row.current() == "train"
    opened.page.refresh(whole, "finished")
    assert opened.page.tab_row.current() == "explore"


def test_a_run_that_ends_while_it_is_watched_stays_on_its_curve(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    finished = make_run(tmp_path, "finished")
    opened.page.refresh(summary_of(finished), "finished")
    assert opened.page.tab_row.current() == "train"
