"""What cannot be learned is said before anything starts: the file, the column, what was seen, what to do."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.data.examples.examine import finding_rows, open_data, study_data
from ptft_gui.data.examples.label_fitness import are_measured, judge_labels
from ptft_gui.data.examples.missing_labels import missing_signs
from ptft_gui.data.examples.prepared import prepare_examples

_WORDS = "the room was clean bright small dark our street garden breakfast cold late early again".split()


def written(folder: Path, labels: Sequence[str], name: str = "survey.csv", second: bool = False) -> Path:
    chance = random.Random(4)
    rows = [
        [" ".join(chance.choices(_WORDS, k=9)) + f" {n}" for _ in range(1 + second)] + [label]
        for n, label in enumerate(labels)
    ]
    head = ["sentence1", "sentence2", "score"] if second else ["comment", "answer"]
    path = folder / name
    pl.DataFrame(rows, head, orient="row").write_csv(path)
    return path


def told(path: Path, folder: Path, task: str | None = "classification", **roles: str) -> str:
    """The problem in one sentence, the same before a run as at its start."""
    request = DataRequest(dataset=str(path), task=task, roles=roles)
    studied = study_data(request, cache_dir=folder / "cache")
    assert not studied["can_start"]
    with pytest.raises(DataError) as refused:
        prepare_examples(request, folder / "cache")
    problem = studied["problem"]
    assert refused.value.message == problem["message"]
    assert refused.value.detail == problem["detail"]
    return f"{problem['message']} {problem['detail']} {problem['hint']}"


_SCORES = [f"{value / 100:.2f}" for value in random.Random(1).choices(range(500), k=200)]


@pytest.mark.parametrize("roles", [{}, {"label": "answer"}])
def test_measured_numbers_are_no_classes(tmp_path: Path, roles: dict[str, str]) -> None:
    said = told(written(tmp_path, _SCORES), tmp_path, **roles)
    assert said.startswith(
        "survey.csv does not suit the task “sort texts into classes”. “answer” holds numbers such as"
    )
    assert _SCORES[0] in said
    assert "such numbers are no classes" in said
    assert "Sort them into a few groups in a column of their own (low, middle, high)." in said
    assert "It suits: learn from plain text." in said


def test_measured_numbers_beside_two_texts_suit_another_task(tmp_path: Path) -> None:
    path = written(tmp_path, _SCORES, second=True)
    assert open_data(DataRequest(dataset=str(path)))["task"] == "pair-similarity"
    said = told(path, tmp_path, "pair-classification")
    assert "They can be learned as how alike the two texts are." in said
    assert "say how alike two texts are" in said


def test_stars_in_half_steps_may_be_classes() -> None:
    chance = random.Random(2)
    stars = pl.Series([f"{chance.randrange(1, 11) / 2}" for _ in range(300)])
    assert not are_measured(stars)
    assert judge_labels(stars, 300, "stars") is None
    assert not are_measured(pl.Series([f"{chance.randrange(5)}.0" for _ in range(300)]))
    assert are_measured(pl.Series(["0.25", "1.75", "3.5", "2.125"]))


def test_a_column_of_labels_that_is_empty_is_named(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("text,label\n" + "".join(f"a clean room {n} early again,\n" for n in range(40)))
    assert "“label” is named like a label, but its first 40 rows are empty." in told(path, tmp_path)


def test_hundreds_of_classes_are_not_guessed_and_may_be_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, [f"kind {n // 3}" for n in range(900)])
    path.write_text(path.read_text().replace("comment,answer", "comment,label"))
    assert "“label” is named like a label, but holds 300 different values in 900 rows." in told(
        path, tmp_path
    )
    chosen = DataRequest(dataset=str(path), task="classification", roles={"label": "label"})
    assert study_data(chosen, cache_dir=tmp_path / "cache")["can_start"]


@pytest.mark.parametrize("roles", [{}, {"label": "answer"}])
def test_two_rows_are_too_few(tmp_path: Path, roles: dict[str, str]) -> None:
    said = told(written(tmp_path, ["good", "bad"]), tmp_path, **roles)
    assert "No label in “answer” stands in 3 rows: 2 rows have a label, “good”, “bad”." in said
    assert "add rows" in said


def test_rows_that_are_all_lost_are_told_with_file_and_column(tmp_path: Path) -> None:
    labels = ["good", "bad"] * 2 + ["", "nan"] * 200
    path = written(tmp_path, labels + [""] * 900)
    said = told(path, tmp_path)
    assert said.startswith("No row of survey.csv is left to learn from. 1,304 rows = 0 used")
    assert "Fill in more of “answer”" in said


def test_what_is_asked_for_is_refused_with_a_reason_rather_than_dropped(tmp_path: Path) -> None:
    path = written(tmp_path, [f"case {n}" for n in range(60)])
    said = told(path, tmp_path, None, label="answer")
    assert "Every row has another label in “answer”" in said


def test_words_that_are_all_untagged_are_told(tmp_path: Path) -> None:
    lines = ["Our\tO\nstreet\tO\nfloods\tO\n\n"] * 40
    (tmp_path / "names.conll").write_text("".join(lines))
    with pytest.raises(DataError) as refused:
        open_data(DataRequest(dataset=str(tmp_path / "names.conll")))
    assert refused.value.as_sentence().startswith(
        "No word of names.conll is marked. All 120 words have the tag “O”, which means"
    )
    (tmp_path / "names.jsonl").write_text('{"tokens": ["Our", "street"], "ner_tags": ["O", "O"]}\n' * 40)
    said = told(tmp_path / "names.jsonl", tmp_path, "tagging")
    assert "All 80 words in ner_tags are tagged “O”" in said


# Signs for "no label".


@pytest.mark.parametrize(
    ("labels", "signs"),
    [
        (["good", "bad", "nan", "N/A", "null"], {"nan", "N/A", "null"}),
        (["good", "bad", "None"], {"None"}),
        (["0", "1", "None", "NA"], {"None", "NA"}),
        (["None", "Mild", "Severe"], set()),
        (["none", "mild", "severe"], set()),
        (["none", "mild", "severe", "NaN"], {"NaN"}),
        (["None", "Mild", "Severe", "NaN"], {"None", "NaN"}),
        (["NA", "EU", "AS"], set()),
        (["nan", "NaN"], set()),
    ],
)
def test_signs_are_told_from_classes(labels: list[str], signs: set[str]) -> None:
    assert missing_signs(labels) == signs


def test_signs_are_a_finding_of_their_own_and_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, ["good", "bad", "good", "bad", "nan", "", "N/A", "good"] * 20)
    request = DataRequest(dataset=str(path), task="classification")
    studied = study_data(request, cache_dir=tmp_path)
    found = {each["finding"]: each for each in studied["findings"]}
    assert found["missing_label"]["count"] == 40
    assert found["missing_label"]["chosen"] == "leave_out"
    assert found["missing_label"]["sentence"] == (
        "40 rows have “N/A”, “nan” as label: programs write this where there is none."
    )
    assert found["empty_label"]["count"] == 20
    assert {label for label, _ in studied["classes"]["train"]} == {"good", "bad"}
    assert studied["sums"].startswith(
        "160 rows = 100 used + 20 without label, set aside + 40 with a sign for"
    )
    assert len(finding_rows(request, "missing_label", cache_dir=tmp_path)["rows"]) == 40
    assert prepare_examples(request, tmp_path).labels == ("good", "bad")


@pytest.mark.parametrize(("choice", "classes"), [("keep", 4), ("set_aside", 2)])
def test_signs_may_be_kept_or_set_aside(tmp_path: Path, choice: str, classes: int) -> None:
    path = written(tmp_path, ["good", "bad", "good", "bad", "nan", "N/A"] * 20)
    request = DataRequest(dataset=str(path), task="classification", decisions={"missing_label": choice})
    prepared = prepare_examples(request, tmp_path)
    assert len(prepared.labels) == classes
    assert prepared.count("unlabelled") == (40 if choice == "set_aside" else 0)


def test_a_text_that_is_a_sign_for_nothing_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    rows = "".join(f"{'nan' if n % 4 == 0 else f'the room {n} was clean'},{n % 2}\n" for n in range(80))
    path.write_text("text,label\n" + rows)
    studied = study_data(DataRequest(dataset=str(path)), cache_dir=tmp_path)
    assert next(each for each in studied["findings"] if each["finding"] == "empty_text")["count"] == 20


def test_a_text_beside_a_number_and_a_group_is_no_pair_of_words(tmp_path: Path) -> None:
    chance = random.Random(3)
    path = tmp_path / "study.csv"
    lines = [
        f"{' '.join(chance.choices(_WORDS, k=9))},{chance.gauss(0, 1):.3f},{chance.choice('abc')}"
        for _ in range(90)
    ]
    path.write_text("Q17_open,value,group\n" + "\n".join(lines))
    opened = open_data(DataRequest(dataset=str(path)))
    assert opened["task"] == "classification"
    assert {guess["role"]: guess["column"] for guess in opened["roles"]} == {
        "text": "Q17_open",
        "label": "group",
    }
