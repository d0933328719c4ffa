"""Where the random numbers of a small BERT begin, so that it learns from what stands around a blank at once.

A model that guesses hidden tokens has to find out first that tokens have neighbours: with purely random numbers all
places look alike, and a small model spends its first millions of tokens on nothing but how frequent each token is. So

* the first guesses are as frequent as the tokens are in the text;
* places begin as waves (Vaswani et al. 2017), so that "one to the left" is the same turn everywhere;
* each head begins by looking at a neighbour: the first at the one before, the second at the one behind, and so on.
  Trockman and Kolter 2023 found that attention learns faster from where trained attention tends to be.

All of it is learned on like any other number; the saved model is a plain BERT.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

_SHARPNESS = 1.3
"""How plainly a head prefers its neighbour: about five sixths of its attention."""


def begin_with_neighbours(network: Any, counts: NDArray[np.int64], seed: int) -> None:
    """Set the numbers of a new BERT, in place. ``counts``: shape (V,), how often each token stands in the text."""
    chance = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        guess_by_frequency(network.cls.predictions.bias, counts)
        places = network.bert.embeddings.position_embeddings.weight
        width = places.shape[1] // 2 * 2
        turns = (
            math.pi * (torch.arange(width // 2) + 0.5) / (width // 2)
        )  # of each wave from a place to the next
        _places_as_waves(places, turns, float(network.config.initializer_range))
        for layer in network.bert.encoder.layer:
            attention = layer.attention.self
            _look_at_neighbours(attention.query.weight, attention.key.weight, turns, attention, chance)


def guess_by_frequency(bias: torch.Tensor, counts: NDArray[np.int64]) -> None:
    """Let the first guesses be as frequent as the tokens are in the text, in place."""
    seen = np.zeros(len(bias))
    seen[: len(counts)] = counts
    bias.copy_(torch.from_numpy(np.log((seen + 0.5) / (seen.sum() + 0.5 * len(seen)))))


def _places_as_waves(places: torch.Tensor, turns: torch.Tensor, spread: float) -> None:
    """``places`` (n, width): sines, then cosines; as large as the random numbers of the words."""
    angles = torch.arange(len(places))[:, None] * turns
    places[:, : 2 * len(turns)] = torch.cat([angles.sin(), angles.cos()], 1) * spread * math.sqrt(2)


def _look_at_neighbours(
    query: torch.Tensor, key: torch.Tensor, turns: torch.Tensor, attention: Any, chance: torch.Generator
) -> None:
    """Keys at random; the queries of a head are its keys, turned by as many places as its neighbour is away."""
    heads, size, half = attention.num_attention_heads, attention.attention_head_size, len(turns)
    key.copy_(torch.randn(key.shape, generator=chance) * _SHARPNESS / math.sqrt(key.shape[1]))
    query.copy_(key)
    for head in range(heads):
        rows = slice(head * size, (head + 1) * size)
        away = (head // 2 + 1) * (-1 if head % 2 == 0 else 1)
        cosine, sine = torch.cos(turns * away), torch.sin(turns * away)
        sines, cosines = key[rows, :half], key[rows, half : 2 * half]
        query[rows, : 2 * half] = torch.cat(
            [sines * cosine - cosines * sine, sines * sine + cosines * cosine], 1
        )
