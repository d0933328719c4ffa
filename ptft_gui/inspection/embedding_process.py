"""The process in which t-SNE or UMAP runs; see :mod:`ptft_gui.inspection.embedding`.

::

    python -m ptft_gui.inspection.embedding_process FOLDER tsne|umap SEED [calm]
"""

from __future__ import annotations

import functools
import io
import json
import os
import re
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.give_way import give_way
from ptft_gui.inspection.embedding import BEGINNING_FILE, POINTS_FILE, POSITIONS_FILE

Floats = NDArray[np.float32]
Tell = Callable[[float], None]

_ITERATIONS, _ANGLE = 500, 0.7
"""Measured on 3,000 points: a third less work than 750 and 0.5, with 47.4 instead of 48.3 % of the ten nearest kept."""
_PERPLEXITY = 30.0
_NEIGHBOURS = 15
_MOST_EXACT = 50_000
"""Up to here the neighbours for UMAP are found exactly; that takes less time than compiling the search that is not."""
_BLOCK_NUMBERS = 1 << 26
_NICENESS, _CALM_NICENESS = 5, 15
_TSNE_ITERATION = re.compile(r"\[t-SNE\] Iteration (\d+)")
_UMAP_EPOCH = re.compile(r"epoch (\d+) of (\d+)")


def main(folder: Path, method: str, seed: int, is_calm: bool) -> None:
    """Read the points, arrange them, write the picture; the name of the file appears when it is whole."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints is no answer
    threading.Thread(target=_end_with_the_one_who_asked, daemon=True).start()
    warnings.simplefilter("ignore")  # they speak to programmers, and nobody reads them here
    give_way(_CALM_NICENESS if is_calm else _NICENESS)  # a run that trains and the window come first

    def tell(fraction: float) -> None:
        answers.write(json.dumps({"fraction": round(min(1.0, fraction), 4)}) + "\n")
        answers.flush()

    points = np.load(folder / POINTS_FILE, allow_pickle=False)
    beginning = np.load(folder / BEGINNING_FILE, allow_pickle=False)
    positions = (tsne if method == "tsne" else umap)(points, beginning, seed, tell)
    temporary = folder / f".{POSITIONS_FILE}"
    np.save(temporary, np.asarray(positions, np.float32), allow_pickle=False)
    temporary.replace(folder / POSITIONS_FILE)
    os._exit(0)  # all is written; taking apart what the libraries built up takes seconds


def _end_with_the_one_who_asked() -> None:
    while os.read(0, 4096):  # not through sys.stdin, whose lock would hold up the end of the process
        pass
    os._exit(1)


class _Listener(io.TextIOBase):
    """Stands where a library prints, and hears how far it is."""

    def __init__(self, pattern: re.Pattern[str], tell: Tell, whole: int = 0) -> None:
        self._pattern = pattern
        self._tell = tell
        self._whole = whole

    def write(self, text: str) -> int:
        if found := self._pattern.search(text):
            self._tell(int(found[1]) / max(1, self._whole or int(found[2])))
        return len(text)


def tsne(points: Floats, beginning: Floats, seed: int, tell: Tell) -> Floats:
    """scikit-learn's t-SNE (Barnes-Hut), from the picture of PCA, with perplexity 30 where there are enough points."""
    from sklearn.manifold import TSNE

    spread = float(beginning[:, 0].std()) or 1.0
    work = TSNE(
        beginning.shape[1],
        perplexity=min(_PERPLEXITY, (len(points) - 1) / 3),
        init=(beginning / spread * 1e-4).astype(np.float32),
        max_iter=_ITERATIONS,
        angle=_ANGLE,
        random_state=seed,
        verbose=2,
    )
    sys.stdout = _Listener(_TSNE_ITERATION, tell, _ITERATIONS)
    arranged: Floats = work.fit_transform(points)
    return arranged


def umap(points: Floats, beginning: Floats, seed: int, tell: Tell) -> Floats:
    """umap-learn's UMAP with 15 neighbours, from the picture of PCA, in one thread: a seed means the same picture."""
    _keep_compiled_code()
    from umap import UMAP  # type: ignore[import-untyped]

    neighbours = min(_NEIGHBOURS, len(points) - 1)
    known = nearest(points, neighbours) if len(points) <= _MOST_EXACT else (None, None, None)
    work = UMAP(
        neighbours,
        n_components=beginning.shape[1],
        init=beginning,
        random_state=seed,
        n_jobs=1,
        precomputed_knn=known,
        verbose=True,
        tqdm_kwds={
            "file": _Listener(_UMAP_EPOCH, tell),
            "bar_format": "epoch {n_fmt} of {total_fmt}",
            "mininterval": 0.2,
        },
    )
    arranged: Floats = work.fit_transform(points)
    return arranged


def nearest(points: Floats, count: int) -> tuple[NDArray[np.int32], Floats]:
    """Each point and the ``count - 1`` nearest others, the nearest first; rows and distances, shape (n, count).

    ``points``: unit vectors, shape (n, d).
    """
    found = np.empty((len(points), count), np.int32)
    distances = np.zeros((len(points), count), np.float32)
    block = max(1, _BLOCK_NUMBERS // max(1, len(points)))
    for start in range(0, len(points), block):
        products = points[start : start + block] @ points.T
        own = np.arange(start, start + len(products))
        products[np.arange(len(products)), own] = np.inf
        best = np.argpartition(products, -count, axis=1)[:, -count:]
        cosines = np.take_along_axis(products, best, axis=1)
        order = np.argsort(-cosines, axis=1, kind="stable")
        found[start : start + block] = np.take_along_axis(best, order, axis=1)
        cosines = np.take_along_axis(cosines, order, axis=1)[:, 1:]
        distances[start : start + block, 1:] = np.sqrt(np.maximum(0.0, 2.0 - 2.0 * cosines))
    return found, distances


def _keep_compiled_code() -> None:
    """Let numba keep what it compiles for UMAP: the second map begins at once instead of after twenty seconds."""
    import numba

    numba.njit = functools.partial(_njit_kept, numba.njit)


def _njit_kept(njit: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    return njit(*arguments, **{"cache": True, **options})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), "calm" in sys.argv[4:])
