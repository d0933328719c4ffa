"""Files as people bring them: exports of forms and spreadsheets, and what anybody would say that they are."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from pathlib import Path

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.examine import open_data, study_data
from ptft_gui.data.tables.dialect import lines_above, sniff_dialect
from ptft_gui.data.tables.header import first_row_names_columns

_GOOD, _BAD = "great lovely superb fine happy".split(), "awful poor dull sad broken".split()
_NAMES = ["No.", "Date", "Comment", "Verdict", "Stars"]


def sentence(chance: random.Random, is_good: bool, words: int = 9) -> str:
    own = _GOOD if is_good else _BAD
    return " ".join(chance.choice([*own, "the", "service", "was", "room"]) for _ in range(words))


def answers(count: int = 120) -> list[list[str]]:
    chance = random.Random(5)
    rows = []
    for number in range(count):
        is_good = chance.random() < 0.5
        said = "satisfied" if is_good else "unsatisfied"
        day = f"2024-03-{1 + number % 28:02}"
        rows.append([str(number), day, sentence(chance, is_good), said, str(chance.randrange(1, 6))])
    return rows


def written(path: Path, rows: Sequence[Sequence[str]], **how: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, **how).writerows(rows)  # type: ignore[arg-type]
    return path


def roles_of(path: Path) -> dict[str, str]:
    return {guess["role"]: guess["column"] for guess in open_data(DataRequest(dataset=str(path)))["roles"]}


def test_long_questions_of_a_form_name_the_columns(tmp_path: Path) -> None:
    chance = random.Random(1)
    names = [
        "Timestamp",
        "Email Address",
        "1. How satisfied are you with the course overall, on the whole?",
        "2. Please describe in your own words what you liked or disliked about the course in this term.",
    ]
    rows = [
        [
            f"3/{1 + n % 28}/2024 9:15:{n % 60:02}",
            f"user{n}@example.org",
            chance.choice(["Very much", "Hardly"]),
            "",
        ]
        for n in range(120)
    ]
    for row in rows:
        row[3] = sentence(chance, row[2] == "Very much", 14)
    assert roles_of(written(tmp_path / "form.csv", [names, *rows])) == {"text": names[3], "label": names[2]}


def test_rows_without_names_are_not_taken_for_questions() -> None:
    chance = random.Random(2)
    rows = [[chance.choice(["good", "bad"]), sentence(chance, True, 30)] for _ in range(100)]
    assert not first_row_names_columns(rows[0], rows[1:])
    rare = [["so-so", sentence(chance, True, 90)], *rows, ["so-so", "the room"]]
    assert not first_row_names_columns(rare[0], rare[1:])


def test_titles_that_a_spreadsheet_filled_up_stand_above_the_table(tmp_path: Path) -> None:
    title = ["Customer survey 2024", "", "", "", ""]
    blank, groups = [""] * 5, ["Case", "", "Answers", "", ""]
    for above in ([title], [title, blank], [groups], [title, blank, groups]):
        path = written(tmp_path / "export.csv", [*above, _NAMES, *answers()])
        opened = open_data(DataRequest(dataset=str(path)))
        assert [column["name"] for column in opened["columns"]] == _NAMES
        assert opened["rows"][0][0] == len(above) + 2  # the line it stands on
        assert any("above the table" in notice for notice in opened["notices"])
        assert roles_of(path) == {"text": "Comment", "label": "Verdict", "id": "No."}
        assert (
            study_data(DataRequest(dataset=str(path)), cache_dir=tmp_path)["sums"] == "120 rows = 120 used."
        )


def test_a_first_row_with_few_answers_is_not_passed_over() -> None:
    rows = [["Anna", "", "", "", ""], *([["Ben", "yes", "a note", "no", "more"]] * 40)]
    text = "\n".join(",".join(row) for row in rows) + "\n"
    dialect = sniff_dialect(text)
    assert dialect is not None
    assert lines_above(text, dialect) == 0


def test_a_sign_that_the_names_lack_parts_no_columns(tmp_path: Path) -> None:
    chance = random.Random(3)
    rows = [
        [f"=cmd|' /C calc'!A{n} {sentence(chance, n % 2 == 0)}", "good" if n % 2 else "bad"]
        for n in range(90)
    ]
    path = written(tmp_path / "formulas.csv", [["text", "label"], *rows])
    assert roles_of(path) == {"text": "text", "label": "label"}


def test_lists_that_are_all_the_same_are_no_labels(tmp_path: Path) -> None:
    chance = random.Random(4)
    path = tmp_path / "nested.jsonl"
    rows = [
        {
            "text": sentence(chance, n % 2 == 0),
            "tags": ["blog", "2024"],
            "label": "good" if n % 2 == 0 else "bad",
        }
        for n in range(90)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert roles_of(path) == {"text": "text", "label": "label"}
