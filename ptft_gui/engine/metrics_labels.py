"""How well several labels a text are guessed: micro and macro F1, the share of texts with all labels right, each label.

Every label is a yes or no of its own. Micro F1 counts all labels that were given together, macro F1 is the plain mean
over the labels that occur, as a true label or as an answer; scikit-learn gives the same (a test says so).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.intervals import wilson_interval

THRESHOLD = 0.5
"""From which share on a label is given."""
_RESAMPLES = 1000
_MOST_CELLS = 20_000_000
Flags = NDArray[np.bool_]


def report_of_labels(
    true: Sequence[Sequence[str]],
    answered: Sequence[Sequence[str]],
    labels: Sequence[str],
    commonest: str | None = None,
    seed: int = 1,
) -> dict[str, Any]:
    """Everything about the labels of one part of the data, ready for JSON.

    ``rows micro_f1 micro_f1_interval macro_f1 macro_f1_interval accuracy accuracy_interval threshold classes`` and,
    with ``commonest``, ``majority majority_label``: micro F1 of always answering with that label. ``accuracy`` is the
    share of texts whose labels are all right; ``classes``: ``label precision recall f1 support``, a share of nothing
    being 0. A label that is not among ``labels`` counts as one that was missed.
    """
    names = [*labels, *sorted({label for each in (*true, *answered) for label in each} - set(labels))]
    mine, theirs = _flags(true, names), _flags(answered, names)
    hits, claimed, support = ((mine & theirs).sum(0), theirs.sum(0), mine.sum(0))
    rows = len(mine)
    f1 = 2 * hits / np.maximum(claimed + support, 1)
    right = int((mine == theirs).all(1).sum())
    micro_interval, macro_interval = _intervals(mine, theirs, seed)
    report: dict[str, Any] = {
        "rows": rows,
        "micro_f1": _micro(hits, claimed + support),
        "micro_f1_interval": micro_interval,
        "macro_f1": _macro(hits, claimed + support),
        "macro_f1_interval": macro_interval,
        "accuracy": right / rows if rows else None,
        "accuracy_interval": wilson_interval(right, rows),
        "threshold": THRESHOLD,
        "classes": [
            {
                "label": label,
                "precision": float(hits[n] / max(claimed[n], 1)),
                "recall": float(hits[n] / max(support[n], 1)),
                "f1": float(f1[n]),
                "support": int(support[n]),
            }
            for n, label in enumerate(names)
        ],
    }
    if commonest in names and rows:
        of_one = support[names.index(commonest)]
        report |= {"majority": _micro(of_one, support.sum() + rows), "majority_label": commonest}
    return report


def _flags(chosen: Sequence[Sequence[str]], names: Sequence[str]) -> Flags:
    """Shape (rows, labels)."""
    place = {name: number for number, name in enumerate(names)}
    flags = np.zeros((len(chosen), len(names)), bool)
    for row, each in enumerate(chosen):
        for label in each:
            flags[row, place[label]] = True
    return flags


def _micro(hits: Any, together: Any) -> float:
    return float(2 * np.sum(hits) / max(int(np.sum(together)), 1))


def _macro(hits: Any, together: Any) -> float | None:
    occurs = together > 0
    return float((2 * hits[occurs] / together[occurs]).mean()) if occurs.any() else None


def _intervals(mine: Flags, theirs: Flags, seed: int) -> tuple[list[float] | None, list[float] | None]:
    """The 95 % intervals of micro and macro F1 by resampling texts (Efron 1979); None without texts."""
    if not len(mine):
        return None, None
    hits, together = (mine & theirs).astype(np.float32), mine.astype(np.float32) + theirs
    generator = np.random.default_rng(seed)
    resamples = max(100, min(_RESAMPLES, _MOST_CELLS // max(mine.shape[0], 1)))
    micro, macro = [], []
    for _ in range(resamples):  # how often each text was drawn, instead of the texts themselves
        drawn = np.bincount(generator.integers(0, len(mine), len(mine)), minlength=len(mine)).astype(
            np.float32
        )
        right, all_of = drawn @ hits, drawn @ together
        micro.append(_micro(right, all_of))
        macro.append(_macro(right, all_of) or 0.0)
    return tuple([float(x) for x in np.percentile(scores, [2.5, 97.5])] for scores in (micro, macro))  # type: ignore[return-value]
