"""What tells a person something: notes, the narrator, badges, progress, labels, empty states."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from ptft_gui.core.errors import PtftError, Remedy
from ptft_gui.core.telling.headline import STATE_WORDS
from ptft_gui.gui.theme import Role
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.collapsible import CollapsibleSection
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.metric_chip import MetricChip
from ptft_gui.gui.widgets.narrator_bar import NarratorBar
from ptft_gui.gui.widgets.progress_line import ProgressLine
from ptft_gui.gui.widgets.state_badge import STATE_LOOKS, StateBadge, state_word
from ptft_gui.gui.widgets.toast import Message, ToastArea

MARKUP = '<img src="file:///etc/passwd"><b>bold</b>'


@pytest.fixture
def area(qtbot) -> ToastArea:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1024, 700)
    area = ToastArea(window)
    window.show()
    return area


def press(widget: QWidget, text: str, qtbot) -> None:
    button = next(b for b in widget.findChildren(QPushButton) if b.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_note_is_shown_kept_and_closed(area: ToastArea, qtbot) -> None:
    assert not area.isVisible()
    area.tell(Message("Copied 20 rows.", "good"))
    assert area.isVisible()
    assert area.geometry().right() < 1024
    qtbot.mouseClick(area.toasts[0].findChildren(QPushButton)[-1], Qt.MouseButton.LeftButton)
    assert area.toasts == []
    assert not area.isVisible()
    assert [message.text for message in area.history] == ["Copied 20 rows."]


def test_a_failure_shows_its_sentence_and_first_remedy(area: ToastArea, qtbot) -> None:
    failure = PtftError(
        "survey.txt holds no text.",
        "All 0 bytes were read.",
        "Choose another file.",
        (Remedy("open_data", "Choose a file"), Remedy("dismiss", "Leave it")),
    )
    toast = area.tell_failure(failure)
    texts = [label.text() for label in toast.findChildren(QLabel) if label.text()]
    assert texts == ["survey.txt holds no text.", "All 0 bytes were read. Choose another file."]
    with qtbot.waitSignal(area.action_requested) as asked:
        press(toast, "Choose a file", qtbot)
    assert asked.args == ["open_data"]
    assert area.toasts == []


def test_a_failure_can_be_copied_whole(area: ToastArea, qtbot) -> None:
    toast = area.tell_failure(PtftError("The disk is full.", "0 bytes free.", "Make room."))
    press(toast, "Copy", qtbot)
    assert QGuiApplication.clipboard().text() == "The disk is full.\n0 bytes free. Make room."
    assert area.toasts == [toast]


def shown(area: ToastArea) -> list[str]:
    return [toast.message.text for toast in area.toasts]


def test_the_same_note_is_not_piled_up_and_five_are_four(area: ToastArea) -> None:
    area.tell(Message("The same.", "bad"))
    area.tell(Message("The same.", "bad"))
    assert len(area.toasts) == 1
    for number in range(5):
        area.tell(Message(f"Note {number}.", "bad"))
    assert shown(area) == [f"Note {n}." for n in range(1, 5)]
    assert len(area.history) == 6


def test_the_next_note_takes_the_place_of_one_that_only_has_time(area: ToastArea) -> None:
    area.tell(Message("The run was moved away.", "info", "", "undo", "Undo"))
    area.tell(Message("Copied 20 rows.", "good"))
    area.tell(Message("Saved 20 rows.", "good"))
    assert shown(area) == ["The run was moved away.", "Saved 20 rows."]


def test_notes_stand_in_the_room_they_are_given(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1024, 700)
    room = QWidget(window)
    room.setGeometry(180, 0, 560, 52)
    area = ToastArea(window, room)
    window.show()
    area.tell(Message("Wikipedia extract: learned 8,599 words in 91 s, held-out loss 2.85.", "good"))
    assert room.geometry().contains(area.geometry())


def test_labels_show_markup_as_it_is(area: ToastArea, qtbot) -> None:
    label = PlainLabel(MARKUP)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    toast = area.tell(Message(MARKUP, "bad", MARKUP))
    assert all(
        shown.textFormat() == Qt.TextFormat.PlainText for shown in toast.findChildren(QLabel) if shown.text()
    )


def test_a_cut_label_has_the_whole_text_as_a_tooltip_without_markup(qtbot) -> None:
    label = ElidedLabel(f"{MARKUP} and a long name that goes on and on and on")
    qtbot.addWidget(label)
    label.resize(120, 20)
    label.show()
    assert label.is_cut()
    assert label.text().endswith("…")
    assert "&lt;img" in label.toolTip()
    assert "<img" not in label.toolTip()
    label.resize(2_000, 20)
    assert not label.is_cut()
    assert label.toolTip() == ""


def test_the_narrator_says_one_sentence_with_its_actions(qtbot) -> None:
    bar = NarratorBar()
    qtbot.addWidget(bar)
    bar.show()
    assert bar.minimumSizeHint().height() >= 48
    bar.set_message("Nothing much changes any more.", [("stop", "Stop and keep"), ("dismiss", "Let it run")])
    assert bar.findChild(QLabel, "narratorLabel").text() == "Nothing much changes any more."
    assert [button.text() for button in bar.buttons()] == ["Stop and keep", "Let it run"]
    with qtbot.waitSignal(bar.action_requested) as asked:
        qtbot.mouseClick(bar.buttons()[1], Qt.MouseButton.LeftButton)
    assert asked.args == ["dismiss"]
    bar.set_message("Going well.")
    assert bar.buttons() == []
    assert not bar.findChild(QPushButton, "narratorAction").isVisible()
    with pytest.raises(ValueError, match="at most 3"):
        bar.set_message("Too much.", [(str(n), str(n)) for n in range(4)])


def test_every_state_has_a_word_a_shape_and_no_two_look_alike(qtbot) -> None:
    badge = StateBadge()
    qtbot.addWidget(badge)
    pictures = []
    for state in STATE_LOOKS:
        badge.set_state(state)
        assert badge.accessibleName() == state_word(state)
        badge.resize(badge.sizeHint())
        pictures.append(badge.grab().toImage())
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[:i])
    with pytest.raises(KeyError):
        badge.set_state("sleeping")


def test_the_badge_says_what_the_rest_of_the_program_says() -> None:
    assert {state: state_word(state) for state in STATE_WORDS} == STATE_WORDS


def test_a_badge_carries_a_detail(qtbot) -> None:
    badge = StateBadge()
    qtbot.addWidget(badge)
    badge.set_state("running", "41 %")
    assert badge.accessibleName() == "running 41 %"


def test_progress_is_a_share_and_never_whole_before_the_end(qtbot) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.set_progress(0.999, "8 s left", "912 k words/s")
    assert line.text() == "99 % 8 s left 912 k words/s"
    line.set_progress(1.7)
    assert line.text() == "100 %"
    assert line.bar.objectName() == "progressBar"
    line.set_progress(None, "Counting words")
    assert line.bar.maximum() == 0
    assert line.text() == "Counting words"


def test_a_chip_names_its_number(qtbot) -> None:
    chip = MetricChip("Memory")
    qtbot.addWidget(chip)
    chip.set_value("5.1 of 6.8 GB", Role.WARNING, "Close to what is free.")
    assert chip.accessibleName() == "Memory: 5.1 of 6.8 GB"
    assert chip.toolTip() == "Close to what is free."


def test_an_empty_state_offers_the_next_step(qtbot) -> None:
    empty = EmptyState("Here your runs will stand.", "New run")
    qtbot.addWidget(empty)
    empty.show()
    with qtbot.waitSignal(empty.action_requested):
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)
    empty.set_sentence("Nothing here.")
    assert empty.sentence() == "Nothing here."
    assert not empty.button.isVisible()


def test_a_section_folds_by_keyboard(qtbot) -> None:
    section = CollapsibleSection("Advanced")
    qtbot.addWidget(section)
    inner = QLabel("inside")
    section.body.addWidget(inner)
    section.show()
    assert not inner.isVisible()
    button = section.findChild(QPushButton)
    with qtbot.waitSignal(section.toggled) as toggled:
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert toggled.args == [True]
    assert inner.isVisible()
    assert button.accessibleDescription() == "open"


def test_a_card_without_a_title_has_no_gap_for_one(qtbot) -> None:
    bare, titled = Card(), Card("Loss", "What fell.")
    for card in (bare, titled):
        qtbot.addWidget(card)
        card.body.addWidget(QLabel("inside"))
    assert bare.sizeHint().height() < titled.sizeHint().height()
    assert titled.accessibleName() == "Loss"
