"""What changed most between two models: a ranked list, and for the chosen word its neighbours before and after."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.change_table import Change, ChangeTable
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.list_export import ExportButton, ListTable
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote

_TOPN = 100
_MOST_NEW = 12
_DETAIL_LINES = 3
"""Room for the neighbours of the chosen row, so that the table above does not jump from one to the next."""


class ChangesCard(Card):
    """``show_pair`` says which two models; the question is put when the card is seen.

    ``word_activated`` carries a word that was double clicked, ``said`` a sentence, ``failed`` a :class:`PtftError`.
    """

    word_activated = Signal(str)
    remedy_chosen = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("changesCard")
        self.set_title(self.tr("What changed most"))
        self.set_caption(
            self.tr("Words whose neighbourhood moved; 0 is the same company, 1 is entirely other company.")
        )
        self._question = OneQuestion(asker)
        self._before, self._after = "", ""
        self._asked: object = None
        self._nothing = ""
        self.sort = QComboBox()
        self.sort.setObjectName("changeSort")
        self.sort.setAccessibleName(self.tr("Which words come first"))
        self.sort.addItem(self.tr("Changed most"), "most")
        self.sort.addItem(self.tr("Changed least"), "least")
        self.sort.currentIndexChanged.connect(self._ask_if_seen)
        self.export = ExportButton("changesExport", self.list_table)
        for signal, to in ((self.export.said, self.said), (self.export.failed, self.failed)):
            signal.connect(to)
        self.add_to_title_row(self.sort)
        self.add_to_title_row(self.export)
        self._build()
        self.show_pair("", "", "")

    def _build(self) -> None:
        self._sentence = PlainLabel("")
        self._sentence.setObjectName("changesSentence")
        self._new_words = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._new_words.setObjectName("newWords")
        self._problem = ProblemNote()
        self._problem.remedy_chosen.connect(self.remedy_chosen)
        self.table = ChangeTable()
        self.table.setAccessibleName(self.tr("Words by how much they changed"))
        self.table.word_activated.connect(self.word_activated)
        self.table.row_chosen.connect(self._show_row)
        self._near_before, self._near_after = (PlainLabel(""), PlainLabel(""))
        self._near_before.setObjectName("changeBefore")
        self._near_after.setObjectName("changeAfter")
        both = QHBoxLayout()
        both.setSpacing(Space.LARGE)
        for label in (self._near_before, self._near_after):
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setMinimumHeight(_DETAIL_LINES * current_theme().pixels(TextStyle.BODY) * 4 // 3)
            both.addWidget(label, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.table, 1)
        column.addLayout(both)
        column.addWidget(self._new_words)
        self._rows_page, self._empty = page, EmptyState("", icon="table")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)
        self.body.addWidget(self._sentence)
        self.body.addWidget(self._problem)
        self.body.addWidget(self._stack, 1)

    # --- asking ------------------------------------------------------------------------------------------------

    def show_pair(self, before: str, after: str, nothing: str) -> None:
        """What changed from ``before`` to ``after``; ``nothing`` is said while one of them is missing."""
        self._before, self._after, self._nothing = before, after, nothing
        self._question.drop()
        self._asked = None
        self._show_nothing()
        self._ask_if_seen()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._question.is_waiting:
            self._asked = None  # another page may have asked in between
        self._ask_if_seen()

    @Slot()
    def _ask_if_seen(self) -> None:
        wanted = (self._before, self._after, self.sort.currentData())
        if not (self._before and self._after and self.isVisible()) or wanted == self._asked:
            return
        self._asked = wanted
        self._show_nothing()
        self._empty.set_sentence(self.tr("Laying the two models over one another ..."))
        arguments: dict[str, object] = {
            "model": self._after, "other": self._before, "topn": _TOPN, "sort": self.sort.currentData(),
        }  # fmt: skip
        self._question.ask("changes", arguments, self._on_answer, self._on_problem, self._on_progress)

    def _on_progress(self, sentence: str, _fraction: float | None) -> None:
        self._empty.set_sentence(sentence)

    def _on_answer(self, result: dict[str, Any]) -> None:
        self._sentence.setText(str(result.get("sentence") or ""))
        self._sentence.setVisible(bool(self._sentence.text()))
        self._show_new_words(result)
        rows = [_change(row) for row in result.get("rows") or ()]
        self.table.show_changes(rows)
        self.export.setEnabled(bool(rows))
        self._stack.setCurrentWidget(self._rows_page if rows else self._empty)
        if not rows:
            self._empty.set_sentence(self.tr("The two models share no words that could have changed."))

    def _show_new_words(self, result: dict[str, Any]) -> None:
        new = [str(word) for word in result.get("new_words") or ()]
        words = self.tr("New words, the most frequent first: {words}")
        self._new_words.setText(words.format(words=", ".join(new[:_MOST_NEW])))
        self._new_words.setVisible(bool(new))

    def _on_problem(self, problem: PtftError) -> None:
        self._asked = None
        self._show_nothing()
        self._stack.hide()
        self._problem.show_problem(problem)

    def _show_nothing(self) -> None:
        self.table.show_changes([])
        self.export.setEnabled(False)
        self._problem.hide()
        self._sentence.hide()
        self._stack.show()
        self._stack.setCurrentWidget(self._empty)
        self._empty.set_sentence(self._nothing)

    # --- one row -----------------------------------------------------------------------------------------------

    @Slot(object)
    def _show_row(self, row: Change) -> None:
        before = self.tr("{word} before: {words}").format(word=row.word, words=_near(row.before))
        after = self.tr("{word} after: {words}").format(word=row.word, words=_near(row.after))
        self._near_before.setText(before)
        self._near_after.setText(after)

    def list_table(self) -> ListTable:
        """All rows, neighbours joined by spaces."""
        rows = tuple(
            (
                rank,
                row.word,
                row.change,
                row.count,
                " ".join(word for word, _ in row.before),
                " ".join(word for word, _ in row.after),
            )
            for rank, row in enumerate(self.table.changes(), 1)
        )
        return ListTable("what-changed", ("rank", "word", "change", "count", "before", "after"), rows)


def _near(words: tuple[tuple[str, float | None], ...]) -> str:
    return ", ".join(word if value is None else f"{word} {value:.2f}" for word, value in words)


def _change(row: Any) -> Change:
    word, change, count, before, after = row[:5]
    return Change(
        str(word),
        min(max(float(change or 0.0), 0.0), 1.0),
        None if count is None else int(count),
        _neighbours(before),
        _neighbours(after),
    )


def _neighbours(row: Any) -> tuple[tuple[str, float | None], ...]:
    """Neighbours as words alone, or as ``[word, cosine, ...]``."""
    return tuple((n, None) if isinstance(n, str) else (str(n[0]), float(n[1])) for n in row or ())
