"""What changed most from one model to another: the words whose meaning moved, in order.

Two trainings of one text give different numbers for the same meaning: the whole space is turned. So the space of the
earlier model is first turned onto the later one, by the rotation that brings the common words nearest to where they
stand now (orthogonal Procrustes, Schoenemann 1966; for word vectors Hamilton, Leskovec and Jurafsky 2016, "Diachronic
Word Embeddings Reveal Statistical Laws of Semantic Change"). Then each common word is judged twice:

* *place*: 1 - cosine between where it stood, turned, and where it stands;
* *company*: the share of its nearest common words that are others now (Gonen and others 2020, "Simple, Interpretable
  and Stable Method for Detecting Words with Usage Change across Corpora"; needs no turning).

Their mean is the word's raw change, 0 to 1. Training itself moves words too, rare ones more than frequent ones. What
is told is therefore the change beyond the usual: raw less the median of words about as frequent, as a share of what
would have been left, so that 0 is what words of this frequency do anyway and 1 is all. Words seen only a few times are
left out; how many times are needed is chosen by the texts and stated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.inspection.centred import to_unit_length, unit_rows
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.neighbours import nearest_rows
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

Floats = NDArray[np.float32]
Values = NDArray[np.float64]
Rows = NDArray[np.int64]

MOST_JUDGED = 10_000
FEWEST_COMMON = 20
_COMPANY = 20
_SHOWN_NEIGHBOURS = 8
_NEW_WORDS = 50
_USUAL_WINDOW = 301
_MIN_COUNTS = (50, 30, 20, 10, 5)
_ENOUGH_WORDS = 1_000
_BLOCK_ROWS = 1_000


@dataclass(frozen=True)
class Changed:
    """``change``: 0 as words of its frequency do anyway, 1 all; ``count``: in the later text, None where unknown."""

    word: str
    change: float
    count: int | None
    before: list[str]
    after: list[str]


@dataclass(frozen=True)
class Changes:
    """``usual``: the raw change of the word in the middle; ``is_turned``: whether places were judged beside company."""

    rows: list[Changed]
    common: int
    judged: int
    only_before: int
    only_after: int
    new_words: list[str]
    min_count: int
    usual: float
    is_turned: bool
    sentence: str


@dataclass(frozen=True)
class _Common:
    """The words of both models in order of frequency: their rows in each, and how often they occur (0: unknown)."""

    before: Rows
    after: Rows
    counts: NDArray[np.int64]


def find_changes(
    after: OpenedModel,
    before: OpenedModel,
    topn: int = 100,
    min_count: int | None = None,
    sort: str = "most",
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Changes:
    """The words that changed ``most`` (or ``least``) from ``before`` to ``after``.

    Raises :class:`ModelError` for models with too few words in common, :class:`StoppedByPerson`.
    """
    common = _common_words(before, after)
    limit = _usual_min_count(common.counts) if min_count is None else min_count
    is_judged = (common.counts >= limit) | (common.counts == 0)
    judged = _Common(
        *(part[is_judged][:MOST_JUDGED] for part in (common.before, common.after, common.counts))
    )
    if len(judged.after) < FEWEST_COMMON:
        raise _too_few(before, after, len(common.after), len(judged.after), limit)
    was = to_unit_length(_centred(unit_rows(before, judged.before)))
    now = to_unit_length(_centred(unit_rows(after, judged.after)))
    company = _other_company(was, now, progress, should_stop)
    is_turned = len(now) >= 2 * max(was.shape[1], now.shape[1])
    raw = (company + _moved(was, now)) / 2 if is_turned else company
    beyond = beyond_usual(raw)
    best = np.lexsort((np.arange(len(raw)), beyond if sort == "least" else -beyond))[: max(0, topn)]
    rows = _with_neighbours(before, after, judged, beyond, best, should_stop)
    only_after = _without(np.arange(len(after.vectors)), common.after)
    return Changes(
        rows,
        len(common.after),
        len(judged.after),
        len(before.vectors) - len(common.before),
        len(only_after),
        [after.vectors.words[row] for row in only_after[:_NEW_WORDS].tolist()],
        limit,
        float(np.median(raw)),
        is_turned,
        _sentence(len(judged.after), len(common.after), limit, bool(common.counts.any())),
    )


def _common_words(before: OpenedModel, after: OpenedModel) -> _Common:
    """In order of the rarer of a word's two counts, where both models tell them, else of its rank in both."""
    index = before.vectors.index
    pairs = [(index[word], row) for row, word in enumerate(after.vectors.words) if word in index]
    rows = np.array(pairs, np.int64).reshape(-1, 2)
    counts = np.minimum(before.vectors.counts[rows[:, 0]], after.vectors.counts[rows[:, 1]]).astype(np.int64)
    order = np.lexsort((rows.max(axis=1), -counts))
    return _Common(rows[order, 0], rows[order, 1], counts[order])


