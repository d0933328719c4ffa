"""The whole window: pages, menus, keys, dialogs, closing, dropping, reading only; with real worker processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.dialogs.glossary import read_glossary
from ptft_gui.gui.dialogs.questions import close_dialog, close_sentence, discard_sentence
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.main_window import MainWindow
from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.toast import Message
from tests.gui.fixtures_runs import make_run
from tests.gui.workers import Launches, spec_named


class SilentAsker:
    """Nobody answers: what the window itself does must not need the companion."""

    def ask(self, kind: str, *_: object) -> str:
        return kind

    def cancel(self, request_id: str) -> None:
        return None


@pytest.fixture
def launches() -> Iterator[Launches]:
    launches = Launches()
    yield launches
    launches.end_all()


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(qtbot: QtBot, runs: Path, launches: Launches, theme: Theme) -> Iterator[OpenWindow]:
    opened = OpenWindow(runs, launches, SilentAsker())
    opened.show()
    qtbot.waitExposed(opened.window)
    yield opened
    finish(opened)


def finish(opened: OpenWindow) -> None:
    """Take a window down without a question, and its C++ side at once."""
    opened.close_down()
    opened.window.hide()
    opened.window.deleteLater()


def start(qtbot: QtBot, opened: OpenWindow, title: str = "One", state: str = "running") -> FollowedRun:
    opened.controller.start(spec_named(title))
    qtbot.waitUntil(lambda: any(f.state == state for f in live_ones(opened)))
    return next(f for f in live_ones(opened) if f.run.title() == title)


def live_ones(opened: OpenWindow) -> list[FollowedRun]:
    return opened.controller.live_runs()


def action(window: MainWindow, key: str) -> QAction:
    found = window.findChild(QAction, f"{key}Action")
    assert isinstance(found, QAction), key
    return found


def dialog(window: MainWindow, name: str) -> QDialog:
    found = [d for d in window.findChildren(QDialog, name) if d.isVisible()]
    assert found, f"{name} is not open"
    return found[0]


def answer(window: MainWindow, name: str, choice: str) -> None:
    button = dialog(window, name).findChild(QAbstractButton, f"{choice}Choice")
    assert isinstance(button, QAbstractButton)
    button.click()


def page_name(window: MainWindow) -> str:
    return window._frame.pages.currentWidget().objectName()


# --- pages -----------------------------------------------------------------------------------------------------


def test_the_window_opens_on_home_and_loads_no_charts(opened: OpenWindow) -> None:
    assert page_name(opened.window) == "homePage"
    assert opened.window.pages.desk is None


def test_keys_go_to_pages(qtbot: QtBot, opened: OpenWindow) -> None:
    window = opened.window
    action(window, "new_run").trigger()
    assert page_name(window) == "newRunPage"
    action(window, "home").trigger()
    assert page_name(window) == "homePage"


def test_a_page_has_one_filled_button(opened: OpenWindow) -> None:
    window = opened.window
    button = window.findChild(QAbstractButton, "newRunButton")
    assert isinstance(button, QAbstractButton)
    assert button.property("kind") == "primary"
    window.show_new_run()
    assert button.property("kind") == "secondary"


def test_a_dropped_file_opens_a_new_run_with_it(qtbot: QtBot, opened: OpenWindow, tmp_path: Path) -> None:
    text = tmp_path / "my text.txt"
    text.write_text("one two three\n" * 50, encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(text))])
    event = QDropEvent(
        QPointF(400, 400),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    opened.window.dropEvent(event)
    assert page_name(opened.window) == "newRunPage"
    assert opened.window.pages.data.new_run_page().spec().data.dataset == str(text)


def test_where_datasets_are_looked_at_a_dropped_file_is_shown(opened: OpenWindow, tmp_path: Path) -> None:
    table = tmp_path / "survey.csv"
    table.write_text("a;b\n1;2\n", encoding="utf-8")
    window = opened.window
    action(window, "datasets").trigger()
    assert page_name(window) == "datasetsPage"
    window.pages.data.take_dropped(str(table))
    assert page_name(window) == "datasetsPage"
    assert window.pages.data.datasets_page().shown() == str(table)


def test_data_goes_from_new_run_to_datasets_and_back(opened: OpenWindow, tmp_path: Path) -> None:
    table = tmp_path / "survey.csv"
    table.write_text("a;b\n1;2\n", encoding="utf-8")
    window = opened.window
    window.show_new_run_with(str(table))
    window.pages.data.new_run_page().data.details.columns.role_chosen.emit("text", "b")
    button(window, "openInDatasetsButton").click()
    assert page_name(window) == "datasetsPage"
    datasets = window.pages.data.datasets_page()
    assert datasets.details.edits.roles == {"text": "b"}
    datasets.details.cleaning.form.set_values({"preparation": "none"})
    button(window, "newRunWithThisButton").click()
    assert page_name(window) == "newRunPage"
    data = window.pages.data.new_run_page().spec().data
    assert (data.dataset, data.roles, data.preparation) == (str(table), {"text": "b"}, "none")


def test_a_removal_is_undone_from_its_note(opened: OpenWindow) -> None:
    asked: list[tuple[str, object]] = []
    window = opened.window
    window.show_datasets()
    window.pages.data.datasets_page()._asker.ask = lambda kind, *rest: asked.append((kind, rest[0])) or kind  # type: ignore[method-assign, attr-defined]
    window.tell(Message("letters was removed.", "info", "", "restore_dataset/letters", "Undo"))
    button(window, "toastAction").click()
    assert asked == [("restore_dataset", {"name": "letters"})]


def button(window: MainWindow, name: str) -> QAbstractButton:
    found = window.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton), name
    return found


def test_starting_shows_the_run_and_its_curve_grows(qtbot: QtBot, opened: OpenWindow) -> None:
    followed = start(qtbot, opened)
    assert page_name(opened.window) == "runPage"
    qtbot.waitUntil(lambda: followed.summary.step >= 50)
    assert action(opened.window, "pause").isEnabled()
    assert not action(opened.window, "delete").isEnabled()


def test_an_ended_run_opens_from_home(qtbot: QtBot, opened: OpenWindow, runs: Path) -> None:
    run = make_run(runs, "finished")
    opened.controller.look()
    button = opened.window.findChild(QAbstractButton, "recentRun0")
    assert isinstance(button, QAbstractButton)
    qtbot.waitUntil(button.isVisible)
    button.click()
    assert page_name(opened.window) == "runPage"
    assert opened.window.pages.desk is not None
    assert opened.window.pages.desk.page.shown_run() == run
    tabs = opened.window.pages.desk.page.tab_row
    qtbot.waitUntil(lambda: tabs.current() == "explore")
    assert action(opened.window, "export").isEnabled()


def test_the_tabs_of_an_ended_run_hear_of_it_once_when_its_log_is_read(
    qtbot: QtBot, opened: OpenWindow, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_run(runs, "finished"), make_run(runs, "memorised")
    page = opened.window.pages.run_desk().page
    told: list[tuple[str, str]] = []
    for name, tab in (("train", page.train), ("explore", page.explore), ("details", page.details)):
        real = tab.show_run
        monkeypatch.setattr(
            tab,
            "show_run",
            lambda shown, name=name, real=real: (told.append((name, shown.run.name)), real(shown)),
        )
    opened.window.open_run(first.name)
    assert page.header.isVisible()
    assert told == []
    qtbot.waitUntil(lambda: told == [("explore", first.name)], timeout=30_000)
    opened.window.open_run(second.name)
    page.tab_row.choose("details")  # before the log is read
    qtbot.waitUntil(lambda: len(told) > 1, timeout=30_000)
    assert told[1:] == [("details", second.name)]
    assert page.details.isVisible()


def test_pause_and_stop_by_the_menu(qtbot: QtBot, opened: OpenWindow) -> None:
    followed = start(qtbot, opened)
    action(opened.window, "pause").trigger()
    qtbot.waitUntil(lambda: followed.state == "paused")
    qtbot.waitUntil(lambda: action(opened.window, "pause").text() == "&Resume")
    action(opened.window, "pause").trigger()
    qtbot.waitUntil(lambda: followed.state == "running")
    action(opened.window, "stop").trigger()
    qtbot.waitUntil(lambda: followed.state == "stopped")


def test_the_end_of_a_run_is_told_unless_it_is_being_looked_at(qtbot: QtBot, opened: OpenWindow) -> None:
    def told() -> list[str]:
        return [message.text for message in opened.window.toasts.history if "stopped" in message.text]

    for is_seen in (True, False):
        followed = start(qtbot, opened)
        if not is_seen:
            opened.window.show_home()
        with qtbot.waitSignal(opened.controller.run_ended):
            opened.controller.stop(followed.run.name)
        assert len(told()) == (0 if is_seen else 1)


def test_duplicate_fills_the_new_run_page(qtbot: QtBot, opened: OpenWindow, runs: Path) -> None:
    run = make_run(runs, "failed")
    opened.window.open_run(run.name)
    action(opened.window, "duplicate").trigger()
    assert page_name(opened.window) == "newRunPage"
    assert opened.window.pages.data.new_run_page().spec().data.dataset == run.read_spec().data.dataset


# --- throwing away ---------------------------------------------------------------------------------------------


def test_discard_asks_in_plain_words_and_can_be_undone(qtbot: QtBot, opened: OpenWindow) -> None:
    followed = start(qtbot, opened)
    path = followed.run.path
    action(opened.window, "discard").trigger()
    answer(opened.window, "discardDialog", "keep")
    assert followed.is_live
    action(opened.window, "discard").trigger()
    answer(opened.window, "discardDialog", "discard")
    qtbot.waitUntil(lambda: not path.exists())
    qtbot.waitUntil(lambda: page_name(opened.window) == "homePage")
    qtbot.waitUntil(lambda: bool(opened.window.toasts.toasts))
    undo = opened.window.toasts.toasts[-1].findChild(QAbstractButton, "toastAction")
    assert isinstance(undo, QAbstractButton)
    undo.click()
    qtbot.waitUntil(path.exists)


def test_the_discard_sentence_counts_what_will_be_gone(runs: Path) -> None:
    run = make_run(runs, "stopped")
    for step in (100, 200, 300):
        (run.checkpoints / f"step-{step:08}").mkdir(parents=True, exist_ok=True)
    count = sum(1 for path in run.checkpoints.iterdir() if path.name.startswith("step-"))
    sentence = discard_sentence(run)
    assert sentence.startswith(f"Throw this run away? The model and {count} checkpoints (")
    assert sentence.endswith(") will be deleted.")


def test_delete_asks_for_an_ended_run(qtbot: QtBot, opened: OpenWindow, runs: Path) -> None:
    run = make_run(runs, "finished")
    opened.window.open_run(run.name)
    action(opened.window, "delete").trigger()
    answer(opened.window, "deleteDialog", "delete")
    qtbot.waitUntil(lambda: not run.path.exists())


# --- closing ---------------------------------------------------------------------------------------------------


def test_closing_without_runs_asks_nothing(qtbot: QtBot, opened: OpenWindow) -> None:
    with qtbot.waitSignal(opened.window.closed):
        opened.window.close()


def test_closing_while_training_asks_and_keeps_training(
    qtbot: QtBot, opened: OpenWindow, launches: Launches
) -> None:
    start(qtbot, opened)
    opened.window.close()
    assert opened.window.isVisible()
    keep = dialog(opened.window, "closeDialog").findChild(QAbstractButton, "keep_trainingChoice")
    assert isinstance(keep, QAbstractButton)
    assert keep.text() == "Keep training in the background"
    assert keep.isDefault()  # type: ignore[attr-defined]
    with qtbot.waitSignal(opened.window.closed):
        keep.click()
    assert launches.processes[0].poll() is None


def test_stop_and_keep_closes_when_everything_is_saved(
    qtbot: QtBot, opened: OpenWindow, launches: Launches
) -> None:
    followed = start(qtbot, opened)
    opened.window.close()
    with qtbot.waitSignal(opened.window.closed):
        answer(opened.window, "closeDialog", "stop_and_keep")
    assert followed.run.state() == "stopped"


def test_cancel_closes_nothing(qtbot: QtBot, opened: OpenWindow) -> None:
    followed = start(qtbot, opened)
    opened.window.close()
    answer(opened.window, "closeDialog", "cancel")
    assert opened.window.isVisible()
    assert followed.is_live


def test_the_closing_question_says_what_goes_on(qtbot: QtBot, opened: OpenWindow) -> None:
    followed = start(qtbot, opened)
    followed.summary.series["progress"].append(1e9, 0.41)
    assert close_sentence([followed]).startswith("A run is still training (41 %")
    assert close_sentence([followed, followed]) == "2 runs are still training or waiting."
    question = close_dialog([followed, followed], opened.window)
    assert "shows them again" in " ".join(label.text() for label in question.findChildren(PlainLabel))
    question.reject()


def test_what_home_offers_begins_a_run_afresh(qtbot: QtBot, opened: OpenWindow) -> None:
    """What was chosen for other data, and left, does not keep the one-minute start from starting."""
    opened.window.show_new_run_with(None)
    page = opened.window.pages.data.new_run_page()
    page.goal.goals.button("sort_texts").click()
    page.goal.tasks.tasks.button("multilabel").click()
    opened.window.pages.show_home()
    card = opened.window.findChild(QAbstractButton, "start_little-kingdom")
    assert isinstance(card, QAbstractButton)
    card.click()
    assert (page.goal.goal(), page.how.task()) == ("related_words", None)
    qtbot.waitUntil(page.footer.start.isEnabled)


# --- a second window -------------------------------------------------------------------------------------------


def test_reading_only_says_so_and_ends_when_the_other_window_goes(
    qtbot: QtBot, opened: OpenWindow, runs: Path
) -> None:
    make_run(runs, "finished")
    opened.window.set_read_only(True)
    banner = opened.window.findChild(QWidget, "banner")
    assert isinstance(banner, QWidget)
    assert banner.isVisible()
    assert banner.accessibleName() == "Another window is using this runs folder. This one only shows."
    opened.window.show_new_run_with("little-kingdom")
    assert page_name(opened.window) == "newRunPage"
    start_button = opened.window.pages.data.new_run_page().findChild(QAbstractButton, "startButton")
    assert isinstance(start_button, QAbstractButton)
    assert not start_button.isEnabled()
    opened.window.set_read_only(False)
    assert not banner.isVisible()
    qtbot.waitUntil(start_button.isEnabled, timeout=5_000)


# --- help, look, names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["explain", "glossary", "about"])
def test_help_opens_once(qtbot: QtBot, opened: OpenWindow, key: str) -> None:
    action(opened.window, key).trigger()
    action(opened.window, key).trigger()
    shown = [d for d in opened.window.findChildren(QDialog) if d.isVisible()]
    assert len(shown) == 1
    shown[0].reject()


def test_explain_says_what_the_focused_control_is_for(qtbot: QtBot, opened: OpenWindow) -> None:
    card = opened.window.findChild(QAbstractButton, "start_little-kingdom")
    assert isinstance(card, QAbstractButton)
    opened.window.activateWindow()
    card.setFocus()
    qtbot.waitUntil(card.hasFocus)
    action(opened.window, "explain").trigger()
    text = dialog(opened.window, "explainDialog").findChild(QPlainTextEdit)
    assert isinstance(text, QPlainTextEdit)
    assert "Made-up sentences" in text.toPlainText()
    dialog(opened.window, "explainDialog").reject()


def test_the_glossary_has_a_sentence_for_every_word_and_finds_one(qtbot: QtBot, opened: OpenWindow) -> None:
    terms = read_glossary()
    assert 40 <= len(terms) <= 100
    assert all(term.sentence.endswith(".") and len(term.sentence) < 240 for term in terms)
    assert len({term.word for term in terms}) == len(terms)
    action(opened.window, "glossary").trigger()
    shown = dialog(opened.window, "glossaryDialog")
    search = shown.findChild(QLineEdit, "glossarySearch")
    assert isinstance(search, QLineEdit)
    search.setText("kingdomless")
    assert any("is not used here" in label.text() for label in shown.findChildren(QLabel))
    shown.reject()


def test_what_was_chosen_is_there_at_the_next_start(
    qtbot: QtBot, runs: Path, launches: Launches, theme: Theme
) -> None:
    first = OpenWindow(runs, launches, SilentAsker())
    first.show()
    action(first.window, "theme_dark").trigger()
    action(first.window, "larger").trigger()
    scale = theme.text_scale
    first.window.resize(1100, 720)
    first.window.close()
    finish(first)
    theme.set_preference("system")
    theme.set_text_scale(1.0)
    second = OpenWindow(runs, launches, SilentAsker())
    second.show()
    assert (theme.preference, theme.text_scale) == ("dark", scale)
    assert second.window.height() == 720  # the offscreen screen is too narrow for a width to be kept
    assert action(second.window, "theme_dark").isChecked()
    finish(second)


@pytest.mark.parametrize("width", [1024, 1280])
def test_the_left_bar_folds_in_a_small_window_and_on_request(
    qtbot: QtBot, opened: OpenWindow, width: int
) -> None:
    opened.window.resize(width, 700)
    bar = opened.window.findChild(QWidget, "runsPanel")
    assert isinstance(bar, QWidget)
    is_folded = width == 1024
    qtbot.waitUntil(lambda: (bar.width() < 60) == is_folded)
    action(opened.window, "left_bar").trigger()
    qtbot.waitUntil(lambda: (bar.width() < 60) != is_folded)


def test_no_two_actions_share_a_key(opened: OpenWindow) -> None:
    opened.window.prepare_pages()
    keys = [
        key.toString() for a in opened.window.findChildren(QAction) for key in a.shortcuts() if key.toString()
    ]
    assert sorted(set(keys)) == sorted(keys)


def test_every_control_has_a_name(qtbot: QtBot, opened: OpenWindow, runs: Path) -> None:
    make_run(runs, "finished")
    opened.window.prepare_pages()
    opened.window.open_run(next(runs.iterdir()).name)
    controls = [
        c
        for c in opened.window.findChildren(QWidget)
        if isinstance(c, QAbstractButton | QLineEdit | QComboBox) and c.isVisible()
    ]
    nameless = [
        type(c).__name__
        for c in controls
        if not (c.accessibleName() or (isinstance(c, QAbstractButton) and c.text()))
        and not isinstance(c.parent(), QComboBox | QLineEdit)
    ]
    assert controls
    assert not nameless


def test_a_fault_is_told_and_the_window_goes_on(opened: OpenWindow) -> None:
    from ptft_gui.core.errors import PtftError

    opened.window.tell_failure(PtftError("The disk is full.", "0 bytes free.", "Free some space."))
    assert opened.window.toasts.history[-1].text == "The disk is full."
    label = opened.window.findChild(QLabel, "lastMessage")
    assert isinstance(label, QLabel)
    assert label.accessibleName() == "The disk is full."


def test_a_run_whose_folder_vanished_is_told(qtbot: QtBot, opened: OpenWindow) -> None:
    opened.window.open_run("20200101-000000-word2vec-nothing")
    assert "is not there any more" in opened.window.toasts.history[-1].text


def test_a_run_can_be_renamed_from_the_list(qtbot: QtBot, opened: OpenWindow, runs: Path) -> None:
    run = make_run(runs, "finished")
    opened.window.open_run(run.name)
    opened.controller.rename(run.name, "My vectors")
    qtbot.waitUntil(lambda: RunDir(run.path).title() == "My vectors")
    assert opened.window.pages.desk is not None
    page = opened.window.pages.desk.page
    qtbot.waitUntil(lambda: any(label.text() == "My vectors" for label in page.findChildren(QLabel)))
