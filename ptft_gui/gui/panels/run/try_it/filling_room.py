"""The Try it room of a model that fills blanks: a sentence with blanks, and bars for what fits each."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run.asked_model import AskedModel
from ptft_gui.gui.panels.run.try_it.asked_texts import AskedTexts
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.choice_bars import ChoiceBars, visible_token
from ptft_gui.gui.widgets.labels import Divider, ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion, nothing_to_say
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.scroll_area import PageScroll

BLANK = "___"
_LEFT_WIDTH = 376
_LINES = 5
_LONGEST_TEXT = 20_000
_TYPING_PAUSE_MS = 150
_TOPN = 8
_CONTEXT = 24
_OTHER_BLANKS = re.compile(r"\[MASK\]|<mask>|_{3,}")

Choices = list[tuple[str, float]]


class BlankBars(QWidget):
    """One blank: where it stands, and what fits it, by the model itself and by the one that it started from.

    ``chosen`` carries the token that was pressed.
    """

    chosen = Signal(str)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel("", TextStyle.BODY)
        self.title.setObjectName(f"blank{number}Title")
        self.before_title = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.after_title = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.before = ChoiceBars(f"blank{number}Before")
        self.after = ChoiceBars(f"blank{number}Choice")
        for bars in (self.before, self.after):
            bars.chosen.connect(self.chosen)
        self._before_side = self._side(self.before_title, self.before)
        pair = QHBoxLayout()
        pair.setSpacing(Space.LARGE)
        pair.addWidget(self._before_side, 1)
        pair.addWidget(self._side(self.after_title, self.after), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        column.addWidget(self.title)
        column.addLayout(pair)

    @staticmethod
    def _side(title: QWidget, bars: QWidget) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        column.addWidget(title)
        column.addWidget(bars)
        column.addStretch(1)
        return side

    def show_titles(self, title: str, before: str, after: str) -> None:
        self.title.setText(title)
        self.before_title.setText(before)
        self.after_title.setText(after)
        self.after_title.setVisible(bool(before))
        self._before_side.setVisible(bool(before))


class FillingRoom(PageScroll):
    """``said`` carries a sentence, ``remedy_chosen`` a :class:`Remedy`."""

    said = Signal(str)
    remedy_chosen = Signal(object)

    def __init__(self, asker: Asker) -> None:
        page = QWidget()
        super().__init__(page, QCoreApplication.translate("FillingRoom", "Let the model fill blanks"))
        self._model = AskedModel("", "")
        self._asking, self._asking_before = OneQuestion(asker), OneQuestion(asker)
        self._asked_text = ""
        self._places: list[tuple[int, int]] = []
        self._is_noted = False
        self._blanks: list[BlankBars] = []
        self.setObjectName("fillingRoom")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_PAUSE_MS)
        self._typing.timeout.connect(self._ask_now)
        page.setProperty("isPage", "true")
        row = QHBoxLayout(page)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        row.setSpacing(Space.LARGE)
        row.addWidget(self._make_left())
        row.addLayout(self._make_right(), 1)
        self.input.textChanged.connect(self._on_text_changed)
        self.blank_button.clicked.connect(self.put_blank)
        self.undo_button.clicked.connect(self._on_undo)
        self.asked.chosen.connect(self.ask)
        self.problem.remedy_chosen.connect(self.remedy_chosen)

    def _make_left(self) -> QWidget:
        card = Card(self.tr("Your sentence"))
        card.set_caption(self.tr("Write ___ or [MASK] for each word that is missing."))
        self.input = QPlainTextEdit()
        self.input.setObjectName("fillInput")
        self.input.setAccessibleName(self.tr("Sentence with blanks"))
        self.input.setPlaceholderText(self.tr("Type a sentence with a blank; what fits follows as you type."))
        self.input.setTabChangesFocus(True)
        self.input.setFixedHeight(self.input.fontMetrics().lineSpacing() * _LINES + Space.MEDIUM)
        self.blank_button = SecondaryButton(self.tr("Put a blank here"))
        self.blank_button.setObjectName("putBlankButton")
        self.undo_button = SecondaryButton(self.tr("Undo"))
        self.undo_button.setObjectName("undoBlankButton")
        self.asked = AskedTexts()
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.SMALL)
        buttons.addWidget(self.blank_button)
        buttons.addWidget(self.undo_button)
        buttons.addStretch(1)
        card.body.addWidget(self.input)
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
        self.card = Card(self.tr("What fits"))
        self.hint = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.hint.setObjectName("fillHint")
        self.filled = PlainLabel("", TextStyle.BODY)
        self.filled.setObjectName("filledText")
        self.problem = ProblemNote()
        self._sections = QVBoxLayout()
        self._sections.setSpacing(Space.MEDIUM)
        self.legend = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        for widget in (self.hint, self.problem, self.filled):
            self.card.body.addWidget(widget)
        self.card.body.addLayout(self._sections)
        self.card.body.addWidget(self.legend)
        right = QVBoxLayout()
        right.addWidget(self.card)
        right.addStretch(1)
        return right

    # showing

    def show_model(self, model: AskedModel) -> None:
        """Ask this model from now on, with nothing asked yet."""
        self.leave()
        self._model = model
        self.asked.turn_to(model.path)
        self.asked.offer(model.examples)
        self.input.setPlainText(model.examples[0] if model.examples else "")
        self._ask_now()
        self._is_noted = False  # nobody asked this one

    def set_model(self, model: AskedModel) -> None:
        """The same model a while later; what was asked stays."""
        self._model = model

    def leave(self) -> None:
        """Another model is shown: nothing here may go on."""
        self._typing.stop()
        self._asking.drop()
        self._asking_before.drop()
        self._rest()

    def focus_input(self) -> None:
        self.input.setFocus()

    def _rest(self) -> None:
        self._show_blanks(0)
        self.problem.hide()
        self.filled.hide()
        self.legend.hide()
        self.hint.setText(
            self.tr("For each blank the likeliest words will stand here, with how likely each is.")
        )
        self.hint.show()

    # asking

    @Slot(str)
    def ask(self, text: str) -> None:
        """Put ``text`` into the field and ask at once."""
        self.input.setPlainText(text)
        self._typing.stop()
        self._ask_now()

    @Slot()
    def put_blank(self) -> None:
        """A blank where the cursor stands; what is selected makes room for it."""
        self.input.textCursor().insertText(BLANK)
        self.input.setFocus()

    @Slot()
    def _on_undo(self) -> None:
        self.input.undo()

    @Slot()
    def _on_text_changed(self) -> None:
        self._typing.start()

    @Slot()
    def _ask_now(self) -> None:
        text = self.input.toPlainText()
        self._is_noted = True
        self._typing.stop()
        self._asking.drop()
        self._asking_before.drop()
        if not self._model.path or not text.strip():
            self._rest()
            return
        if len(text) > _LONGEST_TEXT:
            self._on_problem(_too_long(len(text)))
            return
        if BLANK not in text and "[MASK]" not in text and "<mask>" not in text:
            self._rest()
            self.hint.setText(self.tr("No blank is left. Put one in, or undo, to see what else would fit."))
            return
        asked: dict[str, object] = {"model": self._model.path, "text": text, "topn": _TOPN}
        self._asking.ask("fill", asked, partial(self._on_filled, text), self._on_problem, self._on_progress)

    def _on_progress(self, sentence: str, _fraction: float | None) -> None:
        self.hint.setText(self.tr("{what} ...").format(what=sentence))

    def _on_filled(self, text: str, result: dict[str, Any]) -> None:
        blanks = _blanks_of(result)
        self._asked_text = text
        self._places = [(int(start), int(end)) for start, end in result.get("places") or ()]
        self.problem.hide()
        self.hint.hide()
        words = self.tr("Filled with the likeliest: {text}")
        self.filled.setText(words.format(text=" ".join(str(result["text"]).split())))
        self.filled.show()
        self._show_blanks(len(blanks))
        for section, place, choices in zip(self._blanks, self._places, blanks, strict=False):
            section.show_titles(self._title_of(text, place), self._before_words(), self._after_words(result))
            section.after.show_choices(choices)
            section.before.show_choices(())
        self.legend.setText(
            self.tr("Press a word to put it into its blank. A word part begins with a hyphen.")
        )
        self.legend.show()
        if self._is_noted:
            self.asked.note(text, ", ".join(visible_token(choices[0][0]) for choices in blanks if choices))
        if self._model.before:
            asked: dict[str, object] = {"model": self._model.before, "text": text, "topn": _TOPN}
            self._asking_before.ask("fill", asked, self._on_filled_before, nothing_to_say)

    def _on_filled_before(self, result: dict[str, Any]) -> None:
        for section, choices in zip(self._blanks, _blanks_of(result), strict=False):
            section.before.show_choices(choices)

    def _on_problem(self, problem: PtftError) -> None:
        self._rest()
        self.hint.hide()
        self.problem.show_problem(problem)

    # the blanks

    def blanks(self) -> list[BlankBars]:
        """The blanks that are shown, in the order of the text."""
        return [section for section in self._blanks if not section.isHidden()]

    def _show_blanks(self, count: int) -> None:
        while len(self._blanks) < count:
            section = BlankBars(len(self._blanks) + 1)
            if self._blanks:
                self._sections.addWidget(Divider())
            section.chosen.connect(partial(self._fill_in, len(self._blanks)))
            self._blanks.append(section)
            self._sections.addWidget(section)
        for place in range(self._sections.count()):
            item = self._sections.itemAt(place)
            if item is not None and (widget := item.widget()) is not None:
                widget.setVisible(place < 2 * count - 1)

    def _title_of(self, text: str, place: tuple[int, int]) -> str:
        """A blank with what stands around it; the other blanks are dots there."""
        before, after = (_OTHER_BLANKS.sub("...", part) for part in (text[: place[0]], text[place[1] :]))
        start, end = " ".join(before.split()), " ".join(after.split())
        if len(start) > _CONTEXT:  # whole words, where the script has spaces
            start = f"... {start[-_CONTEXT:].partition(' ')[2] or start[-_CONTEXT:]}"
        if len(end) > _CONTEXT:
            end = f"{(end[:_CONTEXT].rpartition(' ')[0] or end[:_CONTEXT]).removesuffix(' ...')} ..."
        gaps = [" " if part.strip() == "" else "" for part in (before[-1:], after[:1])]
        return f"{start}{gaps[0]}____{gaps[1]}{end}".strip()

    def _before_words(self) -> str:
        return self.tr("Before: {name}").format(name=self._model.before_title) if self._model.before else ""

    def _after_words(self, result: dict[str, Any]) -> str:
        step = result.get("step")
        moment = self.tr(", step {step}").format(step=f"{step:,}") if step is not None else ""
        return self.tr("After: {name}").format(name=f"{self._model.title}{moment}")

    def _fill_in(self, number: int, token: str) -> None:
        """Put a token into its blank; the other blanks are asked about anew."""
        if number >= len(self._places) or self.input.toPlainText() != self._asked_text:
            return
        start, end = self._places[number]
        word = token.strip()
        if token.startswith("##"):
            word = token[2:]
            start = len(self._asked_text[:start].rstrip())
        cursor = self.input.textCursor()
        cursor.setPosition(_in_qt(self._asked_text, start))
        cursor.setPosition(_in_qt(self._asked_text, end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(word)
        self.input.setTextCursor(cursor)
        self._ask_now()


def _blanks_of(result: dict[str, Any]) -> list[Choices]:
    return [[(str(token), float(share)) for token, share in blank] for blank in result.get("blanks") or ()]


def _in_qt(text: str, place: int) -> int:
    """Where Qt counts the sign at ``place``: signs beyond the basic plane are two there."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def _too_long(signs: int) -> PtftError:
    return PtftError(
        "The text is too long to be typed in.",
        f"It has {signs:,} signs; {_LONGEST_TEXT:,} is the most.",
        "Shorten it: the model reads a few sentences at once.",
    )
