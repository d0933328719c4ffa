"""The New run page on screens of any size, with the keyboard alone, and with a person's own files."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QFileDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ptft_gui.gui.panels.new_run import NewRunPage
from ptft_gui.gui.theme import Theme
from tests.gui.new_run_asker import FileAsker


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def page(qtbot: QtBot, settings: QSettings) -> NewRunPage:
    page = NewRunPage(FileAsker(), settings)
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    page.set_dataset("wikipedia")
    return page


def _columns(page: NewRunPage) -> list[QWidget]:
    return [page.model, page.data, page.how]


def test_three_columns_of_320_stand_side_by_side_in_the_usual_window(page: NewRunPage) -> None:
    lefts = [column.mapTo(page, QPoint(0, 0)).x() for column in _columns(page)]
    assert [column.body.geometry().width() for column in _columns(page)] == [320, 320, 320]
    assert [right - left for left, right in itertools.pairwise(lefts)] == [344, 344]
    assert page.footer.height() == 72


@pytest.mark.parametrize("width", [784, 968])
def test_in_a_small_window_one_step_is_open(qtbot: QtBot, page: NewRunPage, width: int) -> None:
    page.resize(width, 596)
    qtbot.waitUntil(lambda: not page.columns.is_wide)
    for number, column in enumerate(_columns(page)):
        step = page.findChild(QPushButton, f"step_{number + 1}")
        qtbot.mouseClick(step, Qt.MouseButton.LeftButton)
        assert [c.isVisible() for c in _columns(page)] == [c is column for c in _columns(page)]
    assert page.findChild(QPushButton, "step_2").text() == "2  Data: Wikipedia extract"
    page.resize(1040, 696)
    qtbot.waitUntil(lambda: all(column.isVisible() for column in _columns(page)))


@pytest.mark.parametrize("width", [784, 1000, 1040, 1680])
@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_nothing_needs_more_room_than_there_is(
    qtbot: QtBot, page: NewRunPage, theme: Theme, width: int, scale: float
) -> None:
    theme.set_text_scale(scale)
    page.how.advanced.set_open(True)
    page.resize(width, 596)
    qtbot.waitUntil(lambda: page.width() == width)
    for area in page.findChildren(QAbstractScrollArea):
        if area.isVisible() and area.property("frameShape") is not None and area.viewport() is not None:
            assert area.horizontalScrollBar().maximum() == 0, area.objectName() or type(area).__name__


def test_the_chosen_model_is_seen_again_when_nothing_is_to_start_from(qtbot: QtBot, page: NewRunPage) -> None:
    """What is to be chosen next is scrolled to; without it the cards are."""
    bar = page.model.findChild(QScrollArea).verticalScrollBar()
    page.goal.goals.button("sort_texts").click()
    qtbot.waitUntil(lambda: bar.value() > 0)
    page.goal.goals.button("related_words").click()
    qtbot.waitUntil(lambda: bar.value() == 0)
    page.resize(page.width(), 500)
    page.goal.goals.button("write_text").click()
    qtbot.waitUntil(lambda: not page.model.families.card("gpt").visibleRegion().isEmpty())
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    page.start_afresh()
    assert bar.value() == 0


def _focusable(page: NewRunPage) -> list[QWidget]:
    """What Tab stops at, in its order."""
    found, widget = [], page.nextInFocusChain()
    while widget is not page:
        if widget.isVisibleTo(page) and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return [w for w in found if page.isAncestorOf(w) and w.focusProxy() is None]


def test_everything_a_person_can_use_has_a_name(page: NewRunPage) -> None:
    page.how.advanced.set_open(True)
    nameless = [
        f"{type(w).__name__} in {type(w.parentWidget()).__name__}"
        for w in _focusable(page)
        if not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
    ]
    assert nameless == []


def test_tab_goes_as_the_eye_reads(page: NewRunPage) -> None:
    places = []
    for widget in _focusable(page):
        column = next((i for i, c in enumerate(_columns(page)) if c.isAncestorOf(widget)), None)
        if column is None:
            column = -1 if widget.mapTo(page, QPoint(0, 0)).y() < 100 else 3
        y = widget.mapTo(page, widget.rect().center()).y()
        places.append((column, y if column in (0, 1, 2) else 0))
    assert places == sorted(places)


@pytest.mark.parametrize(
    "name",
    [
        "goalPicker",
        "familyPicker",
        "stagePicker",
        "objectivePicker",
        "datasetPicker",
        "presetPicker",
        "runLength",
        "watchedWords",
        "fitCheckCard",
        "startButton",
        "runName",
    ],
)
def test_the_names_others_rely_on_are_there_once(page: NewRunPage, name: str) -> None:
    assert len(page.findChildren(QWidget, name)) == 1


# --- a person's own files ----------------------------------------------------------------------------------------


def _drop(page: NewRunPage, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.data.own.area.dropEvent(event)


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("a small text\n", encoding="utf-8")
    return path


def test_a_dropped_file_is_chosen(page: NewRunPage, tmp_path: Path) -> None:
    path = _file(tmp_path, "diary & letters.txt")
    _drop(page, path)
    assert page.data.dataset() == str(path)
    assert page.data.own.isVisibleTo(page)
    assert page.spec().name == "diary & letters.txt - Word2Vec"


def test_several_files_at_once_are_not_taken_and_the_way_out_is_told(
    page: NewRunPage, tmp_path: Path
) -> None:
    page.data.tabs.setCurrentIndex(1)
    _drop(page, _file(tmp_path, "one.txt"), _file(tmp_path, "two.txt"))
    assert page.data.dataset() == "wikipedia"
    texts = [w.text() for w in page.data.own.findChildren(QWidget) if w.isVisible() and hasattr(w, "text")]
    assert "Drop one file, or one folder that holds all of them." in texts


@pytest.mark.parametrize("button", ["dataOpenFileButton", "dataOpenFolderButton"])
def test_a_file_or_folder_is_opened_without_blocking_the_window(
    qtbot: QtBot, page: NewRunPage, tmp_path: Path, button: str
) -> None:
    page.data.tabs.setCurrentIndex(1)
    wanted = _file(tmp_path, "opened.txt") if "File" in button else tmp_path
    qtbot.mouseClick(page.findChild(QPushButton, button), Qt.MouseButton.LeftButton)
    dialog = page.findChild(QFileDialog, "openDataDialog")
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(wanted))
    dialog.reject()
    assert page.data.dataset() == str(wanted)


def test_texts_that_were_trained_on_are_offered_again(
    qtbot: QtBot, page: NewRunPage, settings: QSettings, tmp_path: Path
) -> None:
    first, second = _file(tmp_path, "first.txt"), _file(tmp_path, "second.txt")
    for path in (first, second):
        page.set_dataset(str(path))
        page.start()
    second.unlink()
    later = NewRunPage(FileAsker(), QSettings(settings.fileName(), QSettings.Format.IniFormat))
    qtbot.addWidget(later)
    later.resize(1040, 696)
    later.show()
    later.data.tabs.setCurrentIndex(1)
    shown = [b for b in later.data.own.findChildren(QPushButton) if b.isVisible()]
    buttons = [b for b in shown if b.objectName().startswith("recentText")]
    assert [button.text() for button in buttons] == ["first.txt"]
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert later.data.dataset() == str(first)


def _is_asked_about(asker: FileAsker, path: Path) -> bool:
    return bool(asker.asked) and asker.asked[-1].arguments["dataset"] == str(path)


def test_a_file_that_is_gone_when_the_run_is_started_is_told_and_nothing_starts(
    qtbot: QtBot, page: NewRunPage, tmp_path: Path
) -> None:
    asker: FileAsker = page._asker  # type: ignore[assignment]
    started: list[object] = []
    page.run_requested.connect(started.append)
    diary = tmp_path / "diary.txt"
    diary.write_text("the owl hunts at night\n" * 50, encoding="utf-8")
    page.set_dataset(str(diary))
    qtbot.waitUntil(lambda: _is_asked_about(asker, diary))
    asker.answer()
    assert page.footer.start.isEnabled()
    diary.unlink()
    page.start()
    assert started == []
    assert not page.footer.start.isEnabled()
    reason = page.footer.findChild(QLabel, "startReason").text()
    assert reason == (
        "diary.txt is no longer where it was. It was moved or deleted. Choose it again in step 2."
    )


def test_a_file_that_was_mended_is_read_again_when_it_is_chosen_again(
    qtbot: QtBot, page: NewRunPage, tmp_path: Path
) -> None:
    asker: FileAsker = page._asker  # type: ignore[assignment]
    diary = tmp_path / "diary.txt"
    diary.write_bytes(b"the owl\0hunts")
    _drop(page, diary)
    qtbot.waitUntil(lambda: _is_asked_about(asker, diary))
    asker.answer()
    assert not page.footer.start.isEnabled()
    asked = len(asker.asked)
    diary.write_text("the owl hunts at night\n" * 50, encoding="utf-8")
    _drop(page, diary)
    qtbot.waitUntil(lambda: len(asker.asked) > asked)
    asker.answer()
    assert page.footer.start.isEnabled()


def test_a_text_of_one_word_is_told_before_the_start(qtbot: QtBot, page: NewRunPage, tmp_path: Path) -> None:
    asker: FileAsker = page._asker  # type: ignore[assignment]
    note = tmp_path / "note.txt"
    note.write_text("owl\n", encoding="utf-8")
    page.set_dataset(str(note))
    qtbot.waitUntil(lambda: _is_asked_about(asker, note))
    asker.answer()
    assert not page.footer.start.isEnabled()
    assert page.findChild(QLabel, "dataFacts").text() == "1 sentence, 1 word, 1 different"
    assert "only one word" in page.footer.findChild(QLabel, "startReason").text()
