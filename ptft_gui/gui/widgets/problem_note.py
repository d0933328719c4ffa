"""A failure beside the thing it is about: what happened, what was seen, and the ways on as buttons."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError, Remedy, UnknownWordError
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.labels import PlainLabel


class ProblemNote(QWidget):
    """Message, detail and hint of a :class:`PtftError`; close words and remedies as buttons below.

    ``word_chosen`` carries one of the close words, ``remedy_chosen`` a :class:`Remedy`.
    """

    word_chosen = Signal(str)
    remedy_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problemNote")
        self._remedies: dict[QPushButton, Remedy] = {}
        self._message = PlainLabel("", TextStyle.STRONG)
        self._detail = PlainLabel("", TextStyle.BODY)
        self._hint = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._buttons = QWidget()
        self._flow = FlowLayout(self._buttons, Space.HALF)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        for widget in (self._message, self._detail, self._hint, self._buttons):
            column.addWidget(widget)
        self.hide()

    def show_problem(self, problem: PtftError, most_remedies: int = 2) -> None:
        """Show ``problem`` in place of the one before."""
        self._clear_buttons()
        for label, text in (
            (self._message, problem.message), (self._detail, problem.detail), (self._hint, problem.hint),
        ):  # fmt: skip
            label.setText(text)
            label.setVisible(bool(text))
        for word in problem.suggestions if isinstance(problem, UnknownWordError) else ():
            self._add_word(word)
        for remedy in problem.remedies[:most_remedies]:
            self._add_remedy(remedy)
        self._buttons.setVisible(self._flow.count() > 0)
        self.setAccessibleName(problem.as_sentence())
        self.show()

    def text(self) -> str:
        """What the note says."""
        labels = (self._message, self._detail, self._hint)
        return " ".join(label.text() for label in labels if label.text())

    def _add_word(self, word: str) -> None:
        button = QPushButton(word.replace("&", "&&"))
        button.setObjectName("closeWord")
        button.setProperty("kind", "suggestion")
        button.setProperty("word", word)
        button.setAccessibleName(self.tr("Ask for {word}").format(word=word))
        button.clicked.connect(self._on_word_clicked)
        self._flow.addWidget(button)

    def _add_remedy(self, remedy: Remedy) -> None:
        button = SecondaryButton(remedy.label)
        button.setObjectName("remedyButton")
        button.clicked.connect(self._on_remedy_clicked)
        self._remedies[button] = remedy
        self._flow.addWidget(button)

    def _clear_buttons(self) -> None:
        self._remedies.clear()
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    @Slot()
    def _on_word_clicked(self) -> None:
        self.word_chosen.emit(str(self.sender().property("word")))

    @Slot()
    def _on_remedy_clicked(self) -> None:
        self.remedy_chosen.emit(self._remedies[self.sender()])  # type: ignore[index]
