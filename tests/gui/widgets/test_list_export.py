"""Lists and pictures as files: spreadsheets read them, run nothing in them, and nothing half-written stays."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QImage

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.widgets.list_export import (
    ExportButton,
    ListTable,
    csv_text,
    harmless,
    save_picture,
    tsv_text,
    words_table,
)

TABLE = ListTable("near", ("word", "similarity"), (("音乐", 0.7111111), ("=1+1", -0.25), ("a\tb\nc", None)))


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    "text", ["=cmd|'/c calc'!A0", "+1+2", "-1+2", "@SUM(A1)", "\uff1d1+1", " =1", "\t=1"]
)
def test_what_a_spreadsheet_would_compute_is_made_text(text: str) -> None:
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["-3.5", "+1", "-", "=", "word", "a=b", "-1e-3"])
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_a_table_begins_with_the_mark_of_utf_8() -> None:
    text = csv_text(TABLE)
    assert text.encode("utf-8").startswith(b"\xef\xbb\xbf")
    assert rows_of(text) == [["word", "similarity"], ["音乐", "0.711111"], ["'=1+1", "-0.25"], ["a b c", ""]]


def test_the_clipboard_gets_lines_parted_by_tabs() -> None:
    assert tsv_text(TABLE).splitlines()[1] == "'=1+1\t-0.25"


@given(st.lists(st.text(), min_size=1, max_size=20))
def test_any_words_come_back_as_that_many_rows_and_none_is_a_formula(words: list[str]) -> None:
    rows = rows_of(csv_text(words_table("w", "word", words)))[1:]
    shown = [row[0] if row else "" for row in rows]
    assert len(shown) == len(words)
    for cell in shown:
        assert cell[:1] not in ("=", "@", "\uff1d", "\uff20") or len(cell) == 1


def test_half_a_sign_of_a_damaged_file_can_be_written(qtbot, tmp_path: Path) -> None:
    button = ExportButton("e", lambda: words_table("w", "word", ["caf\udce9"]))
    qtbot.addWidget(button)
    with qtbot.waitSignal(button.said) as said:
        button.save(str(tmp_path / "w.csv"))
    assert said.args == [f"Saved as {tmp_path / 'w.csv'}"]
    assert rows_of((tmp_path / "w.csv").read_text(encoding="utf-8"))[1] == ["caf?"]


def test_a_folder_that_is_gone_is_told_in_one_sentence_and_leaves_nothing(qtbot, tmp_path: Path) -> None:
    button = ExportButton("e", lambda: TABLE)
    qtbot.addWidget(button)
    with qtbot.waitSignal(button.failed) as failed:
        button.save(str(tmp_path / "gone" / "w.csv"))
    problem: PtftError = failed.args[0]
    assert problem.message == f"{tmp_path / 'gone' / 'w.csv'} cannot be written."
    assert problem.hint == "Choose another folder, or make room."
    assert list(tmp_path.iterdir()) == []


def test_the_menu_offers_what_there_is(qtbot, tmp_path: Path) -> None:
    both = ExportButton("e", lambda: TABLE, lambda path: path.write_bytes(b"x") and None)
    only_picture = ExportButton("p", picture=lambda path: None)
    for button in (both, only_picture):
        qtbot.addWidget(button)
    texts = [action.text() for action in both.menu().actions()]
    assert texts == ["Copy the list", "List as table (CSV)...", "Picture (PNG)...", "Drawing (SVG)..."]
    assert [action.text() for action in only_picture.menu().actions()] == texts[2:]
    both.copy()
    assert QGuiApplication.clipboard().text() == tsv_text(TABLE)
    both.save(str(tmp_path / "map.svg"))
    assert (tmp_path / "map.svg").read_bytes() == b"x"


def test_a_picture_that_cannot_be_made_says_why(qtbot, tmp_path: Path) -> None:
    def refuse(path: Path) -> None:
        raise PtftError("There is nothing to draw.")

    button = ExportButton("e", picture=refuse)
    qtbot.addWidget(button)
    with qtbot.waitSignal(button.failed) as failed:
        button.save(str(tmp_path / "map.png"))
    assert failed.args[0].message == "There is nothing to draw."


@pytest.mark.parametrize("name", ["strip.png", "strip.svg"])
def test_pictures_are_whole_files(qtbot, tmp_path: Path, name: str) -> None:
    save_picture(lambda painter: painter.drawText(10, 20, "war"), QSize(80, 40), tmp_path / name, "Words")
    data = (tmp_path / name).read_bytes()
    if name.endswith("png"):
        assert QImage.fromData(data).size() == QSize(160, 80)
    else:
        assert b"war" in data
        assert b"Words" in data
    assert [path.name for path in tmp_path.iterdir()] == [name]
