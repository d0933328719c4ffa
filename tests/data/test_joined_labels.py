"""Several labels in one cell, of which some never stand alone, and cells of one label that hold a comma."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.asking import ask
from ptft_gui.data.examples.examine import study_data
from ptft_gui.data.examples.separators import find_separator

_FEELINGS = ["admiration", "amusement", "anger", "joy"]
_WORDS = "the river city house dog runs through fields people talk about money health school rain".split()
_Draw = Callable[[random.Random], str]


def _some_never_alone(chance: random.Random) -> str:
    draw = chance.random()
    if draw < 0.1:
        return f"{chance.choice(_FEELINGS)}, grief"
    return "joy, relief" if draw > 0.95 else ",".join(chance.sample(_FEELINGS, chance.choice([1, 1, 2])))


def _always_several(chance: random.Random) -> str:
    return ",".join(chance.sample([*_FEELINGS, "grief", "relief"], chance.choice([2, 3])))


def _one_with_a_comma(chance: random.Random) -> str:
    return chance.choice(["Arts, crafts", "Science", "Home, garden", "yes, mostly", "yes"])


def _places(chance: random.Random) -> str:
    return chance.choice(["Portland, OR", "Salem, OR", "Bend, OR", "Austin, TX", "Dallas, TX"])


def _table(folder: Path, draw: _Draw) -> Path:
    chance = random.Random(7)
    rows = [(" ".join(chance.choices(_WORDS, k=12)), draw(chance)) for _ in range(1200)]
    path = folder / "answers.csv"
    pl.DataFrame(rows, schema=["v12", "v13"], orient="row").write_csv(path)
    return path


@pytest.mark.parametrize(
    ("draw", "labels"),
    [(_some_never_alone, 6), (_always_several, 6)],
    ids=["some-never-alone", "always-several"],
)
def test_several_labels_are_seen(tmp_path: Path, draw: _Draw, labels: int) -> None:
    path = _table(tmp_path, draw)
    asked = ask(DataRequest(dataset=str(path)))
    assert asked.roles == {"text": "v12", "label": "v13"}
    assert asked.task == "multilabel"
    reason = next(guess.reason for guess in asked.guesses if guess.role == "label")
    assert reason == f"label: v13, because {labels} different labels, several in a cell, repeated"
    studied = study_data(DataRequest(dataset=str(path), task="multilabel"), cache_dir=tmp_path / "cache")
    assert len(studied["classes"]["train"]) == labels
    assert studied["can_start"]


@pytest.mark.parametrize("draw", [_one_with_a_comma, _places], ids=["one-label", "places"])
def test_a_comma_inside_a_label_divides_nothing(tmp_path: Path, draw: _Draw) -> None:
    asked = ask(DataRequest(dataset=str(_table(tmp_path, draw))))
    assert asked.roles == {"text": "v12", "label": "v13"}
    assert asked.task == "classification"


def test_a_comma_needs_a_cell_in_which_all_pieces_are_labels() -> None:
    assert find_separator({"joy": 9, "anger": 9, "joy, anger": 3, "joy, relief": 2}) == ","
    assert find_separator({"joy": 9, "anger": 9, "joy, relief": 2}) is None
    assert find_separator({"Sci/Tech": 9, "Sci": 3, "World": 9}) is None
