"""Files of separated values, whoever wrote them and however."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.data.tables.opening import open_table_path
from ptft_gui.data.tables.table import ROW, Table


def write(folder: Path, text: str | bytes, name: str = "survey.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def opened(folder: Path, text: str | bytes, name: str = "survey.csv", **read: object) -> Table:
    return open_table_path(write(folder, text, name), ReadOptions(**read))  # type: ignore[arg-type]


def all_rows(table: Table) -> pl.DataFrame:
    return pl.concat([table.head(0), *table.batches()])


def names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


PEOPLE = [
    ("name", "note", "age"),
    ("Ann", "likes tea", "31"),
    ("Bo", "likes rain", "44"),
    ("Cy", "sleeps", "9"),
]


@pytest.mark.parametrize("delimiter", list(",;\t|^"))
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_separator_line_end_and_mark(
    tmp_path: Path, delimiter: str, line_end: str, encoding: str
) -> None:
    text = line_end.join(delimiter.join(row) for row in PEOPLE) + line_end
    table = opened(tmp_path, text.encode(encoding), "people.txt")
    assert names(table) == ["name", "note", "age"]
    assert table.facts.delimiter == delimiter
    assert all_rows(table).rows() == [(*row, line) for line, row in enumerate(PEOPLE[1:], start=2)]


def test_a_decimal_comma_is_no_separator(tmp_path: Path) -> None:
    table = opened(tmp_path, "3,5;0,25\n4,0;1,75\n1,5;2,25\n")
    assert table.facts.delimiter == ";"
    assert all_rows(table).rows()[0] == ("3,5", "0,25", 1)
    assert names(table) == ["Column 1", "Column 2"]


def test_rows_of_another_width_are_left_out_and_named(tmp_path: Path) -> None:
    rows = ["id,text,label"] + [f"{i},some words,yes" for i in range(2, 1203)]
    rows += ["1203,one,two,three,four", "1204,fine,no", "1205"]
    table = opened(tmp_path, "\n".join(rows))
    assert all_rows(table)["id"].to_list() == [*map(str, range(2, 1203)), "1204"]
    assert table.bad_row_count == 2
    assert [bad.sentence for bad in table.bad_rows] == [
        "Row 1,203 of survey.csv cannot be read. It has 5 columns, the others have 3.",
        "Row 1,205 of survey.csv cannot be read. It has 1 column, the others have 3.",
    ]


def test_a_quotation_mark_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    rows = [f'{i},"words, and more",yes' for i in range(2, 400)]
    rows[98] = '100,"words, and more,yes'
    table = opened(tmp_path, "\n".join(["id,text,label", *rows]))
    frame = all_rows(table)
    assert frame.height == 397
    assert frame.filter(pl.col("id") != pl.col(ROW).cast(pl.String)).is_empty()
    assert [bad.sentence for bad in table.bad_rows] == [
        "Row 100 of survey.csv cannot be read. It has 2 columns, the others have 3. "
        "A quotation mark in it is probably not closed."
    ]


def test_quotation_marks_that_enclose_nothing_are_kept_as_they_stand(tmp_path: Path) -> None:
    text = "label\ttext\n" + '1\t"Never", he said.\n0\tA 5" disk "fell\n' * 5 + '1\t"Open end\n0\tfine\n'
    frame = all_rows(opened(tmp_path, text, "quotes.tsv"))
    assert frame["text"].to_list()[-4:] == ['"Never", he said.', 'A 5" disk "fell', '"Open end', "fine"]


def test_lines_inside_quotation_marks_belong_to_one_row(tmp_path: Path) -> None:
    table = opened(tmp_path, 'id,text\r\n1,"one\r\ntwo ""three""\nfour"\r\n2,next\r\n')
    assert all_rows(table).rows() == [("1", 'one\r\ntwo "three"\nfour', 2), ("2", "next", 5)]


_SIGNS = st.characters(
    codec="utf-8", exclude_categories=["Cc"], include_characters="\n\r\t", exclude_characters="\ufdd0"
)
_CELL = st.text(st.one_of(_SIGNS, st.sampled_from('",;\n\r')), max_size=12)


@st.composite
def _tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(2, 5))
    rows = draw(st.lists(st.lists(_CELL, min_size=width, max_size=width), min_size=1, max_size=8))
    return [[f"name {i}" for i in range(width)], *rows]


@given(_tables(), st.sampled_from(",;\t|^"), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_comes_back_cell_by_cell(
    tmp_path: Path, rows: list[list[str]], delimiter: str, line_end: str, quotes_all: bool
) -> None:
    if (
        not quotes_all
    ):  # Python's writer does not quote a carriage return, which then cannot be told from a line end
        rows = [[cell.replace("\r", " ") for cell in row] for row in rows]
    stream = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quotes_all else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    lines = stream.getvalue().splitlines()
    is_clear = len(lines) == len(rows) or any(line.count(delimiter) != len(rows[0]) - 1 for line in lines)
    assume(is_clear)  # else each line reads as a row of its own just as well
    path = write(tmp_path, stream.getvalue())
    read = ReadOptions(delimiter=delimiter, has_header=True, encoding="utf-8")
    frame = all_rows(open_table_path(path, read))
    found = [[cell or "" for cell in row[:-1]] for row in frame.rows()]
    assert found == rows[1:]


def test_single_quotation_marks_quote_where_a_file_plainly_quotes_with_them(tmp_path: Path) -> None:
    text = "id,text,label\n" + "1,'Well, it is good','yes'\n2,'no, it''s not','no'\n" * 6
    frame = all_rows(opened(tmp_path, text))
    assert frame["text"].to_list()[:2] == ["Well, it is good", "no, it's not"]
    assert frame["label"].to_list()[:2] == ["yes", "no"]


def test_apostrophes_are_no_quotation_marks(tmp_path: Path) -> None:
    text = "text,label\n" + "'Twas the night,old\nDon't stop,new\nthe boys' house,new\n" * 6
    frame = all_rows(opened(tmp_path, text))
    assert frame["text"].to_list()[:3] == ["'Twas the night", "Don't stop", "the boys' house"]


@pytest.mark.parametrize("mark", ['"', "'"])
def test_cells_parted_by_spaces(tmp_path: Path, mark: str) -> None:
    rows = [("text", "label"), *[(f"the ship is late {n}", "bad") for n in range(5)], ("all is well", "good")]
    lines = [f"{mark}{text}{mark} {mark}{label}{mark}" for text, label in rows]
    table = opened(tmp_path, "\n".join(lines) + "\n")
    assert names(table) == ["text", "label"]
    assert all_rows(table)["label"].to_list()[-2:] == ["bad", "good"]


def test_words_in_marks_among_prose_are_no_columns(tmp_path: Path) -> None:
    text = '"Good day", said the fox\nThe dog said nothing at all\n"Well" said the fox again\n' * 5
    assert all(" " not in read.delimiter for read in [opened(tmp_path, text, "tale.csv").facts])


def test_single_marks_inside_a_cell_may_be_marked_with_a_backslash(tmp_path: Path) -> None:
    text = "id,text,label\n" + "1,'Well, it isn\\'t good','yes'\n2,'no, \"it\" is','no'\n" * 6
    frame = all_rows(opened(tmp_path, text))
    assert frame["text"].to_list()[:2] == ["Well, it isn't good", 'no, "it" is']
    assert frame["label"].to_list()[:2] == ["yes", "no"]


@pytest.mark.parametrize("sign", [":", "§", "#", "\x01", "\x1f", "~"])
@pytest.mark.parametrize("is_chosen", [False, True])
def test_any_sign_may_part_the_cells(tmp_path: Path, sign: str, is_chosen: bool) -> None:
    rows = [("nr", "text", "label"), *[(str(n), f"The ship, number {n}, was late", "bad") for n in range(9)]]
    text = "".join(sign.join(row) + "\n" for row in rows)
    table = opened(tmp_path, text, **({"delimiter": sign} if is_chosen else {}))
    assert [row[:-1] for row in all_rows(table).rows()] == rows[1:]
    assert table.facts.delimiter == sign


@pytest.mark.parametrize(
    "line", ["http://example.org/{}", "12:30:{}", "Ann: number {} was late", "a.b+{}@example.org"]
)
def test_signs_within_one_column_part_nothing(tmp_path: Path, line: str) -> None:
    text = "comment\n" + "".join(line.format(n) + "\n" for n in range(30))
    table = opened(tmp_path, text)
    assert names(table) == ["comment"]
    assert all_rows(table)[names(table)[0]].to_list()[4] == line.format(4)
