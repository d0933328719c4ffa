"""The Try it room of a model that writes: a beginning, how freely to go on, the text, and what else was likely."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run.asked_model import AskedModel
from ptft_gui.gui.panels.run.try_it.asked_texts import AskedTexts
from ptft_gui.gui.panels.run.try_it.writing_settings import WritingSettings
from ptft_gui.gui.panels.run.try_it.written_text import TokenChoice, WrittenColumn
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.choice_bars import ChoiceBars, visible_token
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion, nothing_to_say
from ptft_gui.gui.widgets.scroll_area import PageScroll

_LEFT_WIDTH = 376
_PROMPT_LINES = 4
_LONGEST_PROMPT = 20_000
_TYPING_PAUSE_MS = 250
_TOPN = 6


class WritingRoom(PageScroll):
    """``said`` carries a sentence, ``remedy_chosen`` a :class:`Remedy`."""

    said = Signal(str)
    remedy_chosen = Signal(object)

    def __init__(self, asker: Asker) -> None:
        page = QWidget()
        super().__init__(page, QCoreApplication.translate("WritingRoom", "Let the model write"))
        self._model = AskedModel("", "")
        self._next = OneQuestion(asker)
        self._settings_used: dict[str, Any] = {}
        self._shown: tuple[WrittenColumn, TokenChoice] | None = None
        self.setObjectName("writingRoom")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_PAUSE_MS)
        self._typing.timeout.connect(self._ask_what_comes_next)
        self.before, self.after = WrittenColumn(asker, "before"), WrittenColumn(asker, "after")
        self._columns = (self.before, self.after)
        page.setProperty("isPage", "true")
        row = QHBoxLayout(page)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        row.setSpacing(Space.LARGE)
        row.addWidget(self._make_left())
        row.addLayout(self._make_right(), 1)
        self._connect()

    def _make_left(self) -> QWidget:
        card = Card(self.tr("Beginning"))
        self.prompt = QPlainTextEdit()
        self.prompt.setObjectName("writingPrompt")
        self.prompt.setAccessibleName(self.tr("Beginning that the model goes on from"))
        self.prompt.setPlaceholderText(self.tr("Type how the text begins, or nothing at all."))
        self.prompt.setTabChangesFocus(True)
        self.prompt.setFixedHeight(self.prompt.fontMetrics().lineSpacing() * _PROMPT_LINES + Space.MEDIUM)
        self.settings = WritingSettings()
        self.write_button = SecondaryButton(self.tr("Write"))
        self.write_button.setObjectName("writeButton")
        self.stop_button = SecondaryButton(self.tr("Stop"))
        self.stop_button.setObjectName("stopWritingButton")
        self.asked = AskedTexts(pattern="{text} > {label}")
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.SMALL)
        buttons.addWidget(self.write_button)
        buttons.addWidget(self.stop_button)
        buttons.addStretch(1)
        card.body.addWidget(self.prompt)
        card.body.addWidget(self.settings)
        card.body.addLayout(buttons)
        card.body.addWidget(self.asked)
        left = QWidget()
        scale_with_type(left, left.setFixedWidth, _LEFT_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)
        return left

    def _make_right(self) -> QVBoxLayout:
        card = Card(self.tr("What it writes"))
        card.set_caption(self.tr("It may repeat passages of your text word for word."))
        self.answer_card = card
        pair = QGridLayout()
        pair.setHorizontalSpacing(Space.MEDIUM)
        pair.setVerticalSpacing(Space.HALF)
        pair.setRowStretch(0, 1)
        for place, column in enumerate(self._columns):
            pair.addWidget(column, 0, place)
            pair.addWidget(column.foot, 1, place)
        card.body.addLayout(pair, 1)
        self.bars_card = Card(self.tr("What else was likely"))
        self.bars = ChoiceBars("likelyToken")
        self.bars_note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        for widget in (self.bars, self.bars_note):
            self.bars_card.body.addWidget(widget)
        right = QVBoxLayout()
        right.setSpacing(Space.MEDIUM)
        right.addWidget(card, 1)
        right.addWidget(self.bars_card)
        return right

    def _connect(self) -> None:
        self.write_button.clicked.connect(self.write)
        self.stop_button.clicked.connect(self.stop)
        self.prompt.textChanged.connect(self._on_prompt_changed)
        self.asked.chosen.connect(self.ask)
        self.bars.chosen.connect(self._on_token_chosen)
        for column in self._columns:
            column.token_shown.connect(self._on_token_shown)
            column.finished.connect(self._on_finished)
            column.remedy_chosen.connect(self.remedy_chosen)

    # showing

    def show_model(self, model: AskedModel) -> None:
        """Ask this model from now on, with nothing written yet."""
        self._model = model
        self._next.drop()
        has_before = bool(model.before)
        self.before.setVisible(has_before)
        self.before.foot.setVisible(has_before)
        self.before.show_model(
            model.before, self.tr("Before: {name}").format(name=model.before_title), False, self.tr("Before")
        )
        after = self.tr("After: {name}").format(name=model.title) if has_before else ""
        self.after.show_model(model.path, after, model.is_own, self.tr("What the model writes"))
        self.asked.turn_to(model.path)
        self.asked.offer(model.examples)
        self.settings.show_tokens(model.reads_characters)
        self.prompt.setPlainText(model.examples[0] if model.examples else "")
        self._clear_bars()
        self._show_state()

    def set_model(self, model: AskedModel) -> None:
        """The same model a while later; what was asked stays."""
        self._model = model

    def leave(self) -> None:
        """Another model is shown: nothing here may go on."""
        self._typing.stop()
        self._next.drop()
        for column in self._columns:
            column.rest()

    def focus_input(self) -> None:
        self.prompt.setFocus()

    def _show_state(self) -> None:
        is_writing = any(column.is_writing for column in self._columns)
        self.write_button.setEnabled(not is_writing)
        self.stop_button.setEnabled(is_writing)

    # writing

    @Slot(str)
    def ask(self, prompt: str) -> None:
        """Go on from ``prompt``, with the settings as they are."""
        self.prompt.setPlainText(prompt)
        self.write()

    @Slot()
    def write(self) -> None:
        """Write, first the model itself, then the one it started from: each alone is faster than both at once."""
        prompt = self.prompt.toPlainText()
        self._typing.stop()
        self._next.drop()
        self._clear_bars()
        if len(prompt) > _LONGEST_PROMPT:
            self.after.rest()
            self.after.problem.show_problem(_too_long(len(prompt)))
            return
        self._settings_used = self.settings.values()
        self.before.rest()
        self.after.write(prompt, self._settings_used)
        self._show_state()

    @Slot()
    def stop(self) -> None:
        """Stop writing; what is there stays."""
        self._settings_used = {}
        for column in self._columns:
            column.stop()
        self._show_state()

    @Slot()
    def _on_finished(self) -> None:
        if self.sender() is self.after:
            added = self.after.text.text()[len(self.after.prompt) :]
            self.asked.note(self.after.prompt, " ".join(added.split())[:60])
            self.asked.keep_now()
            if self._model.before and self._settings_used:
                self.before.write(self.after.prompt, self._settings_used)
        self._show_state()

    # what could come, what else could have come

    @Slot()
    def _on_prompt_changed(self) -> None:
        if self._model.path:
            self._typing.start()

    @Slot()
    def _ask_what_comes_next(self) -> None:
        text = self.prompt.toPlainText()
        if not self.isVisible() or self.after.is_writing or len(text) > _LONGEST_PROMPT:
            return
        asked: dict[str, object] = {"model": self._model.path, "text": text, "topn": _TOPN}
        self._next.ask("next_tokens", asked, self._on_next, nothing_to_say, self._on_opening)

    def _on_opening(self, sentence: str, _fraction: float | None) -> None:
        self.bars_note.setText(self.tr("{what} ...").format(what=sentence))

    def _on_next(self, result: dict[str, Any]) -> None:
        self._shown = None
        choices = [(str(token), float(share)) for token, share in result.get("tokens") or ()]
        self._show_bars(self.tr("What could come next after your beginning"), choices, None)

    @Slot(object)
    def _on_token_shown(self, choice: TokenChoice | None) -> None:
        column = self.sender()
        if choice is None or not isinstance(column, WrittenColumn):
            return
        self._shown = (column, choice)
        words = self.tr('Where it wrote "{token}"').format(token=visible_token(choice.token))
        self._show_bars(words, list(choice.others), choice.token)

    def _show_bars(self, title: str, choices: list[tuple[str, float]], taken: str | None) -> None:
        self.bars_card.set_title(title)
        self.bars.show_choices(choices, taken)
        parts = [
            self.tr("The model's own chances, before temperature and limits."),
            self.tr("Press one to go on from there."),
        ]
        if any(token.startswith(" ") for token, _ in choices):
            parts.append(self.tr('A dot "\u00b7" is a space.'))
        self.bars_note.setText(" ".join(parts))

    def _clear_bars(self) -> None:
        self._shown = None
        self.bars.show_choices(())
        self.bars_card.set_title(self.tr("What else was likely"))
        self.bars_note.setText(
            self.tr("Point at a token of the text, or press it, to see what else was likely there.")
        )

    @Slot(str)
    def _on_token_chosen(self, token: str) -> None:
        """Go on as if another token had been taken."""
        if self._shown is None:
            self.ask(self.prompt.toPlainText() + token)
            return
        column, choice = self._shown
        self.ask(column.text.text()[: choice.start] + token)


def _too_long(signs: int) -> PtftError:
    return PtftError(
        "The beginning is too long to be typed in.",
        f"It has {signs:,} signs; {_LONGEST_PROMPT:,} is the most.",
        "Shorten it: the model reads only its end anyway.",
    )
