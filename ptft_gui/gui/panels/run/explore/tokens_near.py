"""Which tokens of a language model are nearest to a token, by the vectors at the entrance of the model."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.choice_bars import visible_token
from ptft_gui.gui.widgets.clear_button import add_clear_button
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.similarity_table import SimilarityTable

_TOPN = 12


class TokensNearCard(Card):
    """Query (tokenQuery) and table (tokenTable); ``remedy_chosen`` carries a :class:`Remedy`."""

    remedy_chosen = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._path, self._was_asked = "", False
        self._question = OneQuestion(asker)
        self._tokens: dict[str, str] = {}
        self.set_title(self.tr("Nearest tokens"))
        self.set_caption(
            self.tr(
                "Every token enters the model as a row of numbers. Tokens that are used alike get rows that point the "
                "same way."
            )
        )
        self.query = QLineEdit()
        self.query.setObjectName("tokenQuery")
        self.query.setAccessibleName(self.tr("Token whose nearest tokens you want to see"))
        self.query.setPlaceholderText(self.tr("Type a word or a piece of one"))
        self.query.setToolTip(self.query.placeholderText())  # a narrow window cuts it
        add_clear_button(self.query)
        self.query.returnPressed.connect(self._on_submitted)
        self.find_button = SecondaryButton(self.tr("Find"))
        self.find_button.setObjectName("findTokenButton")
        self.find_button.clicked.connect(self._on_submitted)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self.query, 1)
        row.addWidget(self.find_button)
        self.body.addLayout(row)
        self.heading = PlainLabel("", TextStyle.STRONG)
        self.heading.setObjectName("tokenHeading")
        self.hint = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.problem = ProblemNote()
        self.problem.word_chosen.connect(self.ask)
        self.problem.remedy_chosen.connect(self.remedy_chosen)
        self.table = SimilarityTable()
        self.table.setObjectName("tokenTable")
        self.table.word_activated.connect(self._on_activated)
        for widget in (self.heading, self.hint, self.problem):
            self.body.addWidget(widget)
        self.body.addWidget(self.table, 1)
        self._room = QWidget()  # keeps what is above at the top while there is no table
        self.body.addWidget(self._room, 1)

    def show_model(self, path: str) -> None:
        """Ask this model from now on; nothing is asked yet."""
        self._path, self._was_asked = path, False
        self._question.drop()
        self.query.clear()
        self._show_rows("", [])
        self.hint.setText(
            self.tr("The nearest tokens will stand here. Or press a piece of a text at the right.")
        )

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was asked of this model yet, and nothing is being typed."""
        return not self._was_asked and not self.query.text()

    def focus_query(self) -> None:
        self.query.setFocus()
        self.query.selectAll()

    @Slot()
    def _on_submitted(self) -> None:
        if self.query.text().strip():
            self.ask(self.query.text().strip())

    @Slot(str)
    def _on_activated(self, shown: str) -> None:
        self.ask(self._tokens.get(shown, shown))

    @Slot(str)
    def ask(self, token: str) -> None:
        """Show the nearest tokens of ``token``."""
        if not self._path:
            return
        self._was_asked = True
        self.query.setText(visible_token(token).removeprefix("\u00b7"))
        self._show_rows("", [])
        self.hint.setText(self.tr("Looking ..."))
        asked: dict[str, object] = {"model": self._path, "word": token, "topn": _TOPN}
        self._question.ask("token_neighbours", asked, self._on_found, self._on_problem)

    def _on_found(self, result: dict[str, Any]) -> None:
        rows = [(str(token), float(cosine)) for token, cosine in result.get("neighbours") or ()]
        self._tokens = {visible_token(token): token for token, _ in rows}
        name = visible_token(str(result.get("token") or "")).removeprefix("\u00b7")
        self._show_rows(
            self.tr("Nearest to {token}").format(token=name), [(visible_token(token), c) for token, c in rows]
        )

    def _on_problem(self, problem: PtftError) -> None:
        self._show_rows("", [])
        self.hint.hide()
        self.problem.show_problem(problem)

    def _show_rows(self, heading: str, rows: list[tuple[str, float]]) -> None:
        self.problem.hide()
        self.table.set_rows(rows)
        self.table.setAccessibleName(heading)
        self.heading.setText(heading)
        self.heading.setVisible(bool(rows))
        self.table.setVisible(bool(rows))
        self.hint.setVisible(not rows)
        self._room.setVisible(not rows)
