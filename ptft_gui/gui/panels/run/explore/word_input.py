"""A field for words of a model, with its vocabulary as type-ahead."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QStringListModel, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.clear_button import add_clear_button

_PAUSE_MS = 120
"""How long a person must rest before the vocabulary is asked."""
_MOST = 8
_SIGNS = "+-"


class WordInput(QLineEdit):
    """Completes the word that is being typed, the last one of the field, by the most frequent that begin like it."""

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self._model_path = ""
        self._asked_for = ""
        self._words = QStringListModel(self)
        self._completer = QCompleter(self._words, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(self)
        self._completer.activated[str].connect(self._on_chosen)  # type: ignore[index]
        self._popup = QListView()
        self._completer.setPopup(self._popup)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._on_rested)
        self.setMaxLength(400)
        add_clear_button(self)
        self.textEdited.connect(self._on_edited)
        self.returnPressed.connect(self._leave_completion)

    def set_model(self, path: str) -> None:
        """Complete from this model; an empty path completes nothing."""
        self._model_path = path
        self._leave_completion()

    def offered(self) -> list[str]:
        """The words that are offered now."""
        return self._words.stringList()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave to the open list the keys that choose from it; Enter without a choice asks what is typed."""
        if self._popup.isVisible():
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
            if event.key() == Qt.Key.Key_Escape or (is_enter and self._popup.currentIndex().isValid()):
                event.ignore()
                return
        super().keyPressEvent(event)

    @Slot(str)
    def _on_edited(self, _: str) -> None:
        if not self._last_word() or not self._model_path:
            self._leave_completion()
        else:
            self._timer.start()

    def _last_word(self) -> str:
        """What is being typed: the text behind the last space or sign before the cursor."""
        text = self.text()[: self.cursorPosition()]
        for sign in _SIGNS:
            text = text.replace(f" {sign}", "  ")
        return text.rpartition(" ")[2]

    @Slot()
    def _on_rested(self) -> None:
        prefix = self._asked_for = self._last_word()
        if prefix:
            question: dict[str, object] = {"model": self._model_path, "prefix": prefix, "limit": _MOST}
            self._asker.ask("complete", question, self._on_completed, self._on_no_completion)

    def _on_completed(self, result: dict[str, Any]) -> None:
        if self._last_word() != self._asked_for or not self.hasFocus():
            return
        words = [str(word) for word, *_ in result.get("words", [])]
        if not words or words == [self._asked_for]:
            self._popup.hide()
            return
        self._words.setStringList(words)
        self._completer.complete()

    def _on_no_completion(self, _: PtftError) -> None:
        """A vocabulary that cannot be read says so when its model is asked; typing goes on."""
        self._popup.hide()

    @Slot(str)
    def _on_chosen(self, word: str) -> None:
        end = self.cursorPosition()
        start = end - len(self._last_word())
        self.setText(self.text()[:start] + word + self.text()[end:])
        self.setCursorPosition(start + len(word))
        if start == 0 and self.text() == word:
            self.returnPressed.emit()

    @Slot()
    def _leave_completion(self) -> None:
        self._timer.stop()
        self._asked_for = ""
        self._popup.hide()
        self._words.setStringList([])
