"""How well a language model guesses text that it has not seen, against guessing by how common a token is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ptft_gui.core.telling.held_out import HeldOut, held_out_of
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel


class HeldOutCard(Card):
    """Perplexity and bits a character (heldOutCard) with the guessing baseline, and a sentence on what they say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("heldOutCard")
        self._told = ""
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.LARGE)
        self._grid.setVerticalSpacing(Space.HALF)
        self._numbers: list[tuple[PlainLabel, PlainLabel, PlainLabel]] = []
        for column in range(3):
            labels = (
                PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT),
                PlainLabel("", TextStyle.HEADLINE),
                PlainLabel("", TextStyle.CAPTION),
            )
            labels[1].setObjectName(f"heldOutNumber{column + 1}")
            for row, label in enumerate(labels):
                self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
            self._grid.setColumnStretch(column, 1)
            self._numbers.append(labels)
        self.note = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.note.setObjectName("heldOutNote")
        self.body.addLayout(self._grid)
        self.body.addWidget(self.note)

    def show_run(self, shown: ShownRun) -> None:
        """Tell what the log says."""
        spec = shown.summary.spec
        found = held_out_of(shown.summary, spec is not None and spec.init_from != "scratch")
        self.set_title(self.tr("On text it has not seen"))
        if found is None:
            self._told = self.tr("Nothing has been measured yet.")
            self.set_caption(self._told)
            self._show_numbers([])
            self.note.setText("")
            return
        if not found.is_held_out:
            self.set_title(self.tr("On the text it learned from"))
        self._told = self._where(found, shown)
        self.set_caption(self._told)
        self._show_numbers(self._columns(found))
        self.note.setText(self._sentence(found, shown))

    def _where(self, found: HeldOut, shown: ShownRun) -> str:
        step = f"{found.result.step:,}"
        if not found.is_held_out:
            words = self.tr("No text was held out, so this says nothing about other text. Step {step}.")
            return words.format(step=step)
        kept = (
            self.tr("the best moment, kept")
            if shown.summary.final is not None
            else self.tr("the newest look")
        )
        if found.tokens:
            words = self.tr(
                "On {tokens} held-out tokens, or a part of them spread evenly; step {step}, {kept}."
            )
            return words.format(tokens=f"{found.tokens:,}", step=step, kept=kept)
        return self.tr("On held-out text; step {step}, {kept}.").format(step=step, kept=kept)

    def _columns(self, found: HeldOut) -> list[tuple[str, str, str]]:
        guess, start, size = found.guessing, found.start, found.characters_per_token
        columns = [
            (
                self.tr("Perplexity: equally likely tokens to choose from"),
                _number(found.result.perplexity),
                self._beside(
                    _number(guess.perplexity) if guess else "", _number(start.perplexity) if start else ""
                ),
            )
        ]
        if size:
            columns.append(
                (
                    self.tr("Bits per character: yes-or-no questions left for each"),
                    f"{found.result.bits(size):.2f}",
                    self._beside(
                        f"{guess.bits(size):.2f}" if guess else "", f"{start.bits(size):.2f}" if start else ""
                    ),
                )
            )
        columns.append(
            (
                self.tr("Loss: nats per token"),
                f"{found.result.nats:.2f}",
                self._beside(f"{guess.nats:.2f}" if guess else "", f"{start.nats:.2f}" if start else ""),
            )
        )
        return columns

    def _beside(self, guessing: str, start: str) -> str:
        parts = []
        if guessing:
            parts.append(self.tr("guessing: {number}").format(number=guessing))
        if start:
            parts.append(self.tr("before: {number}").format(number=start))
        return ", ".join(parts)

    def _show_numbers(self, columns: list[tuple[str, str, str]]) -> None:
        for place, labels in enumerate(self._numbers):
            for label, text in zip(
                labels, columns[place] if place < len(columns) else ("", "", ""), strict=True
            ):
                label.setText(text)
                label.setVisible(bool(text))

    def _sentence(self, found: HeldOut, shown: ShownRun) -> str:
        how = (
            self.tr("At each hidden token, with the text on both sides seen,")
            if shown.fills_blanks
            else self.tr("At each token, from what stands before it,")
        )
        result = self.tr("{how} the model is as unsure as between {number} equally likely ones.")
        sentence = result.format(how=how, number=_number(found.result.perplexity))
        if found.guessing is not None:
            words = self.tr("Guessing by how common a token is would be as unsure as between {number}.")
            sentence += " " + words.format(number=_number(found.guessing.perplexity))
            if found.result.nats >= found.guessing.nats:
                sentence += " " + self.tr("So it does no better than that yet.")
        unlike = self.tr(
            "Perplexities of models that cut text otherwise cannot be compared; bits per character can. One nat less "
            "means that the right token has become 2.7 times as likely."
        )
        return f"{sentence} {unlike}"

    def text(self) -> str:
        """The card in words."""
        numbers = [label.text() for labels in self._numbers for label in labels if label.text()]
        return " ".join(
            part for part in (self.accessibleName(), self._told, *numbers, self.note.text()) if part
        )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
