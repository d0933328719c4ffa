"""Start waits until a folder or an archive was looked at, and stays off where it cannot be read."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import PtftError
from ptft_gui.data.examples.examine import open_data
from ptft_gui.gui.panels.new_run import NewRunPage
from tests.gui.new_run_asker import FileAsker


@pytest.fixture
def asker() -> FileAsker:
    return FileAsker()


@pytest.fixture
def page(qtbot: QtBot, asker: FileAsker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewRunPage:
    monkeypatch.setenv("PTFT_RUNS", str(tmp_path / "runs"))
    page = NewRunPage(asker, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(page)
    page.show()
    return page


def _answer(asker: FileAsker) -> None:
    """Look at what was asked for last, as the companion does."""
    question = [question for question in asker.others if question.kind == "open_data"][-1]
    try:
        question.on_result(open_data(DataRequest.model_validate(question.arguments["request"])))
    except PtftError as problem:
        question.on_problem(problem)


def _reason(page: NewRunPage) -> str:
    label = page.findChild(QLabel, "startReason")
    assert isinstance(label, QLabel)
    return label.text()


@pytest.mark.parametrize("name", ["letters", "letters.zip", "letters.txt.gz"])
def test_start_waits_for_a_folder_an_archive_and_a_packed_text(
    page: NewRunPage, asker: FileAsker, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    text = "A letter about the harvest, and about rain.\n" * 40
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("one.txt", text)
    elif name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.mkdir()
        (path / "one.txt").write_text(text)
    page.set_dataset(str(path))
    assert not page.footer.start.isEnabled()
    assert f"{name} is still being looked at." in _reason(page)
    _answer(asker)
    assert page.footer.start.isEnabled()


def test_a_broken_archive_is_refused_before_the_start(
    page: NewRunPage, asker: FileAsker, tmp_path: Path
) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(b"PK\x03\x04 and nothing that belongs to it")
    page.set_dataset(str(path))
    assert not page.footer.start.isEnabled()
    _answer(asker)
    assert not page.footer.start.isEnabled()
    assert "broken.zip" in _reason(page)
    assert "still" not in _reason(page)
