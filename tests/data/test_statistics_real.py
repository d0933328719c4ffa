"""What is known of well-known collections comes out; they are read where PTFT_REAL_DATA points to them."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.data.examples.statistics import Statistics
from ptft_gui.data.examples.warnings import find_warnings
from ptft_gui.data.tables.opening import open_table_path

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif("PTFT_REAL_DATA" not in os.environ, reason="PTFT_REAL_DATA is not set"),
]

SENTENCES = {"text": "Column 1", "label": "Column 2"}
QUESTIONS = {
    "question": "question",
    "context": "context",
    "answer": "answers",
    "answer_start": "answer_starts",
}
SETS: dict[str, tuple[str, dict[str, str]]] = {
    "sst2": ("classification", SENTENCES),
    "thucnews": ("classification", SENTENCES),
    "chnsenticorp": ("classification", SENTENCES),
    "afqmc": ("pair-classification", {"text": "Column 1", "text_pair": "Column 2", "label": "Column 3"}),
    "imdb": ("classification", {"text": "text", "label": "label"}),
    "ag_news": ("classification", {"text": "text", "label": "label"}),
    "mr": ("classification", {"text": "text", "label": "label"}),
    "20newsgroups/20news_test.jsonl.gz": ("classification", {"text": "text", "label": "label"}),
    "mrpc": ("pair-classification", {"text": "#1 String", "text_pair": "#2 String", "label": "Quality"}),
    "sick": (
        "pair-classification",
        {"text": "sentence_A", "text_pair": "sentence_B", "label": "entailment_judgment"},
    ),
    "stsb": ("pair-similarity", {"text": "Column 6", "text_pair": "Column 7", "score": "Column 5"}),
    "wnut17": ("tagging", {"tokens": "tokens", "tags": "tags"}),
    "weibo_ner": ("tagging", {"tokens": "tokens", "tags": "tags"}),
    "cmrc2018/cmrc2018_dev.json": ("question-answering", QUESTIONS),
    "cmrc2018/cmrc2018_trial.json": ("question-answering", QUESTIONS),
    "xquad/xquad.en.json": ("question-answering", QUESTIONS),
    "xquad/xquad.zh.json": ("question-answering", QUESTIONS),
    "instruction/stanford_alpaca_first1807.json": ("reply", {"prompt": "instruction", "reply": "output"}),
    "instruction/alpaca_gpt4_zh_1000.json": ("reply", {"prompt": "instruction", "reply": "output"}),
    "tang_poems": ("plain-text", {"text": "paragraphs"}),
}
CHINESE = {
    "thucnews",
    "chnsenticorp",
    "afqmc",
    "weibo_ner",
    "cmrc2018/cmrc2018_dev.json",
    "cmrc2018/cmrc2018_trial.json",
    "xquad/xquad.zh.json",
    "instruction/alpaca_gpt4_zh_1000.json",
    "tang_poems",
}


@cache
def numbers_of(name: str) -> dict[str, Any]:
    task, roles = SETS[name]
    table = open_table_path(Path(os.environ["PTFT_REAL_DATA"], name))
    statistics = Statistics(roles, task)
    for part in table.parts:
        for frame in table.batches(part.key):
            statistics.add(part.key, frame)
    return statistics.result()


def leaks_of(name: str) -> dict[tuple[str, str], int]:
    return {(leak["part"], leak["other"]): leak["count"] for leak in numbers_of(name)["copies"]["shared"]}


@pytest.mark.parametrize("name", SETS)
def test_the_language_of_every_set(name: str) -> None:
    language = numbers_of(name)["language"]
    assert language["sentence"] == f"The texts look {'Chinese' if name in CHINESE else 'English'}."
    assert language["needs_word_cutting"] == (name in CHINESE)


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("sst2", {"train": {"1": 3610, "0": 3310}, "val": {"1": 444, "0": 428}, "test": {"1": 909, "0": 912}}),
        ("chnsenticorp", {
            "train": {"positive": 4799, "negative": 4801}, "val": {"positive": 593, "negative": 607}, "test": {},
        }),
        ("afqmc", {"train": {"1": 10573, "0": 23761}, "val": {"1": 1338, "0": 2978}}),
        ("imdb", {"train": {"pos": 5000, "neg": 5000}, "test": {"pos": 2500, "neg": 2500}}),
        ("ag_news", {"train": {"1": 2404, "2": 2514, "3": 2441, "4": 2390}, "test": dict.fromkeys("1234", 1900)}),
        ("mr", {"train": {"pos": 5331, "neg": 5331}}),
        ("mrpc", {"train": {"1": 2753, "0": 1323}, "test": {"1": 1147, "0": 578}}),
        ("sick", {"train": {"NEUTRAL": 5611, "ENTAILMENT": 2857, "CONTRADICTION": 1459}}),
    ],
)  # fmt: skip
def test_classes_are_counted(name: str, classes: dict[str, dict[str, int]]) -> None:
    assert {part: dict(counts) for part, counts in numbers_of(name)["classes"].items()} == classes


def test_headlines_that_recur_in_training() -> None:
    assert leaks_of("thucnews") == {("val", "train"): 40, ("test", "train"): 36, ("test", "val"): 8}
    result = numbers_of("thucnews")
    assert result["rows"] == {"train": 33_590, "val": 10_000, "test": 10_000}
    warnings = find_warnings(result, 128)
    assert [warning.key for warning in warnings] == ["leak", "leak", "leak_held_out"]
    assert warnings[0].sentence.startswith(
        "40 rows of the validation part (0.4 %) stand in the training part"
    )


def test_reviews_that_recur_as_often_as_plain_comparison_says() -> None:
    folder = Path(os.environ["PTFT_REAL_DATA"], "chnsenticorp")
    train, val = (
        [
            " ".join(line.split("\t")[0].lower().split())
            for line in (folder / name).read_text("utf-8").splitlines()
        ]
        for name in ("train.tsv", "dev.tsv")
    )
    copies = numbers_of("chnsenticorp")["copies"]
    assert copies["repeated"]["train"]["count"] == len(train) - len(set(train)) > 0
    known = set(train)
    assert leaks_of("chnsenticorp")["val", "train"] == sum(text in known for text in val)


def test_names_of_each_kind_are_counted() -> None:
    assert [kind for kind, _ in numbers_of("wnut17")["entities"]["train"]] == [
        "person",
        "location",
        "group",
        "corporation",
        "product",
        "creative-work",
    ]
    assert dict(numbers_of("wnut17")["entities"]["train"])["person"] == 660
    kinds = {kind for kind, _ in numbers_of("weibo_ner")["entities"]["train"]}
    assert kinds == {f"{kind}.{form}" for kind in ("PER", "ORG", "GPE", "LOC") for form in ("NAM", "NOM")}


@pytest.mark.parametrize(
    ("name", "questions", "answers", "misplaced"),
    [
        ("cmrc2018/cmrc2018_dev.json", 3219, 9657, 200),
        ("cmrc2018/cmrc2018_trial.json", 1002, 1002, 5),
        ("xquad/xquad.en.json", 1190, 1190, 0),
    ],
)
def test_answers_that_do_not_stand_at_their_start(
    name: str, questions: int, answers: int, misplaced: int
) -> None:
    found = numbers_of(name)["answers"]
    assert (found["questions"], found["answers"], found["misplaced"]) == (questions, answers, misplaced)
    assert found["unanswered"] == 0


def test_scores_lie_between_nought_and_five() -> None:
    scores = numbers_of("stsb")["scores"]
    assert (scores["min"], scores["max"], scores["count"], scores["unreadable"]) == (0, 5, 8628, 0)


def test_markup_in_reviews_is_noticed_and_texts_would_be_cut_off() -> None:
    warnings = {warning.key: warning.sentence for warning in find_warnings(numbers_of("imdb"), 256)}
    assert warnings["suspicious_html"].endswith("the text holds HTML tags or entities.")
    assert "cut_off" in warnings
    assert numbers_of("imdb")["tokens"]["train"] / 10_000 == pytest.approx(234, rel=0.02)


@pytest.mark.parametrize("name", SETS)
def test_whole_texts_are_not_taken_for_damaged_ones(name: str) -> None:
    result = numbers_of(name)
    mojibake = result["suspicious"].get("mojibake", {"count": 0})["count"]
    assert mojibake <= 1
    assert result["upper_case"] < 0.1
