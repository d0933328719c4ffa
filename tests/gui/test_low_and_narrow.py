"""What gives way in a low or narrow window, so that what was asked for stays in sight."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.gui.panels.new_run.footer import Footer
from ptft_gui.gui.panels.new_run.goals import SORT_TEXTS, meanings_of
from ptft_gui.gui.panels.new_run.task_row import TaskRow
from ptft_gui.gui.panels.run.explore.analogy import AnalogyCard
from ptft_gui.gui.panels.run.explore.tokens_cut import TokensCutCard
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice
from tests.gui.fake_asker import FakeAsker


def rows_of(choice: SegmentedChoice, values: tuple[str, ...]) -> int:
    return len({choice.button(value).y() for value in values})


@pytest.mark.parametrize(("width", "rows"), [(1200, 1), (872, 1), (616, 2)])
def test_jobs_take_as_few_rows_as_fit(qtbot: QtBot, width: int, rows: int) -> None:
    row = TaskRow()
    qtbot.addWidget(row)
    row.show()
    row.show_task(SORT_TEXTS, "classification")
    row.resize(width, max(row.heightForWidth(width), row.sizeHint().height()))
    qtbot.waitUntil(lambda: rows_of(row.tasks, tuple(meanings_of(SORT_TEXTS))) == rows)
    assert row.sentence.width() >= min(width, 200)
    assert all(row.tasks.button(task).geometry().right() < width for task in meanings_of(SORT_TEXTS))


def test_choices_of_unequal_width_stand_in_the_columns_that_fit(qtbot: QtBot) -> None:
    labels = ("wide wide wide wide wide", "a", "b", "wide wide wide wide", "c", "d")
    page = QWidget()  # a window would not become narrower than one row
    qtbot.addWidget(page)
    choices = [(str(n), label, "") for n, label in enumerate(labels)]
    choice = SegmentedChoice(choices, parent=page, fallback_columns=3)
    page.show()
    choice.resize(choice.width_in(3), choice.sizeHint().height())
    qtbot.waitUntil(lambda: rows_of(choice, tuple("012345")) == 2)
    assert choice.width_in(3) < 3 * choice.button("0").sizeHint().width()


def test_a_low_card_keeps_one_line_of_examples_and_a_high_one_all(qtbot: QtBot) -> None:
    card = AnalogyCard(FakeAsker())
    qtbot.addWidget(card)
    examples = [f"word{n} - man + woman" for n in range(7)]
    card.show_model("model", 75_869, examples)
    card.show()
    for height, count in ((360, 3), (520, 7), (360, 3)):
        card.resize(580, height)
        shown = [chip for chip in card.findChildren(QPushButton, "analogyExample") if chip.isVisible()]
        assert len(shown) == count
    assert list(card.examples()) == examples


def test_a_long_name_shows_its_beginning(qtbot: QtBot) -> None:
    footer = Footer()
    qtbot.addWidget(footer)
    footer.show_name("Opinions - " * 10)
    assert footer.name.cursorPosition() == 0
    assert footer.name.text() == "Opinions - " * 10


class SilentAsker:
    """Takes questions and answers none."""

    def ask(self, kind: str, *_: object) -> str:
        return kind

    def cancel(self, request_id: str) -> None:
        """Nothing runs."""


def test_pieces_of_a_text_have_room_and_words_until_they_come(qtbot: QtBot) -> None:
    card = TokensCutCard(SilentAsker())
    qtbot.addWidget(card)
    card.show_model("model", "The unexpected thunderstorm")
    card.show()
    card.ask_first()
    assert card.sentence.text()
    area = card.findChild(QScrollArea, "tokenPiecesArea")
    for height, has_legend in ((280, False), (450, True)):
        card.resize(580, height)
        qtbot.waitUntil(lambda: area.height() >= 56)
        assert card.legend.isVisible() == has_legend
        assert area.geometry().top() >= card.sentence.geometry().bottom()
