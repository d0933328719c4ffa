"""The paragraph for a methods section, for every task: only numbers that the run recorded, each with its name."""

from __future__ import annotations

from typing import Any

import pytest

from ptft_gui.core import events as ev
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.methods_paragraph import methods_paragraph, silence_sentence

_SCORES: dict[str, dict[str, Any]] = {
    "tagging": {
        "rows": 40, "entities": 90, "entity_f1": 0.62, "entity_f1_interval": [0.51, 0.7], "entity_precision": 0.6,
        "entity_recall": 0.64, "macro_f1": 0.5,
    },
    "question-answering": {
        "rows": 40, "definition": "squad", "exact_match": 0.5, "exact_match_interval": [0.35, 0.65], "f1": 0.61,
        "f1_interval": [0.5, 0.7], "unanswered": {"rows": 8}, "always_none": 0.2,
    },
    "reply": {"rows": 40, "perplexity": 12.5, "accuracy": 0.4, "tokens": 4000},
    "multilabel": {
        "rows": 40, "micro_f1": 0.7, "micro_f1_interval": [0.6, 0.8], "macro_f1": 0.6, "accuracy": 0.5,
        "threshold": 0.5, "majority": 0.3, "majority_label": "a",
    },
    "pair-similarity": {
        "rows": 40, "spearman": 0.7, "spearman_interval": [0.5, 0.8], "pearson": 0.71, "mean_error": 0.4,
        "always_mean": 0.9,
    },
}  # fmt: skip
_TOLD = {
    "tagging": (
        "Entity-level F1 (CoNLL) was 0.620 (95 % CI 0.510-0.700), precision was 0.600, recall was 0.640, "
        "macro F1 over the kinds was 0.500, on 90 names in 40 sentences."
    ),
    "question-answering": (
        "By the definition of SQuAD, exact match was 0.500 (95 % CI 0.350-0.650), F1 was 0.610 (95 % CI "
        "0.500-0.700); 8 of the questions have no answer in their text, and always saying so gives exact "
        "match 0.200."
    ),
    "reply": (
        "Perplexity of the true replies was 12.500, the share of tokens guessed first was 0.400, over 4,000 "
        "tokens."
    ),
    "multilabel": (
        "Micro F1 was 0.700 (95 % CI 0.600-0.800), macro F1 was 0.600, the share of texts with all labels "
        "right was 0.500 (a label is given from a share of 0.5 on); always answering the most frequent label "
        "alone gives micro F1 0.300."
    ),
    "pair-similarity": (
        "Spearman's rank correlation with the given scores was 0.700 (95 % CI 0.500-0.800), Pearson's "
        "correlation was 0.710; the mean absolute difference was 0.400, that of always answering their mean "
        "0.900."
    ),
}


def summary_of(task: str, **resolved: Any) -> RunSummary:
    family = "gpt" if task == "reply" else "bert"
    spec = new_spec(family, "rows.csv", stage="finetune", task=task, method="full")
    summary = RunSummary(spec)
    values = {"epochs": 3, "learning_rate": 2e-5, "global_batch_size": 16, "seed": 1, **resolved}
    summary.fold([ev.Started(attempt=1, versions={"ptft-gui": "0.1.0"}), ev.Resolved(values=values)])
    return summary


@pytest.mark.parametrize("task", sorted(_SCORES))
def test_every_task_tells_its_own_scores(task: str) -> None:
    told = methods_paragraph(summary_of(task), {"task": task, "labels": ["a", "b"], "test": _SCORES[task]})
    assert _TOLD[task] in told
    assert "None" not in told


@pytest.mark.parametrize("task", sorted(_SCORES))
def test_held_out_rows_are_not_to_be_printed(task: str) -> None:
    assert methods_paragraph(summary_of(task), {"task": task, "labels": [], "val": _SCORES[task]}) == ""


def test_five_parts_and_corrections_are_told() -> None:
    folds = {
        "done": 5,
        "of": 5,
        "rows": 200,
        "scores": [["entity_f1", 0.6, 0.5, 0.7], ["macro_f1", 0.5, 0.4, 0.6]],
    }
    report = {"task": "tagging", "labels": [], "test": _SCORES["tagging"], "folds": folds, "looks": 6}
    corrected = {"sentence": "1 row was left out by hand (1 for testing)."}
    told = methods_paragraph(summary_of("tagging", corrections=corrected), report)
    assert "entity-level F1 0.600 (0.500 to 0.700), macro F1 0.500 (0.400 to 0.600)." in told
    assert "1 row was left out by hand (1 for testing). Scores are against the corrected labels." in told
    assert "The test set was consulted 6 times during development." in told
    assert "cross-validation" not in methods_paragraph(
        summary_of("tagging"), {**report, "folds": {**folds, "done": 2}}
    )


def test_the_threshold_of_no_answer_is_told_with_how_it_was_chosen() -> None:
    scores = _SCORES["question-answering"]
    assert silence_sentence(scores) == ""
    told = methods_paragraph(
        summary_of("question-answering"), {"test": {**scores, "no_answer_threshold": -1.23456}}
    )
    assert (
        "exact match 0.200. A question counts as having no answer where saying nothing scores less than 1.23 nats "
        "below the best passage; this threshold was chosen on the validation rows, by F1."
    ) in told
    assert "scores more than 0.5 nats above the best" in silence_sentence({"no_answer_threshold": 0.5})


def test_what_was_left_out_and_cut_off_is_told_only_where_something_was() -> None:
    report = {"labels": ["a", "b"], "test": {"rows": 4, "accuracy": 0.5}}
    start = {"name": "Starter encoder (all-MiniLM-L6-v2)", "model_type": "bert"}
    told = methods_paragraph(
        summary_of("classification", initial=start, block_size=56, sum_sentence="1,900 rows = 1,900 used."),
        report,
    )
    assert (
        "with a fine-tuned Starter encoder all-MiniLM-L6-v2 (BERT; all weights trained, best of up to 3 epochs, "
        "learning rate 2e-05, batches of 16, seed 1, texts cut off after 56 tokens). All 1,900 rows were used."
    ) in told
    sums = "200 rows = 186 used + 14 copies, left out."
    assert f"Rows: {sums}" in methods_paragraph(summary_of("classification", sum_sentence=sums), report)
    asked = methods_paragraph(summary_of("tagging", block_size=56), {"test": _SCORES["tagging"]})
    assert "cut off" not in asked


def test_scores_that_lack_their_number_make_no_paragraph() -> None:
    assert methods_paragraph(summary_of("classification"), {"test": {"rows": 4}}) == ""
