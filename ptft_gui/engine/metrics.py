"""Scores of tasks, by their official definitions; tests check them against a second implementation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.intervals import wilson_interval

Counts = NDArray[np.int64]
_RESAMPLES = 1000


@dataclass(frozen=True)
class ClassScore:
    """One class. ``support``: rows whose true label it is; a share of nothing is 0, as everywhere."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


def confusion_matrix(true: Sequence[int] | Counts, answered: Sequence[int] | Counts, classes: int) -> Counts:
    """Shape (k, k): ``matrix[t, a]`` rows of class t were answered with class a."""
    matrix = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(matrix, (np.asarray(true, dtype=np.int64), np.asarray(answered, dtype=np.int64)), 1)
    return matrix


def accuracy_of(matrix: Counts) -> float | None:
    """The share of rows answered rightly; None without rows."""
    rows = int(matrix.sum())
    return float(np.trace(matrix) / rows) if rows else None


def class_scores(matrix: Counts, labels: Sequence[str]) -> list[ClassScore]:
    """Precision, recall and F1 of every class, in the order of ``labels``."""
    hits = np.diag(matrix).astype(float)
    answered, support = matrix.sum(0), matrix.sum(1)
    precision = hits / np.maximum(answered, 1)
    recall = hits / np.maximum(support, 1)
    f1 = 2 * hits / np.maximum(answered + support, 1)
    return [
        ClassScore(label, float(p), float(r), float(f), int(n))
        for label, p, r, f, n in zip(labels, precision, recall, f1, support, strict=True)
    ]


def macro_f1_of(matrix: Counts) -> float | None:
    """The plain mean of F1 over the classes that occur, as true label or as answer; None without rows."""
    answered, support = matrix.sum(0), matrix.sum(1)
    occurs = (answered + support) > 0
    if not occurs.any():
        return None
    return float((2 * np.diag(matrix)[occurs] / (answered + support)[occurs]).mean())


def macro_f1_interval(matrix: Counts, seed: int = 1) -> tuple[float, float] | None:
    """The 95 % interval of macro F1 by resampling rows (Efron 1979), drawn from the cells they fall into."""
    rows = int(matrix.sum())
    if not rows:
        return None
    drawn = np.random.default_rng(seed).multinomial(rows, (matrix / rows).ravel(), size=_RESAMPLES)
    scores = [macro_f1_of(sample.reshape(matrix.shape)) or 0.0 for sample in drawn]
    low, high = np.percentile(scores, [2.5, 97.5])
    return float(low), float(high)


def report_of(matrix: Counts, labels: Sequence[str], commonest: str) -> dict[str, Any]:
    """Everything about one part of the data, ready for JSON.

    ``commonest``: the label that the training rows bear most often; always answering it is the plainest baseline.
    ``rows accuracy accuracy_interval macro_f1 macro_f1_interval majority matrix classes``.
    """
    rows = int(matrix.sum())
    place = list(labels).index(commonest) if commonest in labels else 0
    return {
        "rows": rows,
        "accuracy": accuracy_of(matrix),
        "accuracy_interval": wilson_interval(int(np.trace(matrix)), rows),
        "macro_f1": macro_f1_of(matrix),
        "macro_f1_interval": macro_f1_interval(matrix),
        "majority": float(matrix[place].sum() / rows) if rows else None,
        "majority_label": commonest,
        "matrix": matrix.tolist(),
        "classes": [vars(score) for score in class_scores(matrix, labels)],
    }
