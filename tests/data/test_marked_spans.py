"""Names marked by their places in a text, as annotation programs save them, become words and tags."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.examine import open_data
from ptft_gui.data.examples.prepared import prepare_examples
from ptft_gui.data.tables.marked_spans import Mark, read_marks, tagged_words

_PEOPLE = ("Maria Silva", "Omar Haddad", "Jun Li")
_TOWNS = ("Lagos", "New York", "Graz")

Row = Callable[[int, str, list[tuple[int, int, str]]], dict[str, Any]]


def _texts() -> list[tuple[str, list[tuple[int, int, str]]]]:
    made = []
    for number in range(60):
        who, where = _PEOPLE[number % 3], _TOWNS[number // 3 % 3]
        text = f"In {1900 + number}, {who} moved to {where}."
        places = [(text.index(who), text.index(who) + len(who), "PER")]
        places.append((text.index(where), text.index(where) + len(where), "LOC"))
        made.append((text, places))
    return made


def _written(path: Path, row: Row) -> Path:
    records = [row(number, text, places) for number, (text, places) in enumerate(_texts())]
    if path.suffix == ".json":
        path.write_text(json.dumps(records))
    else:
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


_SHAPES: dict[str, Row] = {
    "doccano.jsonl": lambda n, text, places: {"id": n, "text": text, "label": places, "Comments": []},
    "relations.jsonl": lambda n, text, places: {
        "id": n,
        "text": text,
        "entities": [
            {"id": at, "label": label, "start_offset": start, "end_offset": end}
            for at, (start, end, label) in enumerate(places)
        ],
    },
    "prodigy.jsonl": lambda n, text, places: {
        "text": text,
        "_input_hash": n,
        "tokens": [{"text": word, "id": at} for at, word in enumerate(text.split())],
        "spans": [{"start": start, "end": end, "label": label} for start, end, label in places],
        "answer": "accept",
    },
    "studio.json": lambda n, text, places: {
        "id": n,
        "data": {"text": text},
        "annotations": [
            {
                "id": n,
                "result": [
                    {"value": {"start": start, "end": end, "text": text[start:end], "labels": [label]}}
                    for start, end, label in places
                ],
            }
        ],
    },
}


@pytest.mark.parametrize("name", list(_SHAPES))
def test_exports_of_annotation_programs_are_learned_as_names(tmp_path: Path, name: str) -> None:
    path = _written(tmp_path / name, _SHAPES[name])
    opened = open_data(DataRequest(dataset=str(path)))
    assert opened["task"] == "tagging"
    prepared = prepare_examples(DataRequest(dataset=str(path)), tmp_path)
    rows = [row for part in ("train", "val", "test") for row in prepared.rows(part)]  # type: ignore[arg-type]
    assert len(rows) == 60
    first = next(row for row in rows if row["key"] == 0)
    assert first["tokens"] == ["In", "1900", ",", "Maria", "Silva", "moved", "to", "Lagos", "."]
    assert first["tags"] == ["O", "O", "O", "B-PER", "I-PER", "O", "O", "B-LOC", "O"]


def test_words_and_their_tags_are_no_labels_of_the_text(tmp_path: Path) -> None:
    path = _written(tmp_path / "doccano.jsonl", _SHAPES["doccano.jsonl"])
    opened = open_data(DataRequest(dataset=str(path), task="classification"))
    assert "label" not in {guess["role"] for guess in opened["roles"]}
    judged = next(each for each in opened["tasks"] if each["key"] == "classification")
    assert not judged["suits"]


def test_lists_of_other_things_mark_nothing(tmp_path: Path) -> None:
    rows = [{"text": f"A sentence about number {n}.", "scores": [[1, 2, 3], [4, 5, 6]]} for n in range(30)]
    path = tmp_path / "other.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    opened = open_data(DataRequest(dataset=str(path)))
    assert [column["name"] for column in opened["columns"]] == ["text", "scores"]


@pytest.mark.parametrize(
    "cell", ["[" * 3000, "[1, 2", '[["a", 2, "X"]]', '[[3, 1, "X"]]', '{"start": 1}', "[[0, 5, 7]]"]
)
def test_what_is_no_mark_is_none(cell: str) -> None:
    assert read_marks(cell) is None


def test_marks_inside_words_cut_them_and_the_longer_of_two_wins() -> None:
    words, tags = tagged_words(
        "Graz-Nord 北京大学", [Mark(0, 4, "LOC"), Mark(0, 2, "X"), Mark(10, 12, "LOC")]
    )
    assert words == ["Graz", "-Nord", "北", "京", "大", "学"]
    assert tags == ["B-LOC", "O", "B-LOC", "I-LOC", "O", "O"]


@given(
    st.text("aB .北,-\u0301", max_size=30),
    st.lists(st.tuples(st.integers(0, 35), st.integers(1, 9), st.sampled_from("XY")), max_size=5),
)
def test_every_word_has_one_tag_and_no_sign_is_lost(text: str, marks: list[tuple[int, int, str]]) -> None:
    words, tags = tagged_words(text, [Mark(start, start + size, label) for start, size, label in marks])
    assert len(words) == len(tags)
    assert "".join(words) == "".join(text.split())
    assert all(tag == "O" or tag[:2] in ("B-", "I-") for tag in tags)
