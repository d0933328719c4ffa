"""Own axes and the picture of an analogy: typed, placed, drawn without overlap, taken along."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.gui.panels.run.explore.axes_card import axis_examples
from ptft_gui.gui.panels.run.explore.axis_row import Axis, words_in
from ptft_gui.gui.widgets.axis_strip import AxisStrip
from ptft_gui.gui.widgets.word_map import WordMap
from tests.gui.run_pages import Opened, open_run


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Opened:
    opened = open_run(qtbot, tmp_path, "finished", dataset="little-kingdom")
    opened.page.explore.choose("axes")
    return opened


def type_axis(opened: Opened, qtbot: QtBot, number: int, low: str, high: str) -> None:
    for side, text in (("Negative", low), ("Positive", high)):
        field = opened.find(QLineEdit, f"axis{number}{side}")
        field.clear()
        qtbot.keyClicks(field, text)


def test_words_of_a_field_may_be_parted_by_anything_usual() -> None:
    assert words_in(" bad, poor;worse  bad ") == ["bad", "poor", "worse"]
    assert Axis.from_text("man boy - woman") == Axis(("man", "boy"), ("woman",))
    assert not Axis.from_text("man").is_whole


def test_two_words_span_an_axis(qtbot: QtBot, opened: Opened) -> None:
    type_axis(opened, qtbot, 1, "man, boy", "woman")
    qtbot.keyClick(opened.find(QLineEdit, "axis1Positive"), Qt.Key.Key_Return)
    (question,) = opened.asker.questions("axes")
    assert question["axes"] == [{"negative": ["man", "boy"], "positive": ["woman"]}]
    assert (question["words"], question["topn"]) == (None, 300)
    strip = opened.find(AxisStrip, "axisStrip")
    assert strip.isVisible()
    assert {"music", "woman"} <= {word for word, _ in strip.labels()}
    assert opened.text("axesSentence") == "13 words."


def test_an_end_without_a_word_is_asked_for_and_nothing_is_sent(opened: Opened) -> None:
    opened.find(QLineEdit, "axis1Negative").setText("man")
    opened.click("placeWordsButton")
    assert opened.text("axesSentence") == "An axis needs a word at both of its ends."
    assert opened.asker.questions("axes") == []


def test_own_words_and_those_that_are_not_known(opened: Opened) -> None:
    card = opened.page.explore.axes
    card._on_example("man - woman")
    card.which.setCurrentIndex(card.which.findData("own"))
    card.which.activated.emit(card.which.currentIndex())
    assert opened.find(QWidget, "axesOwnWords").isVisible()
    opened.click("placeWordsButton")
    assert opened.text("axesSentence") == "Type the words that you want to place."
    opened.find(QLineEdit, "axesOwnWords").setText("king queen zyzzy")
    opened.click("placeWordsButton")
    assert opened.asker.questions("axes")[-1]["words"] == ["king", "queen", "zyzzy"]
    assert opened.text("axesSentence") == "2 words. Not known to this model: zyzzy."


def test_the_neighbours_of_the_word_at_the_left_follow_it(opened: Opened) -> None:
    card = opened.page.explore.axes
    card._on_example("man - woman")
    card.which.setCurrentIndex(card.which.findData("neighbours"))
    card.which.activated.emit(card.which.currentIndex())
    assert opened.asker.questions("axes")[-1]["words"][:3] == ["music", "folk", "poetry"]
    opened.page.explore.neighbours.ask("war")
    assert opened.asker.questions("axes")[-1]["words"][0] == "war"


def test_two_axes_make_a_plane(opened: Opened) -> None:
    opened.page.explore.axes._on_example("man - woman / king - queen")
    plane = opened.find(WordMap, "axesPlane")
    assert plane.isVisible()
    assert (plane.scene.x_names, plane.scene.y_names) == (("man", "woman"), ("king", "queen"))
    opened.find(QAbstractButton, "secondAxisButton").click()
    opened.click("placeWordsButton")
    assert len(opened.asker.questions("axes")[-1]["axes"]) == 1
    assert opened.find(AxisStrip, "axisStrip").isVisible()


def test_an_unknown_word_is_replaced_by_a_close_one(opened: Opened) -> None:
    opened.page.explore.axes._on_example("kingg man - woman")
    note = opened.page.explore.axes._problem
    assert note.isVisible()
    note.findChild(QPushButton, "closeWord").click()
    assert opened.asker.questions("axes")[-1]["axes"][0]["negative"] == ["king", "man"]
    assert not note.isVisible()


def test_only_axes_that_hold_are_offered(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    card = bundled_dataset("little-kingdom")
    assert card is not None
    assert "man - woman" in axis_examples(card.questions)
    assert opened.page.explore.axes.examples() == tuple(axis_examples(card.questions))
    chip = next(b for b in opened.page.findChildren(QPushButton, "axisExample") if b.isVisible())
    chip.click()
    assert opened.find(QLineEdit, "axis1Negative").text() == "man"
    assert opened.find(AxisStrip, "axisStrip").isVisible()


@pytest.mark.parametrize("name", ["axes.csv", "axes.png", "axes.svg"])
@pytest.mark.parametrize("example", ["man - woman", "man - woman / king - queen"])
def test_axes_leave_as_table_and_picture(opened: Opened, tmp_path: Path, name: str, example: str) -> None:
    opened.page.explore.axes._on_example(example)
    opened.page.explore.axes.export.save(str(tmp_path / name))
    assert opened.requests[-1] == ("said", f"Saved as {tmp_path / name}")
    if name.endswith("csv"):
        lines = (tmp_path / name).read_text(encoding="utf-8-sig").splitlines()
        rows = list(csv.reader(lines))
        assert rows[0][:2] == ["word", "man to woman"]
        assert [float(row[1]) for row in rows[1:]] == sorted(float(row[1]) for row in rows[1:])
    else:
        assert (tmp_path / name).stat().st_size > 500


@pytest.mark.parametrize("count", [1, 2, 30, 300])
def test_names_on_a_strip_never_overlap(qtbot: QtBot, count: int) -> None:
    strip = AxisStrip()
    qtbot.addWidget(strip)
    strip.resize(560, 240)
    words = [f"word{number}" for number in range(count)]
    values = np.random.default_rng(3).normal(size=count).astype(np.float32)
    strip.show_words(words, values, ("low", "high"), ["word0"])
    strip.grab()
    boxes = [box for _, box in strip.labels()]
    assert len(boxes) >= min(count, 20)
    assert not any(a.intersects(b) for a, b in combinations(boxes, 2))
    assert all(strip.rect().toRectF().contains(box) for box in boxes)
    assert "word0" in [word for word, _ in strip.labels()]


def test_a_strip_tells_its_ends_and_asks_for_a_word(qtbot: QtBot) -> None:
    strip = AxisStrip()
    qtbot.addWidget(strip)
    strip.resize(400, 200)
    strip.show_words(["cat", "dog"], np.array([-0.5, 0.5], np.float32), ("small", "large"), [])
    assert strip.accessibleDescription() == "small: cat dog. large: dog cat."
    place = next(box for word, box in strip.labels() if word == "dog").center().toPoint()
    with qtbot.waitSignal(strip.word_activated) as asked:
        qtbot.mouseDClick(strip, Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == ["dog"]


def test_an_analogy_has_its_parallelogram(opened: Opened) -> None:
    opened.page.explore.choose("analogy")
    picture = opened.find(WordMap, "analogyPicture")
    assert picture.isVisible()
    assert opened.asker.questions("plane")[-1]["text"] == "king - man + woman"
    arrows = [
        (picture.scene.points.words[a.start], picture.scene.points.words[a.end]) for a in picture.scene.arrows
    ]
    assert ("man", "king") in arrows
    assert ("woman", "queen") in arrows
    assert opened.text("analogyPictureSentence").startswith("This plane holds 82 %")
    picture.word_activated.emit("where it leads")
    assert opened.text("neighbourHeading") == "Nearest to music", "the goal is no word"
    picture.word_activated.emit("queen")
    assert opened.text("neighbourHeading") == "Nearest to queen"


def test_a_question_that_cannot_be_answered_has_no_picture(opened: Opened) -> None:
    opened.page.explore.choose("analogy")
    opened.page.explore.analogy.ask("kingg - man + woman")
    assert not opened.find(WordMap, "analogyPicture").isVisible()
    assert not opened.page.explore.analogy.export.isEnabled()


def test_answers_to_an_analogy_leave_as_a_table(opened: Opened, tmp_path: Path) -> None:
    opened.page.explore.choose("analogy")
    opened.page.explore.analogy.export.save(str(tmp_path / "a.csv"))
    rows = list(csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[1] == ["king - man + woman", "1", "queen", "0.91"]


def test_placed_words_take_the_room_of_what_is_said_about_placing_in_a_low_window(opened: Opened) -> None:
    opened.page.resize(950, 602)  # what a window of 1024 x 700 leaves
    card = opened.page.explore.axes
    assert opened.page.findChild(QWidget, "axisExample").isVisible()
    card._on_example("man - woman / king - queen")
    assert not opened.page.findChild(QWidget, "axisExample").isVisible()
    assert opened.find(WordMap, "axesPlane").height() >= 160
    assert card.export.y() == card.which.y()  # one row of tools
    assert card.which.fontMetrics().horizontalAdvance(card.which.currentText()) <= card.which.width() - 40
    opened.page.resize(1600, 982)
    assert opened.page.findChild(QWidget, "axisExample").isVisible()
