"""What is in the chosen text: how much, what was noticed, and its first sentences as the model will see them."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError, Remedy
from ptft_gui.core.wording import count_text
from ptft_gui.gui.panels.new_run.facts import SHOWN_SENTENCES, DatasetFacts
from ptft_gui.gui.panels.new_run.language_text import LanguageText
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.data_words import count_words
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel


class DatasetPreview(Card):
    """Shows one of: that it is being looked at, what was found, or why it cannot be used."""

    remedy_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("dataPreview")
        self.data_line = PlainLabel("", TextStyle.STRONG)
        self.data_line.setObjectName("dataRowsFacts")
        self.facts_line = PlainLabel("", TextStyle.STRONG)
        self.facts_line.setObjectName("dataFacts")
        self._progress = QProgressBar()
        self._progress.setObjectName("dataProgress")
        self._progress.setAccessibleName(self.tr("How much of the text was looked at"))
        self._progress.setTextVisible(False)
        self.problem_label = PlainLabel("", TextStyle.STRONG, Role.BAD_TEXT)
        self.problem_label.setObjectName("dataProblem")
        self._explanation = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._remedy_button = SecondaryButton("")
        self._remedy_button.setObjectName("dataRemedy")
        self._remedy_button.clicked.connect(self._on_remedy)
        self._remedy: Remedy | None = None
        self.notices = PlainLabel("", TextStyle.CAPTION, Role.WARNING_TEXT)
        self.notices.setObjectName("dataNotices")
        self._caption = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._is_looking = False
        self._lines = [ElidedLabel("", TextStyle.CAPTION) for _ in range(SHOWN_SENTENCES)]
        self._build()
        self.clear()

    def _build(self) -> None:
        sentences = QVBoxLayout()
        sentences.setSpacing(Space.HALF)
        for line in self._lines:
            sentences.addWidget(line)
        for widget in (
            self.data_line,
            self.facts_line,
            self._progress,
            self.problem_label,
            self._explanation,
            self._remedy_button,
            self.notices,
            self._caption,
        ):
            self.body.addWidget(widget)
        self.body.addLayout(sentences)

    def add_table(self, columns: QWidget, reading: QWidget) -> None:
        """Give the columns of a table, and how it was read, their place above the sentences."""
        place = self.body.indexOf(self.notices)
        self.body.insertWidget(place, columns)
        self.body.insertWidget(place + 1, reading)

    def show_data_line(self, text: str) -> None:
        """How many texts and classes a table holds; the line of words below it is then a quiet one."""
        self.data_line.setText(text)
        self.data_line.setVisible(bool(text))
        self.facts_line.set_text_style(TextStyle.CAPTION if text else TextStyle.STRONG)
        if text and self._is_looking:
            self.facts_line.hide()
            self._progress.hide()

    def clear(self) -> None:
        """Nothing is chosen."""
        self.show_data_line("")
        self._show(facts=self.tr("Choose a text to see what is in it."))

    def show_looking(self, sentence: str, fraction: float | None, facts: DatasetFacts) -> None:
        """The text is being looked at, ``fraction`` of it already; ``facts`` are what is known without looking."""
        known = self.facts_sentence(facts) if facts.tokens else ""
        is_told = bool(
            self.data_line.text()
        )  # its rows and classes were counted: nothing waits for the words
        self._show(facts=known or ("" if is_told else sentence), caption=sentence if known else "")
        self._is_looking = not known
        self._progress.setVisible(fraction is not None and not is_told)
        self._progress.setValue(round(100 * (fraction or 0)))

    def show_problem(self, problem: PtftError) -> None:
        """The text cannot be used: what it is, what was seen, what to do."""
        explanation = " ".join(part for part in (problem.detail, problem.hint) if part)
        remedy = problem.remedies[0] if problem.remedies else None
        self._show(problem=problem.message, explanation=explanation, remedy=remedy)

    def show_facts(self, facts: DatasetFacts) -> None:
        words = self.tr("As the model will see it:")
        if facts.language is not None:
            words = self.tr("The beginning, as the model will read it:")
        self._show(
            facts=self.facts_sentence(facts),
            notices="\n".join(facts.notices),
            caption=words if facts.preview else "",
            sentences=facts.preview,
        )

    def show_cut(self, is_shown: bool) -> None:
        """Show how the text is cut into words, or not: a language model cuts labelled texts in its own way."""
        for label in (self.notices, self._caption, *self._lines):
            label.setVisible(is_shown and bool(label.text()))

    def facts_sentence(self, facts: DatasetFacts) -> str:
        """As in "8,000 sentences, 81,000 words, 165 different"; "about" where it was not counted."""
        if facts.language is not None:
            return self._language_sentence(facts.language)
        parts = []
        if facts.sentences is not None:
            parts.append(count_words(facts.sentences, self.tr("1 sentence"), self.tr("{count} sentences")))
        parts.append(count_words(facts.tokens, self.tr("1 word"), self.tr("{count} words")))
        if facts.types is not None:
            parts.append(self.tr("{count} different").format(count=f"{facts.types:,}"))
        line = ", ".join(parts)
        return line if facts.is_exact else self.tr("About {facts}").format(facts=line)

    def _language_sentence(self, text: LanguageText) -> str:
        if not text.is_estimate:
            told = self.tr("{characters} characters, {tokens} tokens to learn from")
            return told.format(characters=f"{text.characters:,}", tokens=f"{text.tokens:,}")
        told = self.tr("About {characters} characters, {tokens} tokens to learn from")
        return told.format(characters=count_text(text.characters), tokens=count_text(text.tokens))

    def _show(
        self,
        facts: str = "",
        problem: str = "",
        explanation: str = "",
        remedy: Remedy | None = None,
        notices: str = "",
        caption: str = "",
        sentences: tuple[str, ...] = (),
    ) -> None:
        self._remedy, self._is_looking = remedy, False
        self._remedy_button.setText(remedy.label if remedy else "")
        self._remedy_button.setVisible(remedy is not None)
        for label, text in (
            (self.facts_line, facts),
            (self.problem_label, problem),
            (self._explanation, explanation),
            (self.notices, notices),
            (self._caption, caption),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self._progress.hide()
        for index, line in enumerate(self._lines):
            line.setText(sentences[index] if index < len(sentences) else "")
            line.setVisible(index < len(sentences))
        self.setAccessibleName(facts or problem)

    @Slot()
    def _on_remedy(self) -> None:
        self.remedy_requested.emit(self._remedy)
