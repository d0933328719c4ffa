"""Workbooks as spreadsheet programs save them, and workbooks made to harm."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.tables.opening import open_table_path
from ptft_gui.data.tables.table import ROW, Table
from tests.data.office_files import Cell, write_ods, write_raw_xlsx, write_xlsx


def all_rows(table: Table) -> pl.DataFrame:
    return pl.concat([table.head(0), *table.batches()])


SURVEY: list[list[Cell]] = [
    ["answer", "vote", "year"],
    ["I like it, really", "yes", 2024],
    ["=SUM(A1:A9)", "no", 1999.5],
    ["two\nlines <b>bold</b>", True, None],
]


def test_cells_are_texts_and_rows_have_the_numbers_the_spreadsheet_shows(tmp_path: Path) -> None:
    table = open_table_path(write_xlsx(tmp_path / "Survey.XLSX", {"Sheet1": SURVEY}))
    assert table.facts.format_name == "Spreadsheet"
    assert all_rows(table).rows() == [
        ("I like it, really", "yes", "2024", 2),
        ("=SUM(A1:A9)", "no", "1999.5", 3),
        ("two\nlines <b>bold</b>", "true", None, 4),
    ]


def test_the_largest_sheet_is_read_and_another_may_be_chosen(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", {"Notes": [["by Ann"]], "Data": SURVEY, "More": SURVEY[:2]})
    table = open_table_path(path)
    assert (table.facts.sheet, table.facts.choices["sheet"]) == ("Data", ("Notes", "Data", "More"))
    assert table.facts.notices == ('book.xlsx has 3 sheets; "Data" is read.',)
    missing = open_table_path(path, ReadOptions(sheet="Nope"))
    assert missing.facts.notices == ('book.xlsx has no sheet "Nope"; "Data" is read.',)
    chosen = open_table_path(path, ReadOptions(sheet="More"))
    assert (all_rows(chosen).height, chosen.facts.notices) == (1, ())


def test_sheets_named_by_part_are_parts(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", {"train": SURVEY, "Dev": SURVEY[:2], "test": SURVEY[:3]})
    table = open_table_path(path)
    assert [(part.key, part.files) for part in table.parts] == [
        ("train", ("train of book.xlsx",)),
        ("val", ("Dev of book.xlsx",)),
        ("test", ("test of book.xlsx",)),
    ]
    assert [sum(f.height for f in table.batches(part.key)) for part in table.parts] == [3, 1, 2]


def test_titles_above_the_table_and_blank_rows_are_passed_over(tmp_path: Path) -> None:
    rows = [
        [],
        [None, "Survey of spring"],
        [],
        *[[None, *row] for row in SURVEY[:2]],
        [],
        [None, "x", "no", 5],
    ]
    table = open_table_path(write_xlsx(tmp_path / "book.xlsx", {"Data": rows}))
    frame = all_rows(table)
    assert frame.columns[-4:] == ["answer", "vote", "year", ROW]
    assert frame[ROW].to_list() == [5, 7]
    assert table.facts.notices == ('The first 3 rows stand above the table in "Data" and are left out.',)


def test_opendocument_sheets_are_read(tmp_path: Path) -> None:
    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    rows = "".join(
        f"<table:table-row>{cell(a)}{cell(b)}</table:table-row>" for a, b in [("text", "label"), ("x", "y")]
    )
    assert all_rows(open_table_path(write_ods(tmp_path / "a.ods", rows))).rows() == [("x", "y", 2)]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c></row><row r="1048576">' + "<c><v>1</v></c>" * 60 + "</row>",
        '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
    ],
)
def test_cells_in_far_corners_are_refused(tmp_path: Path, rows: str) -> None:
    path = write_raw_xlsx(tmp_path / "far.xlsx", {"Sheet1": rows})
    with pytest.raises(DataError) as caught:
        open_table_path(path)
    assert caught.value.message == "far.xlsx spreads over too many cells."


@pytest.mark.parametrize(
    "attribute", ['r="A99999999999"', "r='XFD1048576'", f'note="{"x" * 300}" r="XFD1048576"']
)
def test_a_far_corner_that_is_overlooked_ends_another_process_than_this(
    tmp_path: Path, attribute: str
) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row><c {attribute}><v>1</v></c></row>'
    with pytest.raises(DataError) as caught:
        open_table_path(write_raw_xlsx(tmp_path / "far.xlsx", {"Sheet1": rows}))
    assert caught.value.message in (
        "far.xlsx spreads over too many cells.",
        "far.xlsx cannot be read as a workbook.",
    )


def test_an_opendocument_cell_that_is_repeated_for_ever_is_refused(tmp_path: Path) -> None:
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    )
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    with pytest.raises(DataError, match="spreads over too many cells"):
        open_table_path(write_ods(tmp_path / "far.ods", rows))


def test_a_file_that_only_claims_to_be_a_workbook_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(DataError) as caught:
        open_table_path(path)
    assert caught.value.message == "old.xls cannot be read as a workbook."
    assert "save it again as xlsx or CSV" in caught.value.hint


def test_a_workbook_that_is_cut_or_changed_anywhere_is_read_or_refused_in_words(tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "whole.xlsx", {"Sheet1": SURVEY}).read_bytes()
    path = tmp_path / "broken.xlsx"
    for place in range(0, len(whole), 157):
        path.write_bytes(whole[:place] + b"\xff\0" + whole[place + 2 :])
        try:
            assert all_rows(open_table_path(path)).height <= 3
        except DataError:
            continue  # any other failure fails the test


_CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\ufffe\uffff"),
    max_size=12,
).filter(lambda text: "_x" not in text)


@st.composite
def _tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(2, 30))
    rows = draw(st.lists(st.lists(_CELL, min_size=width, max_size=width), min_size=1, max_size=6))
    return [[f"name {i}" for i in range(width)], *rows]


@given(_tables())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_comes_back_cell_by_cell(tmp_path: Path, rows: list[list[str]]) -> None:
    path = write_xlsx(tmp_path / "any.xlsx", {"Sheet1": rows})
    frame = all_rows(open_table_path(path, ReadOptions(has_header=True)))
    expected = [(*(cell or None for cell in row), n) for n, row in enumerate(rows[1:], start=2) if any(row)]
    assert frame.rows() == expected
