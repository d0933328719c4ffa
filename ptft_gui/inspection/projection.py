"""The map of meaning: words as points on a plane or in a space of three dimensions, near where their meaning is near.

Three methods. *PCA* looks at the cloud from where it is widest: exact, quick, takes all words. *t-SNE* (van der Maaten
and Hinton 2008) and *UMAP* (McInnes and others 2018) keep neighbours together; they take long, so they draw the most
frequent words unless more are asked for. Words that a person searched or watches are always among those drawn.

Every vector is scaled to length 1, so that distance speaks of the cosine, and what all words share is taken away (see
:mod:`~ptft_gui.inspection.centred`). t-SNE and UMAP begin from the fifty main directions of that, scaled to length 1
again, and from the picture that PCA gives.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.family.options import unknown_name_problem
from ptft_gui.inspection.centred import MainDirections, main_directions, seen_along, to_unit_length
from ptft_gui.inspection.clusters import (
    LEARNED_FROM,
    MOST_CLUSTERS,
    find_middles,
    name_clusters,
    nearest_middles,
)
from ptft_gui.inspection.embedding import EMBEDDING_METHODS, embed
from ptft_gui.inspection.map_cache import Drawn, find_kept, keep, place_of
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress
from ptft_gui.inspection.words import known_rows

MapMethod = Literal["pca", "tsne", "umap"]
METHODS: tuple[MapMethod, ...] = get_args(MapMethod)
TITLES: dict[MapMethod, str] = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}

USUAL_MOST: dict[MapMethod, int] = {"pca": 400_000, "tsne": 5_000, "umap": 20_000}
"""How many words are drawn unless more are asked for."""
MOST_POINTS: dict[MapMethod, int] = {"pca": 1_000_000, "tsne": 50_000, "umap": 100_000}
"""How many may be asked for; beyond that a picture takes hours, or more memory than a computer has."""
MOST_WISHES = 5_000
FEWEST_EMBEDDED = 10
"""Fewer words have no neighbourhoods to arrange: PCA draws them, whatever was asked for."""
_INNER_DIMENSIONS = 50
_RADIUS_PERCENT = 90

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class MapRequest:
    """What a map shall show; ``words`` are always in it, ``sample`` is the most points there may be (None: usual)."""

    method: MapMethod = "pca"
    dimensions: int = 2
    words: tuple[str, ...] = ()
    sample: int | None = None
    clusters: int = 8
    seed: int = 1


@dataclass(frozen=True)
class WordPositions:
    """Words in order of frequency, and where each stands.

    ``drawn``: the positions, groups and how they came about; ``counts``: int64 (n,), 0 where unknown; ``unknown``:
    wishes that the model does not know; ``of``: how many words the model has.
    """

    words: list[str]
    counts: NDArray[np.int64]
    drawn: Drawn
    unknown: list[str]
    of: int

    @property
    def sentence(self) -> str:
        """How many of the model's words are on the map."""
        if len(self.words) >= self.of:
            return f"All {self.of:,} words."
        return f"{len(self.words):,} of {self.of:,} words, your words always included."


