"""Several labels in one cell, of which some never stand alone, and cells of one label that hold a comma."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.asking import ask
from ptft_gui.data.examples.examine import study_data
from ptft_gui.data.examples.roles import guess_roles
from ptft_gui.data.examples.separators import find_separator
from ptft_gui.data.examples.suitability import judge_tasks, propose_task
from tests.data.memory_table import MemoryTable

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


def _parted_by_slashes(chance: random.Random) -> str:
    return "/".join(chance.sample([*_FEELINGS, "grief", "relief"], chance.choice([1, 2, 2, 3])))


def _on_lines(chance: random.Random) -> str:
    return "\n".join(chance.sample([*_FEELINGS, "grief", "relief"], chance.choice([1, 2])))


@pytest.mark.parametrize(
    ("draw", "labels"),
    [(_some_never_alone, 6), (_always_several, 6), (_parted_by_slashes, 6), (_on_lines, 6)],
    ids=["some-never-alone", "always-several", "slashes", "lines"],
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


def _graded(chance: random.Random) -> str:
    return chance.choice(["agree", "agree, somewhat", "disagree", "disagree, somewhat", "neither"])


def _size_and_colour(chance: random.Random) -> str:
    return f"{chance.choice('SML')}/{chance.choice(['red', 'blue', 'green'])}"


@pytest.mark.parametrize(
    "draw",
    [_one_with_a_comma, _places, _graded, _size_and_colour],
    ids=["one-label", "places", "graded", "two-fields"],
)
def test_a_comma_inside_a_label_divides_nothing(tmp_path: Path, draw: _Draw) -> None:
    asked = ask(DataRequest(dataset=str(_table(tmp_path, draw))))
    assert asked.roles == {"text": "v12", "label": "v13"}
    assert asked.task == "classification"


def _names(chance: random.Random) -> str:
    return f"{chance.choice(_WORDS)}, {chance.choice(['Ann', 'Bob', 'Eve', 'Tom', 'Kim'])}"


def _cities(chance: random.Random) -> str:
    return f"{chance.choice(_WORDS)}{chance.choice(_WORDS)}, {chance.choice(['France', 'Spain', 'Italy'])}"


def _remarks(chance: random.Random) -> str:
    parts = (" ".join(chance.choices(_WORDS, k=chance.randint(1, 4))) for _ in range(chance.randint(1, 5)))
    return ", ".join(parts)


@pytest.mark.parametrize("draw", [_names, _cities, _remarks], ids=["names", "cities", "remarks"])
def test_what_holds_commas_besides_the_text_is_no_list_of_labels(tmp_path: Path, draw: _Draw) -> None:
    """“Smith, Ann” and “Paris, France” are fields, each always in its place; remarks never come back."""
    asked = ask(DataRequest(dataset=str(_table(tmp_path, draw))))
    assert asked.task != "multilabel"
    label = next((guess.reason for guess in asked.guesses if guess.role == "label"), "")
    assert "several in a cell" not in label


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(st.text("abcdefghij", min_size=2, max_size=9), min_size=4, max_size=12, unique=True),
    sign=st.sampled_from([", ", ",", ";", "; ", "|", " / ", "/", "、", "\n"]),
    seed=st.integers(0, 2**32),
)
def test_any_labels_joined_by_one_sign_are_found(names: list[str], sign: str, seed: int) -> None:
    chance = random.Random(seed)
    cells = [sign.join(chance.sample(names, chance.choice([1, 2, 2, 3]))) for _ in range(300)]
    assert find_separator(Counter(cells)) == (sign.strip() or sign)


@settings(max_examples=60, deadline=None)
@given(
    first=st.lists(st.text("abcdef", min_size=2, max_size=9), min_size=2, max_size=12, unique=True),
    second=st.lists(st.text("uvwxyz", min_size=2, max_size=9), min_size=2, max_size=12, unique=True),
    sign=st.sampled_from([", ", ";", "|", "/", " & "]),
    seed=st.integers(0, 2**32),
)
def test_any_two_fields_joined_by_one_sign_are_no_labels(
    first: list[str], second: list[str], sign: str, seed: int
) -> None:
    chance = random.Random(seed)
    cells = [f"{chance.choice(first)}{sign}{chance.choice(second)}" for _ in range(300)]
    assert find_separator(Counter(cells)) is None


def test_numbers_with_a_comma_or_slash_are_numbers() -> None:
    assert find_separator(Counter(f"{n % 5},{n % 7}" for n in range(200))) is None
    assert find_separator(Counter(f"{n % 12 + 1}/{n % 28 + 1}/2020" for n in range(400))) is None
    assert find_separator({"1": 5, "1,3": 4, "3,2,1": 4, "2": 3}) == ","


def test_several_labels_go_before_a_column_of_few_places(tmp_path: Path) -> None:
    chance = random.Random(5)
    columns = {
        "Q17_open": [" ".join(chance.choices(_WORDS, k=12)) for _ in range(400)],
        "v23": [_always_several(chance) for _ in range(400)],
        "v24": [chance.choice(["Bonn, Germany", "Ulm, Germany", "Lyon, France"]) for _ in range(400)],
    }
    path = tmp_path / "survey.csv"
    pl.DataFrame(columns).write_csv(path)
    asked = ask(DataRequest(dataset=str(path)))
    assert asked.roles == {"text": "Q17_open", "label": "v23"}
    label = next(guess for guess in asked.guesses if guess.role == "label")
    assert label.runner_up is not None
    assert label.runner_up[0] == "v24"


def test_labels_of_few_rows_are_seen_where_no_cell_comes_twice() -> None:
    cells = [f"{a}; {b}" for a in _FEELINGS for b in (*_FEELINGS, "grief") if a != b]
    table = MemoryTable({"v1": [f"people talk about it {n} times" for n in range(16)], "v2": cells})
    head = table.head(1000)
    roles = {guess.role: guess.column for guess in guess_roles(table, head)}
    judged = judge_tasks(table, head, roles)
    assert roles["label"] == "v2"
    assert propose_task(judged, table, head, roles) == "multilabel"


def test_a_comma_needs_a_cell_in_which_all_pieces_are_labels() -> None:
    assert find_separator({"joy": 9, "anger": 9, "joy, anger": 3, "joy, relief": 2}) == ","
    assert find_separator({"joy": 9, "anger": 9, "joy, relief": 2}) is None
    assert find_separator({"Sci/Tech": 9, "Sci": 3, "World": 9}) is None
