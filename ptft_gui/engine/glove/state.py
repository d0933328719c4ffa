"""What a GloVe checkpoint holds: every number that going on exactly needs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ptft_gui.core.errors import ModelError
from ptft_gui.core.events import Metrics
from ptft_gui.engine.checkpoint import Checkpoint, damaged_checkpoint, read_state
from ptft_gui.engine.glove.model import GloveModel, summed
from ptft_gui.engine.lineage import text_has_changed, vocabulary_hash
from ptft_gui.engine.position import STATE_FILE, BatchPosition, decode_position
from ptft_gui.engine.vectors import Floats32, map_tensor, write_tensors

LAYERS_FILE = "layers.safetensors"


@dataclass
class Position(BatchPosition):
    """Where training stands; ``pairs``: pairs trained in all."""

    pairs: int = 0


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
        return decode_position(Position, state)
    except (ModelError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise damaged_checkpoint(checkpoint, str(problem)) from None


def vectors_of(checkpoint: Checkpoint) -> Floats32:
    """The word vectors of a checkpoint; raises :class:`ModelError`."""
    return summed(map_tensor(checkpoint.path / LAYERS_FILE, "block"))
