"""Cards and segments: one is chosen, by pointer and by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.choice_card import ChoiceCard, ChoiceGroup
from ptft_gui.gui.widgets.family_picture import FamilyPicture
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice

LONG = "Reads a sentence in both directions and learns by filling in blanks. " * 3


@pytest.fixture
def group(qtbot) -> ChoiceGroup:
    group = ChoiceGroup(accessible_name="Model family")
    group.add(
        "word2vec", ChoiceCard("Word2Vec", "Learns what words mean.", "Minutes.", FamilyPicture("word2vec"))
    )
    group.add(
        "bert", ChoiceCard("BERT", "Reads in both directions.", "Better with a GPU.", FamilyPicture("bert"))
    )
    group.add("gpt", ChoiceCard("GPT", "Reads from left to right."))
    qtbot.addWidget(group)
    group.resize(320, 400)
    group.show()
    return group


def test_nothing_is_chosen_until_someone_chooses(group: ChoiceGroup, qtbot) -> None:
    assert group.value() == ""
    with qtbot.waitSignal(group.value_changed) as chosen:
        qtbot.mouseClick(group.card("bert"), Qt.MouseButton.LeftButton, pos=QPoint(200, 80))
    assert chosen.args == ["bert"]
    assert group.value() == "bert"


def test_arrow_keys_choose_and_exactly_one_is_chosen(group: ChoiceGroup, qtbot) -> None:
    group.set_value("word2vec")
    group.card("word2vec").setFocus()
    qtbot.keyClick(group.card("word2vec"), Qt.Key.Key_Down)
    assert group.value() == "bert"
    assert sum(group.card(value).isChecked() for value in group.values()) == 1


def test_a_choice_that_is_not_offered_is_refused(group: ChoiceGroup) -> None:
    with pytest.raises(KeyError):
        group.set_value("elmo")


def test_a_card_grows_with_its_text_and_is_never_small(qtbot) -> None:
    short = ChoiceCard("BERT", "Short.", "", FamilyPicture("bert"))
    long = ChoiceCard("BERT", LONG, LONG, FamilyPicture("bert"))
    for card in (short, long):
        qtbot.addWidget(card)
    assert short.heightForWidth(320) == 104
    assert long.heightForWidth(320) > 150
    assert long.heightForWidth(600) < long.heightForWidth(320)


def test_a_card_tells_a_screen_reader_everything(group: ChoiceGroup) -> None:
    card = group.card("bert")
    assert card.accessibleName() == "BERT"
    assert "both directions" in card.accessibleDescription()
    assert "GPU" in card.accessibleDescription()
    card.set_second_line("Needs a GPU.")
    assert "Needs a GPU." in card.accessibleDescription()


def test_a_chosen_card_is_told_by_more_than_a_tint(group: ChoiceGroup) -> None:
    card = group.card("bert")
    before = card.grab().toImage()
    card.setChecked(True)
    after = card.grab().toImage()
    tick = [(x, y) for x in range(card.width() - 30, card.width() - 8) for y in range(8, 30)]
    changed = sum(before.pixel(x, y) != after.pixel(x, y) for x, y in tick)
    assert changed > 200  # the tick's corner is drawn anew
    assert before.pixel(160, 0) != after.pixel(160, 0)  # and the border


@pytest.mark.parametrize("family", ["word2vec", "glove", "bert", "gpt"])
def test_family_pictures_differ_and_follow_the_theme(theme: Theme, qtbot, family: str) -> None:
    picture, other = FamilyPicture(family), FamilyPicture("gpt" if family != "gpt" else "bert")
    for widget in (picture, other):
        qtbot.addWidget(widget)
        widget.resize(72, 72)
    light = picture.grab().toImage()
    assert light != other.grab().toImage()
    theme.set_preference("dark")
    assert picture.grab().toImage() != light


def test_a_family_without_a_picture_is_refused(qapp) -> None:
    with pytest.raises(KeyError):
        FamilyPicture("elmo")


OBJECTIVES = [
    ("skip_gram", "Skip-gram", "Guesses the words around one word."),
    ("cbow", "CBOW", "Guesses a word from those around it."),
    ("both", "Both", ""),
]


@pytest.fixture
def segments(qtbot) -> SegmentedChoice:
    widget = SegmentedChoice(OBJECTIVES, "Objective")
    qtbot.addWidget(widget)
    widget.resize(600, 80)
    widget.show()
    return widget


def sentence_of(widget: QWidget) -> str:
    return " ".join(
        label.text() for label in widget.findChildren(QWidget) if label.property("ink") == "quiet_text"
    )


def test_segments_show_the_sentence_of_the_chosen_one(segments: SegmentedChoice, qtbot) -> None:
    assert segments.value() == "skip_gram"
    assert "around one word" in sentence_of(segments)
    with qtbot.waitSignal(segments.value_changed) as chosen:
        qtbot.mouseClick(segments.button("cbow"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["cbow"]
    assert "from those around" in sentence_of(segments)


def test_segments_are_walked_with_arrow_keys(segments: SegmentedChoice, qtbot) -> None:
    segments.button("skip_gram").setFocus()
    qtbot.keyClick(segments.button("skip_gram"), Qt.Key.Key_Right)
    assert segments.value() == "cbow"


@pytest.mark.parametrize(("width", "rows"), [(600, 1), (160, 3)])
def test_segments_without_room_stand_below_one_another(qtbot, width: int, rows: int) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    segments = SegmentedChoice(OBJECTIVES, "Objective")
    QVBoxLayout(page).addWidget(segments)
    page.resize(width, 300)
    page.show()
    buttons = [segments.button(value) for value, _, _ in OBJECTIVES]
    qtbot.waitUntil(lambda: len({button.y() for button in buttons}) == rows)
    assert all(button.geometry().right() < segments.width() for button in buttons)
    assert segments.width() <= width
