"""JSON in every form in which people keep rows, and JSON that is none."""

import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.tables import json_file
from ptft_gui.data.tables.opening import open_table_path
from ptft_gui.data.tables.table import Table


def opened(folder: Path, text: str, name: str = "data.json", **read: Any) -> Table:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return open_table_path(path, ReadOptions(**read))


def all_rows(table: Table) -> pl.DataFrame:
    return pl.concat([table.head(0), *table.batches()])


ROWS = [("good tea", "yes", 1), ("bad tea", "no", 2)]


@pytest.mark.parametrize(
    "document",
    [
        [{"text": "good tea", "label": "yes"}, {"text": "bad tea", "label": "no"}],
        {"text": ["good tea", "bad tea"], "label": ["yes", "no"]},
        {"text": {"0": "good tea", "1": "bad tea"}, "label": {"0": "yes", "1": "no"}},
        {"version": "1", "data": [{"text": "good tea", "label": "yes"}, {"text": "bad tea", "label": "no"}]},
        {"result": {"data": [{"text": "good tea", "label": "yes"}, {"text": "bad tea", "label": "no"}]}},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_rows_are_found_wherever_the_document_keeps_them(
    tmp_path: Path, document: Any, indent: int | None
) -> None:
    table = opened(tmp_path, json.dumps(document, indent=indent))
    assert all_rows(table).rows() == ROWS


def test_lines_of_objects_are_rows_whatever_the_ending(tmp_path: Path) -> None:
    text = '{"text": "good tea", "label": "yes"}\r\n\r\n{"label": "no", "text": "bad tea"}'
    for name in ("data.json", "data.jsonl", "data.ndjson", "data.txt"):
        assert all_rows(opened(tmp_path, text, name)).rows() == [ROWS[0], (*ROWS[1][:2], 3)]


def test_lists_named_by_part_are_parts_and_others_a_choice(tmp_path: Path) -> None:
    parts = {"train": [{"t": "a"}, {"t": "b"}], "validation": [{"t": "c"}]}
    table = opened(tmp_path, json.dumps(parts))
    assert {part.key: all_of(table, part.key) for part in table.parts} == {"train": ["a", "b"], "val": ["c"]}
    others = {"news": [{"t": "a"}, {"t": "b"}], "mail": [{"t": "c"}]}
    table = opened(tmp_path, json.dumps(others))
    assert (table.facts.sheet, table.facts.choices["sheet"]) == ("news", ("news", "mail"))
    assert all_rows(opened(tmp_path, json.dumps(others), sheet="mail"))["t"].to_list() == ["c"]


def all_of(table: Table, part: Any) -> list[str]:
    return [text for frame in table.batches(part) for text in frame["t"]]


def test_parts_of_parts_are_columns_and_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    line = (
        '{"a": {"b": 1.50, "c": {"d": true}}, "n": 123456789012345678901234567890, "x": NaN, "e": "", '
        '"l": ["p", 1.0, null], "one": [{"q": "?"}], "two": [{"q": 1}, {"q": 2}]}\n'
    )
    table = opened(tmp_path, line, "data.jsonl")
    row = all_rows(table).row(0, named=True)
    assert row | {"a.b": "1.50"} == row
    assert (row["a.c.d"], row["n"], row["x"], row["e"]) == (
        "true",
        "123456789012345678901234567890",
        None,
        None,
    )
    assert (row["l"], row["one.q"], row["two"]) == (["p", "1.0", ""], "?", '[{"q": "1"}, {"q": "2"}]')
    assert table.facts.notices == (
        "Some cells of data.jsonl hold lists or objects inside one another; they are shown as JSON: two.",
    )


def test_a_line_that_cannot_be_read_is_left_out_and_named(tmp_path: Path) -> None:
    lines = ['{"t": "a"}', '{"t": "b"', "[" * 100_000 + "]" * 100_000, '{"t": "c"}']
    table = opened(tmp_path, "\n".join(lines), "data.jsonl")
    assert all_rows(table)["t"].to_list() == ["a", "c"]
    assert [bad.sentence for bad in table.bad_rows] == [
        "Row 2 of data.jsonl cannot be read. It is no JSON: a comma is missing at sign 10.",
        "Row 3 of data.jsonl cannot be read. Its parts lie too deep inside one another.",
    ]


def test_a_value_that_is_just_not_too_deep_to_read_is_either_shown_or_told_of(tmp_path: Path) -> None:
    text = '{"t": "a"}\n' + "".join(
        f'{{"t": {"[" * depth}{"]" * depth}}}\n' for depth in range(300, 1000, 50)
    )
    table = opened(tmp_path, text, "data.jsonl")
    assert all_rows(table).height + table.bad_row_count == 15


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('{"a": [1, 2,, 3]}', "It is no JSON: a value is missing at sign 13."),
        ("[" * 100_000 + "]" * 100_000, "Its parts lie too deep inside one another."),
        ('[{"a": 1}', "It is no JSON: a comma is missing at sign 10."),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_in_words(tmp_path: Path, text: str, detail: str) -> None:
    with pytest.raises(DataError) as caught:
        opened(tmp_path, text)
    assert (caught.value.message, caught.value.detail) == ("data.json cannot be read as JSON.", detail)


def test_a_document_is_read_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.json"
    path.write_text('[{"t": "a"}]')
    os.utime(path, (1, 1))
    open_table_path(path)
    monkeypatch.setattr(json_file, "parse_json", lambda text: [{"t": f"read again: {text}"}])
    assert all_rows(open_table_path(path))["t"].to_list() == ["a"]
    changed = all_rows(opened(tmp_path, '[{"t": "changed"}]'))["t"][0]
    assert changed == 'read again: [{"t": "changed"}]'


def test_json_without_rows_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"No table was found in data\.json"):
        opened(tmp_path, '{"hidden_size": 12, "names": ["a"]}')


SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Tea",
            "paragraphs": [
                {
                    "context": "Tea comes from China.",
                    "qas": [
                        {
                            "id": 1,
                            "question": "Where from?",
                            "answers": [{"text": "China", "answer_start": 15}],
                        },
                        {"id": 2, "question": "Who?", "answers": [], "is_impossible": True},
                        {"id": 3, "question": "What?", "answers": [{"text": "Tea", "answer_start": 3}]},
                        {"id": 4, "question": "Why?"},
                    ],
                }
            ],
        }
    ],
}


