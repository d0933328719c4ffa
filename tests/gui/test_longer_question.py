"""Training longer says that later corrections are not in it, and offers to train again with them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.corrections import CORRECTIONS_FILE, Correction, add_correction, fingerprint_of
from ptft_gui.core.run_corrections import corrected_spec, later_corrections
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.gui.dialogs.longer_question import ask_of_corrections
from ptft_gui.gui.dialogs.questions import QuestionDialog


def correction(key: int, **more: object) -> Correction:
    return Correction(key=key, row=key + 1, fingerprint=fingerprint_of({"text": f"row {key}"}), **more)  # type: ignore[arg-type]


def learned(tmp_path: Path, *corrections: Correction) -> RunDir:
    """A run that began with these corrections."""
    spec = new_spec("word2vec", "rows.csv", stage="finetune", task="classification", method="full")
    return create_run(tmp_path / "runs", corrected_spec(spec, corrections, "Mine"))


def test_a_run_without_later_corrections_goes_on_unasked(qtbot: QtBot, tmp_path: Path) -> None:
    parent, answers = QWidget(), []
    qtbot.addWidget(parent)
    run = learned(tmp_path, correction(3, label="water", was="land"))
    assert not ask_of_corrections(run, parent, answers.append)
    assert parent.findChild(QuestionDialog) is None
    assert answers == []


def test_later_corrections_are_named_and_can_be_learned_instead(qtbot: QtBot, tmp_path: Path) -> None:
    parent, answers = QWidget(), []
    qtbot.addWidget(parent)
    run = learned(tmp_path, correction(3, label="water", was="land"))
    side = run.path / CORRECTIONS_FILE
    add_correction(side, correction(5, label="land", was="water"))
    add_correction(side, correction(8, leave_out=True))
    assert ask_of_corrections(run, parent, answers.append)
    dialog = parent.findChild(QuestionDialog, "longerDialog")
    qtbot.waitExposed(dialog)
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "Train longer without your corrections?" in said
    assert "(1 corrected label and 1 row left out) will not be in it" in said
    labels = [button.text() for button in dialog.findChildren(QPushButton)]
    assert labels == ["Train longer as it is", "Cancel", "Train again with 3 corrections"]
    dialog.findChild(QPushButton, "train_correctedChoice").click()
    assert answers == ["train_corrected"]


def test_a_correction_that_was_taken_back_is_one_too(tmp_path: Path) -> None:
    first = correction(3, label="water", was="land")
    run = learned(tmp_path, first)
    add_correction(run.path / CORRECTIONS_FILE, first, is_undone=True)
    assert later_corrections(run) == (first,)
    add_correction(run.path / CORRECTIONS_FILE, first)
    assert later_corrections(run) == ()
