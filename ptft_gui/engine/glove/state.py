"""What a GloVe checkpoint holds: every number that going on exactly needs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from ptft_gui.core.errors import ModelError
from ptft_gui.core.events import Metrics
from ptft_gui.engine.checkpoint import Checkpoint, damaged_checkpoint, read_state
from ptft_gui.engine.glove.model import GloveModel, summed
from ptft_gui.engine.lineage import text_has_changed, vocabulary_hash
from ptft_gui.engine.vectors import Floats32, map_tensor, write_tensors

LAYERS_FILE, STATE_FILE = "layers.safetensors", "state.json"


@dataclass
class Position:
    """Where training stands.

    ``epoch``: whole epochs that are done; ``batch``: batches done in the present one; ``step``: batches and ``pairs``:
    pairs trained in all; ``seconds``: seconds of work; ``best`` and ``stale_checks``: the lowest main metric at an
    epoch's end and the number of such checks since without a better one.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    pairs: int = 0
    seconds: float = 0.0
    progress: float = 0.0
    best: float | None = None
    stale_checks: int = 0

    def advance(self, pairs: int, batches_an_epoch: int) -> bool:
        """Count a batch as done; whether an epoch became whole by it."""
        self.step, self.batch, self.pairs = self.step + 1, self.batch + 1, self.pairs + pairs
        if self.batch < batches_an_epoch:
            return False
        self.epoch, self.batch = self.epoch + 1, 0
        return True


def expected_bytes(model: GloveModel) -> int:
    return sum(layer.nbytes for layer in model.layers().values()) + (1 << 16)


@dataclass(frozen=True)
class State:
    """All of a checkpoint, as it is at one moment: W, W~, biases, accumulators, position.

    ``pairs``: how many pairs were counted, which tells whether they are the same when the run goes on.
    """

    layers: dict[str, Floats32]
    position: Position
    metrics: Metrics
    vocabulary_sha256: str
    pairs: int

    def write(self, folder: Path) -> None:
        """Write it into the folder of a new checkpoint. Raises :class:`OSError`."""
        write_tensors(dict(self.layers), folder / LAYERS_FILE)
        state: dict[str, Any] = {
            "position": asdict(self.position),
            "metrics": self.metrics,
            "vocabulary_sha256": self.vocabulary_sha256,
            "pairs": self.pairs,
        }
        (folder / STATE_FILE).write_text(json.dumps(state, indent=1, allow_nan=False), encoding="utf-8")


def state_of(model: GloveModel, position: Position, metrics: Metrics, pairs: int, is_copied: bool) -> State:
    """The present state; copied, it stays as it is while training goes on, else it must be written before that."""
    layers = {name: layer.copy() if is_copied else layer for name, layer in model.layers().items()}
    return State(layers, replace(position), dict(metrics), vocabulary_hash(model.words), pairs)


def restore_state(checkpoint: Checkpoint, model: GloveModel, pairs: int) -> Position:
    """Bring a freshly built model to the checkpoint's state. Raises :class:`PtftError` when they do not fit."""
    state = read_state(checkpoint, STATE_FILE)
    if state.get("vocabulary_sha256") != vocabulary_hash(model.words) or state.get("pairs") != pairs:
        raise text_has_changed()
    try:
        for name, layer in model.layers().items():
            np.copyto(layer, map_tensor(checkpoint.path / LAYERS_FILE, name), casting="no")
        return _decode_position(state)
    except (ModelError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise damaged_checkpoint(checkpoint, str(problem)) from None


def position_of(checkpoint: Checkpoint) -> Position:
    """Where training stood when the checkpoint was written. Raises :class:`PtftError`."""
    try:
        return _decode_position(read_state(checkpoint, STATE_FILE))
    except (KeyError, TypeError, AttributeError) as problem:
        raise damaged_checkpoint(checkpoint, str(problem)) from None


def _decode_position(state: dict[str, Any]) -> Position:
    known = {field.name for field in fields(Position)}
    return Position(**{key: value for key, value in state["position"].items() if key in known})


def vectors_of(checkpoint: Checkpoint) -> Floats32:
    """The word vectors of a checkpoint; raises :class:`ModelError`."""
    return summed(map_tensor(checkpoint.path / LAYERS_FILE, "block"))


def metrics_of(checkpoint: Checkpoint) -> Metrics:
    """What was measured when the checkpoint was written."""
    metrics = read_state(checkpoint, STATE_FILE).get("metrics")
    return metrics if isinstance(metrics, dict) else {}
