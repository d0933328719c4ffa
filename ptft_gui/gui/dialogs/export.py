"""*Export*: writes a run's model in a form that other programs open, with the companion's help."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.methods import LORA
from ptft_gui.core.rundir import RunDir, slug
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import PrimaryButton, SecondaryButton
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.fitting_dialog import FittingDialog
from ptft_gui.gui.widgets.labels import PlainLabel

_THOUSANDTHS = 1000
LANGUAGE_FAMILIES = ("bert", "gpt")


@dataclass(frozen=True)
class ExportFormat:
    """``suffix``: the ending of the file, "" for a folder."""

    key: str
    title: str
    sentence: str
    suffix: str


def export_formats(run: RunDir) -> tuple[ExportFormat, ...]:
    """The forms that the model of a run can be written in."""
    try:
        spec = run.read_spec()
    except PtftError:
        return vector_formats()
    if spec.family in LANGUAGE_FAMILIES:
        return language_formats(spec.task, spec.method)
    return vector_formats()


def language_formats(task: str | None, method: str | None) -> tuple[ExportFormat, ...]:
    """The forms for a GPT or BERT; ``task`` and ``method`` of one that was fine-tuned."""
    translate = QCoreApplication.translate
    found = [
        ExportFormat(
            "huggingface",
            translate("Export", "Hugging Face folder"),
            translate(
                "Export",
                "A folder that the Python library transformers opens, and what builds on it; LoRA's pieces are worked "
                "in.",
            )
            if method == LORA
            else translate(
                "Export", "A folder that the Python library transformers opens, and what builds on it."
            ),
            "",
        )
    ]
    if method == LORA:
        found.append(
            ExportFormat(
                "adapter",
                translate("Export", "LoRA adapter"),
                translate(
                    "Export",
                    "The added pieces, small, and beside them, in base, the model they belong to: both are needed. "
                    "Python with peft and transformers opens them; README.md inside says how.",
                ),
                "",
            )
        )
    if task not in (None, "reply", "writing"):
        found.append(
            ExportFormat(
                "onnx",
                translate("Export", "ONNX"),
                translate(
                    "Export",
                    "For building it into other programs: runs without PyTorch, in ONNX Runtime. May take a minute or "
                    "two.",
                ),
                "",
            )
        )
    return tuple(found)


def vector_formats() -> tuple[ExportFormat, ...]:
    """The forms for word vectors."""
    translate = QCoreApplication.translate
    return (
        ExportFormat(
            "word2vec-text",
            translate("Export", "word2vec text"),
            translate("Export", "One word a line with its numbers. Opens in nearly every program; large."),
            ".txt",
        ),
        ExportFormat(
            "word2vec-binary",
            translate("Export", "word2vec binary"),
            translate("Export", "The same, smaller and quicker to open."),
            ".bin",
        ),
        ExportFormat(
            "glove-text",
            translate("Export", "GloVe text"),
            translate("Export", "As word2vec text, without the first line."),
            ".txt",
        ),
        ExportFormat(
            "keyedvectors",
            translate("Export", "gensim KeyedVectors"),
            translate(
                "Export",
                "gensim's own form, which can hide a program (a pickle): others open it only where they trust you.",
            ),
            ".kv",
        ),
        ExportFormat(
            "projector",
            translate("Export", "TensorBoard projector"),
            translate(
                "Export", "Two tables in a folder: TensorBoard's projector shows them as a map of points."
            ),
            "",
        ),
    )


class ExportDialog(FittingDialog):
    """Form, place, progress and result of one export."""

    def __init__(self, run: RunDir, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setWindowTitle(self.tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        scale_with_type(self, self.setMinimumWidth, 520)
        self._run, self._asker = run, asker
        self._formats = export_formats(run)
        self._request = ""
        self._group = QButtonGroup(self)
        self._path = QLineEdit()
        self._path.setObjectName("exportPath")
        self._path.setAccessibleName(self.tr("Where to write it"))
        self._choose = SecondaryButton(self.tr("Choose..."), "folder")
        self._choose.clicked.connect(self._on_choose)
        self._progress = QProgressBar()
        self._progress.setRange(0, _THOUSANDTHS)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("Progress of the export"))
        self._progress.hide()
        self._note = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._note.setObjectName("exportNote")
        self._note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._build()
        self._propose_path()

    # --- building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        title = self.tr("Export {title}").format(title=self._run.title())
        column.addWidget(PlainLabel(title, TextStyle.TITLE))
        for number, form in enumerate(self._formats):
            column.addLayout(self._make_choice(number, form))
        place = QHBoxLayout()
        place.setSpacing(Space.SMALL)
        place.addWidget(self._path, 1)
        place.addWidget(self._choose)
        column.addSpacing(Space.SMALL)
        column.addLayout(place)
        column.addWidget(self._progress)
        column.addWidget(self._note)
        column.addSpacing(Space.SMALL)
        column.addLayout(self._make_buttons())

    def _make_choice(self, number: int, form: ExportFormat) -> QVBoxLayout:
        """A form with its sentence close below."""
        choice = QRadioButton(form.title)
        choice.setObjectName(f"format_{form.key}")
        choice.setAccessibleDescription(form.sentence)
        choice.setChecked(number == 0)
        choice.toggled.connect(self._on_format_toggled)
        self._group.addButton(choice, number)
        sentence = PlainLabel(form.sentence, TextStyle.CAPTION, Role.QUIET_TEXT)
        sentence.setContentsMargins(Space.LARGE, 0, 0, Space.HALF)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(choice)
        column.addWidget(sentence)
        return column

    def _make_buttons(self) -> QHBoxLayout:
        self._close = SecondaryButton(self.tr("Close"))
        self._close.clicked.connect(self.reject)
        self._export = PrimaryButton(self.tr("Export"), "download")
        self._export.setObjectName("exportButton")
        self._export.clicked.connect(self.export)
        self._export.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addStretch(1)
        row.addWidget(self._close)
        row.addWidget(self._export)
        return row

    # --- choosing ----------------------------------------------------------------------------------------------

    def _format(self) -> ExportFormat:
        return self._formats[max(self._group.checkedId(), 0)]

    @Slot(bool)
    def _on_format_toggled(self, is_checked: bool) -> None:
        if is_checked:
            self._propose_path()

    def _propose_path(self) -> None:
        folder = Path(self._path.text()).parent if self._path.text() else Path.home()
        form = self._format()
        stem = slug(self._run.title()) or "model"
        self._path.setText(str(folder / f"{stem}-{form.key}{form.suffix}"))

    @Slot()
    def _on_choose(self) -> None:
        dialog = FileDialog(self, self.tr("Where to write it"), self._path.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.selectFile(self._path.text())
        dialog.fileSelected.connect(self._path.setText)
        dialog.open()

    # --- exporting ---------------------------------------------------------------------------------------------

    @Slot()
    def export(self) -> None:
        """Write what is chosen to where it is chosen."""
        self._set_busy(True)
        self._note.setText(self.tr("Writing."))
        arguments: dict[str, object] = {
            "model": str(self._run.path),
            "format": self._format().key,
            "path": self._path.text().strip(),
        }
        self._request = self._asker.ask(
            "export", arguments, self._on_result, self._on_problem, self._on_progress
        )

    def _on_progress(self, text: str, fraction: float | None) -> None:
        self._progress.setRange(0, 0 if fraction is None else _THOUSANDTHS)
        self._progress.setValue(round((fraction or 0) * _THOUSANDTHS))
        self._note.setText(text)

    def _on_result(self, result: dict[str, Any]) -> None:
        self._set_busy(False)
        self._note.set_ink(Role.GOOD_TEXT)
        self._note.setText(str(result.get("sentence") or self.tr("Written.")))

    def _on_problem(self, problem: PtftError) -> None:
        self._set_busy(False)
        self._note.set_ink(Role.BAD_TEXT)
        self._note.setText(problem.as_sentence())

    def _set_busy(self, is_busy: bool) -> None:
        self._request = self._request if is_busy else ""
        self._progress.setVisible(is_busy)
        self._export.setEnabled(not is_busy)
        self._close.setText(self.tr("Cancel") if is_busy else self.tr("Close"))
        self._note.set_ink(Role.QUIET_TEXT)

    def reject(self) -> None:
        """Close; an export that is under way is given up."""
        if self._request:
            self._asker.cancel(self._request)
        super().reject()
