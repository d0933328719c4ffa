"""Files of separated values that nobody would write on purpose, and files that somebody would."""

import csv
import io
import random
import tracemalloc
import zipfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.tables.opening import open_table_path
from ptft_gui.data.tables.table import ROW, Table


def opened(
    folder: Path, text: str | bytes, name: str = "survey.csv", read: ReadOptions | None = None
) -> Table:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_table_path(path, read)


def all_rows(table: Table) -> pl.DataFrame:
    return pl.concat([table.head(0), *table.batches()])


def names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def test_a_line_of_a_million_columns_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        opened(tmp_path, b"," * 1_000_000 + b"\n1,2\n")
    assert caught.value.message == "survey.csv has too many columns."
    assert caught.value.detail.endswith("at most 10,000 can be read.")


@pytest.mark.parametrize("mark", ["", '"'])
def test_a_cell_of_forty_megabytes_costs_its_row_and_no_memory_to_speak_of(tmp_path: Path, mark: str) -> None:
    text = f"id,text\n1,one\n2,{mark}" + "x" * 40_000_000 + f"{mark}\n3,three\n"
    table = opened(tmp_path, text)
    del text
    tracemalloc.start()
    frame = all_rows(table)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert frame.rows() == [("1", "one", 2), ("3", "three", 4)]
    assert [bad.sentence for bad in table.bad_rows] == [
        "Row 3 of survey.csv cannot be read. One of its cells is longer than 16 million signs."
    ]
    assert peak < 250_000_000


def test_a_quotation_mark_that_swallows_all_that_follows_costs_one_row(tmp_path: Path) -> None:
    good = "".join(f'{i},"some text, number {i}",yes\n' for i in range(2, 30_000))
    after = "".join(f"{i},some text,no\n" for i in range(30_001, 200_000))
    table = opened(tmp_path, f'id,text,label\n{good}30000,"never closed,no\n{after}')
    frame = all_rows(table)
    assert frame.filter(pl.col("id") != pl.col(ROW).cast(pl.String)).is_empty()
    assert frame.height == 200_000 - 3
    assert [bad.row for bad in table.bad_rows] == [30_000]


def test_names_of_columns_are_made_different_and_none_is_missing(tmp_path: Path) -> None:
    table = opened(
        tmp_path, 'id,text, text ,"",id\n1,a,b,c,d\n2,a,b,c,d\n', read=ReadOptions(has_header=True)
    )
    assert names(table) == ["id", "text", "text (2)", "Column 4", "id (2)"]


def test_a_line_that_names_the_separator_is_obeyed(tmp_path: Path) -> None:
    table = opened(tmp_path, "sep=;\nname;age\nAnn, B.;31\nBo;44\n")
    assert all_rows(table).rows() == [("Ann, B.", "31", 3), ("Bo", "44", 4)]


def test_a_header_that_lacks_the_name_of_the_first_column(tmp_path: Path) -> None:
    table = opened(tmp_path, '"text","label"\n' + "".join(f'"{i}","words {i}","yes"\n' for i in range(1, 30)))
    assert names(table) == ["Column 1", "text", "label"]
    assert all_rows(table).row(0) == ("1", "words 1", "yes", 2)


def test_spaces_before_quotation_marks(tmp_path: Path) -> None:
    table = opened(tmp_path, 'id, text, label\n1, "yes, please", 1\n2, "no", 0\n3, "a, b, c", 0\n')
    assert all_rows(table)["text"].to_list() == ["yes, please", "no", "a, b, c"]


def test_quotation_marks_behind_backslashes(tmp_path: Path) -> None:
    rows = "".join(f'{i},"she said \\"yes\\", twice","a, b"\n' for i in range(9))
    frame = all_rows(opened(tmp_path, "id,text,note\n" + rows))
    assert frame.row(0) == ("0", 'she said "yes", twice', "a, b", 2)


def test_a_column_alone_keeps_its_commas(tmp_path: Path) -> None:
    texts = ["Hello, world", "No comma here", "One, two, three", "So, so"]
    assert all_rows(opened(tmp_path, "text\n" + "\n".join(texts)))["text"].to_list() == texts


def test_markup_and_formulas_stay_the_texts_they_are(tmp_path: Path) -> None:
    frame = all_rows(opened(tmp_path, "text,label\n<b>bold</b>,=SUM(A1:A9)\n<script>x</script>,+1\n"))
    assert frame.rows() == [("<b>bold</b>", "=SUM(A1:A9)", 2), ("<script>x</script>", "+1", 3)]


def test_a_few_zero_bytes_far_inside_become_a_sign_that_says_so(tmp_path: Path) -> None:
    lines = [f"{i},words and words,yes" for i in range(2, 5000)]
    lines[4000] = "4002,wor\0ds,yes"
    frame = all_rows(opened(tmp_path, "id,text,label\n" + "\n".join(lines)))
    assert frame.row(4000) == ("4002", "wor\ufffdds", "yes", 4002)


def test_rows_without_their_last_cells_are_filled_up_where_that_is_usual(tmp_path: Path) -> None:
    rows = [f"{i}\tone\ttwo" + ("\tmore" if i % 10 == 0 else "") for i in range(100)]
    table = opened(tmp_path, "\n".join([*rows, "lonely"]), "usual.csv")
    assert all_rows(table)["Column 4"].drop_nulls().to_list() == ["more"] * 10
    assert [bad.sentence for bad in table.bad_rows] == [
        "Row 101 of usual.csv cannot be read. It has 1 column, the others have 3 to 4."
    ]


