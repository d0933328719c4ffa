"""One sentence and one number for runs that learned answers, names, replies or likeness."""

from __future__ import annotations

import pytest

from ptft_gui.core import events as ev
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.headline import headline, list_number, next_steps


def _ended(family: str, task: str, metrics: dict[str, float]) -> RunSummary:
    spec = new_spec(family, "rows.json", stage="finetune", task=task, method="full")
    summary = RunSummary(spec=spec)
    summary.fold(
        [
            ev.Resolved(values={"labels": ["O", "B-PER"], "task": task}),
            ev.Steps(step=[5], columns={"loss": [1.0], "progress": [1.0]}),
            ev.Evaluated(step=5, epoch=1.0, metrics={"val/loss": 1.0, **metrics}),
            ev.Finished(step=5),
        ]
    )
    return summary


@pytest.mark.parametrize(
    ("family", "task", "metrics", "sentence", "number"),
    [
        (
            "bert", "question-answering", {"val/f1": 0.5, "test/f1": 0.4567, "test/exact_match": 0.3},
            "Answers questions from a text: F1 0.457 on the test rows (1 is every answer word for word).", "F1 0.457",
        ),
        (
            "bert", "tagging", {"val/entity_f1": 0.36, "val/accuracy": 0.94},
            "Marks names in text: F1 0.36 on the held-out rows (1 is every name found whole, and no other).", "F1 0.36",
        ),
        (
            "gpt", "reply", {"test/perplexity": 34.21},
            "Replies to prompts: perplexity 34.2 on the test rows (it wavers among that many tokens).",
            "perplexity 34.2",
        ),
        (
            "bert", "pair-similarity", {"test/spearman": 0.8},
            "Says how alike two texts are: Spearman's correlation 0.8 on the test rows (1 is the order people gave).",
            "agrees 0.8",
        ),
    ],
)  # fmt: skip
def test_the_score_of_the_task_is_the_headline(
    family: str, task: str, metrics: dict[str, float], sentence: str, number: str
) -> None:
    summary = _ended(family, task, metrics)
    assert headline(summary, "finished").replace("0.360", "0.36").replace("0.800", "0.8") == sentence
    assert list_number(summary, "finished").replace("0.360", "0.36").replace("0.800", "0.8") == number


@pytest.mark.parametrize(
    ("family", "task", "words"),
    [
        ("bert", "classification", "Classify a file"),
        ("word2vec", "classification", "Classify a file"),
        ("bert", "multilabel", "Label a file"),
        ("bert", "pair-classification", "Compare a file"),
        ("bert", "pair-similarity", "Compare a file"),
        ("bert", "question-answering", "Answer a file"),
        ("bert", "tagging", "Mark names in a file"),
        ("gpt", "reply", "Reply to a file"),
    ],
)
def test_what_now_after_a_task(family: str, task: str, words: str) -> None:
    steps = next_steps(_ended(family, task, {"val/accuracy": 0.1}), "finished")
    races = [("race", "Race the methods"), ("count_labels", "How many labels do I need?")]
    assert [(step.key, step.label) for step in steps] == [
        ("try_it", "Try it"),
        ("classify_file", words),
        ("score", "Score to report"),
        *(races if family != "word2vec" else []),  # points of words are learned from in one way alone
    ]


def test_rows_without_a_label_are_offered_first() -> None:
    summary = _ended("bert", "classification", {"val/accuracy": 0.5})
    assert summary.resolved is not None
    summary.resolved.values["parts"] = {"train": 10, "unlabelled": 612}
    told = [(step.key, step.label) for step in next_steps(summary, "finished")]
    assert told[1] == ("classify_unlabelled", "Classify the 612 rows without label")
    summary.resolved.values["parts"] = {"train": 10, "unlabelled": 1}
    assert next_steps(summary, "finished")[1].label == "Classify the 1 row without label"


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("multilabel", "Label the 612 rows without label"),
        ("pair-classification", "Compare the 612 rows without label"),
        ("pair-similarity", "Compare the 612 rows without score"),
    ],
)
def test_rows_without_a_label_are_called_as_the_task_calls_them(task: str, words: str) -> None:
    summary = _ended("bert", task, {"val/accuracy": 0.5})
    assert summary.resolved is not None
    summary.resolved.values["parts"] = {"train": 10, "unlabelled": 612}
    assert next_steps(summary, "finished")[1].label == words
