"""From a person's file to examples for training, and what the window is told on the way."""

from __future__ import annotations

import csv
import errno
import json
import random
from pathlib import Path

import polars as pl
import pytest

from ptft_gui.core.data_request import DataRequest, SplitRequest
from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.examples.asking import ask
from ptft_gui.data.examples.corrections import Corrector
from ptft_gui.data.examples.decisions import decide
from ptft_gui.data.examples.examine import finding_rows, open_data, study_data
from ptft_gui.data.examples.number_files import NumberFile
from ptft_gui.data.examples.prepared import PreparedExamples, prepare_examples
from ptft_gui.data.examples.splits import divide
from ptft_gui.data.examples.study import study_table
from ptft_gui.data.examples.writing import ExampleWriter
from ptft_gui.data.request import never_stop, no_progress

_TOPICS = {
    "economy": "prices jobs taxes wages rent trade".split(),
    "health": "doctors nurses hospital care medicine clinic".split(),
    "school": "teachers pupils lessons exams homework classes".split(),
}
_FILL = "I think we need more for our town about people should really because there is too much".split()


def write_survey(path: Path, rows: int = 400, seed: int = 5) -> Path:
    """A survey as people bring it: empty answers, empty and double labels, spellings, copies that disagree."""
    dice = random.Random(seed)
    written: list[list[str]] = []
    for number in range(rows):
        topic = dice.choice(list(_TOPICS))
        words = [*dice.sample(_FILL, 8), *dice.sample(_TOPICS[topic], 2), f"n{number}"]
        label = {0: "", 1: "economy; health", 2: topic.capitalize() + " "}.get(number % 20, topic)
        text = "" if number % 50 == 7 else " ".join(words)
        written.append([str(9000 + number), dice.choice("12"), str(dice.randint(18, 90)), text, label])
    for copy, source in ((110, 3), (111, 4), (112, 5)):
        written[copy][3] = written[source][3]
    written[110][4] = "health" if written[3][4].strip().lower() != "health" else "school"
    written[111][4], written[112][4] = written[4][4], written[5][4]
    with open(path, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["lfdn", "v1_sex", "v2_age", "Q17_open", "v23_rec"], *written])
    return path


@pytest.fixture
def survey(tmp_path: Path) -> DataRequest:
    return DataRequest(dataset=str(write_survey(tmp_path / "survey.csv")))


def _prepare(request: DataRequest, folder: Path, **more: object) -> PreparedExamples:
    return prepare_examples(request, folder / "cache", **more)  # type: ignore[arg-type]


def _decided(request: DataRequest, **decisions: str) -> DataRequest:
    return request.model_copy(update={"decisions": {"many_labels": "first", **decisions}})


def test_opening_shows_columns_roles_tasks_and_first_rows(survey: DataRequest) -> None:
    opened = json.loads(json.dumps(open_data(survey)))
    assert opened["title"] == "survey.csv"
    assert opened["task"] == "classification"
    roles = {each["role"]: each for each in opened["roles"]}
    assert roles["text"]["column"] == "Q17_open"
    assert roles["label"]["reason"].startswith("label: v23_rec, because 3 different values, short, repeated")
    assert roles["label"]["runner_up"]["column"] == "v1_sex"
    assert [column["name"] for column in opened["columns"]][:2] == ["lfdn", "v1_sex"]
    assert len(opened["rows"]) == 8
    assert opened["rows"][0][:2] == [2, "9000"]
    suits = {each["key"]: each["suits"] for each in opened["tasks"]}
    assert suits["classification"]
    assert not suits["tagging"]


