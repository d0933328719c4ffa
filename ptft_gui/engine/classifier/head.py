"""The linear layer on averaged vectors, as it is saved and asked: numpy only, so that a question loads no torch.

::

    classifier.safetensors   "weight" float32 (k, d), "bias" float32 (k,)
    config.json              of the model's folder: ``task``, ``labels`` in the order of the rows of ``weight``

The vectors themselves are the word vectors of the same folder; a text is their mean, or all zeros when no word of it
is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError
from ptft_gui.engine.vectors import Floats32, map_tensor, write_tensors

HEAD_FILE = "classifier.safetensors"


@dataclass(frozen=True)
class ClassifierHead:
    """``weight``: float32 (k, d); ``bias``: float32 (k,); ``labels``: k names."""

    weight: Floats32
    bias: Floats32
    labels: tuple[str, ...]

    def scores(self, features: Floats32) -> Floats32:
        """Features of shape (n, d) to scores of shape (n, k), before softmax."""
        scores: Floats32 = features @ self.weight.T + self.bias
        return scores

    def probabilities(self, features: Floats32) -> NDArray[np.float64]:
        """Shape (n, k); every row sums to 1."""
        scores = self.scores(features).astype(np.float64)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return shares


def mean_vector(vectors: Floats32, rows: Sequence[int]) -> Floats32:
    """The mean of some rows, shape (1, d); zeros when there are none."""
    if not len(rows):
        return np.zeros((1, vectors.shape[1]), dtype=np.float32)
    mean: Floats32 = vectors[np.asarray(rows)].mean(axis=0, keepdims=True, dtype=np.float32)
    return mean


def write_head(folder: Path, head: ClassifierHead) -> None:
    """Put the layer into a model's folder that is being made. Raises :class:`OSError`."""
    tensors = {"weight": np.ascontiguousarray(head.weight), "bias": np.ascontiguousarray(head.bias)}
    write_tensors(tensors, folder / HEAD_FILE)


def read_head(folder: Path, labels: Sequence[str]) -> ClassifierHead:
    """Open the layer of a model's folder; raises :class:`ModelError` when it is damaged or does not fit."""
    path = folder / HEAD_FILE
    weight, bias = np.array(map_tensor(path, "weight")), np.array(map_tensor(path, "bias"))
    if weight.ndim != 2 or bias.shape != (len(labels),) or len(weight) != len(labels):
        raise ModelError(
            f"{path} is damaged.",
            f"It answers {len(weight)} classes; config.json names {len(labels)}.",
            "Train it again.",
        )
    if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
        raise ModelError(f"{path} is damaged.", "It holds numbers that are not finite.", "Train it again.")
    return ClassifierHead(weight, bias, tuple(labels))
