"""The page of a model that no run made: its name, what it holds, and the questions it answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.registry import WINDOW_FAMILIES
from ptft_gui.core.telling.narrator import Action
from ptft_gui.core.wording import percent_text
from ptft_gui.gui.panels.run.asked_model import AskedModel
from ptft_gui.gui.panels.run.explore.opened_language import OpenedLanguage
from ptft_gui.gui.panels.run.explore.opened_task import OpenedTask
from ptft_gui.gui.panels.run.explore.tab import ExploreTab
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion

_HEADER_HEIGHT = 88
LANGUAGE_KINDS = ("causal", "masked")


class OpenedModelPage(QWidget):
    """Reads a vector file or a model folder and lets it be asked (openedModelPage).

    ``open_requested`` when another file is wanted, ``open_folder_requested`` when another folder,
    ``go_on_requested`` carries the path, ``said`` a sentence, ``failed`` a :class:`PtftError`.
    """

    open_requested = Signal()
    open_folder_requested = Signal()
    go_on_requested = Signal(str)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("openedModelPage")
        self.setAccessibleName(self.tr("Opened model"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._asker = asker
        self._path = ""
        self._kind: dict[str, Any] = {}
        self._language: OpenedLanguage | None = None
        self._task: OpenedTask | None = None
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
        self._other.clicked.connect(self._on_other)
        self.state = EmptyState("", icon="file")
        self.state.action_requested.connect(self._on_other)
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
        scale_with_type(header, header.setFixedHeight, _HEADER_HEIGHT)
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
        self._kind = {}
        self._show_state(self.tr("Reading {name} ...").format(name=Path(path).name))
        if Path(path).is_dir():
            self._question.ask(
                "model_kind", {"model": path}, self._on_kind, self._on_problem, self._on_progress
            )
        else:
            self._ask_for_vectors()

    def _ask_for_vectors(self) -> None:
        asked: dict[str, object] = {"model": self._path}
        self._question.ask("vocabulary_info", asked, self._on_read, self._on_problem, self._on_progress)

    def _on_kind(self, kind: dict[str, Any]) -> None:
        self._kind = kind
        if kind.get("kind") == "vectors":
            self._ask_for_vectors()
            return
        if kind.get("kind") not in LANGUAGE_KINDS:
            self._show_task(kind)
            return
        asked: dict[str, object] = {"model": self._path}
        self._question.ask("language_info", asked, self._on_language, self._on_problem, self._on_progress)

    def _on_language(self, facts: dict[str, Any]) -> None:
        writes = facts["kind"] == "causal"
        what = self.tr("goes on with a text") if writes else self.tr("fills blanks")
        words = self.tr("{type}, {what}: {numbers} numbers, {tokens} tokens, reads {window} at once. {path}")
        self._facts.setText(
            words.format(
                type=facts["model_type"],
                what=what,
                numbers=f"{facts['numbers']:,}",
                tokens=f"{facts['vocabulary']:,}",
                window=f"{facts['window']:,}",
                path=self._path,
            )
        )
        self._title.setText(str(facts["name"]))
        self._go_on.setEnabled(("gpt" if writes else "bert") in WINDOW_FAMILIES)
        self._stack.setCurrentWidget(self._language_page())
        model = AskedModel(self._path, str(facts["name"]), is_own=bool(self._kind.get("has_text")))
        self._language_page().show_model(model, writes)

    def _show_task(self, kind: dict[str, Any]) -> None:
        """A model that has learned a job; it is opened with the first question."""
        if self._task is None:
            page = self._task = OpenedTask(self._asker)
            page.said.connect(self.said)
            page.failed.connect(self.failed)
            page.action_requested.connect(self._on_action)
            self._stack.addWidget(page)
        task = str(kind["kind"])
        self._title.setText(str(kind["name"]))
        words = self.tr("{type}, {what}: {numbers} numbers. {path}")
        self._facts.setText(
            words.format(
                type=kind["model_type"],
                what=self._task_words(task),
                numbers=f"{kind['numbers']:,}",
                path=self._path,
            )
        )
        self._stack.setCurrentWidget(self._task)
        self._task.show_model(self._path, task, [str(label) for label in kind.get("labels") or ()])

    def _task_words(self, task: str) -> str:
        words = {
            "classification": self.tr("sorts texts into classes"),
            "multilabel": self.tr("gives texts labels, several at a time"),
            "pair-classification": self.tr("compares two texts"),
            "pair-similarity": self.tr("says how alike two texts are"),
            "question-answering": self.tr("finds answers in a text"),
            "tagging": self.tr("marks names in a text"),
            "reply": self.tr("replies to prompts"),
        }
        return words.get(task, task)

    def _language_page(self) -> OpenedLanguage:
        if self._language is None:
            page = self._language = OpenedLanguage(self._asker)
            page.said.connect(self.said)
            page.failed.connect(self.failed)
            page.action_requested.connect(self._on_action)
            self._stack.addWidget(page)
        return self._language

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
                "This model belongs to no run, so none can be repeated. Choose Go on with new text instead."
            )
        )

    @Slot()
    def _on_other(self) -> None:
        """Another of the same sort is wanted."""
        (self.open_folder_requested if Path(self._path).is_dir() else self.open_requested).emit()

    @Slot()
    def _on_go_on(self) -> None:
        self.go_on_requested.emit(self._path)