def test_question_files_bring_their_roles_and_their_mistakes_are_counted(tmp_path: Path) -> None:
    table = opened(tmp_path, json.dumps(SQUAD))
    assert (table.facts.kind, table.facts.given_roles["answer_start"]) == ("questions", "answer_starts")
    assert table.facts.notices == (
        "1 of the 2 answers in data.json does not stand in the text where the file says.",
    )
    frame = all_rows(table)
    assert frame["answers"].to_list() == [["China"], [], ["Tea"], []]
    assert frame["answer_starts"].to_list() == [["15"], [], ["3"], []]
    assert set(frame["title"]) == {"Tea"}


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(
    st.lists(st.tuples(_TEXT, _TEXT, st.lists(_TEXT, min_size=1, max_size=3)), min_size=1, max_size=9),
    st.booleans(),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_comes_back_cell_by_cell(
    tmp_path: Path, rows: list[tuple[str, str, list[str]]], is_ascii: bool
) -> None:
    lines = [json.dumps({"a": a, "b": b, "l": parts}, ensure_ascii=is_ascii) for a, b, parts in rows]
    expected = [(a or None, b or None, parts, n) for n, (a, b, parts) in enumerate(rows, start=1)]
    for name, text in (("any.jsonl", "\n".join(lines)), ("any.json", f"[{','.join(lines)}]")):
        assert all_rows(opened(tmp_path, text, name, encoding="utf-8")).rows() == expected


def test_objects_of_single_values_are_read_as_all_others_are(tmp_path: Path) -> None:
    plain = '{"a": "x", "b": 1.50, "c": null}, {"a": "\\ud800 half", "d": true, "b": ""}'
    table = opened(tmp_path, f"[{plain}]")
    assert [column.name for column in table.columns] == ["a", "b", "c", "d"]
    rows = all_rows(table).rows()
    assert rows == [("x", "1.50", None, None, 1), ("\ufffd half", None, None, "true", 2)]
    slow = opened(tmp_path, f'[{plain}, {{"a": {{"in": "side"}}}}]', "parts.json")
    assert [row[:4] for row in all_rows(slow).select("a", "b", "c", "d").rows()][:2] == [
        row[:4] for row in rows
    ]


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    table = opened(tmp_path, '{"one": [{"t": "a"}], "two": [{"t": "b"}, {"t": "c"}]}', sheet="three")
    assert 'data.json holds no list "three"; "two" is read.' in table.facts.notices
