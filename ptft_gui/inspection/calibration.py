"""Whether a model is as sure as it is right: of the answers it was 80 % sure of, four in five should be right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

BINS = 10
FEWEST_ROWS = 20


def calibration_of(answers: Iterable[tuple[float, bool]]) -> dict[str, Any] | None:
    """How sure and how right a model was, from (score, whether right) of each row; None for too few rows.

    ``bins``: of each tenth of scores that has rows ``low high rows sure right`` (means); ``error``: how far both lie
    apart on average over the rows, the expected calibration error of Naeini et al. 2015; ``sure`` and ``right`` over
    all rows.
    """
    rows = np.array([(score, is_right) for score, is_right in answers], np.float64).reshape(-1, 2)
    rows = rows[np.isfinite(rows[:, 0])]
    if len(rows) < FEWEST_ROWS:
        return None
    scores, right = np.clip(rows[:, 0], 0, 1), rows[:, 1]
    place = np.minimum((scores * BINS).astype(np.int64), BINS - 1)
    bins = []
    for number in np.unique(place).tolist():
        own = place == number
        bins.append(
            {
                "low": number / BINS,
                "high": (number + 1) / BINS,
                "rows": int(own.sum()),
                "sure": float(scores[own].mean()),
                "right": float(right[own].mean()),
            }
        )
    apart = sum(each["rows"] * abs(each["sure"] - each["right"]) for each in bins)
    return {
        "bins": bins,
        "error": float(apart / len(rows)),
        "sure": float(scores.mean()),
        "right": float(right.mean()),
    }
