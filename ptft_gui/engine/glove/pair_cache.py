"""Counted pairs, kept: a run that goes on, or the next with the same text and window, does not count again.

::

    cache/pairs/<key>/records.npy   the pairs, shuffled, as training takes them
    cache/pairs/<key>/facts.json    how they are to be taken

The key says all that decides which pairs stand where. The newest few are kept, and none that is large beside what the
disk has free; deleting them costs nothing but counting again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ptft_gui.core.errors import DataError
from ptft_gui.core.paths import cache_folder
from ptft_gui.data.cache import build_whole
from ptft_gui.engine.glove.kernel import PAIR
from ptft_gui.engine.glove.pairs import TrainingPairs
from ptft_gui.engine.lineage import vocabulary_hash

MOST_KEPT = 4
LEAST_SECONDS = 2.0
"""Pairs that are counted faster are not kept."""
_MOST_BYTES = 4 << 30
_SHARE_OF_FREE_DISK = 0.1
_DECIDING = (
    "window", "symmetric", "seed", "reference", "memory_mb", "workers", "fingerprint", "phrases", "phrase_threshold",
    "phrase_min_count",
)  # fmt: skip
_RECORDS, _FACTS = "records.npy", "facts.json"


def key_of(
    values: Mapping[str, Any], facts: Mapping[str, Any], words: Sequence[str], is_held_out: bool
) -> str:
    """``values``: resolved options; ``facts``: of the text; ``words``: the vocabulary in its order."""
    told = {
        **{key: values.get(key) for key in _DECIDING},
        "split": facts["split"],
        "sides": [facts["train"], facts["val"]],
        "preparation": facts["preparation"].get("record", facts["preparation"]["value"]),
        "words": vocabulary_hash(words),
        "is_held_out": is_held_out,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:24]


def open_pairs(key: str) -> TrainingPairs | None:
    """What was kept under the key; None where there is nothing, or nothing whole."""
    folder = _folder(key)
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        is_on_disk = bool(facts["is_on_disk"])
        records = np.load(folder / _RECORDS, mmap_mode="r" if is_on_disk else None, allow_pickle=False)
        if records.dtype != PAIR or len(records) != facts["pairs"]:
            return None
        os.utime(folder)
        return TrainingPairs(records, bool(facts["are_mirrored"]), is_on_disk, int(facts["directed"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_pairs(key: str, pairs: TrainingPairs) -> None:
    """Keep them where there is room; without it nothing is lost but time."""
    parent = _folder(key).parent
    with contextlib.suppress(OSError, DataError):
        parent.mkdir(parents=True, exist_ok=True)
        room = min(_MOST_BYTES, shutil.disk_usage(parent).free * _SHARE_OF_FREE_DISK)
        if pairs.records.nbytes > room:
            return
        build_whole(
            _folder(key), lambda folder: _write(folder, pairs), lambda folder: (folder / _FACTS).is_file()
        )
        kept = sorted((path for path in parent.iterdir() if not path.name.startswith(".")), key=_used_at)
        for folder in kept[:-MOST_KEPT]:
            shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, pairs: TrainingPairs) -> None:
    np.save(folder / _RECORDS, np.asarray(pairs.records), allow_pickle=False)
    facts = {
        "pairs": len(pairs),
        "are_mirrored": pairs.are_mirrored,
        "is_on_disk": pairs.is_on_disk,
        "directed": pairs.directed,
    }
    (folder / _FACTS).write_text(json.dumps(facts), encoding="utf-8")


def _folder(key: str) -> Path:
    return cache_folder() / "pairs" / key


def _used_at(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0
