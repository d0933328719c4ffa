"""Which job a goal means: what the columns of real tables offer, and why data cannot serve one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.examine import open_data
from ptft_gui.data.whole_request import whole_request
from ptft_gui.gui.panels.new_run import NewRunPage
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult

SENTENCES = (
    "The owl hunts at night",
    "A train leaves the station",
    "Rain falls on the roof",
    "Two boats cross",
)


class OpeningAsker:
    """Opens data as the companion does; nobody answers other questions."""

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        _on_problem: OnProblem,
        _on_progress: OnProgress | None = None,
    ) -> str:
        if kind == "open_data":
            asked = DataRequest.model_validate(arguments["request"])
            on_result(open_data(whole_request(asked), asked.roles))
        return kind

    def cancel(self, _request_id: str) -> None:
        """Everything was answered at once."""


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewRunPage:
    monkeypatch.setenv("PTFT_RUNS", str(tmp_path / "runs"))
    page = NewRunPage(OpeningAsker(), QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(page)
    page.show()
    return page


def table(path: Path, header: list[str], rows: list[list[str]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


def pairs(path: Path, header: str, values: tuple[str, ...]) -> str:
    rows = [
        [f"{SENTENCES[n % 4]} {n}.", f"{SENTENCES[n % 4]}, they say, number {n}.", values[n % len(values)]]
        for n in range(40)
    ]
    return table(path, ["sentence1", "sentence2", header], rows)


def said(page: NewRunPage, name: str) -> str:
    label = page.findChild(QLabel, name)
    return label.text() if label.isVisibleTo(page) else ""


def chosen(page: NewRunPage) -> tuple[str, str, str | None]:
    return page.goal.goal(), page.model.family(), page.how.task()


def test_two_texts_and_a_label_are_compared(page: NewRunPage, tmp_path: Path) -> None:
    page.set_dataset(pairs(tmp_path / "same.csv", "label", ("same", "other")))
    assert chosen(page) == ("sort_texts", "bert", "pair-classification")
    assert page.findChild(QWidget, "taskPicker").isVisibleTo(page)
    assert said(page, "goalSentence").startswith("Chosen because same.csv has labels: text in “sentence1”")
    assert page.spec().task == "pair-classification"


def test_two_texts_and_a_score_say_how_alike_they_are(page: NewRunPage, tmp_path: Path) -> None:
    page.set_dataset(pairs(tmp_path / "alike.csv", "score", ("0.5", "4.25", "3.1", "1.75")))
    assert chosen(page) == ("sort_texts", "bert", "pair-similarity")
    page.goal.tasks.tasks.button("pair-classification").click()
    assert page.how.task() == "pair-classification"
    assert said(page, "taskSentence").startswith("There is no column with labels") or said(
        page, "taskSentence"
    ).startswith("No column is chosen as label")


def test_cells_with_several_labels_offer_several_labels_per_text(page: NewRunPage, tmp_path: Path) -> None:
    labels = ("economy; health", "health", "economy; traffic", "traffic; health")
    rows = [[f"{SENTENCES[n % 4]} in the town number {n}.", labels[n % 4]] for n in range(40)]
    page.set_dataset(table(tmp_path / "survey.csv", ["text", "label"], rows))
    assert chosen(page) == ("sort_texts", "bert", "multilabel")
    page.goal.tasks.tasks.button("classification").click()
    assert page.how.task() == "classification"


def test_prompts_and_replies_are_for_answering_in_their_style(page: NewRunPage, tmp_path: Path) -> None:
    rows = [{"prompt": f"Say what {n} and {n} are.", "reply": f"They are {2 * n}."} for n in range(40)]
    path = tmp_path / "replies.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    page.set_dataset(str(path))
    assert chosen(page) == ("write_text", "gpt", "reply")
    assert page.how.method.value() == "full"  # what writes has no new layer that could learn alone
    messages = " ".join(problem.as_sentence() for problem in page.problems())
    assert "No start is chosen: a GPT that already writes is to learn the job." in messages
    page.goal.tasks.tasks.button("plain-text").click()
    assert chosen(page) == ("write_text", "gpt", None)


def test_what_the_data_cannot_serve_is_said_in_one_sentence(page: NewRunPage, tmp_path: Path) -> None:
    rows = [[f"{SENTENCES[n % 4]} number {n}.", ("good", "bad")[n % 2]] for n in range(40)]
    page.set_dataset(table(tmp_path / "opinions.csv", ["text", "label"], rows))
    assert page.how.task() == "classification"
    assert said(page, "taskSentence") == "Each text belongs to one class, such as its topic."
    page.goal.tasks.tasks.button("multilabel").click()
    assert said(page, "taskSentence") == "No cell of label holds several labels: each text has one."
    page.goal.goals.button("answer_questions").click()
    assert said(page, "taskSentence") == "There is no column with questions."
    page.goal.goals.button("related_words").click()
    assert said(page, "taskSentence") == ""


def test_a_page_begun_afresh_says_nothing_of_the_data_before(page: NewRunPage, tmp_path: Path) -> None:
    text = tmp_path / "play.txt"
    text.write_text("\n".join(f"{SENTENCES[n % 4]} {n}." for n in range(40)), encoding="utf-8")
    page.set_dataset(str(text))
    page.go_on_from("starter", "bert", "finetune")
    assert page.goal.tasks.why_not() == ""
    assert "no column" not in said(page, "taskSentence")


def test_the_baseline_is_one_click_away_and_stays(page: NewRunPage, tmp_path: Path) -> None:
    rows = [[f"{SENTENCES[n % 4]} number {n}.", ("good", "bad")[n % 2]] for n in range(40)]
    page.model.language_start.has_any = lambda family: family == "bert"  # type: ignore[method-assign]
    page.set_dataset(table(tmp_path / "opinions.csv", ["text", "label"], rows))
    assert chosen(page) == ("sort_texts", "bert", "classification")
    page.model.families.card("word2vec").click()
    assert chosen(page) == ("sort_texts", "word2vec", "classification")
    page.goal.goals.button("related_words").click()
    page.goal.goals.button("sort_texts").click()
    assert page.model.family() == "word2vec"


def test_without_a_start_sorting_texts_works_at_once(page: NewRunPage) -> None:
    page.model.language_start.has_any = lambda _family: False  # type: ignore[method-assign]
    page.goal.goals.button("sort_texts").click()
    assert chosen(page) == ("sort_texts", "word2vec", "classification")
    page.goal.tasks.tasks.button("pair-similarity").click()
    assert chosen(page) == ("sort_texts", "bert", "pair-similarity")


def test_a_reason_against_a_goal_of_one_meaning_has_room(page: NewRunPage, tmp_path: Path) -> None:
    """Such a goal offers no jobs to choose from; the row that says why the data cannot serve it is seen."""
    page.set_dataset(pairs(tmp_path / "pairs.csv", "label", ("same", "other")))
    page._on_goal("mark_names")
    page.goal.set_goal("mark_names")
    assert said(page, "taskSentence") != ""
    page.resize(1100, 700)
    assert not page.goal.tasks.tasks.isVisibleTo(page)


def test_a_goal_chosen_first_means_what_the_data_suits_until_a_person_says_which_job(
    page: NewRunPage, tmp_path: Path
) -> None:
    page.goal.set_goal("sort_texts")
    page._on_goal("sort_texts")
    assert chosen(page) == ("sort_texts", page.model.family(), "classification")
    page.set_dataset(pairs(tmp_path / "pairs.csv", "label", ("same", "other")))
    assert chosen(page)[2] == "pair-classification"
    page.set_dataset(pairs(tmp_path / "alike.csv", "score", ("0.5", "3.2", "4.75", "1.25")))
    assert chosen(page)[2] == "pair-similarity"
    page._on_task("classification")
    page.set_dataset(pairs(tmp_path / "more.csv", "label", ("same", "other")))
    assert chosen(page)[2] == "classification"


def offered(page: NewRunPage) -> set[str]:
    """The settings under Advanced that a person would see when it is unfolded."""
    page.how.advanced.set_open(True)
    keys = page.how.advanced.option_keys()
    return {key for key in keys if page.how.advanced.form(key).field(key).isVisibleTo(page.how.advanced)}


def test_each_task_shows_the_settings_that_change_something(page: NewRunPage, tmp_path: Path) -> None:
    page.set_dataset(pairs(tmp_path / "alike.csv", "score", ("0.5", "4.25", "3.1", "1.75")))
    assert "pooling" in offered(page)
    assert not offered(page) & {"weigh_classes", "stop_words", "preparation"}
    page.goal.tasks.tasks.button("pair-classification").click()
    assert {"pooling", "weigh_classes"} < offered(page)


def test_settings_of_a_method_are_shown_with_it(page: NewRunPage, tmp_path: Path) -> None:
    page.set_dataset(pairs(tmp_path / "same.csv", "label", ("same", "other")))
    of_methods = {"lora_rank", "lora_targets", "top_layers"}
    seen = {}
    for method in ("full", "top-layers", "lora"):
        page.how.method.choose(method)
        seen[method] = offered(page) & of_methods
    assert seen == {"full": set(), "top-layers": {"top_layers"}, "lora": {"lora_rank", "lora_targets"}}
    page.how.advanced.set_value("lora_rank", 32)
    assert page.spec().options["lora_rank"] == 32
    page.how.method.choose("full")
    assert page.spec().options["lora_rank"] == 8, "what is not shown has no say"
    page.how.method.race.switch.setChecked(True)
    assert offered(page) & of_methods == {"lora_rank", "lora_targets"}
    assert page.spec().options["lora_rank"] == 32


def test_a_start_of_another_job_says_what_is_dropped(page: NewRunPage, tmp_path: Path) -> None:
    folder = tmp_path / "sentiment"
    folder.mkdir()
    config = {"model_type": "bert", "architectures": ["BertForSequenceClassification"], "vocab_size": 100}
    config |= {
        "hidden_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "max_position_embeddings": 64,
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    page.set_dataset(pairs(tmp_path / "same.csv", "label", ("same", "other")))
    picker = page.model.language_start
    picker.choose(str(folder))
    told = picker.head.text()
    assert told.startswith("sentiment has learned sorting texts into classes before.")
    assert "a new one begins from nothing" in told
    assert picker.head.isVisibleTo(picker)
    page.how.stage.set_value("go_on")
    assert not picker.head.isVisibleTo(picker)


def test_a_running_text_of_the_program_says_why_no_job_is_learned_from_it(page: NewRunPage) -> None:
    page.set_dataset("little-kingdom")
    page.goal.goals.button("sort_texts").click()
    page.goal.tasks.tasks.button("multilabel").click()
    assert not page.footer.start.isEnabled()
    assert said(page, "startReason").startswith(
        "Little Kingdom is running text, without examples of this job."
    )
    page.goal.goals.button("related_words").click()
    assert page.footer.start.isEnabled()


@pytest.mark.parametrize(("family", "job"), [("gpt", "reply"), ("bert", "classification")])
def test_a_finished_model_is_fine_tuned_for_what_its_family_is_for(
    page: NewRunPage, family: str, job: str
) -> None:
    page.go_on_from("", "bert", "finetune")
    page.how.set_task("tagging")
    page.go_on_from("", family, "finetune")
    assert page.how.task() == job
    assert page.goal.goal() == ("write_text" if job == "reply" else "sort_texts")


def test_labelled_data_tells_what_a_finished_gpt_is_to_learn_and_other_data_tells_otherwise(
    page: NewRunPage, tmp_path: Path
) -> None:
    rows = [[f"{SENTENCES[n % 4]} number {n}.", ("good", "bad")[n % 2]] for n in range(40)]
    page.go_on_from("", "gpt", "finetune")
    page.set_dataset(table(tmp_path / "opinions.csv", ["text", "label"], rows))
    assert chosen(page) == ("sort_texts", "gpt", "classification")
    assert "Chosen because opinions.csv has labels" in said(page, "goalSentence")
    talk = tmp_path / "talk.jsonl"
    pairs_of_talk = [{"prompt": f"Ask {n}?", "reply": f"{SENTENCES[n % 4]} {n}."} for n in range(40)]
    talk.write_text("\n".join(map(json.dumps, pairs_of_talk)), encoding="utf-8")
    page.set_dataset(str(talk))
    assert chosen(page) == ("write_text", "gpt", "reply")


def test_a_job_that_a_person_chose_for_a_finished_model_stays(page: NewRunPage, tmp_path: Path) -> None:
    rows = [[f"{SENTENCES[n % 4]} number {n}.", ("good", "bad")[n % 2]] for n in range(40)]
    page.go_on_from("", "gpt", "finetune")
    page.goal.tasks.tasks.button("plain-text").click()
    page.goal.tasks.tasks.button("reply").click()
    page.set_dataset(table(tmp_path / "opinions.csv", ["text", "label"], rows))
    assert chosen(page) == ("write_text", "gpt", "reply")
    assert "no column" in said(page, "taskSentence")
