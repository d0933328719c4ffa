"""The cards of the bundled datasets."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptft_gui.core.datasets import bundled_dataset, bundled_datasets, dataset_title
from ptft_gui.core.spec import MAX_WATCHED_WORDS


def test_every_card_says_what_a_person_wants_to_know() -> None:
    cards = bundled_datasets()
    assert {card.id for card in cards} == {"little-kingdom", "news", "wikipedia"}
    for card in cards:
        assert card.title
        assert card.sentence
        assert card.source
        assert card.licence
        assert card.language
        assert 0 < len(card.watched_words) <= MAX_WATCHED_WORDS
        assert card.words > card.types_reaching[1] >= card.types_reaching[5] > 0
        assert {question["kind"] for question in card.questions} <= {"similar", "analogy", "axis"}


def test_a_dataset_is_called_by_its_title_and_a_path_by_its_name() -> None:
    assert dataset_title("little-kingdom") == "Little Kingdom"
    assert dataset_title("/data/letters") == "letters"


def test_an_existing_path_wins_over_a_bundled_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bundled_dataset("news") is not None
    (tmp_path / "news").write_text("my own news", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert bundled_dataset("news") is None
