"""From a table of odd columns to a sorted file, step by step: real window, real worker, real companion."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.theme import Theme
from tests.gui.real_window import BAD, GOOD, real_window

pytestmark = pytest.mark.slow
PATIENCE_MS = 120_000


@pytest.fixture
def opened(
    qtbot: QtBot, tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenWindow]:
    with real_window(tmp_path / "home", monkeypatch) as opened:
        yield opened


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """300 answers with odd names of columns; every fifth has no label, and one label occurs once."""
    rng, path = random.Random(5), tmp_path / "Umfrage final (2).csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Lfd. Nr.", "Was halten Sie davon?", "Urteil (Kodierer 1)", "PLZ"])
        for number in range(300):
            is_good = rng.random() < 0.5
            words = [rng.choice([*(GOOD if is_good else BAD), "the", "service", "was"]) for _ in range(10)]
            label = "" if number % 5 == 0 else "egal" if number == 7 else "gut" if is_good else "schlecht"
            writer.writerow([number, " ".join(words) + f" {number}", label, 10_000 + number * 7 % 999])
    return path


def test_a_survey_is_learned_tried_scored_and_its_open_rows_are_sorted(
    qtbot: QtBot, opened: OpenWindow, survey: Path, tmp_path: Path
) -> None:
    pages = opened.window.pages
    pages.show_new_run_with(str(survey))
    page = pages.data.new_run_page()
    qtbot.waitUntil(lambda: page.how.learns_task() and page.footer.start.isEnabled(), timeout=PATIENCE_MS)
    assert "label in “Urteil (Kodierer 1)”" in page.goal.sentence.text()
    page.model.families.card("word2vec").click()  # the baseline, which needs no start
    qtbot.waitUntil(page.footer.start.isEnabled, timeout=PATIENCE_MS)
    assert page.model.start.is_nothing()  # there is no run yet that it could start from
    assert page.how.method.value() == "full"
    studied = page.data.details.look.studied_data
    assert studied is not None
    assert studied.parts["unlabelled"] == 60
    page.how.preset.set_value("tiny")
    page.footer.start.click()

    run_page = pages.run_desk().page
    qtbot.waitUntil(lambda: run_page._shown is not None and run_page._shown.has_model, timeout=PATIENCE_MS)
    run_page.header._next_buttons[0].click()
    assert run_page.tab_row.current() == "try_it"
    run_page.try_it.ask("great staff and a superb service")
    qtbot.waitUntil(lambda: run_page.try_it.answer.headline.text() == "gut", timeout=PATIENCE_MS)

    target = tmp_path / "open rows.csv"
    card = run_page.try_it.file
    assert card.unlabelled.text() == "Classify the 60 rows without label"
    card._source, card._part = None, "unlabelled"
    card.write_to(str(target))
    qtbot.waitUntil(target.exists, timeout=PATIENCE_MS)
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 60
    assert {row["predicted"] for row in rows} == {"gut", "schlecht"}

    run_page.tab_row.choose("evaluate")
    qtbot.waitUntil(lambda: run_page.score.score.isVisible(), timeout=PATIENCE_MS)
    assert "On 36 test rows" in run_page.score.score.text()
    qtbot.waitUntil(lambda: bool(run_page.score.confusion.rows_title.text()), timeout=PATIENCE_MS)
    assert "into 2 classes" in run_page.score.score.paragraph()
