"""What a model writes is followed to its end while it comes, and stands to be read from its beginning after that."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ptft_gui.gui.panels.run.asked_model import AskedModel
from ptft_gui.gui.panels.run.try_it.writing_room import WritingRoom
from ptft_gui.gui.panels.run.try_it.written_text import WrittenColumn
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult


class WritingAsker:
    """Keeps the newest question of its kind; the test writes."""

    def __init__(self) -> None:
        self.progress: OnProgress | None = None
        self.result: OnResult | None = None

    def ask(
        self,
        kind: str,
        _arguments: dict[str, object],
        on_result: OnResult,
        _on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        if kind == "generate":
            self.progress, self.result = on_progress, on_result
        return kind

    def cancel(self, request_id: str) -> None:
        """Nothing is under way but here."""


def test_the_text_before_is_as_high_as_the_one_after_however_much_is_said_below(qtbot: QtBot) -> None:
    room = WritingRoom(WritingAsker())
    qtbot.addWidget(room)
    room.show_model(AskedModel("/nowhere", "After", before="/elsewhere", before_title="Before", is_own=True))
    room.resize(1100, 700)
    room.show()
    room.after.status.setText("45 tokens; the model ended the text. " * 8)
    room.after.status.show()
    room.before.status.setText("45 tokens.")
    room.before.status.show()
    QApplication.processEvents()
    assert room.after.foot.height() == room.before.foot.height() > room.before.status.height()
    assert room.after.text.height() == room.before.text.height() > 100


def test_it_is_followed_while_it_comes_and_read_from_its_beginning(qtbot: QtBot) -> None:
    asker = WritingAsker()
    column = WrittenColumn(asker, "after")
    qtbot.addWidget(column)
    column.show_model("/nowhere", "After", False, "What the model writes")
    column.resize(300, 200)
    column.show()
    column.write("To be", {})
    assert asker.progress is not None
    assert asker.result is not None
    bar = column.text.verticalScrollBar()
    for lines in (20, 40):
        asker.progress("To be" + "\nor not" * lines, 0.5)
        QApplication.processEvents()
        assert bar.value() == bar.maximum() > 0
    asker.result({"text": "To be" + "\nor not" * 60, "sentence": "120 tokens."})
    QApplication.processEvents()
    assert bar.value() == 0 < bar.maximum()
