"""The answers of several language models to the same probe, side by side on the Compare page."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.core.probe_answers import shown_probe
from ptft_gui.gui.panels.compare import ComparedRun, ComparePage
from tests.gui.fake_asker import FakeAsker
from tests.gui.learning_runs import BERT_PROBES, Kind, language_summary, make_language_run
from tests.gui.test_compare_page import ended


def learned(runs: Path, kind: Kind, title: str, family: str = "gpt") -> ComparedRun:
    run = make_language_run(runs, kind, family)
    return ComparedRun(title, title, run.path, language_summary(run), "finished")


@pytest.fixture
def page(qtbot: QtBot) -> ComparePage:
    page = ComparePage(FakeAsker())
    qtbot.addWidget(page)
    page.resize(1040, 700)
    page.show()
    return page


def test_each_run_is_a_column_and_moments_are_rows(page: ComparePage, tmp_path: Path) -> None:
    page.show_runs([learned(tmp_path, "running", "Plays - A"), learned(tmp_path, "finished", "Plays - B")])
    card = page.probes
    assert card.isVisible()
    table = card.table()
    assert table.heads == ("", "A", "B")
    assert table.rows[0][0] == "at first"
    assert table.rows[-1][0] == "newest"
    assert all(len(row) == 3 and all(row) for row in table.rows)
    assert table.rows[0][1] == table.rows[0][2]  # both began with the same noise
    grid = card._answers
    page.show_runs(page.runs())
    assert card._answers is grid  # nothing is new: nothing is made again


def test_another_probe_is_chosen_and_blanks_are_tokens_with_shares(page: ComparePage, tmp_path: Path) -> None:
    runs = [learned(tmp_path, "finished", f"Plays - {name}", "bert") for name in "AB"]
    page.show_runs(runs)
    card = page.probes
    assert [card.probe.itemText(row) for row in range(card.probe.count())] == [
        shown_probe(probe) for probe in BERT_PROBES
    ]
    first = card.table().rows
    card.probe.setCurrentIndex(1)
    assert card.table().rows != first
    assert card.table().rows[0][1].startswith(",")
    page.show_runs(runs)
    assert card.probe.currentIndex() == 1


def test_runs_that_answered_nothing_have_no_such_card(page: ComparePage, tmp_path: Path) -> None:
    page.show_runs([ended(tmp_path, title="A"), ended(tmp_path, title="B")])
    assert not page.probes.isVisible()


def test_one_model_that_answers_is_compared_with_nothing(page: ComparePage, tmp_path: Path) -> None:
    page.show_runs([ended(tmp_path, title="Words"), learned(tmp_path, "finished", "Plays")])
    assert not page.probes.isVisible()
