"""What the New run page computes: costs, times of day, and what an answer about a text says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.proposals import Proposal
from ptft_gui.core.spec import DataSpec
from ptft_gui.gui.panels.new_run.estimate import Estimate, estimate, next_time_of_day
from ptft_gui.gui.panels.new_run.facts import DatasetFacts, facts_from_answer
from ptft_gui.inspection.datasets import inspect_dataset

NOON = datetime(2026, 3, 1, 12, 0)
FACTS = DatasetFacts(tokens=1000, types_reaching={1: 90, 2: 60, 5: 20}, is_exact=True)
AUTOMATIC = {"epochs": Proposal(10, "because"), "min_count": Proposal(2, "because")}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, Estimate(10, 10_000, 5.0, 60)),
        ({"epochs": 3}, Estimate(3, 3_000, 1.5, 60)),
        ({"min_count": 4}, Estimate(10, 10_000, 5.0, 60)),
        ({"min_count": 7}, Estimate(10, 10_000, 5.0, 20)),
        ({"max_steps": 4, "batch_words": 500}, Estimate(None, 2_000, 1.0, 60)),
        ({"max_steps": 40, "batch_words": 500, "epochs": 2}, Estimate(None, 2_000, 1.0, 60)),
        ({"max_minutes": 2.0}, Estimate(None, 240_000, 120.0, 60)),
        ({"max_minutes": 2.0, "epochs": 1}, Estimate(None, 1_000, 0.5, 60)),
        ({"finish_by": "12:30"}, Estimate(None, 3_600_000, 1800.0, 60)),
        ({"finish_by": "soon"}, Estimate(10, 10_000, 5.0, 60)),
    ],
)
def test_the_cost_follows_from_text_settings_and_speed(
    options: dict[str, OptionValue], expected: Estimate
) -> None:
    assert estimate(options, AUTOMATIC, FACTS, 2000.0, NOON) == expected


def test_without_a_speed_no_time_is_told_but_one_that_was_asked_for() -> None:
    assert estimate({}, AUTOMATIC, FACTS, None, NOON).seconds is None
    assert estimate({"max_minutes": 2.0}, AUTOMATIC, FACTS, None, NOON) == Estimate(None, None, 120.0, 60)


def test_of_an_unknown_text_nothing_is_told() -> None:
    assert estimate({}, {}, DatasetFacts(), 2000.0, NOON) == Estimate()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12:01", datetime(2026, 3, 1, 12, 1)),
        ("12:00", datetime(2026, 3, 2, 12, 0)),
        ("8:00", datetime(2026, 3, 2, 8, 0)),
        ("25:00", None),
        ("", None),
    ],
)
def test_the_next_time_of_day(text: str, expected: datetime | None) -> None:
    assert next_time_of_day(text, NOON) == expected


def test_an_answer_that_lacks_parts_is_still_read() -> None:
    assert facts_from_answer({}) == DatasetFacts()
    facts = facts_from_answer({"facts": {"tokens": 12}, "preview": [["a", "b"], "c d"], "preparation": None})
    assert (facts.tokens, facts.preview, facts.types, facts.is_exact) == (12, ("a b", "c d"), None, False)


def test_what_the_program_tells_of_a_real_file_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "night.txt"
    path.write_text("The owl sees the moon.\nThe fox hears the b\u00e9b\u00e9.\n" * 20, encoding="latin-1")
    facts = facts_from_answer(inspect_dataset(DataSpec(dataset=str(path)), "tiny"))
    assert (facts.title, facts.tokens, facts.types, facts.sentences) == ("night.txt", 200, 7, 40)
    assert facts.preview[:2] == ("the owl sees the moon", "the fox hears the b\u00e9b\u00e9")
    assert facts.types_with(20) == 7
    assert facts.proposals_for("tiny", "word2vec")["vector_size"].value == 32
    assert any("Windows-1252" in notice for notice in facts.notices)


def test_of_a_sample_no_number_of_words_is_told() -> None:
    sample = DatasetFacts(tokens=10**9, types_reaching={1: 900, 5: 1}, is_exact=False)
    assert estimate({}, sample.proposals_for("tiny", "word2vec"), sample, None, NOON).vocabulary is None


def test_proposals_of_the_answer_stand_and_epochs_follow_the_preset() -> None:
    answer = {
        "facts": {"tokens": 81_000},
        "proposals": {"min_count": {"value": 3, "reason": "few words"}, "epochs": {"value": 1, "reason": ""}},
    }
    facts = facts_from_answer(answer)
    assert facts.proposals_for("best", "word2vec")["min_count"] == Proposal(3, "few words")
    best, tiny = (facts.proposals_for(preset, "word2vec")["epochs"].value for preset in ("best", "tiny"))
    assert best > tiny > 1
