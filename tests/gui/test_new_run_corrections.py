"""Duplicate as new run: what a person corrected in a run goes along, as long as it speaks of the same rows."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ptft_gui.core.corrections import Correction, fingerprint_of
from ptft_gui.core.data_request import DataRequest, ReadOptions
from ptft_gui.core.run_corrections import corrected_spec
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import RunSpec, new_spec
from ptft_gui.data.examples.examine import open_data, study_data
from ptft_gui.data.whole_request import whole_request
from ptft_gui.gui.panels.new_run import NewRunPage
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult

CLASSES = ("water", "land")


class DataAsker:
    """Opens and studies data as the companion does; nobody answers other questions."""

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        _on_problem: OnProblem,
        _on_progress: OnProgress | None = None,
    ) -> str:
        if kind in ("open_data", "study_data"):
            asked = DataRequest.model_validate(arguments["request"])
            whole = whole_request(asked)
            on_result(open_data(whole, asked.roles) if kind == "open_data" else study_data(whole))
        return kind

    def cancel(self, _request_id: str) -> None:
        """Everything was answered at once."""


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewRunPage:
    monkeypatch.setenv("PTFT_RUNS", str(tmp_path / "runs"))
    page = NewRunPage(DataAsker(), QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(page)
    page.show()
    return page


@pytest.fixture
def corrected(tmp_path: Path) -> RunSpec:
    """The request of a run that learned from one corrected label, with one row left out."""
    texts = [f"Sentence {n} about the {CLASSES[n % 2]} near here." for n in range(60)]
    with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["text", "label"], *([text, CLASSES[n % 2]] for n, text in enumerate(texts))]
        )
    told = (
        Correction(key=3, row=5, fingerprint=fingerprint_of({"text": texts[3]}), label="water", was="land"),
        Correction(key=8, row=10, fingerprint=fingerprint_of({"text": texts[8]}), leave_out=True),
    )
    spec = new_spec(
        "word2vec",
        str(tmp_path / "rows.csv"),
        name="Corrected",
        stage="finetune",
        task="classification",
        method="full",
    )
    return corrected_spec(spec, told, "Corrected")


def said(page: NewRunPage) -> str:
    label = page.findChild(QLabel, "dataCorrections")
    return "" if label.isHidden() else label.text()


def test_a_duplicate_learns_from_the_corrected_rows_too(
    qtbot: QtBot, page: NewRunPage, corrected: RunSpec, tmp_path: Path
) -> None:
    run = create_run(tmp_path / "runs", corrected)
    page.fill_from(run.read_spec())
    assert page.spec().data.corrections == corrected.data.corrections
    qtbot.waitUntil(lambda: "1 corrected label and 1 row left out" in said(page), timeout=30_000)
    longer = {"epochs": 9}  # as Train longer asks where no checkpoint is left
    page.fill_from(run.read_spec(), longer)
    assert page.spec().data.corrections == corrected.data.corrections
    assert page.spec().options["epochs"] == 9


def test_corrections_are_asked_of_the_data_room(page: NewRunPage, corrected: RunSpec) -> None:
    page.fill_from(corrected)
    assert page.data.details.request().corrections == corrected.data.corrections


def test_other_rows_are_not_corrected(page: NewRunPage, corrected: RunSpec, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes((tmp_path / "rows.csv").read_bytes())
    page.fill_from(corrected)
    page.set_dataset(str(other))
    assert page.spec().data.corrections == ()
    assert said(page) == ""
    page.fill_from(corrected)
    page.data.details._on_reading(ReadOptions(delimiter=";"))
    assert page.spec().data.corrections == ()


def test_a_run_without_corrections_brings_none(page: NewRunPage, corrected: RunSpec) -> None:
    page.fill_from(corrected)
    page.fill_from(corrected_spec(corrected, (), "Plain"))
    assert page.spec().data.corrections == ()


def test_a_duplicate_of_one_of_five_parts_tests_the_same_part_and_says_so(
    qtbot: QtBot, page: NewRunPage, corrected: RunSpec, tmp_path: Path
) -> None:
    data = corrected.data.model_copy(update={"fold": 2})
    page.fill_from(corrected.model_copy(update={"data": data}))
    assert page.spec().data.fold == 2
    split = page.findChild(QLabel, "dataSplit")
    words = "The rows are divided into 5 parts; part 2 is tested."
    qtbot.waitUntil(lambda: words in split.text() and not split.isHidden(), timeout=30_000)
    other = tmp_path / "other.csv"
    other.write_bytes((tmp_path / "rows.csv").read_bytes())
    page.set_dataset(str(other))
    assert page.spec().data.fold is None
    qtbot.waitUntil(lambda: bool(split.text()) and words not in split.text(), timeout=30_000)
