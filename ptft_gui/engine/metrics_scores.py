"""How well numbers are guessed: Pearson's and Spearman's correlation, and how far the guesses are off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_RESAMPLES = 1000


def pearson(true: Sequence[float] | Numbers, answered: Sequence[float] | Numbers) -> float | None:
    """The correlation of two rows of numbers; None for fewer than two, or where one of them does not vary."""
    first, second = (np.asarray(values, np.float64) for values in (true, answered))
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    a, b = first - first.mean(), second - second.mean()
    product = float(np.sqrt((a @ a) * (b @ b)))
    return float(np.clip(a @ b / product, -1, 1)) if product else None


def spearman(true: Sequence[float] | Numbers, answered: Sequence[float] | Numbers) -> float | None:
    """The correlation of their ranks, equal numbers sharing the mean of theirs (Spearman 1904)."""
    from scipy.stats import rankdata

    return pearson(rankdata(true), rankdata(answered))


def report_of_scores(true: Sequence[float], answered: Sequence[float], seed: int = 1) -> dict[str, Any]:
    """Everything about the guesses for one part of the data, ready for JSON.

    ``rows spearman spearman_interval pearson pearson_interval mean_error always_mean``: the mean distance between guess
    and truth, and that of always guessing the mean of these rows.
    """
    first, second = (np.asarray(values, np.float64) for values in (true, answered))
    intervals = _intervals(first, second, seed)
    return {
        "rows": len(first),
        "spearman": spearman(first, second),
        "spearman_interval": intervals[0],
        "pearson": pearson(first, second),
        "pearson_interval": intervals[1],
        "mean_error": float(np.abs(first - second).mean()) if len(first) else None,
        "always_mean": float(np.abs(first - first.mean()).mean()) if len(first) else None,
    }


def _intervals(true: Numbers, answered: Numbers, seed: int) -> tuple[list[float] | None, list[float] | None]:
    """The 95 % intervals of Spearman's and Pearson's correlation by resampling rows (Efron 1979); None where too few
    vary."""
    if spearman(true, answered) is None:
        return None, None
    generator = np.random.default_rng(seed)
    drawn = [generator.integers(0, len(true), len(true)) for _ in range(_RESAMPLES)]
    return _interval(spearman, true, answered, drawn), _interval(pearson, true, answered, drawn)


def _interval(
    measure: Callable[[Numbers, Numbers], float | None],
    true: Numbers,
    answered: Numbers,
    drawn: Sequence[NDArray[np.int64]],
) -> list[float] | None:
    scores = [score for rows in drawn if (score := measure(true[rows], answered[rows])) is not None]
    if len(scores) < len(drawn) // 2:
        return None
    low, high = np.percentile(scores, [2.5, 97.5])
    return [float(low), float(high)]
