"""How a text is cut into the tokens of a model."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.gui.widgets.token_pieces import GOES_ON, TEXT, ShownPiece, TokenPieces

_LINES = 3
_LONGEST_TEXT = 20_000
_TYPING_PAUSE_MS = 150
_LEAST_PIECES, _ROOM_FOR_LEGEND = 56, 320
"""Two lines of pieces are always seen; in a low window the legend gives way to them."""


class TokensCutCard(Card):
    """A text (cutInput) and its pieces (tokenPieces); ``token_chosen`` carries the token of a piece, ``cut`` says that
    the text has been cut."""

    token_chosen = Signal(str)
    cut = Signal()

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._path = self._asked = ""
        self._question = OneQuestion(asker)
        self.set_title(self.tr("How a text is cut"))
        self._explain(is_by_letter=False)
        self.input = QPlainTextEdit()
        self.input.setObjectName("cutInput")
        self.input.setAccessibleName(self.tr("Text to cut"))
        self.input.setPlaceholderText(self.tr("Type a text; its pieces follow as you type."))
        self.input.setTabChangesFocus(True)
        self.input.setFixedHeight(self.input.fontMetrics().lineSpacing() * _LINES + Space.MEDIUM)
        self.input.textChanged.connect(self._on_text_changed)
        self.sentence = PlainLabel("", TextStyle.BODY)
        self.sentence.setObjectName("cutSentence")
        self.problem = ProblemNote()
        self.pieces = TokenPieces()
        self.pieces.setObjectName("tokenPieces")
        self.pieces.chosen.connect(self.token_chosen)
        self.legend = PlainLabel(
            self.tr(
                'Pieces that touch are parts of one word. A dot "\u00b7" is a space, \u21b5 a line end. Dashed: signs '
                "of the model itself, or what it does not know."
            ),
            TextStyle.CAPTION,
            Role.QUIET_TEXT,
        )
        inner = QWidget()
        inner.setProperty("isPage", "true")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, Space.SMALL, 0)
        column.addWidget(self.pieces)
        column.addStretch(1)
        area = PageScroll(inner, self.tr("The pieces"))
        area.setObjectName("tokenPiecesArea")
        area.setFrameShape(PageScroll.Shape.NoFrame)
        area.setMinimumHeight(_LEAST_PIECES)
        for widget in (self.input, self.problem, self.sentence):
            self.body.addWidget(widget)
        self.body.addWidget(area, 1)
        self.body.addWidget(self.legend)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_PAUSE_MS)
        self._typing.timeout.connect(self._ask_now)

    def show_model(self, path: str, example: str) -> None:
        """Ask this model from now on; ``example``: a text to begin with."""
        self._path = path
        self._question.drop()
        self._clear()
        self.input.setPlainText(example)
        self._typing.stop()
        self._asked = ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.legend.setVisible(self.height() >= _ROOM_FOR_LEGEND)

    def ask_first(self) -> None:
        """Cut the text that stands here, unless it was."""
        if self._asked != self.input.toPlainText():
            self._ask_now()

    def _clear(self) -> None:
        self.problem.hide()
        self.sentence.setText("")
        self.pieces.show_pieces(())

    def _explain(self, is_by_letter: bool) -> None:
        """What the pieces are; a small model may read one letter after another."""
        pieces = (
            self.tr("This model reads letters: every sign is a token.")
            if is_by_letter
            else self.tr(
                "A model reads tokens: whole words where they are frequent, pieces of words where they are rare."
            )
        )
        how = self.tr("Point at a piece for its number; press it for the tokens near it.")
        self.set_caption(f"{pieces} {how}")

    @Slot()
    def _on_text_changed(self) -> None:
        self._typing.start()

    @Slot()
    def _ask_now(self) -> None:
        text = self._asked = self.input.toPlainText()
        self._question.drop()
        if not self._path or not text.strip():
            self._clear()
        elif len(text) > _LONGEST_TEXT:
            self._on_problem(
                PtftError(
                    "The text is too long to be typed in.",
                    f"It has {len(text):,} signs; {_LONGEST_TEXT:,} is the most.",
                    "Shorten it.",
                )
            )
        else:
            if not self.pieces.pieces():
                self.sentence.setText(self.tr("The model is asked for its pieces ..."))
            self._question.ask(
                "text_pieces", {"model": self._path, "text": text}, self._on_cut, self._on_problem
            )

    def _on_cut(self, result: dict[str, Any]) -> None:
        text = self._asked
        self.problem.hide()
        self.sentence.setText(str(result.get("sentence") or ""))
        self.pieces.show_pieces(
            [
                ShownPiece(str(token), int(number), text[int(start) : int(end)], str(what))
                for token, number, start, end, what in result.get("pieces") or ()
            ]
        )
        self._explain(self._is_by_letter())
        self.cut.emit()

    def _is_by_letter(self) -> bool:
        """Whether no piece of the text is longer than a sign, though there are several."""
        texts = [piece.text for piece in self.pieces.pieces() if piece.what in (TEXT, GOES_ON)]
        return len(texts) > 1 and all(len(text) == 1 for text in texts)

    def longest_token(self) -> str:
        """Of the pieces that begin a word the one with the most letters; nothing where none is a word."""
        words = [
            piece for piece in self.pieces.pieces() if piece.what == TEXT and piece.text.strip().isalpha()
        ]
        longest = max(words, key=lambda piece: len(piece.text.strip()), default=None)
        return longest.token if longest is not None else ""

    def _on_problem(self, problem: PtftError) -> None:
        self._clear()
        self.problem.show_problem(problem)
