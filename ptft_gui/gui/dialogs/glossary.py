"""*Words used here*: what every term of the window means, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from ptft_gui.core.resources import read_json_resource
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.clear_button import add_clear_button
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.scroll_area import PageScroll


@dataclass(frozen=True)
class Term:
    """A word of the window and its sentence."""

    word: str
    sentence: str


def read_glossary() -> list[Term]:
    """All terms, in the order of the alphabet."""
    terms = [Term(record["word"], record["sentence"]) for record in read_json_resource("glossary.json")]
    return sorted(terms, key=lambda term: term.word.casefold())


class GlossaryDialog(QDialog):
    """The terms as a list, with a field to find one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("glossaryDialog")
        self.setWindowTitle(self.tr("Words used here"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 600)
        self._search = QLineEdit()
        self._search.setObjectName("glossarySearch")
        self._search.setAccessibleName(self.tr("Find a word"))
        self._search.setPlaceholderText(self.tr("Find a word"))
        add_clear_button(self._search)
        self._search.textChanged.connect(self._on_sought)
        self._nothing = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._entries: list[tuple[Term, QWidget]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(PlainLabel(self.tr("Words used here"), TextStyle.TITLE))
        column.addWidget(self._search)
        column.addWidget(self._make_list(), 1)
        self._on_sought("")

    def _make_list(self) -> QScrollArea:
        content = QWidget()
        content.setProperty("isPage", True)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, Space.SMALL, 0)
        column.setSpacing(Space.MEDIUM)
        for term in read_glossary():
            entry = _make_entry(term)
            self._entries.append((term, entry))
            column.addWidget(entry)
        column.addWidget(self._nothing)
        column.addStretch(1)
        scroll = PageScroll(content, self.tr("Words used here"))
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        return scroll

    @Slot(str)
    def _on_sought(self, text: str) -> None:
        sought = text.strip().casefold()
        found = 0
        for term, entry in self._entries:
            is_found = sought in term.word.casefold() or sought in term.sentence.casefold()
            entry.setVisible(is_found)
            found += is_found
        self._nothing.setText(
            "" if found else self.tr('"{text}" is not used here.').format(text=text.strip())
        )
        self._nothing.setVisible(not found)


def _make_entry(term: Term) -> QWidget:
    entry = QWidget()
    column = QVBoxLayout(entry)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(PlainLabel(term.word, TextStyle.STRONG))
    column.addWidget(PlainLabel(term.sentence, TextStyle.BODY, Role.QUIET_TEXT))
    return entry
