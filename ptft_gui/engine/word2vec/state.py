"""What a Word2Vec checkpoint holds: every number that going on exactly needs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ptft_gui.core.errors import ModelError
from ptft_gui.core.events import Metrics
from ptft_gui.engine.checkpoint import Checkpoint, damaged_checkpoint, read_state
from ptft_gui.engine.lineage import text_has_changed, vocabulary_hash
from ptft_gui.engine.position import STATE_FILE, decode_position
from ptft_gui.engine.position import Position as TrainedPosition
from ptft_gui.engine.vectors import Floats32, map_tensor, write_tensors
from ptft_gui.engine.word2vec.model import BatchFedWord2Vec

LAYERS_FILE = "layers.safetensors"
_RANDOM = "random_state"


@dataclass
class Position(TrainedPosition):
    """Where training stands; ``sentence``: sentences done in the present epoch; ``words``: words trained in all."""

    sentence: int = 0
    words: int = 0

    def advance(self, sentences: int, sentences_an_epoch: int) -> bool:
        """Count sentences as done; whether an epoch became whole by it."""
        self.sentence += sentences
        if self.sentence < sentences_an_epoch:
            return False
        self.epoch, self.sentence = self.epoch + 1, self.sentence - sentences_an_epoch
        return True

    def epochs_done(self, sentences_an_epoch: int) -> float:
        """The position in epochs, as a number that may fall between two of them."""
        return self.epoch + self.sentence / max(sentences_an_epoch, 1)


def expected_bytes(model: BatchFedWord2Vec) -> int:
    return sum(layer.nbytes for layer in model.layers().values()) + (1 << 16)


@dataclass(frozen=True)
class State:
    """All of a checkpoint: the layers and the random state as they are at one moment."""

    layers: dict[str, Floats32]
    random: tuple[Any, ...]
    position: Position
    metrics: Metrics
    vocabulary_sha256: str

    def write(self, folder: Path) -> None:
        """Write it into the folder of a new checkpoint. Raises :class:`OSError`."""
        _, keys, place, has_gauss, gauss = self.random
        tensors = {**self.layers, _RANDOM: np.asarray(keys, dtype=np.uint32)}
        write_tensors(tensors, folder / LAYERS_FILE)
        state: dict[str, Any] = {
            "position": asdict(self.position),
            "metrics": self.metrics,
            "random": [int(place), int(has_gauss), float(gauss)],
            "vocabulary_sha256": self.vocabulary_sha256,
        }
        (folder / STATE_FILE).write_text(json.dumps(state, indent=1, allow_nan=False), encoding="utf-8")


def state_of(model: BatchFedWord2Vec, position: Position, metrics: Metrics, is_copied: bool) -> State:
    """The present state; ``metrics``: what was measured at this very moment.

    Copied, it stays as it is while training goes on; else it must be written before that.
    """
    layers = {name: layer.copy() if is_copied else layer for name, layer in model.layers().items()}
    return State(
        layers, model.random.get_state(), replace(position), dict(metrics), vocabulary_hash(model.words)
    )


def restore_state(checkpoint: Checkpoint, model: BatchFedWord2Vec) -> Position:
    """Bring a freshly built model to the checkpoint's state. Raises :class:`PtftError` when they do not fit."""
    state = read_state(checkpoint, STATE_FILE)
    if state.get("vocabulary_sha256") != vocabulary_hash(model.words):
        raise text_has_changed()
    try:
        for name, layer in model.layers().items():
            np.copyto(layer, map_tensor(checkpoint.path / LAYERS_FILE, name), casting="no")
        keys = np.array(map_tensor(checkpoint.path / LAYERS_FILE, _RANDOM))
        place, has_gauss, gauss = state["random"]
        model.random.set_state(("MT19937", keys, place, has_gauss, gauss))
        return decode_position(Position, state)
    except (ModelError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise damaged_checkpoint(checkpoint, str(problem)) from None


def vectors_of(checkpoint: Checkpoint) -> Floats32:
    """The word vectors of a checkpoint, mapped; raises :class:`ModelError`."""
    return map_tensor(checkpoint.path / LAYERS_FILE, "vectors")
