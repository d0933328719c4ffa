"""Tables as other programs export them: titles above, a mark that was never closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.data.examples.asking import ask
from ptft_gui.data.tables.opening import open_table_path
from ptft_gui.data.tables.table import ROW

ROWS = "".join(
    f'{n},"It came late, as always, on day {n}.",{"good" if n % 2 else "bad"}\n' for n in range(60)
)


def test_titles_above_a_table_are_passed_over_and_told(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text(
        f"Customer survey export\nGenerated 2026-11-01\n\nid,answer,rating\n{ROWS}", encoding="utf-8"
    )
    table = open_table_path(path)
    assert [column.name for column in table.columns] == ["id", "answer", "rating"]
    assert table.facts.has_header
    assert table.facts.notices == ("3 lines stand above the table in report.csv and are passed over.",)
    rows = [row for frame in table.batches() for row in frame.iter_rows(named=True)]
    assert len(rows) == 60
    assert rows[0] == {"id": "0", "answer": "It came late, as always, on day 0.", "rating": "bad", ROW: 5}
    assert table.bad_row_count == 0


def test_one_unclosed_mark_costs_its_row_and_not_all_quotation_marks(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    plain = [f'{n},"Answer number {n}",{"ab"[n % 2]}' for n in range(80)]
    plain[40] = '40,"Answer number 40,x'
    path.write_text("id,text,label\n" + "\n".join(plain) + "\n", encoding="utf-8")
    table = open_table_path(path)
    texts = [text for frame in table.batches() for text in frame["text"].to_list()]
    assert "Answer number 0" in texts
    assert not any(text.startswith('"') for text in texts if text != '"Answer number 40')
    assert len(texts) + table.bad_row_count == 80


def test_marks_inside_texts_are_no_reason_to_quote(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(
        "".join(f'{n}\tHe said "no" at once, number {n}\tSize {n}" wide\n' for n in range(50)),
        encoding="utf-8",
    )
    table = open_table_path(path)
    assert table.head(1).row(0)[:3] == ("0", 'He said "no" at once, number 0', 'Size 0" wide')


def test_a_table_of_a_header_alone_is_told_to_hold_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("text,label\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        ask(DataRequest(dataset=str(path))).check()
    assert caught.value.as_sentence() == (
        "survey.csv holds no rows. Nothing stands in it but the names of its columns. "
        "Choose a file with at least one row."
    )
