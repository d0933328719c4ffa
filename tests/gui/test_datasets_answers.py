"""The companion's answers about data as records, and the small pictures that show them."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.core.data_request import DataRequest
from ptft_gui.gui.widgets.bar_charts import ClassBars, LengthChart
from ptft_gui.gui.widgets.data_answers import (
    LengthHistogram,
    OpenedData,
    StudiedData,
    library_from_answer,
    opened_from_answer,
    studied_from_answer,
)
from ptft_gui.gui.widgets.data_words import facts_sentence
from ptft_gui.gui.widgets.reading_fold import reading_words
from ptft_gui.gui.widgets.spanned_text import Span, SpannedText
from tests.gui import fake_data

REQUEST = {"request": DataRequest(dataset="survey.csv").model_dump(mode="json")}


def test_an_answer_without_anything_is_read() -> None:
    assert opened_from_answer({}) == OpenedData()
    assert studied_from_answer({}) == StudiedData()
    assert library_from_answer({}).datasets == ()


def test_cells_of_any_kind_become_text() -> None:
    data = opened_from_answer(
        {"kind": "table", "columns": [{"name": "a"}], "rows": [[2, ["x", "y"]], [3, None]]}
    )
    assert [row[1] for row in data.rows] == ["x y", ""]


def test_a_role_may_join_columns() -> None:
    answer = {
        "kind": "table",
        "columns": [{"name": "instruction"}, {"name": "input"}, {"name": "a+b"}],
        "roles": [{"role": "prompt", "column": "instruction + input"}, {"role": "reply", "column": "a+b"}],
        "rows": [[1, "Translate", "Haus", "house"], [2, "Rhyme", "", "time"]],
    }
    data = opened_from_answer(answer)
    assert [data.role_of(name) for name in data.column_names()] == ["prompt", "prompt", "reply"]
    assert [data.cell(row, "instruction + input") for row in data.rows] == ["Translate\nHaus", "Rhyme"]
    assert data.cell(data.rows[0], "a+b") == "house"
    assert data.cell(data.rows[0], "nowhere") == ""


def test_only_a_decision_that_must_be_made_and_was_not_is_open() -> None:
    studied = studied_from_answer(fake_data.study_data(REQUEST))
    assert [finding.key for finding in studied.open_findings()] == ["several_labels"]
    assert studied.all_classes()[0] == ("transport", 1210)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"format_name": "Values separated by comma", "delimiter": ",", "encoding_name": "UTF-8"},
         "Values separated by comma, UTF-8"),
        ({"format_name": "CSV", "delimiter": "\t", "encoding_name": "UTF-8"}, "CSV, UTF-8, tab"),
        ({"format_name": "Excel", "sheet": "Sheet 2"}, "Excel, Sheet 2"),
        ({}, ""),
    ],
)  # fmt: skip
def test_how_it_was_read_is_one_line(answer: dict[str, str], words: str) -> None:
    assert reading_words(opened_from_answer(answer)) == words


def test_facts_of_a_table_and_of_running_text() -> None:
    table = opened_from_answer(fake_data.open_data(REQUEST))
    studied = studied_from_answer(fake_data.study_data(REQUEST))
    assert facts_sentence(table, studied) == "3,105 texts, 6 classes, 11 words each"
    assert facts_sentence(OpenedData(kind="text"), studied) == "34,155 words, 5,812 different"
    assert facts_sentence(table, StudiedData()) == ""
    assert facts_sentence(table, StudiedData(rows={"train": 1})) == "1 text"


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("classification", "4 texts, 2 classes"),
        ("multilabel", "4 texts, 2 labels"),
        ("pair-classification", "4 pairs of texts, 2 classes"),
        ("tagging", "4 texts, 2 kinds of names"),
    ],
)
def test_what_is_counted_is_called_as_the_task_calls_it(task: str, words: str) -> None:
    table = opened_from_answer(fake_data.open_data(REQUEST))
    answer = {"task": task, "rows": {"train": 4}, "classes": {"train": [["a", 3], ["b", 1]]}}
    assert facts_sentence(table, studied_from_answer(answer)) == words


def test_pairs_and_questions_without_labels_are_counted_alone() -> None:
    table = opened_from_answer(fake_data.open_data(REQUEST))
    for task, words in (("pair-similarity", "4 pairs of texts"), ("question-answering", "4 questions")):
        assert facts_sentence(table, studied_from_answer({"task": task, "rows": {"train": 4}})) == words


def test_a_dataset_is_called_as_its_owner_called_it() -> None:
    record = {"name": "my letters", "title": "IMG_2041.txt", "origin": "file"}
    bundled = {"name": "wikipedia", "title": "Wikipedia extract", "origin": "bundled"}
    library = library_from_answer({"datasets": [record, bundled]})
    assert [dataset.label for dataset in library.datasets] == ["my letters", "Wikipedia extract"]


# --- pictures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lengths",
    [
        LengthHistogram("words", (0, 1), (7,), 1, 1, 1),
        LengthHistogram("words", (0, 10, 20, 30), (0, 0, 0), 0, 0, 0),
        LengthHistogram("words", (0, 10, 20, 30), (5, 0, 9), 25, 1e9, 1e9),
        LengthHistogram(),
    ],
)
def test_any_lengths_can_be_drawn(qtbot: QtBot, lengths: LengthHistogram) -> None:
    chart = LengthChart()
    qtbot.addWidget(chart)
    chart.show_lengths(lengths)
    chart.resize(240, 168)
    assert not chart.grab().isNull()


@pytest.mark.parametrize("classes", [[], [("only", 0)], [(f"class {i} " * 20, i) for i in range(40)]])
def test_any_classes_can_be_drawn(qtbot: QtBot, classes: list[tuple[str, int]]) -> None:
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.show_classes(classes)
    bars.resize(240, max(bars.sizeHint().height(), 10))
    assert not bars.grab().isNull()
    assert bars.rest_sentence() == ("And 28 more with 714 rows." if len(classes) == 40 else "")


def test_marks_stand_where_the_signs_are_even_behind_an_emoji(qtbot: QtBot) -> None:
    text = SpannedText()
    qtbot.addWidget(text)
    sentence = "\N{GRINNING FACE} <b>Hello</b>, you"
    text.show_text(sentence, [Span(2, 5, True), Span(5, 10, False)])
    text.resize(300, 100)
    layout, height = text._lay_out(300)
    marked = [(f.start, f.length) for f in layout.formats()]
    assert marked == [(3, 3), (6, 5)]  # the emoji counts twice
    assert layout.text() == sentence
    assert 0 < height <= text.heightForWidth(300)
