"""How the chosen text is cut into tokens, shown on a sentence of it or on one that a person writes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.clear_button import add_clear_button
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.token_text import Token, TokenText

_WRITTEN_AFTER_MS = 300
_LONGEST = 400
_UNKNOWN = ("[UNK]", "<unk>")


class TokensCard(Card):
    """``sentence_written`` tells a moment after a person wrote another sentence."""

    sentence_written = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("How it is cut into tokens"), parent=parent)
        self.setObjectName("tokensCard")
        self.sentence = QLineEdit()
        self.sentence.setObjectName("tokensInput")
        self.sentence.setAccessibleName(self.tr("Sentence to cut into tokens"))
        self.sentence.setPlaceholderText(self.tr("Try a sentence of your own"))
        self.sentence.setMaxLength(_LONGEST)
        add_clear_button(self.sentence)
        self.text = TokenText()
        self.text.setObjectName("tokensText")
        self.numbers = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.numbers.setObjectName("tokensNumbers")
        for widget in (self.text, self.numbers, self.sentence):
            self.body.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WRITTEN_AFTER_MS)
        self._timer.timeout.connect(self.sentence_written)
        self.sentence.textEdited.connect(self._on_edited)
        self.sentence.textChanged.connect(self._on_edited)
        self.hide()

    def written(self) -> str:
        """What a person wrote; "" where a sentence of the text is to be shown."""
        return self.sentence.text().strip()

    def show_cut(self, answer: dict[str, Any]) -> None:
        """Show the answer to ``cut_text``; whatever is missing is not shown."""
        cut = answer.get("cut") or {}
        text = str(cut.get("text") or "")
        tokens = [Token(start, end, token in _UNKNOWN) for start, end, token in cut.get("pieces") or ()]
        self.text.show_tokens(text, tokens)
        self.numbers.setText(self._told(text, tokens, answer))
        self.setVisible(bool(tokens))

    def _told(self, text: str, tokens: list[Token], answer: dict[str, Any]) -> str:
        a_token = len(text) / max(len(tokens), 1)
        told = self.tr("{count} tokens, {each} characters each; {all} different tokens.").format(
            count=f"{len(tokens):,}", each=f"{a_token:.1f}", all=f"{int(answer.get('vocabulary') or 0):,}"
        )
        learned = (
            self.tr("Learned from the beginning of this text; the run learns from all of it.")
            if answer.get("is_estimate")
            else self.tr("Learned from this text.")
        )
        return f"{told} {learned}"

    @Slot()
    def _on_edited(self) -> None:
        self._timer.start()
