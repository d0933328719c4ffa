"""What of a model learns when it is fine-tuned, as data, and what each way of it costs.

The picture of a model's layers, the fit check and the engine all count with :func:`count_parameters`: pure arithmetic
on a model's configuration, so that a window may call it at every click.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ptft_gui.core.family.definition import FROZEN, FULL

TOP_LAYERS, LORA = "top-layers", "lora"
ATTENTION, ALL_LAYERS = "attention", "all"
DEFAULT_TOP_LAYERS, DEFAULT_RANK = 2, 8
PartKind = Literal["embeddings", "layer", "head"]

_BYTES_A_NUMBER = 4
_BYTES_OF_LEARNING = 12
"""Of each number that learns: its gradient, and the two that AdamW remembers."""
_KEPT_A_LAYER = 34
"""Numbers kept of each token and width in a layer until the gradient comes back (Korthikanti et al. 2022), halved."""


@dataclass(frozen=True)
class Method:
    """``sentence``: what it does; ``when``: what it is good for. ``options``: the settings that it alone has."""

    key: str
    title: str
    sentence: str
    when: str
    options: tuple[str, ...] = ()


METHODS: tuple[Method, ...] = (
    Method(
        FROZEN,
        "Frozen backbone",
        "The model stays as it is; only a small new layer on top learns.",
        "Fastest, hard to spoil. Good for a first look and for few rows.",
    ),
    Method(
        TOP_LAYERS,
        "Top layers",
        "The lower layers stay as they are; the uppermost ones and a new layer on top learn.",
        "Between frozen and full: less memory, and much of the language it knows cannot be spoilt.",
        ("top_layers",),
    ),
    Method(
        LORA,
        "LoRA",
        "The model stays as it is; small added pieces learn to steer it.",
        "Little memory, small file, often close to full.",
        ("lora_rank", "lora_targets"),
    ),
    Method(
        FULL,
        "Full",
        "Every number in the model may change.",
        "Most memory; often the best score; can memorise a small data set.",
    ),
)
"""In the order of how much learns."""


def get_method(key: str) -> Method:
    """The method of this key; raises KeyError."""
    return {method.key: method for method in METHODS}[key]


def method_of_option(key: str) -> Method | None:
    """The method that alone has the setting ``key``; None for a setting that is there for all."""
    return next((method for method in METHODS if key in method.options), None)


@dataclass(frozen=True)
class ModelSize:
    """A model as far as counting goes: tokens, places, kinds of segment, layers of a width and an inner width."""

    vocabulary: int
    places: int
    segments: int
    layers: int
    width: int
    inner: int
    heads: int
    is_causal: bool


@dataclass(frozen=True)
class ModelPart:
    """One drawn part: ``numbers`` it has, ``trained`` of them learn; ``inserted`` are LoRA's, which learn all."""

    name: str
    kind: PartKind
    numbers: int
    trained: int
    inserted: int = 0

    @property
    def is_trained(self) -> bool:
        return self.trained > 0

    @property
    def has_inserts(self) -> bool:
        return self.inserted > 0


@dataclass(frozen=True)
class Anatomy:
    """A model from its embeddings up to its head, as one method trains it.

    ``memory_bytes``: about what training takes; ``file_bytes``: what has to be kept beside the start, where the rest
    of it stays as it is, else the whole model.
    """

    parts: tuple[ModelPart, ...]
    memory_bytes: int
    file_bytes: int

    @property
    def trained(self) -> int:
        return sum(part.trained + part.inserted for part in self.parts)

    @property
    def total(self) -> int:
        return sum(part.numbers + part.inserted for part in self.parts)

    @property
    def sentence(self) -> str:
        share = 100 * self.trained / max(self.total, 1)
        told = f"{share:.3f}" if share < 0.1 else f"{share:.1f}" if share < 99.95 else "100"
        return f"Trains {self.trained:,} of {self.total:,} numbers ({told} %)."


