"""Column 1: which model family, and what it does with a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.family.registry import FAMILIES, SKIP_GRAM, WINDOW_FAMILIES
from ptft_gui.gui.panels.new_run.column import Column
from ptft_gui.gui.panels.new_run.hub_start import HubStart
from ptft_gui.gui.panels.new_run.language_lesson import LanguageLesson
from ptft_gui.gui.panels.new_run.language_start_from import LanguageStartFrom
from ptft_gui.gui.panels.new_run.start_from import StartFrom
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.choice_card import ChoiceCard, ChoiceGroup
from ptft_gui.gui.widgets.counts_picture import CountsPicture
from ptft_gui.gui.widgets.family_picture import FamilyPicture
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.window_picture import WindowPicture

# An everyday sentence for as long as no text is chosen; then the picture shows the text's own first sentence.
_SENTENCE = ("the", "gardener", "waters", "young", "trees", "every", "evening")


class ModelColumn(Column):
    """The family cards, and below them how the chosen family learns, drawn on a sentence of the chosen text."""

    family_changed = Signal(str)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(1, parent)
        self.set_title(self.tr("Model"))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._show_chosen)
        self.families = ChoiceGroup(accessible_name=self.tr("Model family"))
        self.families.setObjectName("familyPicker")
        for family in WINDOW_FAMILIES.values():
            picture = FamilyPicture(family.key)
            card = ChoiceCard(family.title, family.sentence, family.second_line, picture)
            self.families.add(family.key, card)
        self.picture = WindowPicture()
        self.picture.set_words(_SENTENCE)
        self.counts = CountsPicture()
        self.counts.set_words(_SENTENCE)
        self._how = PlainLabel("", TextStyle.BODY)
        self.word_start, self.language_start = StartFrom(asker), LanguageStartFrom()
        self.hub_start = HubStart(asker, self.language_start)
        self.body.addWidget(self.families)
        for picker in (self.word_start, self.language_start):
            picker.hide()
            self.body.addWidget(picker)
        self.word_start.setObjectName("startFromPicker")
        self._lesson, self._task_lesson = self._make_lesson(), self._make_task_lesson()
        self.language_lesson = LanguageLesson()
        for lesson in (self._lesson, self._task_lesson, self.language_lesson):
            self.body.addWidget(lesson)
        self.body.addStretch(1)
        self.families.set_value(next(iter(FAMILIES)))
        self.families.value_changed.connect(self._on_family_changed)
        self.show_reading({option.key: option.default for option in FAMILIES[self.family()].options})
        self._say_summary()

    def _make_lesson(self) -> Card:
        card = Card(self.tr("How it learns"))
        card.body.setSpacing(Space.MEDIUM)
        card.body.addWidget(self.picture)
        card.body.addWidget(self.counts)
        card.body.addWidget(self._how)
        card.body.addWidget(
            PlainLabel(
                self.tr(
                    "Words that are used alike end up near one another. Afterwards you can ask for the nearest "
                    "words of any word, and calculate with words. It does not write text and does not sort it."
                ),
                TextStyle.BODY,
                Role.QUIET_TEXT,
            )
        )
        return card

    def family(self) -> str:
        return self.families.value()

    def _make_task_lesson(self) -> Card:
        card = Card(self.tr("How it learns"))
        card.body.addWidget(
            PlainLabel(
                self.tr(
                    "A text becomes one point: the middle of the points of its words. A small layer learns from your "
                    "labels where the texts of each class lie. It does not see the order of the words: a quick, honest "
                    "baseline that larger models have to beat."
                ),
                TextStyle.BODY,
            )
        )
        card.hide()
        return card

    def reads_language(self) -> bool:
        """Whether the chosen family is one of language models."""
        return FAMILIES[self.family()].reads_raw_text

    @property
    def start(self) -> StartFrom | LanguageStartFrom:
        """Where the chosen family may start from."""
        return self.language_start if self.reads_language() else self.word_start

    def show_task(self, task: str | None) -> None:
        """Explain how it learns from labels, or from plain text; labels may be learned from nothing, too."""
        is_language, is_task = self.reads_language(), task is not None
        self._lesson.setVisible(not is_task and not is_language)
        self._task_lesson.setVisible(is_task and not is_language)
        self.language_lesson.setVisible(is_language)
        self.language_lesson.show_family(self.family(), task)
        self.word_start.offer_nothing(is_task)

    def show_start(self, is_wanted: bool) -> None:
        """Offer what the chosen family may go on from, or not."""
        for picker in (self.word_start, self.language_start):
            if picker is not self.start:
                picker.hide()
                picker.setObjectName("")
        self.start.setObjectName("startFromPicker")
        self.language_start.show_family(self.family() if self.reads_language() else "")
        if is_wanted and self.start.isHidden():
            self.start.show_runs()
            self._later.start()  # when it has its place below the cards
        elif not is_wanted:
            self._later.start()
        self.start.setVisible(is_wanted)

    @Slot()
    def _show_chosen(self) -> None:
        """What is to be chosen next, or what was chosen, would else lie beyond the edge."""
        if self.start.isVisible():
            self.scroll_to(self.start)
        else:
            self.bring_into_view(self.families.card(self.family()))

    def show_sentence(self, words: Sequence[str]) -> None:
        """Draw the picture on ``words``, a sentence as the model sees it; an empty one brings the example back."""
        self.picture.set_words(words or _SENTENCE)
        self.counts.set_words(words or _SENTENCE)

    def show_reading(self, settings: Mapping[str, OptionValue]) -> None:
        """Explain how the chosen family learns with these settings."""
        if self.reads_language():
            return
        is_counting = FAMILIES[self.family()].picture == "counts"
        window = int(settings.get("window") or 1)
        self.picture.setVisible(not is_counting)
        self.counts.setVisible(is_counting)
        if is_counting:
            self._show_counting(window, is_symmetric=settings.get("symmetric") is not False)
        else:
            self._show_guessing(window, is_skip_gram=settings.get("objective") == SKIP_GRAM)

    def _show_guessing(self, window: int, is_skip_gram: bool) -> None:
        self.picture.set_reading(window, guesses_neighbours=is_skip_gram)
        text = (
            self.tr(
                "From each word it guesses the words around it, up to {count} to each side, and is corrected."
            )
            if is_skip_gram
            else self.tr(
                "From up to {count} words to each side it guesses the word between them, and is corrected."
            )
        )
        self._how.setText(text.format(count=window))

    def _show_counting(self, window: int, is_symmetric: bool) -> None:
        self.counts.set_reading(window, is_symmetric)
        text = (
            self.tr(
                "It counts how often words stand up to {count} places apart, near ones more, and then moves the points "
                "until they explain these counts."
            )
            if is_symmetric
            else self.tr(
                "It counts how often a word stands up to {count} places before another, near ones more, and then moves "
                "the points until they explain these counts."
            )
        )
        self._how.setText(text.format(count=window))

    @Slot(str)
    def _on_family_changed(self, family: str) -> None:
        self._say_summary()
        self.family_changed.emit(family)

    def _say_summary(self) -> None:
        self.set_summary(FAMILIES[self.family()].title)
