"""Tables written for other programs."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from ptft_gui.core.errors import DataError
from ptft_gui.data.tables.opening import open_table_path
from ptft_gui.data.tables.table import ROW
from ptft_gui.data.tables.writing import write_csv_safely, write_jsonl

FRAME = pl.DataFrame(
    {
        "text": ["=1+1", "-3.5", "@cmd", "+49 30", 'a, "b"\nc', None, "\uff1d1"],
        "tokens": [["a", "=b"], None, [], ["x"], ["y"], ["z"], ["z"]],
        "=name": ["1", "2", "3", "4", "5", "6", "7"],
        ROW: range(2, 9),
    }
)


def test_no_cell_is_a_formula_for_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write_csv_safely(path, [FRAME, FRAME]) == 14
    with open(path, encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == ["text", "tokens", "'=name"]
    assert [row[0] for row in rows[:7]] == ["'=1+1", "-3.5", "'@cmd", "'+49 30", 'a, "b"\nc', "", "'\uff1d1"]
    assert (rows[0][1], rows[1][1], rows[2][1]) == ('["a", "=b"]', "", "[]")
    assert rows[7:] == rows[:7]


def test_lines_of_json_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert write_jsonl(path, [FRAME]) == 7
    first = json.loads(path.read_text(encoding="utf-8").split("\n")[0])
    assert first == {"text": "=1+1", "tokens": ["a", "=b"], "=name": "1"}
    again = pl.concat(open_table_path(path).batches())
    assert again.drop(ROW).equals(FRAME.drop(ROW))


@pytest.mark.parametrize("write", [write_csv_safely, write_jsonl])
def test_what_fails_in_the_middle_leaves_what_was_there(tmp_path: Path, write: object) -> None:
    def frames() -> Iterator[pl.DataFrame]:
        yield FRAME
        raise DataError("The source is gone.")

    path = tmp_path / "out"
    path.write_text("what was there")
    with pytest.raises(DataError, match=r"The source is gone\."):
        write(path, frames())  # type: ignore[operator]
    assert [found.name for found in tmp_path.iterdir()] == ["out"]
    assert path.read_text() == "what was there"
    with pytest.raises(DataError) as caught:
        write(tmp_path / "missing" / "out", [FRAME])  # type: ignore[operator]
    assert caught.value.message == "out cannot be written."
