"""How large a model is: named sizes, and what they come to in numbers to learn and in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.language_sizes import SIZES, Shape
from ptft_gui.core.family.language_sizes import padded as padded


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


def memory_bytes(parameters: int, micro_tokens: int, shape: Shape, vocabulary: int) -> int:
    """About what training takes: weights, gradients, two numbers of AdamW, and what one micro-batch keeps."""
    kept_a_token = shape.layers * shape.width * 16 + vocabulary * 2
    return 16 * parameters + 4 * micro_tokens * kept_a_token
