"""How surprising a text that a person pastes is to a model, token by token."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run.asked_model import AskedModel
from ptft_gui.gui.panels.run.try_it.written_text import TokenChoice, choice_at, choices_of
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.candidate_bars import share_text
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.choice_bars import visible_token
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion, nothing_to_say
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.written_text import WrittenText

_LINES = 5
_LONGEST_TEXT = 200_000
_SHADED_SIGNS = 20_000
_STRONGEST_NATS = 8.0
_TOPN = 5


class MeasuredTextCard(Card):
    """A text (measureInput), its numbers (measured_<name>) beside those of the model that was started from, and the
    text again with its surprising tokens shaded (measuredText)."""

    remedy_chosen = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._model = AskedModel("", "")
        self._text = ""
        self._result: dict[str, Any] = {}
        self._choices: list[TokenChoice] = []
        self._measuring, self._measuring_before = OneQuestion(asker), OneQuestion(asker)
        self._looking = OneQuestion(asker)
        self.set_title(self.tr("A text of yours"))
        self.set_caption(self.tr("Paste a text. The less it surprises the model, the lower the numbers."))
        self.input = QPlainTextEdit()
        self.input.setObjectName("measureInput")
        self.input.setAccessibleName(self.tr("Text to measure"))
        self.input.setPlaceholderText(self.tr("Paste or type a text of a few sentences."))
        self.input.setTabChangesFocus(True)
        self.input.setFixedHeight(self.input.fontMetrics().lineSpacing() * _LINES + Space.MEDIUM)
        self.measure_button = SecondaryButton(self.tr("Measure"))
        self.measure_button.setObjectName("measureButton")
        self.measure_button.clicked.connect(self.measure)
        self.progress = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.progress.setObjectName("measureProgress")
        self.problem = ProblemNote()
        self.problem.remedy_chosen.connect(self.remedy_chosen)
        self.sentence = PlainLabel("", TextStyle.BODY)
        self.sentence.setObjectName("measuredSentence")
        self.marked = WrittenText()
        self.marked.setObjectName("measuredText")
        self.marked.setAccessibleName(self.tr("The text with what surprised the model"))
        self.marked.pointed.connect(self._on_pointed)
        self.marked.chosen.connect(self._on_pointed)
        self.token = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.token.setObjectName("measuredToken")
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self.measure_button)
        row.addWidget(self.progress, 1)
        self.body.addWidget(self.input)
        self.body.addLayout(row)
        self.body.addWidget(self.problem)
        self.body.addWidget(self._make_numbers())
        for widget in (self.sentence, self.marked, self.token):
            self.body.addWidget(widget)
        self._clear()

    def _make_numbers(self) -> QWidget:
        self._numbers = QWidget()
        grid = QGridLayout(self._numbers)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(Space.HALF)
        self._values: dict[str, tuple[PlainLabel, PlainLabel]] = {}
        for column, (key, title) in enumerate(
            (("perplexity", self.tr("Perplexity")), ("bits_per_character", self.tr("Bits per character")))
        ):
            value, beside = PlainLabel("", TextStyle.HEADLINE), PlainLabel("", TextStyle.CAPTION)
            value.setObjectName(f"measured_{key}")
            beside.setObjectName(f"measured_{key}_beside")
            grid.addWidget(PlainLabel(title, TextStyle.CAPTION, Role.QUIET_TEXT), 0, column)
            grid.addWidget(value, 1, column)
            grid.addWidget(beside, 2, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
            self._values[key] = (value, beside)
        return self._numbers

    def show_model(self, model: AskedModel) -> None:
        """Measure with this model from now on."""
        for question in (self._measuring, self._measuring_before, self._looking):
            question.drop()
        is_same = model.path == self._model.path
        self._model = model
        if not is_same:
            self.input.clear()
            self._clear()

    def _clear(self) -> None:
        self._result, self._choices = {}, []
        self.problem.hide()
        self.progress.setText("")
        for widget in (self._numbers, self.sentence, self.marked, self.token):
            widget.hide()

    # measuring

    @Slot()
    def measure(self) -> None:
        """Measure the text in the field."""
        text = self._text = self.input.toPlainText()
        self._clear()
        self._measuring_before.drop()
        self._looking.drop()
        if len(text) > _LONGEST_TEXT:
            self._on_problem(_too_long(len(text)))
            return
        self.progress.setText(self.tr("Measuring ..."))
        asked: dict[str, object] = {"model": self._model.path, "text": text}
        self._measuring.ask("perplexity", asked, self._on_measured, self._on_problem, self._on_progress)

    def _on_progress(self, sentence: str, fraction: float | None) -> None:
        share = f" {share_text(fraction)}" if fraction is not None else " ..."
        self.progress.setText(f"{sentence}{share}")

    def _on_measured(self, result: dict[str, Any]) -> None:
        self._result = result
        self.progress.setText("")
        for key, (value, beside) in self._values.items():
            value.setText(_number(key, float(result[key])))
            beside.setText("")
            beside.hide()
        step = result.get("step")
        moment = self.tr(" As it stood at step {step}.").format(step=f"{step:,}") if step is not None else ""
        self.sentence.setText(f"{result['sentence']}{moment}")
        self._numbers.show()
        self.sentence.show()
        self._look_closer()
        if self._model.before:
            asked: dict[str, object] = {"model": self._model.before, "text": self._text}
            self._measuring_before.ask("perplexity", asked, self._on_before, nothing_to_say)

    def _on_before(self, result: dict[str, Any]) -> None:
        """The model that was started from. Its perplexity stands here only where both cut text alike."""
        is_alike = result.get("tokenizer") == self._result.get("tokenizer")
        for key, (_, beside) in self._values.items():
            if key == "perplexity" and not is_alike:
                words = self.tr("The model before cuts text otherwise: its perplexity cannot be compared.")
                beside.setText(words)
            else:
                words = self.tr("before, {name}: {number}")
                beside.setText(
                    words.format(name=self._model.before_title, number=_number(key, float(result[key])))
                )
            beside.show()

    def _on_problem(self, problem: PtftError) -> None:
        self._clear()
        self.problem.show_problem(problem)

    # token by token

    def _look_closer(self) -> None:
        part = self._text[:_SHADED_SIGNS]
        self.marked.show_text(part)
        self.marked.show()
        self.token.setText(self.tr("Finding the tokens that surprised it ..."))
        self.token.show()
        asked: dict[str, object] = {"model": self._model.path, "text": part, "topn": _TOPN}
        self._looking.ask("token_choices", asked, self._on_choices, self._on_no_choices)

    def _on_choices(self, result: dict[str, Any]) -> None:
        self._choices = choices_of(result)
        self.marked.shade(
            [(c.start, c.end, nats_of(c) / _STRONGEST_NATS) for c in self._choices if c.share is not None]
        )
        self._say_legend()

    def _on_no_choices(self, problem: PtftError) -> None:
        self.token.setText(problem.as_sentence())

    def _say_legend(self) -> None:
        self.token.setText(
            self.tr(
                "The darker a token's ground, the more it surprised the model. Point at one to see what it expected."
            )
        )

    @Slot(int)
    def _on_pointed(self, place: int) -> None:
        choice = choice_at(self._choices, place)
        self.marked.mark_token(*((choice.start, choice.end) if choice else (0, 0)))
        if choice is None or choice.share is None:
            self._say_legend()
            return
        expected = ", ".join(f"{visible_token(token)} {share_text(share)}" for token, share in choice.others)
        words = self.tr('"{token}" had {share}. Expected: {expected}.')
        self.token.setText(
            words.format(token=visible_token(choice.token), share=share_text(choice.share), expected=expected)
        )


def nats_of(choice: TokenChoice) -> float:
    """How surprising a token was, in nats."""
    return -math.log(max(choice.share or 0.0, 1e-12))


def _number(key: str, value: float) -> str:
    """Two decimals of bits; of a perplexity, which may be huge, three digits."""
    if key == "bits_per_character":
        return f"{value:.2f}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _too_long(signs: int) -> PtftError:
    return PtftError(
        "The text is too long to be pasted here.",
        f"It has {signs:,} signs; {_LONGEST_TEXT:,} is the most.",
        "Paste a part of it.",
    )