def size_of(config: Mapping[str, Any]) -> ModelSize | None:
    """What a configuration of transformers (``config.json``) says of a model's size; None where it does not."""

    def find(*names: str) -> int | None:
        found = (config.get(name) for name in names)
        return next((v for v in found if isinstance(v, int) and not isinstance(v, bool) and v > 0), None)

    vocabulary, width = find("vocab_size"), find("hidden_size", "n_embd", "dim")
    layers, heads = (
        find("num_hidden_layers", "n_layer", "n_layers"),
        find("num_attention_heads", "n_head", "n_heads"),
    )
    if vocabulary is None or width is None or layers is None:
        return None
    return ModelSize(
        vocabulary,
        find("max_position_embeddings", "n_positions") or 0,
        find("type_vocab_size") or 0,
        layers,
        width,
        find("intermediate_size", "n_inner", "hidden_dim") or 4 * width,
        heads or 1,
        str(config.get("model_type")) in ("gpt2", "gpt_neo"),
    )


def count_parameters(
    config: Mapping[str, Any] | ModelSize,
    method: str,
    *,
    outputs: int = 2,
    top_layers: int = DEFAULT_TOP_LAYERS,
    lora_rank: int = DEFAULT_RANK,
    lora_targets: str = ATTENTION,
    micro_tokens: int = 2048,
) -> Anatomy | None:
    """What ``method`` trains of a model; None for a configuration that does not tell its size.

    Exact for models built like BERT, RoBERTa, DistilBERT and GPT-2, near for others. ``outputs``: how many numbers the
    head answers with (classes; 0 for writing, which uses the model's own head); ``micro_tokens``: tokens that are in
    work at once.
    """
    size = config if isinstance(config, ModelSize) else size_of(config)
    if size is None:
        return None
    first = size.layers - min(max(top_layers, 0), size.layers)  # the lowest layer that learns
    inserted = _inserted(size, lora_rank, lora_targets) if method == LORA else 0

    def part(name: str, kind: PartKind, numbers: int, learns: bool, added: int = 0) -> ModelPart:
        return ModelPart(name, kind, numbers, numbers if learns else 0, added)

    is_full = method == FULL
    parts = [part("Embeddings", "embeddings", _embeddings(size), is_full)]
    for number in range(size.layers):
        learns = is_full or (method == TOP_LAYERS and number >= first)
        parts.append(part(f"Layer {number + 1}", "layer", _layer(size), learns, inserted))
    parts.append(part("Head", "head", _head(size, outputs), True))
    return Anatomy(tuple(parts), _memory(size, parts, method, first, micro_tokens), _file(parts, method))


def _embeddings(size: ModelSize) -> int:
    norm = 0 if size.is_causal else 2 * size.width
    return (size.vocabulary + size.places + size.segments) * size.width + norm


def _layer(size: ModelSize) -> int:
    d, inner = size.width, size.inner
    attention = 4 * (d * d + d)
    forward = d * inner + inner + inner * d + d
    return attention + forward + 4 * d  # and two norms


def _head(size: ModelSize, outputs: int) -> int:
    """A linear layer; GPT-2 has a last norm before it, and no constant in it."""
    if size.is_causal:
        return 2 * size.width + outputs * size.width
    return outputs * (size.width + 1)


def _inserted(size: ModelSize, rank: int, targets: str) -> int:
    """Two thin matrices beside each chosen one: rank times (what goes in + what comes out), Hu et al. 2021."""
    d, inner = size.width, size.inner
    if size.is_causal:
        shapes = [(d, 3 * d)]
        rest = [(d, d), (d, inner), (inner, d)]
    else:
        shapes = [(d, d), (d, d)]
        rest = [(d, d), (d, d), (d, inner), (inner, d)]
    chosen = shapes + rest if targets == ALL_LAYERS else shapes
    return sum(rank * (going_in + coming_out) for going_in, coming_out in chosen)


def _memory(size: ModelSize, parts: list[ModelPart], method: str, first: int, tokens: int) -> int:
    """Weights, what learning adds to them, and what is kept of the tokens in work until the gradient comes back."""
    numbers = sum(part.numbers + part.inserted for part in parts)
    trained = sum(part.trained + part.inserted for part in parts)
    layers = {FROZEN: 1, TOP_LAYERS: size.layers - first}.get(method, size.layers)
    kept = _KEPT_A_LAYER // 2 * max(layers, 1) * size.width * tokens
    return _BYTES_A_NUMBER * (numbers + kept) + _BYTES_OF_LEARNING * trained


def _file(parts: list[ModelPart], method: str) -> int:
    if method in (FROZEN, LORA):
        return _BYTES_A_NUMBER * sum(part.trained + part.inserted for part in parts)
    return _BYTES_A_NUMBER * sum(part.numbers for part in parts)
