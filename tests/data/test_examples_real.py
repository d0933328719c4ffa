"""Labelled data as it is published: roles, task and classes are found without a word from a person.

Read where PTFT_REAL_DATA points to the collection; the numbers are those its README states.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.asking import ask
from ptft_gui.data.examples.examine import open_data, study_data
from ptft_gui.data.examples.prepared import prepare_examples
from ptft_gui.data.examples.study import study_table

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif("PTFT_REAL_DATA" not in os.environ, reason="PTFT_REAL_DATA is not set"),
]


_SQUAD = {
    "question": "question",
    "context": "context",
    "answer": "answers",
    "answer_start": "answer_starts",
    "id": "id",
}
_ALPACA = {"prompt": "instruction + input", "reply": "output"}


def _request(name: str, **more: Any) -> DataRequest:
    return DataRequest(dataset=str(Path(os.environ["PTFT_REAL_DATA"], name)), **more)


def _raw_classes(request: DataRequest, cache: Path) -> list[dict[str, int]]:
    """Rows of each label as the files hold them, per part."""
    survey = study_table(ask(request), cache).survey
    found = []
    for part in range(3):
        codes = Counter(survey.label[survey.origin == part].tolist())
        counts = {survey.labels[code]: count for code, count in codes.items() if code >= 0}
        if codes:
            found.append(counts)
    return found


@pytest.mark.parametrize(
    ("name", "task", "roles", "classes"),
    [
        (
            "sst2", "classification", {"text": "Column 1", "label": "Column 2"},
            [{"1": 3610, "0": 3310}, {"1": 444, "0": 428}, {"1": 909, "0": 912}],
        ),
        ("mr", "classification", {"text": "text", "label": "label"}, [{"neg": 5331, "pos": 5331}]),
        (
            "imdb", "classification", {"text": "text", "label": "label"},
            [{"pos": 5000, "neg": 5000}, {"pos": 2500, "neg": 2500}],
        ),
        (
            "chnsenticorp", "classification", {"text": "Column 1", "label": "Column 2"},
            [{"positive": 4799, "negative": 4801}, {"positive": 593, "negative": 607}, {}],
        ),
        (
            "ag_news", "classification", {"text": "text", "label": "label"},
            [{"1": 2404, "2": 2514, "3": 2441, "4": 2390}, dict.fromkeys("1234", 1900)],
        ),
        (
            "mrpc", "pair-classification",
            {"text": "#1 String", "text_pair": "#2 String", "label": "Quality", "id": "#1 ID"},
            [{"1": 2753, "0": 1323}, {"1": 1147, "0": 578}],
        ),
        (
            "sick", "pair-classification",
            {
                "text": "sentence_A", "text_pair": "sentence_B", "label": "entailment_judgment",
                "score": "relatedness_score", "id": "pair_ID",
            },
            [{"NEUTRAL": 5611, "ENTAILMENT": 2857, "CONTRADICTION": 1459}],
        ),
        (
            "afqmc", "pair-classification", {"text": "Column 1", "text_pair": "Column 2", "label": "Column 3"},
            [{"1": 10573, "0": 34334 - 10573}, {"1": 1338, "0": 4316 - 1338}],
        ),
    ],
)  # fmt: skip
def test_labels_are_found_and_counted(
    name: str, task: str, roles: dict[str, str], classes: list[dict[str, int]], tmp_path: Path
) -> None:
    opened = open_data(_request(name))
    assert opened["task"] == task
    assert {each["role"]: each["column"] for each in opened["roles"]} == roles
    assert _raw_classes(_request(name), tmp_path) == classes


@pytest.mark.parametrize(
    ("name", "rows", "labels", "each"),
    [
        ("20newsgroups", 5000, 20, (250, 250)),
        ("20newsgroups/raw_folder", 123, 20, (6, 7)),
        ("thucnews", 33_590, 10, (3304, 3445)),
    ],
)
def test_many_classes_are_found(
    name: str, rows: int, labels: int, each: tuple[int, int], tmp_path: Path
) -> None:
    request = _request(name)
    assert open_data(request)["task"] == "classification"
    counts = _raw_classes(request, tmp_path)[0]
    assert sum(counts.values()) == rows
    assert len(counts) == labels
    assert (min(counts.values()), max(counts.values())) == each


@pytest.mark.parametrize(
    ("name", "task", "roles", "rows"),
    [
        (
            "stsb", "pair-similarity", {"text": "Column 6", "text_pair": "Column 7", "score": "Column 5"},
            5749 + 1500 + 1379,
        ),
        ("wnut17", "tagging", {"tokens": "tokens", "tags": "tags"}, 3394 + 1009 + 1287),
        ("weibo_ner", "tagging", {"tokens": "tokens", "tags": "tags"}, 1350 + 270 + 270),
        (
            "subjqa_electronics", "question-answering",
            {
                "question": "question", "context": "review", "answer": "human_ans_spans",
                "answer_start": "human_ans_indices",
            },
            2345 + 261 + 718,
        ),
        (
            "xquad/xquad.en.json", "question-answering",
            _SQUAD,
            1190,
        ),
        (
            "cmrc2018", "question-answering",
            _SQUAD,
            3219 + 1002,
        ),
        (
            "instruction/stanford_alpaca_first1807.json", "reply", _ALPACA, 1807,
        ),
        ("instruction/alpaca_gpt4_zh_1000.json", "reply", _ALPACA, 1000),
        ("instruction/llm_from_scratch_instructions.json", "reply", _ALPACA, 1100),
        (
            "instruction/self_instruct_seed_tasks.jsonl", "reply",
            {"prompt": "instruction + instances.input", "reply": "instances.output", "id": "id"}, 175,
        ),
        ("tang_poems", "plain-text", {"text": "paragraphs"}, 10_008),
        ("chnsenticorp/test.tsv", "plain-text", {"text": "text_a", "id": "qid"}, 1200),
    ],
)  # fmt: skip
def test_other_kinds_are_found_and_every_row_is_accounted_for(
    name: str, task: str, roles: dict[str, str], rows: int, tmp_path: Path
) -> None:
    opened = open_data(_request(name))
    assert opened["task"] == task
    assert {each["role"]: each["column"] for each in opened["roles"]} == roles
    studied = study_data(_request(name), cache_dir=tmp_path)
    assert studied["can_start"], studied["problem"]
    assert sum(part["count"] for part in studied["sum_parts"]) == rows
    assert sum(studied["parts"].values()) == sum(
        part["count"] for part in studied["sum_parts"] if part["key"] in ("used", "set_aside")
    )


def test_rows_that_stand_in_training_and_test_are_left_out_of_training(tmp_path: Path) -> None:
    studied = study_data(_request("thucnews"), cache_dir=tmp_path)
    leaks = next(each for each in studied["findings"] if each["finding"] == "leaks")
    assert leaks["count"] >= 76
    assert studied["parts"]["test"] == 10_000


def test_rows_without_label_of_a_given_test_file_are_kept_for_the_end(tmp_path: Path) -> None:
    examples = prepare_examples(_request("chnsenticorp"), tmp_path)
    assert examples.count("unlabelled") == 1200
    assert next(examples.rows("unlabelled"))["label"] is None
    assert examples.facts["language"]["languages"][0]["code"] == "zh"


def test_answers_stand_where_the_examples_say(tmp_path: Path) -> None:
    examples = prepare_examples(_request("cmrc2018"), tmp_path)
    checked = 0
    for row in examples.rows("train"):
        for answer, start in zip(row["answers"], row["answer_starts"], strict=True):
            assert row["context"].startswith(answer, start)
            checked += 1
    assert checked > 3000