def test_a_cell_without_end_is_cut_in_the_first_rows(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("text,label\n" + "".join(f"{'word ' * 5000}{n},{'ab'[n % 2]}\n" for n in range(6)))
    opened = open_data(DataRequest(dataset=str(path)))
    assert max(len(str(cell)) for row in opened["rows"] for cell in row) == 403


def test_studying_waits_for_the_choice_and_then_adds_up(survey: DataRequest, tmp_path: Path) -> None:
    studied = json.loads(json.dumps(study_data(survey, cache_dir=tmp_path)))
    findings = {each["finding"]: each for each in studied["findings"]}
    assert findings["many_labels"]["must_ask"]
    assert findings["many_labels"]["chosen"] == ""
    assert not studied["can_start"]
    assert studied["problem"] is None
    assert findings["empty_label"]["sentence"] == "20 rows without label."
    assert findings["empty_text"]["count"] == 8
    assert findings["conflicts"]["count"] == 2

    studied = study_data(_decided(survey), cache_dir=tmp_path)
    assert studied["can_start"]
    assert sum(part["count"] for part in studied["sum_parts"]) == 400
    used = studied["sum_parts"][0]["count"]
    assert studied["sums"].startswith(
        f"400 rows = {used} used + 20 without label, set aside + 8 with empty text"
    )
    parts = studied["parts"]
    assert parts["train"] + parts["val"] + parts["test"] == used
    assert parts["unlabelled"] == 20
    assert {label for label, _ in studied["classes"]["test"]} == set(_TOPICS)
    assert studied["language"]["code"] == "en"


def test_another_decision_needs_no_second_pass(survey: DataRequest, tmp_path: Path) -> None:
    said: list[float | None] = []
    study_data(survey, lambda _text, share: said.append(share), cache_dir=tmp_path)
    assert said
    said.clear()
    study_data(
        _decided(survey, conflicts="keep"), lambda _text, share: said.append(share), cache_dir=tmp_path
    )
    assert said == []


def test_show_rows_shows_the_rows_of_a_finding(survey: DataRequest, tmp_path: Path) -> None:
    shown = finding_rows(survey, "many_labels", 3, cache_dir=tmp_path)
    assert shown["columns"] == ["lfdn", "v1_sex", "v2_age", "Q17_open", "v23_rec"]
    assert [row[0] for row in shown["rows"]] == [3, 23, 43]
    assert {row[-1] for row in shown["rows"]} == {"economy; health"}
    alike = finding_rows(_decided(survey), "conflicts", 10, cache_dir=tmp_path)["rows"]
    assert alike[0][4] == alike[1][4]
    assert finding_rows(survey, "leaks", 3, cache_dir=tmp_path)["rows"] == []
    with pytest.raises(DataError, match="no finding called nothing"):
        finding_rows(survey, "nothing", cache_dir=tmp_path)


def test_examples_are_written_part_by_part(survey: DataRequest, tmp_path: Path) -> None:
    source = Path(survey.dataset).read_bytes()
    examples = _prepare(_decided(survey), tmp_path)
    assert examples.labels == tuple(sorted(_TOPICS, key=lambda name: -examples.facts["label_counts"][name]))
    rows = {part: list(examples.rows(part)) for part in ("train", "val", "test", "unlabelled")}  # type: ignore[arg-type]
    assert {part: len(found) for part, found in rows.items()} == examples.facts["parts"]
    assert {row["label"] for row in rows["train"]} == set(_TOPICS)
    assert {row["label"] for row in rows["unlabelled"]} == {None}
    keys = [row["key"] for found in rows.values() for row in found]
    assert len(keys) == len(set(keys))
    texts = [{row["text"] for row in rows[part]} for part in ("train", "val", "test")]
    assert not texts[0] & texts[1]
    assert not (texts[0] | texts[1]) & texts[2]
    assert (
        examples.facts["sum_strings"] if False else examples.facts["sum_sentence"].startswith("400 rows = ")
    )
    assert len(examples.facts["fingerprint"]) == 64
    assert Path(survey.dataset).read_bytes() == source


def test_examples_come_from_the_cache_until_something_changes(survey: DataRequest, tmp_path: Path) -> None:
    first = _prepare(_decided(survey), tmp_path)
    said: list[str] = []
    again = _prepare(_decided(survey), tmp_path, progress=lambda text, _share: said.append(text))
    assert again.folder == first.folder
    assert said == []
    other = _prepare(_decided(survey).model_copy(update={"split": SplitRequest(seed=2)}), tmp_path)
    assert other.folder != first.folder
    write_survey(Path(survey.dataset), rows=401)
    assert _prepare(_decided(survey), tmp_path).folder != first.folder


def test_the_same_request_makes_the_same_parts(survey: DataRequest, tmp_path: Path) -> None:
    one = _prepare(_decided(survey), tmp_path / "a")
    two = _prepare(_decided(survey), tmp_path / "b")
    for part in ("train", "val", "test"):
        assert pl.read_parquet(one.path(part)).equals(pl.read_parquet(two.path(part)))


def test_an_open_choice_is_refused_with_its_choices(survey: DataRequest, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        _prepare(survey, tmp_path)
    assert caught.value.message.endswith("cells hold several labels, for example “economy; health”.")
    assert caught.value.hint.startswith("Decide many_labels: first (keep the first), leave_out")


def test_several_labels_become_lists(survey: DataRequest, tmp_path: Path) -> None:
    examples = _prepare(_decided(survey, many_labels="several"), tmp_path)
    assert examples.task == "multilabel"
    several = [row["labels"] for row in examples.rows("train") if len(row["labels"]) > 1]
    assert several
    assert all(labels == ["economy", "health"] for labels in several)


def test_a_person_can_stop(survey: DataRequest, tmp_path: Path) -> None:
    with pytest.raises(StoppedByPerson):
        study_data(survey, should_stop=lambda: True, cache_dir=tmp_path / "cache")
    assert not list((tmp_path / "cache" / "studies").iterdir())


def test_own_test_file_and_a_column_of_parts_win(tmp_path: Path) -> None:
    rows = [
        (f"text number {n}", "ab"[n % 2], "train" if n < 60 else "dev" if n < 80 else "test")
        for n in range(100)
    ]
    path = tmp_path / "parts.csv"
    path.write_text("text,label,fold\n" + "".join(",".join(row) + "\n" for row in rows))
    by_column = _prepare(DataRequest(dataset=str(path)), tmp_path)
    assert by_column.facts["parts"] == {"train": 60, "val": 20, "test": 20, "unlabelled": 0}
    free = DataRequest(dataset=str(path), split=SplitRequest(kind="none"))
    assert _prepare(free, tmp_path).facts["split"]["sentence"].startswith("100 rows, all to learn from")
    with pytest.raises(DataError, match="No column is chosen that names the part"):
        _prepare(
            DataRequest(dataset=str(path), roles={"split": ""}, split=SplitRequest(kind="column")), tmp_path
        )
    with pytest.raises(DataError, match=r"between 0 and 0\.9"):
        _prepare(
            DataRequest(dataset=str(path), split=SplitRequest(val_fraction=0.8, test_fraction=0.2)), tmp_path
        )


def test_repeated_lines_are_taken_out_of_the_written_texts(tmp_path: Path) -> None:
    mails = [
        f"Dear all, this is mail number {n}.\\nThis message is confidential, do not forward it."
        for n in range(40)
    ]
    path = tmp_path / "mails.jsonl"
    path.write_text("".join(f'{{"text": "{mail}"}}\n' for mail in mails))
    request = DataRequest(dataset=str(path), task="plain-text", split=SplitRequest(kind="none"))
    texts = [row["text"] for row in _prepare(request, tmp_path).rows("train")]
    assert len(texts) == 40
    assert sum("confidential" in text for text in texts) == 1
    assert "confidential" in texts[0]
    kept = request.model_copy(update={"decisions": {"repeated_lines": "keep"}})
    assert all("confidential" in row["text"] for row in _prepare(kept, tmp_path).rows("train"))


def test_a_table_that_does_not_suit_names_what_it_suits(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("id,text\n" + "".join(f"{n},This is sentence number {n}.\n" for n in range(30)))
    with pytest.raises(DataError) as caught:
        _prepare(DataRequest(dataset=str(path), task="classification"), tmp_path)
    assert caught.value.message == "plain.csv does not suit the task “sort texts into classes”."
    assert caught.value.hint == "Choose other columns. It suits: learn from plain text."
    studied = study_data(DataRequest(dataset=str(path), task="classification"), cache_dir=tmp_path)
    assert not studied["can_start"]
    assert studied["problem"]["message"] == caught.value.message


def test_a_file_sorted_by_label_is_not_taken_for_one_class(tmp_path: Path) -> None:
    path = tmp_path / "sorted.csv"
    rows = "".join(f"some text here number {n},{'pos' if n < 1500 else 'neg'}\n" for n in range(3000))
    path.write_text("text,label\n" + rows)
    assert open_data(DataRequest(dataset=str(path)))["task"] == "classification"
    studied = study_data(DataRequest(dataset=str(path)), cache_dir=tmp_path)
    assert studied["can_start"]
    assert dict(studied["classes"]["train"]) == {"neg": 1050, "pos": 1050}


def test_the_only_other_column_of_a_sorted_file_is_its_label_without_a_name_too(tmp_path: Path) -> None:
    path = tmp_path / "sorted.tsv"
    path.write_text(
        "".join(f"some text here number {n}\t{'good' if n < 1500 else 'bad'}\n" for n in range(3000))
    )
    opened = open_data(DataRequest(dataset=str(path)))
    assert opened["task"] == "classification"
    label = next(guess for guess in opened["roles"] if guess["role"] == "label")
    assert label["reason"] == (
        "label: Column 2, because its values are short and repeated; the file is sorted by it: "
        "the first 1,000 rows all hold one value, others come further on"
    )


def test_one_class_in_all_rows_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("text,label\n" + "".join(f"some text here number {n},yes\n" for n in range(1200)))
    studied = study_data(DataRequest(dataset=str(path)), cache_dir=tmp_path)
    assert studied["problem"]["message"] == "“label” has only one class."
    assert studied["problem"]["detail"].startswith("All 1,200 labels in one.csv are “yes”.")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,label\n", "hostile.csv holds no rows."),
        ("a,b\n,\n,\n", "hostile.csv does not suit the task “learn from plain text”."),
        (
            "x,y\n" + "".join(f"{n},{n * 2}\n" for n in range(40)),
            "hostile.csv does not suit the task “learn from plain text”.",
        ),
    ],
)
def test_tables_without_texts_end_in_a_sentence(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.csv"
    path.write_text(content)
    request = DataRequest(dataset=str(path))
    assert open_data(request)["task"] == "plain-text"
    studied = study_data(request, cache_dir=tmp_path)
    assert not studied["can_start"]
    assert studied["problem"]["message"] == message
    with pytest.raises(DataError) as caught:
        _prepare(request, tmp_path)
    assert caught.value.message == message


def test_a_label_column_without_classes_ends_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "ids.csv"
    rows = "".join(f"words of row {n},user{max(n, 3000)}\n" for n in range(104_000))
    path.write_text("text,label\n" + rows)
    with pytest.raises(DataError, match="label holds more than 100,000 different labels"):
        study_data(DataRequest(dataset=str(path), roles={"label": "label"}), cache_dir=tmp_path)


def test_a_file_that_changes_between_the_passes_is_noticed(survey: DataRequest, tmp_path: Path) -> None:
    request = _decided(survey)
    asked = ask(request)
    study = study_table(asked, tmp_path / "cache")
    decided = decide(study.survey, request.decisions)
    write_survey(Path(survey.dataset), rows=390)
    writer = ExampleWriter(
        asked, study.survey, decided, divide(study.survey, decided, request.split), Corrector(())
    )
    with pytest.raises(DataError, match="changed while it was read"):
        writer.write(tmp_path, no_progress, never_stop)


def test_a_disk_that_fills_up_while_rows_are_counted_is_said_and_leaves_nothing(
    survey: DataRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(NumberFile, "_write", refuse)
    with pytest.raises(DataError, match="The disk is full") as caught:
        study_data(survey, cache_dir=tmp_path / "cache")
    assert "Make room" in caught.value.hint
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    monkeypatch.undo()
    assert study_data(survey, cache_dir=tmp_path / "cache")["sums"]