def map_words(
    model: OpenedModel,
    request: MapRequest,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> WordPositions:
    """Draw the map of a model's words, or take it from the cache where the same was drawn before.

    The same request gives the same picture. Raises :class:`ModelError` for a request that cannot be met,
    :class:`StoppedByPerson`.
    """
    _check(request)
    rows, unknown = _rows_to_draw(model, request)
    place = place_of(model, (request.method, request.dimensions, request.clusters, request.seed), rows)
    drawn = find_kept(place, len(rows))
    if drawn is None:
        begin = time.perf_counter()
        drawn = _draw(model, request, rows, progress, should_stop)
        drawn = replace(drawn, seconds=round(time.perf_counter() - begin, 2))
        keep(place, drawn)
    counts = np.asarray(model.vectors.counts[rows], np.int64)
    words = [model.vectors.words[row] for row in rows.tolist()]
    return WordPositions(words, counts, drawn, unknown, len(model.vectors))


def _check(request: MapRequest) -> None:
    if request.method not in METHODS:
        raise unknown_name_problem("way to draw a map", request.method, METHODS)
    if request.dimensions not in (2, 3):
        raise ModelError(
            f"A map of {request.dimensions} dimensions cannot be drawn.", hint="Choose 2 or 3 dimensions."
        )
    if not 0 <= request.clusters <= MOST_CLUSTERS:
        raise ModelError(
            f"{request.clusters:,} groups of words cannot be told apart by colour.",
            hint=f"Choose a number from 0 (no groups) to {MOST_CLUSTERS}.",
        )
    most = MOST_POINTS[request.method]
    if request.sample is not None and not 1 <= request.sample <= most:
        raise ModelError(
            f"A map of {request.sample:,} words cannot be drawn this way.",
            f"{TITLES[request.method]} takes from 1 to {most:,} words.",
            "Choose a number in between, or another way to draw.",
        )
    if len(request.words) > MOST_WISHES:
        raise ModelError(
            f"{len(request.words):,} words cannot be asked for by name at once.",
            hint=f"Name {MOST_WISHES:,} at most.",
        )


def _rows_to_draw(model: OpenedModel, request: MapRequest) -> tuple[Rows, list[str]]:
    """The rows on the map in order of frequency, and the wishes that are not among the model's words."""
    wished, unknown = known_rows(model, request.words)
    most = request.sample or USUAL_MOST[request.method]
    frequent = np.arange(min(most, len(model.vectors)), dtype=np.int64)
    rarer = [row for row in wished if row >= len(frequent)]
    # So that there are never more points than asked for, the rarest of the frequent make room for the wished ones.
    kept = frequent[: max(0, most - len(rarer))] if most < len(model.vectors) else frequent
    rows = np.unique(np.array([*kept.tolist(), *wished], np.int64))
    return rows, unknown


def _draw(
    model: OpenedModel, request: MapRequest, rows: Rows, progress: Progress, should_stop: ShouldStop
) -> Drawn:
    count = _INNER_DIMENSIONS if request.method in EMBEDDING_METHODS else request.dimensions
    directions = main_directions(model, rows, count, progress, should_stop)
    seen = seen_along(model, rows, directions, should_stop)
    flat = _padded(seen[:, : request.dimensions], request.dimensions)
    method = request.method if _can_be_embedded(rows, directions) else "pca"
    positions = flat
    if method in EMBEDDING_METHODS:
        positions = embed(to_unit_length(seen), flat, method, request.seed, progress, should_stop)
    clusters: NDArray[np.int32] | None = None
    names: list[list[str]] = []
    if request.clusters:
        progress("Finding groups of words", None)
        clusters, names = _groups(model, request, rows, should_stop)
    explained = float(directions.shares[: request.dimensions].sum()) if method == "pca" else None
    if should_stop():
        raise StoppedByPerson
    return Drawn(scaled_to_radius(positions), clusters, names, explained, method)


def _groups(
    model: OpenedModel, request: MapRequest, rows: Rows, should_stop: ShouldStop
) -> tuple[NDArray[np.int32], list[list[str]]]:
    """The group of each of ``rows``, and the names of all groups: those of the model, whatever else is asked."""
    frequent = np.arange(min(LEARNED_FROM, len(model.vectors)), dtype=np.int64)
    directions = main_directions(model, frequent, _INNER_DIMENSIONS, should_stop=should_stop)
    learned = to_unit_length(seen_along(model, frequent, directions, should_stop))
    middles = find_middles(learned, request.clusters, request.seed)
    names = name_clusters(learned, nearest_middles(learned, middles), model.vectors.words[: len(frequent)])
    seen = to_unit_length(seen_along(model, rows, directions, should_stop))
    return nearest_middles(seen, middles), names


def _can_be_embedded(rows: Rows, directions: MainDirections) -> bool:
    """Whether there are enough words that differ for neighbours to be arranged at all."""
    return len(rows) >= FEWEST_EMBEDDED and bool(directions.shares.sum() > 0)


def _padded(points: Floats, dimensions: int) -> Floats:
    """With columns of zeros where the vectors themselves have fewer dimensions than the map."""
    missing = dimensions - points.shape[1]
    return np.pad(points, ((0, 0), (0, missing))) if missing > 0 else points


def scaled_to_radius(points: Floats) -> Floats:
    """Centred on the median, and scaled so that nine tenths of the points lie within distance 1."""
    if not len(points):
        return points
    centred = points - np.median(points, axis=0)
    distances = np.linalg.norm(centred, axis=1)
    radius = float(np.percentile(distances, _RADIUS_PERCENT)) or float(distances.max())
    return np.asarray(centred / radius if radius > 0 else centred, np.float32)
