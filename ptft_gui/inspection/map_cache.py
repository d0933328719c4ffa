"""Pictures that took long to draw are kept: the same question is answered from the disk, also next week.

``PTFT_HOME/cache/maps/<key>.npz``; the key holds the model's file with its time and size, and all that was asked. The
files used last are kept, up to a fixed number of bytes in all; deleting them costs nothing but time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.paths import cache_folder
from ptft_gui.inspection.model import OpenedModel, model_stamp

MOST_KEPT_BYTES = 64 << 20
_METHOD_VERSION = 2
"""Raised when the same question is answered by another picture than before."""


@dataclass(frozen=True)
class Drawn:
    """A picture of words: ``positions`` float32 (n, dimensions), ``clusters`` int32 (n,) or None.

    ``names``: of each cluster its most typical words; ``explained``: the share of variance shown, for PCA;
    ``method``: how it was drawn, ``seconds``: how long that took.
    """

    positions: NDArray[np.float32]
    clusters: NDArray[np.int32] | None
    names: list[list[str]] = field(default_factory=list)
    explained: float | None = None
    method: str = "pca"
    seconds: float = 0.0


def place_of(model: OpenedModel, asked: tuple[object, ...], rows: NDArray[np.int64]) -> Path | None:
    """Where the picture of ``rows`` is kept; None for a model that lies in no file."""
    stamp = model_stamp(model.source)
    if stamp is None:
        return None
    told = f"{_METHOD_VERSION}\n{stamp}\n{asked!r}\n".encode("utf-8", "surrogatepass")
    return cache_folder() / "maps" / f"{hashlib.sha256(told + rows.tobytes()).hexdigest()[:24]}.npz"


def find_kept(place: Path | None, points: int) -> Drawn | None:
    """The picture kept there; None when there is none, or none that can be read."""
    if place is None:
        return None
    try:
        with place.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            drawn = Drawn(
                np.asarray(kept["positions"], np.float32),
                np.asarray(kept["clusters"], np.int32) if "clusters" in kept else None,
                [list(map(str, row)) for row in _split(kept["names"], kept["name_counts"])],
                float(kept["explained"]) if "explained" in kept else None,
                str(kept["method"]),
                float(kept["seconds"]),
            )
        os.utime(place)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
    return drawn if len(drawn.positions) == points else None


def _split(names: NDArray[np.str_], counts: NDArray[np.int64]) -> list[NDArray[np.str_]]:
    return np.split(names, np.cumsum(counts)[:-1]) if len(counts) else []


def keep(place: Path | None, drawn: Drawn) -> None:
    """Keep a picture. Without room for it nothing is lost but time."""
    if place is None:
        return
    arrays: dict[str, NDArray[np.generic]] = {
        "positions": drawn.positions,
        "names": np.array([word for row in drawn.names for word in row], dtype=np.str_),
        "name_counts": np.array([len(row) for row in drawn.names], np.int64),
        "method": np.array(drawn.method),
        "seconds": np.array(drawn.seconds),
    }
    if drawn.clusters is not None:
        arrays["clusters"] = drawn.clusters
    if drawn.explained is not None:
        arrays["explained"] = np.array(drawn.explained)
    temporary = place.with_name(f".{place.stem}.{uuid.uuid4().hex[:8]}.npz")
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            np.savez(temporary, allow_pickle=False, **arrays)
            temporary.replace(place)
        finally:
            temporary.unlink(missing_ok=True)
        _drop_oldest(place.parent)


def _drop_oldest(folder: Path) -> None:
    """Remove the pictures not used for longest until the rest fits."""
    files = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    total = 0
    for path in files:
        total += path.stat().st_size
        if total > MOST_KEPT_BYTES:
            path.unlink(missing_ok=True)
