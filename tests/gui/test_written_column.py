"""What a model writes is followed to its end while it comes, and stands to be read from its beginning after that."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

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
