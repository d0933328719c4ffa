"""What a frozen backbone says of every example, computed once and kept in the cache: the head alone learns on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.cache import build_whole
from ptft_gui.engine.finetune.examples import PartExamples, batches_by_length, collate
from ptft_gui.engine.finetune.network import TaskNetwork
from ptft_gui.engine.finetune.task import Task
from ptft_gui.engine.language.precision import autocast

VERSION = 1
VALUES_FILE, ENDS_FILE, FACTS_FILE = "values.npy", "ends.npy", "facts.json"
_MOST_TOKENS, _MOST_EXAMPLES = 8192, 256
Tell = Callable[[int, int], None]


class Features:
    """``values``: float32 (T, d), all examples' vectors one after the other; ``ends``: int64 (n,)."""

    def __init__(self, values: NDArray[np.float32], ends: NDArray[np.int64], is_pooled: bool) -> None:
        self._values, self._ends, self._is_pooled = values, ends, is_pooled

    def take(self, numbers: NDArray[np.int64]) -> torch.Tensor:
        """Of some examples: (n, d), or (n, L, d) filled up with zeros."""
        if self._is_pooled:
            return torch.from_numpy(np.asarray(self._values[numbers], np.float32))
        starts = np.where(numbers > 0, self._ends[numbers - 1], 0)
        lengths = self._ends[numbers] - starts
        taken = torch.zeros(len(numbers), int(lengths.max()), self._values.shape[1])
        for place, (start, length) in enumerate(zip(starts, lengths, strict=True)):
            taken[place, :length] = torch.from_numpy(
                np.asarray(self._values[start : start + length], np.float32)
            )
        return taken


def compute_features(
    network: TaskNetwork,
    task: Task,
    part: PartExamples,
    padding: int,
    precision: str,
    cache: Path,
    key: Mapping[str, Any],
    tell: Tell,
    should_stop: Callable[[], bool],
) -> Features:
    """From the cache, or computed now and put there. ``key``: all that the features depend on.

    Raises StoppedByPerson, DataError where the cache cannot be written.
    """
    folder = cache / "features" / _name(key, part)
    is_pooled = task.head == "pooled"
    found = _open(folder, is_pooled, len(part))
    if found is not None:
        return found

    def build(temporary: Path) -> None:
        _write(temporary, network, task, part, padding, precision, tell, should_stop)

    build_whole(folder, build, lambda place: _open(place, is_pooled, len(part)) is not None)
    found = _open(folder, is_pooled, len(part))
    if found is None:
        raise DataError(
            "What the model says of the texts vanished from the cache.",
            f"Looked for {folder}.",
            "Start again; if it happens twice, check the disk.",
        )
    return found


def _name(key: Mapping[str, Any], part: PartExamples) -> str:
    digest = hashlib.sha256(json.dumps([VERSION, dict(key)], sort_keys=True).encode())
    for example in part.examples:
        digest.update(example.ids.tobytes() + b"|")
        if example.segments is not None:
            digest.update(example.segments.tobytes())
    return digest.hexdigest()[:24]


def _write(
    folder: Path,
    network: TaskNetwork,
    task: Task,
    part: PartExamples,
    padding: int,
    precision: str,
    tell: Tell,
    should_stop: Callable[[], bool],
) -> None:
    is_pooled = task.head == "pooled"
    lengths = np.ones(len(part), np.int64) if is_pooled else part.lengths
    ends = np.cumsum(lengths)
    width = int(network.backbone.config.hidden_size)
    kind: Any = np.float32 if is_pooled else np.float16
    values = np.lib.format.open_memmap(
        folder / VALUES_FILE, mode="w+", dtype=kind, shape=(int(ends[-1]) if len(ends) else 0, width)
    )
    device, done = next(network.parameters()).device, 0
    network.eval()
    for numbers in batches_by_length(part.lengths, _MOST_TOKENS, _MOST_EXAMPLES):
        if should_stop():
            raise StoppedByPerson
        batch = collate(task, [part.examples[number] for number in numbers], padding).to(device)
        with torch.no_grad(), autocast(device, precision):
            said = network.features(batch.inputs, batch.mask, batch.segments).float().cpu().numpy()
        for place, number in enumerate(numbers):
            end, length = int(ends[number]), int(lengths[number])
            values[end - length : end] = said[place] if is_pooled else said[place, :length]
        done += len(numbers)
        tell(done, len(part))
    values.flush()
    np.save(folder / ENDS_FILE, ends)
    (folder / FACTS_FILE).write_text(json.dumps({"examples": len(part), "width": width}), encoding="utf-8")


def _open(folder: Path, is_pooled: bool, examples: int) -> Features | None:
    try:
        facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
        values = np.load(folder / VALUES_FILE, mmap_mode="r", allow_pickle=False)
        ends = np.load(folder / ENDS_FILE, allow_pickle=False)
    except (OSError, ValueError):
        return None
    is_whole = facts.get("examples") == examples == len(ends)
    if not is_whole or values.shape != (int(ends[-1]) if len(ends) else 0, facts.get("width")):
        return None
    # vectors of whole texts are small: in memory they are picked at once
    return Features(np.array(values) if is_pooled else values, ends, is_pooled)
