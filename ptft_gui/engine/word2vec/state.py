"""What a Word2Vec checkpoint holds: every number that going on exactly needs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from ptft_gui.core.errors import ModelError
from ptft_gui.core.events import Metrics
from ptft_gui.engine.checkpoint import Checkpoint, damaged_checkpoint, read_state
from ptft_gui.engine.lineage import text_has_changed, vocabulary_hash
from ptft_gui.engine.vectors import Floats32, map_tensor, write_tensors
from ptft_gui.engine.word2vec.model import BatchFedWord2Vec

LAYERS_FILE, STATE_FILE = "layers.safetensors", "state.json"
_RANDOM = "random_state"


@dataclass
class Position:
    """Where training stands.

    ``epoch``: whole epochs that are done; ``sentence``: sentences done in the present one; ``step``: batches and
    ``words``: words trained in all; ``seconds``: seconds of work; ``best`` and ``stale_checks``: the lowest main metric
    at an epoch's end and the number of such checks since without a better one.
    """

    epoch: int = 0
    sentence: int = 0
    step: int = 0
    words: int = 0
    seconds: float = 0.0
    progress: float = 0.0
    best: float | None = None
    stale_checks: int = 0

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
    """The word vectors of a checkpoint, mapped; raises :class:`ModelError`."""
    return map_tensor(checkpoint.path / LAYERS_FILE, "vectors")


def metrics_of(checkpoint: Checkpoint) -> Metrics:
    """What was measured when the checkpoint was written."""
    metrics = read_state(checkpoint, STATE_FILE).get("metrics")
    return metrics if isinstance(metrics, dict) else {}
