"""Scores of several labels a text and of numbers, against scikit-learn and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support
from sklearn.preprocessing import MultiLabelBinarizer

from ptft_gui.engine.metrics_labels import report_of_labels
from ptft_gui.engine.metrics_scores import report_of_scores

NAMES = ("art", "money", "sport", "war", "weather")


def drawn(rows: int, seed: int) -> list[list[str]]:
    dice = np.random.default_rng(seed)
    return [[name for name in NAMES if dice.random() < 0.3] for _ in range(rows)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_several_labels_as_scikit_learn_counts_them(seed: int) -> None:
    true, said = drawn(200, seed), drawn(200, seed + 50)
    report = report_of_labels(true, said, NAMES, "war")
    flags = MultiLabelBinarizer(classes=NAMES)
    mine, theirs = flags.fit_transform(true), flags.fit_transform(said)
    assert report["micro_f1"] == pytest.approx(f1_score(mine, theirs, average="micro"))
    assert report["macro_f1"] == pytest.approx(f1_score(mine, theirs, average="macro"))
    assert report["accuracy"] == pytest.approx(accuracy_score(mine, theirs))
    precision, recall, f1, support = precision_recall_fscore_support(mine, theirs, zero_division=0)
    for number, each in enumerate(report["classes"]):
        found = (each["precision"], each["recall"], each["f1"], each["support"])
        assert found == pytest.approx((precision[number], recall[number], f1[number], support[number]))
    always = np.zeros_like(mine)
    always[:, NAMES.index("war")] = 1
    assert report["majority"] == pytest.approx(f1_score(mine, always, average="micro"))


def test_the_intervals_hold_the_scores_and_narrow_with_more_texts() -> None:
    few, many = (report_of_labels(drawn(rows, 1), drawn(rows, 9), NAMES) for rows in (50, 2000))
    for report in (few, many):
        for name in ("micro_f1", "macro_f1", "accuracy"):
            low, high = report[f"{name}_interval"]
            assert low < report[name] < high
    assert np.ptp(many["micro_f1_interval"]) < np.ptp(few["micro_f1_interval"]) / 3


def test_texts_without_labels_labels_nobody_learned_and_no_texts() -> None:
    assert report_of_labels([[]], [[]], NAMES)["accuracy"] == 1.0
    report = report_of_labels([["war", "peace"]], [["war"]], NAMES)
    assert report["micro_f1"] == pytest.approx(2 / 3)
    assert report["classes"][-1]["label"] == "peace"
    nothing = report_of_labels([], [], NAMES)
    assert (nothing["rows"], nothing["accuracy"], nothing["micro_f1_interval"]) == (0, None, None)


@pytest.mark.parametrize("seed", [1, 2])
def test_numbers_as_scipy_correlates_them(seed: int) -> None:
    dice = np.random.default_rng(seed)
    true = dice.integers(0, 6, 300).astype(float)  # many equal ones
    said = true + dice.normal(0, 2, 300)
    report = report_of_scores(true.tolist(), said.tolist())
    assert report["spearman"] == pytest.approx(spearmanr(true, said).statistic)
    assert report["pearson"] == pytest.approx(pearsonr(true, said).statistic)
    expected = pearsonr(true, said).confidence_interval(0.95)
    assert report["pearson_interval"] == pytest.approx([expected.low, expected.high], abs=0.02)
    low, high = report["spearman_interval"]
    assert low < report["spearman"] < high
