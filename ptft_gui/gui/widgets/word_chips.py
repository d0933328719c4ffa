"""An editor for a short list of words: each a chip that can be taken away, with others suggested below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ptft_gui.gui.icons import set_icon
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.labels import PlainLabel

MOST_WORDS = 10


class _Chip(QPushButton):
    """A word; pressing it, or Delete and Backspace while it has the focus, asks for its removal."""

    removal_requested = Signal(str)

    def __init__(self, word: str) -> None:
        super().__init__(word.replace("&", "&&"))
        self.word = word
        self.setProperty("kind", "chip")
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands behind the word
        self.setAutoDefault(False)
        set_icon(self, "cross", Role.QUIET_TEXT)
        self.setAccessibleName(self.tr("Remove {word}").format(word=word))
        self.setToolTip(self.tr("Remove"))
        self.clicked.connect(self._on_clicked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_requested.emit(self.word)
            return
        super().keyPressEvent(event)

    @Slot()
    def _on_clicked(self) -> None:
        self.removal_requested.emit(self.word)


class _Suggestion(QPushButton):
    """A word that can be added by pressing it."""

    chosen = Signal(str)

    def __init__(self, word: str) -> None:
        super().__init__(word.replace("&", "&&"))
        self._word = word
        self.setProperty("kind", "suggestion")
        self.setAutoDefault(False)
        set_icon(self, "plus", Role.ACCENT)
        self.setAccessibleName(self.tr("Add {word}").format(word=word))
        self.clicked.connect(self._on_clicked)

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(self._word)


class _WordInput(QLineEdit):
    """Tells of a Backspace that has nothing left to delete."""

    backspaced_when_empty = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.backspaced_when_empty.emit()
            return
        super().keyPressEvent(event)


class WordChips(QWidget):
    """Up to ten words. Enter, comma or space adds what is typed; Backspace in the empty field takes the last one away.

    ``words_changed`` carries the list of words after a change, made by a person or by the program.
    """

    words_changed = Signal(list)

    def __init__(
        self, words: Iterable[str] = (), most: int = MOST_WORDS, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("watchedWords")
        self.setAccessibleName(self.tr("Watched words"))
        self._most = most
        self._words: list[str] = []
        self._proposed: list[str] = []
        self._chips = QWidget()
        self._chip_flow = FlowLayout(self._chips, Space.HALF)
        self._suggestions = QWidget()
        self._suggestion_flow = FlowLayout(self._suggestions, Space.HALF)
        self._note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._build_input()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self._chips)
        column.addLayout(self._input_row)
        column.addWidget(self._suggestions)
        column.addWidget(self._note)
        self._rebuild()
        self.set_words(words)

    def _build_input(self) -> None:
        self.input = _WordInput()
        self.input.setObjectName("watchedWordInput")
        self.input.setAccessibleName(self.tr("Word to watch"))
        self.input.setPlaceholderText(self.tr("Add a word"))
        self.input.setMaxLength(100)
        self._known = QStringListModel(self)
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.input.setCompleter(completer)
        self._add_button = SecondaryButton(self.tr("Add"))
        self._add_button.setObjectName("watchedWordAdd")
        self.input.returnPressed.connect(self._on_submitted)
        self.input.backspaced_when_empty.connect(self._remove_last)
        self.input.textEdited.connect(self._on_edited)
        self._add_button.clicked.connect(self._on_submitted)
        self._input_row = QHBoxLayout()
        self._input_row.setSpacing(Space.SMALL)
        self._input_row.addWidget(self.input, 1)
        self._input_row.addWidget(self._add_button)

    def words(self) -> list[str]:
        return list(self._words)

    def set_words(self, words: Iterable[str]) -> None:
        """Replace all words; copies and what is over the limit are left out."""
        cleaned = list(dict.fromkeys(word.strip() for word in words if word.strip()))[: self._most]
        self._change(cleaned)

    def set_suggestions(self, words: Sequence[str], known_words: Sequence[str] = ()) -> None:
        """Offer ``words`` as chips to add, and ``known_words`` (up to a few thousand) while a person types."""
        self._proposed = list(dict.fromkeys(words))
        self._known.setStringList(list(known_words or words))
        self._rebuild()

    def show_note(self, text: str) -> None:
        """A quiet sentence below, for what the words' owner has to say about them."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    @Slot(str)
    def add_word(self, word: str) -> None:
        """Add one word; one that is there already, or one too many, is refused with a sentence."""
        word = word.strip()
        if not word:
            return
        if word in self._words:
            self.show_note(self.tr('"{word}" is watched already.').format(word=word))
            return
        if len(self._words) >= self._most:
            self.show_note(self.tr("{count} words is the most; remove one first.").format(count=self._most))
            return
        self._change([*self._words, word])

    @Slot(str)
    def remove_word(self, word: str) -> None:
        """Take ``word`` away; the keyboard goes on at its neighbour."""
        position = self._words.index(word)
        self._change([w for w in self._words if w != word])
        chip = self._chip_flow.itemAt(min(position, len(self._words) - 1))
        target = chip.widget() if chip is not None else None
        (target or self.input).setFocus()

    @Slot()
    def _remove_last(self) -> None:
        if self._words:
            self.remove_word(self._words[-1])
            self.input.setFocus()

    @Slot()
    def _on_submitted(self) -> None:
        text = self.input.text()
        self.input.clear()
        self.add_word(text)

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        if not text or text[-1] not in ", ;":
            return
        self.input.clear()
        for word in text.replace(",", " ").replace(";", " ").split():
            self.add_word(word)

    def _change(self, words: list[str]) -> None:
        if words == self._words:
            return
        self._words = words
        self.show_note("")
        self._rebuild()
        self.words_changed.emit(self.words())

    def _rebuild(self) -> None:
        _empty(self._chip_flow)
        _empty(self._suggestion_flow)
        for word in self._words:
            chip = _Chip(word)
            chip.removal_requested.connect(self.remove_word)
            self._chip_flow.addWidget(chip)
            chip.show()
        for word in self._proposed:
            if word not in self._words:
                suggestion = _Suggestion(word)
                suggestion.chosen.connect(self.add_word)
                self._suggestion_flow.addWidget(suggestion)
                suggestion.show()
        self._chips.setVisible(bool(self._words))
        self._suggestions.setVisible(self._suggestion_flow.count() > 0 and len(self._words) < self._most)
        self._note.setVisible(bool(self._note.text()))
        self._order_tab_stops()
        self.updateGeometry()

    def _order_tab_stops(self) -> None:
        """Tab goes as the eye reads: words, field, button, suggestions; new chips would come last by themselves."""
        words = _widgets_in(self._chip_flow)
        # behind the field the words get its place among all other stops; then the field goes behind the words
        lead = [self.input, *words] if words else []
        for before, after in pairwise(
            [*lead, self.input, self._add_button, *_widgets_in(self._suggestion_flow)]
        ):
            QWidget.setTabOrder(before, after)


def _widgets_in(flow: FlowLayout) -> list[QWidget]:
    items = (flow.itemAt(index) for index in range(flow.count()))
    return [widget for item in items if item is not None and (widget := item.widget()) is not None]


def _empty(flow: FlowLayout) -> None:
    while (item := flow.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
