"""*Export*: which forms are offered for which run, and what is asked of the companion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton

from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.gui.dialogs.export import ExportDialog
from ptft_gui.gui.widgets.labels import PlainLabel


class _Asker:
    """Remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.cancelled: list[str] = []

    def ask(self, *question: Any) -> str:
        self.asked.append(question)
        return "7"

    def cancel(self, request_id: str) -> None:
        self.cancelled.append(request_id)


def _tuned(tmp_path: Path, family: str, task: str, method: str) -> RunDir:
    spec = new_spec(
        family,
        str(tmp_path / "rows.csv"),
        preset="tiny",
        stage="finetune",
        task=task,
        method=method,  # type: ignore[arg-type]
        init_from="folder",
        init=str(tmp_path / "start"),
        settings={},
    )
    return create_run(tmp_path / "runs", spec)


def _offered(dialog: ExportDialog) -> list[str]:
    return [choice.objectName().removeprefix("format_") for choice in dialog.findChildren(QRadioButton)]


@pytest.mark.parametrize(
    ("family", "task", "method", "offered"),
    [
        ("bert", "classification", "lora", ["huggingface", "adapter", "onnx"]),
        ("bert", "question-answering", "full", ["huggingface", "onnx"]),
        ("gpt", "reply", "full", ["huggingface"]),
    ],
)
def test_a_fine_tuned_model_is_offered_in_the_forms_it_can_be_written_in(
    qtbot, tmp_path, family, task, method, offered
):
    dialog = ExportDialog(_tuned(tmp_path, family, task, method), _Asker())
    qtbot.addWidget(dialog)
    assert _offered(dialog) == offered
    assert dialog.findChild(QRadioButton, "format_huggingface").isChecked()


def test_of_added_pieces_it_says_what_lies_beside_them_and_what_opens_them(qtbot, tmp_path):
    dialog = ExportDialog(_tuned(tmp_path, "bert", "classification", "lora"), _Asker())
    qtbot.addWidget(dialog)
    said = dialog.findChild(QRadioButton, "format_adapter").accessibleDescription()
    assert "beside them, in base, the model they belong to: both are needed" in said
    assert "Python with peft and transformers opens them; README.md inside says how." in said
    assert said in [label.text() for label in dialog.findChildren(PlainLabel)]


def test_word_vectors_are_offered_as_before(qtbot, tmp_path):
    run = create_run(tmp_path / "runs", new_spec("word2vec", "news", preset="tiny", settings={}))
    dialog = ExportDialog(run, _Asker())
    qtbot.addWidget(dialog)
    assert _offered(dialog)[0] == "word2vec-text"
    assert "huggingface" not in _offered(dialog)


def test_what_is_chosen_is_asked_for_and_a_refusal_is_read_in_the_dialog(qtbot, tmp_path):
    asker = _Asker()
    run = _tuned(tmp_path, "bert", "classification", "lora")
    dialog = ExportDialog(run, asker)
    qtbot.addWidget(dialog)
    dialog.findChild(QRadioButton, "format_onnx").setChecked(True)
    place = dialog.findChild(QLineEdit, "exportPath").text()
    assert place.endswith("-onnx")
    dialog.findChild(QPushButton, "exportButton").click()
    kind, arguments, _, on_problem, _ = asker.asked[0]
    assert (kind, arguments) == ("export", {"model": str(run.path), "format": "onnx", "path": place})
    on_problem(ModelError("Writing ONNX needs packages that are not installed.", hint="Install them."))
    assert "packages that are not installed" in dialog.findChild(PlainLabel, "exportNote").text()
    assert dialog.findChild(QPushButton, "exportButton").isEnabled()
