"""The answer to a text: its classes as bars, and the words that led to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.class_bars import ClassBars
from ptft_gui.gui.widgets.labels import Divider, PlainLabel
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.pushed_text import PushedText

_NAMED_WORDS = 8
_GIVEN_FROM = 0.5
"""From this share on a label counts as given, as in the scores."""
SCORE = "score"
"""What a model that answers with a number calls it."""


class AnswerCard(Card):
    """Says the likeliest class, draws the bars (predictResult) and marks the words of the text (pushedText)."""

    remedy_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.set_title(self.tr("Answer"))
        self._labels: list[str] = []
        self._is_score = self._is_several = False
        self._scale: tuple[float, float] | None = None
        self.headline = PlainLabel("", TextStyle.TITLE)
        self.headline.setObjectName("predictHeadline")
        self.bars = ClassBars()
        self.bars.setObjectName("predictResult")
        self.problem = ProblemNote()
        self.problem.remedy_chosen.connect(self.remedy_chosen)
        self._hint = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.right = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.right.setObjectName("rightAnswer")
        self._line = Divider()
        self._words_title = PlainLabel("", TextStyle.STRONG)
        self.words = PushedText()
        self.words.setObjectName("pushedText")
        self._legend = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.unknown = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.unknown.setObjectName("unknownWords")
        for widget in (
            self._hint, self.problem, self.headline, self.bars, self.right, self._line, self._words_title, self.words,
            self._legend, self.unknown,
        ):  # fmt: skip
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.rest()

    def show_labels(
        self,
        labels: Sequence[str],
        is_score: bool = False,
        is_several: bool = False,
        scale: tuple[float, float] | None = None,
    ) -> None:
        """The classes of another model, or that it answers with a number, on ``scale`` where that is known, or with
        several labels at a time; nothing is asked yet."""
        self._labels, self._is_score, self._is_several = list(labels), is_score, is_several
        self._scale = scale
        self.rest()

    def rest(self) -> None:
        """Nothing is asked."""
        self._show(has_answer=False)
        self.problem.hide()
        count = len(self._labels)
        words = self.tr("The model answers with one of {count} classes: {names}.")
        if self._is_several:
            words = self.tr("The model says of each of {count} labels how well it fits: {names}.")
        if self._is_score:
            number = self.tr("The model answers with a number: how alike the two texts are.")
            self._hint.setText(f"{number} {self._scale_words()}")
            self._hint.show()
            return
        names = ", ".join(self._labels[:12]) + (" ..." if count > 12 else "")
        self._hint.setText(
            words.format(count=f"{count:,}", names=names) if count else self.tr("The answer will stand here.")
        )
        self._hint.show()

    def said(self) -> str:
        """The answer in a word: the likeliest class, or the score."""
        return self.headline.text()

    def show_right(self, answer: str) -> None:
        """What the data says of the text that was answered; "" where it is no row of it."""
        told = self.tr("Your data says: {answer}.").format(answer=answer) if answer else ""
        scale = self._scale_words() if self._is_score else ""
        self.right.setText(" ".join(filter(None, (told, scale))))
        self.right.setVisible(bool(self.right.text()))

    def _scale_words(self) -> str:
        if self._scale is None:
            return self.tr("It stands on the same scale as the scores that it learned from.")
        low, high = (f"{end:g}" for end in self._scale)
        words = self.tr("The scores in its data lie between {low} and {high}; the higher, the more alike.")
        return words.format(low=low, high=high)

    def say_waiting(self, sentence: str) -> None:
        """What is being done while no answer stands there yet."""
        if sentence and not self._hint.isHidden():
            self._hint.setText(f"{sentence} ...")

    def show_problem(self, problem: PtftError) -> None:
        """Why there is no answer."""
        self._show(has_answer=False)
        self._hint.hide()
        self.problem.show_problem(problem)

    def show_answer(self, text: str, result: Mapping[str, Any], is_marked: bool = True) -> None:
        """Show the companion's answer to ``classify``; ``is_marked``: mark the words in the text itself."""
        classes = [(str(label), float(share)) for label, share in result.get("classes") or ()]
        pushes = [(str(word), float(push)) for word, push in result.get("pushes") or ()]
        is_number = [label for label, _ in classes] == [SCORE]
        label = classes[0][0] if classes and not is_number else ""
        self.problem.hide()
        self._hint.hide()
        self._show(has_answer=True)
        self.headline.setText(
            self._in_short(classes)
            if not is_number
            else self.tr("Score {number}").format(number=f"{classes[0][1]:.2f}")
        )
        self.bars.set_classes(() if is_number else classes)
        spans = [
            (int(start), int(end), None if push is None else float(push))
            for start, end, push in result.get("spans") or ()
        ]
        has_words = bool(pushes)
        self._words_title.setText(
            self.tr("What in the text speaks for {label}").format(label=label)
            if has_words
            else self.tr("No word of this text is known to the model")
        )
        self.words.show_pushes(text, spans if is_marked else ())
        self.words.setVisible(is_marked and bool(spans))
        self._legend.setText(self._legend_for(label, pushes, is_marked))
        self._say_unknown(result, has_words)
        if is_number or not (has_words or result.get("unknown_count") or spans):
            # two texts, or a number: nothing is told of single words; or it is told in a moment
            for widget in (self._line, self._words_title, self.words, self._legend):
                widget.hide()
            self.say_more_follows(bool(result.get("has_more")) and not is_number)

    def _in_short(self, classes: Sequence[tuple[str, float]]) -> str:
        """The likeliest class; of several labels those that are given."""
        if not self._is_several:
            return classes[0][0] if classes else ""
        given = [label for label, share in classes if share >= _GIVEN_FROM]
        return ", ".join(given) or self.tr("No label fits")

    def say_more_follows(self, does_follow: bool) -> None:
        """Whether the words that led to the answer are still looked for."""
        self._legend.setText(self.tr("Looking at which words led to it ...") if does_follow else "")
        self._line.setVisible(does_follow)
        self._legend.setVisible(does_follow)

    def _legend_for(self, label: str, pushes: Sequence[tuple[str, float]], is_marked: bool) -> str:
        if not pushes:
            return self.tr("So the answer only says which class the model finds likeliest without any word.")
        if is_marked:
            words = self.tr("Underlined: speaks for {label}. Dotted: speaks against it. Bold: most of all.")
            return words.format(label=label)
        sums: dict[str, float] = {}
        for word, push in pushes:
            sums[word] = sums.get(word, 0.0) + push
        towards = sorted(sums, key=lambda word: -sums[word])[:_NAMED_WORDS]
        words = self.tr("Most for {label}: {words}.")
        return words.format(label=label, words=", ".join(word for word in towards if sums[word] > 0))

    def _say_unknown(self, result: Mapping[str, Any], has_words: bool) -> None:
        unknown = [str(word) for word in result.get("unknown") or ()]
        count = int(result.get("unknown_count") or len(unknown))
        self.unknown.setVisible(count > 0 and has_words)
        named = ", ".join(unknown[:_NAMED_WORDS]) + (" ..." if count > _NAMED_WORDS else "")
        words = self.tr("Not known to the model, so without influence: {words}.")
        self.unknown.setText(words.format(words=named))

    def _show(self, has_answer: bool) -> None:
        for widget in (
            self.headline, self.bars, self.right, self._line, self._words_title, self.words, self._legend, self.unknown,
        ):  # fmt: skip
            widget.setVisible(has_answer)
        self.right.setVisible(has_answer and bool(self.right.text()))
        if not has_answer:
            self.right.setText("")
            self.bars.set_classes(())
            self.headline.setText("")