def _usual_min_count(counts: NDArray[np.int64]) -> int:
    """The highest of a few limits that leaves a thousand words, or half of those there are."""
    wanted = min(_ENOUGH_WORDS, len(counts) // 2)
    return next((limit for limit in _MIN_COUNTS if int((counts >= limit).sum()) >= wanted), _MIN_COUNTS[-1])


def _centred(points: Floats) -> Floats:
    return np.asarray(points - points.mean(axis=0), np.float32)


def _moved(was: Floats, now: Floats) -> Values:
    """How far each word stands from where it stood, after turning; 0 to 1, shape (n,).

    The turning is U V' of the singular value decomposition of was' now; of models of different sizes it is the best
    map that keeps lengths in the smaller one.
    """
    left, _, right = np.linalg.svd(was.T.astype(np.float64) @ now.astype(np.float64), full_matrices=False)
    turned = to_unit_length((was @ (left @ right).astype(np.float32)).astype(np.float32))
    cosines = np.einsum("ij,ij->i", turned, now, dtype=np.float64)
    moved: Values = np.clip(1.0 - cosines, 0.0, 1.0)
    return moved


def _other_company(was: Floats, now: Floats, progress: Progress, should_stop: ShouldStop) -> Values:
    """The share of each word's nearest common words that are others now; 0 to 1, shape (n,)."""
    count = max(1, min(_COMPANY, (len(now) - 1) // 4))
    changed = np.empty(len(now))
    for start in range(0, len(now), _BLOCK_ROWS):
        if should_stop():
            raise StoppedByPerson
        progress("Comparing neighbourhoods", start / len(now))
        ours, theirs = _company(was, start, count), _company(now, start, count)
        for place, (old, new) in enumerate(zip(ours, theirs, strict=True)):
            changed[start + place] = 1.0 - len(set(old) & set(new)) / count
    return changed


def _company(points: Floats, start: int, count: int) -> list[list[int]]:
    products = points[start : start + _BLOCK_ROWS] @ points.T
    own = np.arange(len(products))
    products[own, own + start] = -np.inf
    nearest: list[list[int]] = np.argpartition(products, -count, axis=1)[:, -count:].tolist()
    return nearest


def beyond_usual(raw: Values) -> Values:
    """Change beyond what words about as frequent do, at most 1; below 0 for words that changed less than those.

    ``raw``: 0 to 1, in order of frequency, shape (n,). The usual is the median of the 300 words around.
    """
    from scipy.ndimage import median_filter

    window = min(_USUAL_WINDOW, len(raw) // 2 * 2 + 1)
    usual = np.minimum(median_filter(raw, window, mode="mirror"), 0.99)
    beyond: Values = (raw - usual) / (1.0 - usual)
    return beyond


def _with_neighbours(
    before: OpenedModel,
    after: OpenedModel,
    judged: _Common,
    beyond: Values,
    best: Rows,
    should_stop: ShouldStop,
) -> list[Changed]:
    rows = []
    for place in best.tolist():
        if should_stop():
            raise StoppedByPerson
        old, new = int(judged.before[place]), int(judged.after[place])
        change = round(float(np.clip(beyond[place], 0.0, 1.0)), 4)
        rows.append(
            Changed(
                after.vectors.words[new],
                change,
                after.count(new),
                _nearest(before, old),
                _nearest(after, new),
            )
        )
    return rows


def _nearest(model: OpenedModel, row: int) -> list[str]:
    direction = unit_rows(model, [row])[0]
    found = nearest_rows(model.vectors.vectors, model.lengths, direction, _SHOWN_NEIGHBOURS, [row])
    return [model.vectors.words[near] for near, _ in found]


def _without(rows: Rows, taken: Rows) -> Rows:
    return np.asarray(np.setdiff1d(rows, taken, assume_unique=True), np.int64)


def _sentence(judged: int, common: int, limit: int, has_counts: bool) -> str:
    if not has_counts:
        return f"{judged:,} of {common:,} common words are compared; these vectors do not tell how often words occur."
    if judged == MOST_JUDGED:
        return f"The {judged:,} most frequent of {common:,} common words are compared."
    return f"{judged:,} of {common:,} common words are compared, those that occur at least {limit} times in both texts."


def _too_few(before: OpenedModel, after: OpenedModel, common: int, judged: int, limit: int) -> ModelError:
    seen = f"They share {common:,} words"
    if judged < common:
        seen += f", of which {judged:,} occur at least {limit} times in both"
    return ModelError(
        f"{before.name} and {after.name} have too few words in common to say what changed.",
        f"{seen}; {FEWEST_COMMON} are needed.",
        "Compare two models of texts in the same language.",
    )
