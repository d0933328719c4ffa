"""Where the random numbers of a small BERT begin, so that it learns from what stands around a blank at once.

A model that guesses hidden tokens has to find out first that tokens have neighbours: with purely random numbers all
places look alike, and what stands around a blank reaches the guess as noise. The quickest way to a lower loss is then
to make every blank look the same, and a small model that went it stays there for millions of tokens, knowing nothing
but how frequent each token is. So

* the first guesses are as frequent as the tokens are in the text, and hardly anything else: the last norm begins small;
* places begin as waves (Vaswani et al. 2017), so that "one to the left" is the same turn everywhere, and louder than
  the words, so that they are told apart through them;
* each head begins by looking at a neighbour, the one before or the one behind. Trockman and Kolter 2023 found that
  attention learns faster from where trained attention tends to be;
* what the first layer finds there speaks up, and the layers above let it through: their own parts begin near zero, as
  those of deep networks do since Zhang et al. 2019 (Fixup).

All of it is learned on like any other number; the saved model is a plain BERT.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

_SHARPNESS, _LOUDNESS = 1.8, 2.0
"""How plainly a head prefers its neighbour (more than four fifths of its attention), and places against words."""
_FIRST_GUESSES, _NEIGHBOURS, _PASSING = 0.1, 3.0, 0.1
"""Factors at the start: of the last norm, of what the first layer's heads bring, and of all that comes after it."""


def begin_with_neighbours(network: Any, counts: NDArray[np.int64], seed: int) -> None:
    """Set the numbers of a new BERT, in place. ``counts``: shape (V,), how often each token stands in the text."""
    chance = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        guess_by_frequency(network.cls.predictions.bias, counts)
        network.cls.predictions.transform.LayerNorm.weight.mul_(_FIRST_GUESSES)
        places = network.bert.embeddings.position_embeddings.weight
        waves = places.shape[1] // 2
        turns = math.pi * (torch.arange(waves) + 0.5) / waves  # of each wave from a place to the next
        _places_as_waves(places, turns, float(network.config.initializer_range) * _LOUDNESS)
        for number, layer in enumerate(network.bert.encoder.layer):
            attention = layer.attention.self
            _look_at_neighbours(attention.query.weight, attention.key.weight, turns, attention, chance)
            attention.value.weight.mul_(_NEIGHBOURS if number == 0 else 1.0)
            layer.attention.output.dense.weight.mul_(_NEIGHBOURS if number == 0 else _PASSING)
            layer.output.dense.weight.mul_(_PASSING)


def guess_by_frequency(bias: torch.Tensor, counts: NDArray[np.int64]) -> None:
    """Let the first guesses be as frequent as the tokens are in the text, in place."""
    seen = np.zeros(len(bias))
    seen[: len(counts)] = counts
    bias.copy_(torch.from_numpy(np.log((seen + 0.5) / (seen.sum() + 0.5 * len(seen)))))


def _places_as_waves(places: torch.Tensor, turns: torch.Tensor, spread: float) -> None:
    """``places`` (n, width): sines, then cosines; as large as random numbers of this ``spread``."""
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
        away = -1 if head % 2 == 0 else 1
        cosine, sine = torch.cos(turns * away), torch.sin(turns * away)
        sines, cosines = key[rows, :half], key[rows, half : 2 * half]
        query[rows, : 2 * half] = torch.cat(
            [sines * cosine - cosines * sine, sines * sine + cosines * cosine], 1
        )
