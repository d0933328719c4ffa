"""How large a model is: named sizes, and what they come to in numbers to learn and in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.errors import SpecError

PADDED_TO = 64


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


def shape_of(values: Mapping[str, Any]) -> Shape:
    """The shape that options ask for: a named size, with any part of it set otherwise. Raises SpecError."""
    named = SIZES[values["model_size"]]
    layers, width = values.get("layers") or named.layers, values.get("width") or named.width
    heads = values.get("heads") or (named.heads if width % named.heads == 0 else 1)
    if width % heads:
        raise SpecError(
            f"{width} numbers a token cannot be shared evenly among {heads} heads.",
            hint=f"Set the width to a multiple of {heads}, such as {max(1, round(width / heads)) * heads}.",
            key="heads",
        )
    return Shape(layers, width, heads)


def padded(vocabulary: int) -> int:
    """The number of rows that a vocabulary gets: processors like multiples of 64, and the rest is never used."""
    return -(-vocabulary // PADDED_TO) * PADDED_TO


def memory_bytes(parameters: int, micro_tokens: int, shape: Shape, vocabulary: int) -> int:
    """About what training takes: weights, gradients, two numbers of AdamW, and what one micro-batch keeps."""
    kept_a_token = shape.layers * shape.width * 16 + vocabulary * 2
    return 16 * parameters + 4 * micro_tokens * kept_a_token
