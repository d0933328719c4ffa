"""How large a language model is: named sizes, how many numbers they come to, and which of them suit a text.

The counts are those of the models that transformers builds (GPT-2 and BERT, input and output embedding shared).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PADDED_TO = 64
TOKENS_A_NUMBER = (20, 5)
"""A text suits models with a twentieth to a fifth as many numbers as it has tokens (Hoffmann et al. 2022 found a
twentieth best for the time spent; larger ones still learn, and beyond a fifth they begin to memorise)."""


@dataclass(frozen=True)
class Shape:
    """``layers`` of ``width`` numbers a token, each looking back in ``heads`` ways."""

    layers: int
    width: int
    heads: int


SIZES: Mapping[str, Shape] = {
    "tiny": Shape(4, 128, 4),
    "mini": Shape(4, 256, 4),
    "small": Shape(6, 512, 8),
    "base": Shape(12, 768, 12),
}


def padded(vocabulary: int) -> int:
    """The number of rows that a vocabulary gets: processors like multiples of 64, and the rest is never used."""
    return -(-vocabulary // PADDED_TO) * PADDED_TO


def numbers_to_learn(family: str, values: Mapping[str, Any], vocabulary: int) -> int:
    """How many numbers a model has. ``values``: ``model_size block_size`` and, where set, ``layers width``."""
    named = SIZES[str(values["model_size"])]
    layers, width = int(values.get("layers") or named.layers), int(values.get("width") or named.width)
    rows, block = padded(vocabulary), int(values["block_size"])
    embedding, layer = (rows + block) * width, 12 * width * width + 13 * width
    if family == "bert":  # two kinds of segment, a norm, and the head: a dense layer, a norm, a bias a token
        return embedding + 4 * width + layers * layer + width * width + 3 * width + rows
    return embedding + layers * layer + 2 * width


def suiting_numbers(tokens: int) -> tuple[int, int]:
    """Between how many numbers a model that suits so long a text has."""
    least, most = TOKENS_A_NUMBER
    return tokens // least, tokens // most
