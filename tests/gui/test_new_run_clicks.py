"""From Home to a classifier of one's own table: the file, and Start; everything between is chosen and says why."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ptft_gui.core.family.language_starts import starter_folder
from ptft_gui.core.spec import RunSpec
from ptft_gui.gui.panels.new_run import NewRunPage
from tests.gui.test_new_run_corrections import CLASSES, DataAsker


@pytest.mark.skipif(starter_folder() is None, reason="the starter encoder is not installed")
def test_a_dropped_table_needs_one_click_to_become_a_classifier(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTFT_RUNS", str(tmp_path / "runs"))
    page = NewRunPage(DataAsker(), QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(page)
    page.show()
    path = tmp_path / "survey.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [[f"What I think of the {CLASSES[n % 2]}, part {n}.", CLASSES[n % 2]] for n in range(80)]
        csv.writer(file).writerows([["Q17_open", "v23_rec"], *rows])
    asked: list[RunSpec] = []
    page.run_requested.connect(asked.append)
    page.set_dataset(str(path))
    start = page.findChild(QPushButton, "startButton")
    qtbot.waitUntil(start.isEnabled, timeout=30_000)
    start.click()
    (spec,) = asked
    assert (spec.family, spec.stage, spec.task) == ("bert", "finetune", "classification")
    assert (spec.init, spec.method) == ("starter", "frozen")
