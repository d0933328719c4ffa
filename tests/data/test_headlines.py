"""A headline in a column of its own is read together with its text."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.cli import run_command_line
from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.examine import open_data
from ptft_gui.data.examples.prepared import prepare_examples

_TOPICS = ("harvest", "football", "elections", "medicine")


def _written(folder: Path, names: tuple[str, ...], shares_words: bool = False) -> Path:
    path = folder / "news.csv"
    with path.open("w", newline="") as stream:
        out = csv.writer(stream)
        if names:
            out.writerow(names)
        for number in range(80):
            topic = _TOPICS[number % 4]
            head = f"Nothing new about {topic} on day {number}"
            body = f"{head}, says the mayor" if shares_words else "The mayor spoke for an hour"
            out.writerow([number % 4 + 1, head, f"{body} and everybody listened in hall {number * 3}."])
    return path


def _text_role(path: Path) -> dict[str, Any]:
    return next(role for role in open_data(DataRequest(dataset=str(path)))["roles"] if role["role"] == "text")


_UNNAMED = ((), "Column 2 + Column 3", "the columns have no names, and all of these hold texts")
_NEWS = (("class", "title", "body"), "title + body", "title is the headline of body; both are read")
_REVIEWS = (("stars", "review_headline", "review_body"), "review_headline + review_body", "both are read")


@pytest.mark.parametrize(
    ("case", "shares_words"),
    [(_UNNAMED, False), (_NEWS, False), (_NEWS, True), (_REVIEWS, False), (_REVIEWS, True)],
)
def test_headline_and_text_are_one_and_the_text_alone_is_one_click_away(
    tmp_path: Path, case: tuple[tuple[str, ...], str, str], shares_words: bool
) -> None:
    names, text, reason = case
    path = _written(tmp_path, names, shares_words)
    role = _text_role(path)
    assert role["column"] == text
    assert reason in role["reason"]
    assert role["runner_up"]["column"] == text.split(" + ")[1]
    first = next(iter(prepare_examples(DataRequest(dataset=str(path)), tmp_path).rows("train")))
    head, body = first["text"].split("\n\n")
    assert head.startswith("Nothing new about")
    assert "everybody listened" in body


def test_the_title_of_something_else_is_no_headline(tmp_path: Path) -> None:
    assert (
        _text_role(_written(tmp_path, ("stars", "product_title", "review_body")))["column"] == "review_body"
    )


def test_the_command_line_names_the_role_of_both_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(["data", "inspect", str(_written(tmp_path, ("class", "title", "body")))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines if "title is the headline" in line] == [
        ["title", "Text"],
        ["body", "Text"],
    ]
