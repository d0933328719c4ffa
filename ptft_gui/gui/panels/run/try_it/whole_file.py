"""A whole file sorted into classes: the answers go into a new file beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import PtftError
from ptft_gui.core.rundir import RunDir, slug
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import QuietButton, SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.progress_line import ProgressLine


class ClassifyFileCard(Card):
    """Asks for a file with texts, then for where to write; ``said`` carries the sentence that it is done."""

    said = Signal(str)
    remedy_chosen = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._model_path = ""
        self._run: RunDir | None = None
        self._source: str | None = None
        self._part, self._unlabelled = "all", 0
        self._target = ""
        self._question = OneQuestion(asker)
        self.choose = SecondaryButton(self.tr("Choose a file..."), "file")
        self.choose.setObjectName("classifyFileButton")
        self.choose.clicked.connect(self._on_choose)
        self.unlabelled = SecondaryButton("")
        self.unlabelled.setObjectName("classifyUnlabelledButton")
        self.unlabelled.clicked.connect(self._on_unlabelled)
        self.show_task("")
        self._buttons = QWidget()
        flow = FlowLayout(self._buttons)
        flow.addWidget(self.choose)
        flow.addWidget(self.unlabelled)
        self._work = QWidget()
        self.progress = ProgressLine()
        self.progress.bar.setObjectName("classifyProgressBar")
        self._stop = SecondaryButton(self.tr("Give up"))
        self._stop.setObjectName("classifyGiveUpButton")
        self._stop.clicked.connect(self.give_up)
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.progress, 1)
        row.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignTop)
        self.done = PlainLabel("", TextStyle.BODY, Role.GOOD_TEXT)
        self.done.setObjectName("classifyFileDone")
        self.open_button = QuietButton(self.tr("Open the answers"), "file")
        self.open_button.setObjectName("openAnswersButton")
        self.open_button.clicked.connect(self._on_open)
        opening = QHBoxLayout()
        opening.addWidget(self.open_button)
        opening.addStretch(1)
        self._problem = ProblemNote()
        self._problem.remedy_chosen.connect(self.remedy_chosen)
        for widget in (self._buttons, self._work, self.done):
            self.body.addWidget(widget)
        self.body.addLayout(opening)
        self.body.addWidget(self._problem)
        self._rest()

    def show_task(self, task: str) -> None:
        """Say what becomes of a file by a model that learned this task; "" stands for one class a text."""
        pairs = self.tr("A table with two texts in each row.")
        title, caption = {
            "pair-similarity": (
                self.tr("Compare a whole file"),
                pairs + " " + self.tr("Every row gets its score, in a new file; yours stays as it is."),
            ),
            "pair-classification": (
                self.tr("Compare a whole file"),
                pairs
                + " "
                + self.tr(
                    "Every row gets its class and how sure the model is, in a new file; yours stays as it is."
                ),
            ),
            "multilabel": (
                self.tr("Label a whole file"),
                self.tr(
                    "Any table or text file. Every row gets its labels, in a new file; yours stays as it is."
                ),
            ),
        }.get(
            task,
            (
                self.tr("Sort a whole file"),
                self.tr(
                    "Any table or text file. Every row gets the class and how sure the model is, in a new file; "
                    "yours stays as it is."
                ),
            ),
        )
        self._unlabelled_words = {
            "pair-similarity": self.tr("Compare the {count} rows without score"),
            "pair-classification": self.tr("Compare the {count} rows without label"),
            "multilabel": self.tr("Label the {count} rows without label"),
        }.get(task, self.tr("Classify the {count} rows without label"))
        self.unlabelled.setText(self._unlabelled_words.format(count=f"{self._unlabelled:,}"))
        self.set_title(title)
        self.set_caption(caption)

    def show_run(self, model: str, run: RunDir, unlabelled: int) -> None:
        """Another model; ``unlabelled``: rows of its dataset that have no label."""
        self._question.drop()
        self._model_path, self._run = model, run
        self._unlabelled = unlabelled
        self.unlabelled.setVisible(unlabelled > 0)
        self.unlabelled.setText(self._unlabelled_words.format(count=f"{unlabelled:,}"))
        self._rest()

    def _rest(self, done: str = "") -> None:
        """Nothing is under way; the focus goes back from *Give up*, which is no longer there."""
        had_focus = self._has_focus(self._stop)
        self._buttons.setEnabled(True)
        if had_focus:
            self.choose.setFocus()
        self._work.hide()
        self._problem.hide()
        self.done.setText(done)
        self.done.setVisible(bool(done))
        self.open_button.setVisible(bool(done))

    def _has_focus(self, widget: QWidget) -> bool:
        """Whether it has, or will have once the dialog is closed that asked for a file."""
        return self.window().focusWidget() is widget

    @Slot()
    def _on_choose(self) -> None:
        dialog = FileDialog(self, self.tr("Open a file with texts"))
        dialog.setObjectName("classifyFileDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.choose_file)
        dialog.open()

    @Slot(str)
    def choose_file(self, path: str) -> None:
        """The texts are in ``path``; where shall the answers go?"""
        self._source, self._part = path, "all"
        self._ask_where(f"{Path(path).stem}-answers.csv", Path(path).parent)

    @Slot()
    def _on_unlabelled(self) -> None:
        self._source, self._part = None, "unlabelled"
        title = slug(self._run.title()) if self._run is not None else "answers"
        self._ask_where(f"{title}-without-label.csv", Path.home())

    def _ask_where(self, name: str, folder: Path) -> None:
        dialog = FileDialog(
            self,
            self.tr("Write the answers to"),
            str(folder / name),
            self.tr("Table (*.csv);;Lines (*.jsonl)"),
        )
        dialog.setObjectName("classifyTargetDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.write_to)
        dialog.open()

    @Slot(str)
    def write_to(self, path: str) -> None:
        """Sort what was chosen and write the answers to ``path``."""
        arguments: dict[str, object] = {"model": self._model_path, "path": path, "part": self._part}
        if self._source is not None:
            arguments["request"] = DataRequest(dataset=self._source).model_dump(mode="json")
        self._rest()
        self._target = path
        self._work.show()
        if self._has_focus(self.choose) or self._has_focus(self.unlabelled):
            self._stop.setFocus()  # a button that is switched off would give it to the next one of the window
        self._buttons.setEnabled(False)
        self.progress.set_progress(None, self.tr("Reading ..."))
        self._question.ask("predict_file", arguments, self._on_done, self._on_problem, self._on_progress)

    def _on_progress(self, sentence: str, fraction: float | None) -> None:
        self.progress.set_progress(fraction, sentence)

    def _on_done(self, result: dict[str, Any]) -> None:
        sentence = str(result.get("sentence") or "")
        self._rest(sentence)
        self.said.emit(sentence)

    def _on_problem(self, problem: PtftError) -> None:
        self._rest()
        self._problem.show_problem(problem)

    @Slot()
    def _on_open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._target))

    @Slot()
    def give_up(self) -> None:
        """Write nothing after all."""
        self._question.drop()
        self._rest()
