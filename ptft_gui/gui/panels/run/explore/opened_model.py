"""The page of a model that no run made: its name, what it holds, and the questions of Explore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.narrator import Action
from ptft_gui.core.wording import percent_text
from ptft_gui.gui.panels.run.explore.tab import ExploreTab
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion

_HEADER_HEIGHT = 88


class OpenedModelPage(QWidget):
    """Reads a vector file or a model folder and lets it be explored (openedModelPage).

    ``open_requested`` when another is wanted, ``go_on_requested`` carries the path, ``said`` a sentence, ``failed`` a
    :class:`PtftError`.
    """

    open_requested = Signal()
    go_on_requested = Signal(str)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("openedModelPage")
        self.setAccessibleName(self.tr("Opened word vectors"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._path = ""
        self._question = OneQuestion(asker)
        self._title = PlainLabel("", TextStyle.TITLE)
        self._title.setObjectName("openedModelTitle")
        self._facts = ElidedLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._facts.setObjectName("openedModelFacts")
        self._go_on = SecondaryButton(self.tr("Go on with new text"))
        self._go_on.setObjectName("openedModelGoOn")
        self._go_on.clicked.connect(self._on_go_on)
        self._other = SecondaryButton(self.tr("Open another..."))
        self._other.setObjectName("openedModelOther")
        self._other.clicked.connect(self.open_requested)
        self.state = EmptyState("", icon="file")
        self.state.action_requested.connect(self.open_requested)
        self.explore = ExploreTab(asker)
        self.explore.said.connect(self.said)
        self.explore.failed.connect(self.failed)
        self.explore.action_requested.connect(self._on_action)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.state)
        self._stack.addWidget(self.explore)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_header())
        column.addWidget(self._stack, 1)

    def _make_header(self) -> QWidget:
        header = QWidget()
        header.setFixedHeight(_HEADER_HEIGHT)
        texts = QVBoxLayout()
        texts.setSpacing(Space.HALF)
        texts.addStretch(1)
        texts.addWidget(self._title)
        texts.addWidget(self._facts)
        texts.addStretch(1)
        row = QHBoxLayout(header)
        row.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, 0)
        row.setSpacing(Space.SMALL)
        row.addLayout(texts, 1)
        row.addWidget(self._go_on)
        row.addWidget(self._other)
        return header

    def open(self, path: str) -> None:
        """Read the model at ``path`` and show it; until then say how far that is."""
        self._path = path
        self._title.setText(Path(path).name)
        self._facts.setText(path)
        self._go_on.setEnabled(False)
        self._show_state(self.tr("Reading {name} ...").format(name=Path(path).name))
        self._question.ask(
            "vocabulary_info", {"model": path}, self._on_read, self._on_problem, self._on_progress
        )

    def _show_state(self, sentence: str, button: str = "") -> None:
        self.state.set_sentence(sentence, button)
        self._stack.setCurrentWidget(self.state)

    def _on_read(self, facts: dict[str, Any]) -> None:
        words = self.tr("{words} words, {numbers} numbers each, {kind}. {path}")
        self._facts.setText(
            words.format(
                words=f"{facts['words']:,}",
                numbers=f"{facts['dimensions']:,}",
                kind=self._kind_words(str(facts["format"])),
                path=self._path,
            )
        )
        for notice in facts.get("notices") or ():
            self.said.emit(str(notice))
        self._go_on.setEnabled(True)
        self._stack.setCurrentWidget(self.explore)
        self.explore.show_file(self._path, Path(self._path).name, facts.get("tokens"))
        self.explore.focus_query()

    def _kind_words(self, kind: str) -> str:
        words = {
            "glove-text": self.tr("GloVe text"),
            "word2vec-text": self.tr("word2vec text"),
            "word2vec-binary": self.tr("word2vec binary"),
            "projector": self.tr("projector table"),
        }
        return words.get(kind, self.tr("model folder") if kind == "model folder" else kind)

    def _on_problem(self, problem: PtftError) -> None:
        parts = (problem.message, problem.detail, problem.hint)
        self._show_state(" ".join(part for part in parts if part), self.tr("Open another..."))

    def _on_progress(self, sentence: str, fraction: float | None) -> None:
        share = f" {percent_text(fraction)}" if fraction is not None else " ..."
        self._show_state(f"{sentence}{share}")

    @Slot(object)
    def _on_action(self, _action: Action) -> None:
        """Another run like the one that made the model is asked for; no run is known here."""
        self.said.emit(
            self.tr(
                "These vectors belong to no run, so none can be repeated. Choose Go on with new text instead."
            )
        )

    @Slot()
    def _on_go_on(self) -> None:
        self.go_on_requested.emit(self._path)