@pytest.mark.parametrize("text", ["", "\n", "\r\n\r\n"])
def test_a_file_without_rows_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError) as caught:
        opened(tmp_path, text)
    assert caught.value.message in ("survey.csv is empty.", "survey.csv holds no rows.")


def test_a_stop_is_heard_between_batches_and_counts_begin_anew(tmp_path: Path) -> None:
    table = opened(tmp_path, "id,text\n" + "".join(f"{i},words\n" for i in range(100_000)) + "1,2,3\n")
    seen: list[pl.DataFrame] = []
    frames = table.batches(should_stop=lambda: bool(seen))
    seen.append(next(frames))
    with pytest.raises(StoppedByPerson):
        next(frames)
    for _time in range(2):
        assert sum(frame.height for frame in table.batches()) == 100_000
        assert (table.bad_row_count, len(table.bad_rows)) == (1, 1)


def test_batches_are_small_and_bytes_add_up(tmp_path: Path) -> None:
    text = "id,text\n" + "".join(f"{i},{'words ' * 30}\n" for i in range(60_000))
    told: list[int] = []
    frames = list(opened(tmp_path, text).batches(on_bytes=told.append))
    assert max(frame.height for frame in frames) <= 1 << 14
    assert max(frame.estimated_size() for frame in frames) < 6_000_000
    assert sum(told) == len(text)


_WORDS = (
    'the price is fair, but shipping took long; would buy again | maybe\nnot "really" bad ^ 3,5 of 5'.split(
        " "
    )
)


def _written(rows: Sequence[Sequence[str]], delimiter: str, quoting: int) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return stream.getvalue()


@given(st.integers(0, 10**9), st.sampled_from(",;\t|^"), st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_separator_quotation_marks_and_header_are_found_by_looking(
    tmp_path: Path, seed: int, delimiter: str, quotes_all: bool, has_header: bool
) -> None:
    choose = random.Random(seed).choices
    rows = [
        [" ".join(choose(_WORDS, k=20)), choose(["good", "bad"])[0], f"{i % 6},{i % 10}"] for i in range(60)
    ]
    header = [["Q17_open", "v23_rec", "Wert"]] if has_header else []
    quoting = csv.QUOTE_ALL if quotes_all else csv.QUOTE_MINIMAL
    table = opened(tmp_path, _written([*header, *rows], delimiter, quoting))
    assert (table.facts.delimiter, table.facts.has_header, table.bad_row_count) == (delimiter, has_header, 0)
    assert [list(row[:-1]) for row in all_rows(table).rows()] == rows


def test_a_mark_at_the_start_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-16-le"):
        data = "\ufefftext,label\na,1\nb,2\n".encode(encoding)
        assert names(opened(tmp_path, data, read=ReadOptions(encoding=encoding))) == ["text", "label"]


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "shift_jis", "utf-16", "utf-8-sig", "cp1252"])
def test_any_encoding_that_a_person_chooses(tmp_path: Path, encoding: str) -> None:
    text = "caf\u00e9" if encoding == "cp1252" else "\u4e2d\u6587"
    data = f"text,label\n{text},1\n{text},2\n".encode(encoding)
    frame = all_rows(opened(tmp_path, data, read=ReadOptions(encoding=encoding)))
    assert frame["text"].to_list() == [text, text]


@given(
    st.binary(min_size=1, max_size=300),
    st.sampled_from(["csv", "txt", "json", "jsonl", "parquet", "xlsx", "bmes"]),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_whatever_do_more_than_be_refused(tmp_path: Path, data: bytes, ending: str) -> None:
    try:
        table = opened(tmp_path, data, f"any.{ending}")
        found = all_rows(table).columns
    except DataError:
        return  # any other failure fails the test
    assert found == [*names(table), ROW]


@given(st.text(st.sampled_from('ab,";\n\r\t 1'), max_size=120))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_line_is_given_told_of_or_blank(tmp_path: Path, text: str) -> None:
    read = ReadOptions(delimiter=",", has_header=False, encoding="utf-8")
    try:
        table = opened(tmp_path, f"a,b\nc,d\ne,f\n{text}", read=read)
    except DataError:
        return
    seen = {*all_rows(table)[ROW], *(bad.row for bad in table.bad_rows)}
    first_lines = {1, 2, 3}
    assert first_lines <= seen
    assert max(seen) <= text.count("\n") + 4


def test_the_beginning_of_a_text_without_line_ends_is_no_more_than_is_soon_read(tmp_path: Path) -> None:
    table = opened(tmp_path, b"word " * 6_000_000, "corpus.txt")
    head = table.head(1000)
    assert 1_000_000 < head.estimated_size() < 9_000_000
    assert sum(frame.estimated_size() for frame in table.batches()) > 29_000_000


@pytest.mark.parametrize("name", ["letter.docx", "letter.ODT", "old.doc"])
def test_a_document_of_a_word_processor_is_named_as_one(tmp_path: Path, name: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    data = b"\xd0\xcf\x11\xe0" + b"x" * 500 if name.endswith(".doc") else packed.getvalue()
    with pytest.raises(DataError) as caught:
        opened(tmp_path, data, name)
    assert "is a document of a word processor" in caught.value.message
    assert "save it as plain text" in caught.value.hint


def test_an_archive_that_cannot_be_opened_is_to_be_unpacked(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        opened(tmp_path, b"7z\xbc\xaf\x27\x1c" + b"x" * 500, "texts.7z")
    assert caught.value.hint == "Unpack it with another program and choose the folder."


def test_a_page_of_the_web_is_no_table_though_each_line_has_a_comma(tmp_path: Path) -> None:
    table = opened(tmp_path, "<p>Hello there, this is a text.</p>\n" * 20, "page.html")
    assert table.facts.kind == "text"
