"""The start of a fine-tuning: a folder in Hugging Face form, judged before it is opened; its tokenizer and weights.

Weights come from safetensors only, no code of a folder is ever run, and a configuration that asks for more than the
weights beside it hold is refused before memory is taken for it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import ModelError
from ptft_gui.core.family.language_starts import LanguageStart, glance_at_language
from ptft_gui.core.spec import RunSpec
from ptft_gui.engine.finetune.poolings import FIRST, MEAN, poolings_of
from ptft_gui.engine.foreign_parts import check_tokens_fit, not_opened, read_tokenizer
from ptft_gui.engine.model_folder import CONFIG_FILE, check_sizes, damaged, read_json, shapes_in, weight_files

POOLING_FILE = "1_Pooling/config.json"
"""What programs for sentence vectors leave beside a model: how its texts become points."""
LONGEST_FILE = "sentence_bert_config.json"
MEAN_LAYER = "mean_layer"
"""In ``ptft.json``: the last layer stands for the mean over tokens, see :class:`~.heads.MeanHead`."""
_MOST_SPARE = 1 << 28
_HEADS = (
    "cls.",
    "classifier.",
    "qa_outputs.",
    "pooler.",
    "bert.pooler.",
    "score.",
    "lm_head.",
    "position_ids",
)


@dataclass(frozen=True)
class Start:
    """``glance``: what is known of it without opening; ``config``: its ``config.json``; ``stamp``: changes when its
    weights or its tokenizer do; ``weights``: how many numbers it holds."""

    glance: LanguageStart
    config: Mapping[str, Any]
    weights: int
    stamp: str

    @property
    def folder(self) -> Path:
        return self.glance.model

    @property
    def name(self) -> str:
        return self.glance.name

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.glance.facts

    @property
    def model_type(self) -> str:
        return str(self.config["model_type"])

    @property
    def pooling(self) -> tuple[str, str]:
        """How its texts become points, and why: as the checkpoint says, else the mean of all tokens."""
        usual = poolings_of(self.model_type)[0]
        if self.facts.get("pooling") in poolings_of(self.model_type):
            return str(self.facts["pooling"]), "As the start was trained."
        beside = self.folder / POOLING_FILE
        if usual == MEAN and beside.is_file():
            if read_json(beside).get("pooling_mode_cls_token") is True:
                return (
                    FIRST,
                    "The start was trained so: its folder says that the first token stands for a text.",
                )
            return (
                MEAN,
                "The start was trained so: its folder says that the mean of all tokens stands for a text.",
            )
        if usual == MEAN and _is_classifier(self.config):
            return FIRST, "The start was made for sorting texts by their first token."
        if usual == MEAN:
            return MEAN, "Usual: the first token alone is good only in a model that was trained so."
        return usual, "Only the last token has seen the whole text."

    @property
    def longest(self) -> int:
        """The most tokens that it reads, as far as its folder tells."""
        beside = self.folder / LONGEST_FILE
        told = read_json(beside).get("max_seq_length") if beside.is_file() else None
        limits = [n for n in (self.glance.positions, told) if isinstance(n, int) and n > 0]
        return min(limits) if limits else 512


def _is_classifier(config: Mapping[str, Any]) -> bool:
    named = config.get("architectures")
    return isinstance(named, list) and bool(named) and str(named[0]).endswith("ForSequenceClassification")


def look_at_start(spec: RunSpec) -> Start:
    """Judge the start of a run. Raises SpecError, ModelError."""
    assert spec.init is not None
    glance = glance_at_language(spec.init)
    folder = glance.model
    files = weight_files(folder)
    config = read_json(folder / CONFIG_FILE)
    shapes = [shape for file in files for shape in shapes_in(file)]
    weights = sum(map(math.prod, shapes))
    check_sizes(folder, config, weights, len(shapes))
    return Start(glance, config, weights, stamp_of(folder))


def stamp_of(folder: Path) -> str:
    """What changes when the weights or the tokenizer of a model folder do. Raises ModelError."""
    digest = hashlib.sha256()
    for path in (
        *weight_files(folder),
        folder / CONFIG_FILE,
        folder / "tokenizer.json",
        folder / "vocab.txt",
    ):
        if path.is_file():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


# --- opening ---------------------------------------------------------------------------------------------------------


def open_tokenizer(start: Start) -> Any:
    """The tokenizer beside the weights. Raises ModelError where it cannot be opened or belongs to another model."""
    tokenizer = read_tokenizer(start.folder, is_parallel=True)
    if rows := int(start.glance.vocabulary):
        check_tokens_fit(start.folder, tokenizer, rows)
    if tokenizer.pad_token_id is None and tokenizer.eos_token is not None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


@dataclass(frozen=True)
class OpenedBackbone:
    """``unused``: names of weights that the start holds and the job does not need, its old heads left out."""

    model: Any
    unused: tuple[str, ...]


def open_backbone(start: Start, dropout: float | None, is_random: bool, seed: int) -> OpenedBackbone:
    """The start's model without a head, in 32 bits; with random numbers where ``is_random``.

    Raises ModelError for weights that are missing or of another shape, and for a configuration that asks for far more
    than there is.
    """
    import torch
    from transformers import AutoConfig, AutoModel

    try:
        config = AutoConfig.from_pretrained(str(start.folder), local_files_only=True, trust_remote_code=False)
        _prepare_config(config, start, dropout)
        more: dict[str, Any] = {"add_pooling_layer": False} if start.model_type == "bert" else {}
        with torch.device("meta"):  # shapes without memory
            planned = AutoModel.from_config(config, trust_remote_code=False, **more)
        _check_plan(start, planned)
        torch.manual_seed(seed)
        if is_random:
            return OpenedBackbone(AutoModel.from_config(config, trust_remote_code=False, **more), ())
        model, seen = AutoModel.from_pretrained(
            str(start.folder),
            config=config,
            dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            **more,
        )
    except ModelError:
        raise
    except Exception as problem:  # as above
        raise not_opened(start.folder, "model", str(problem)) from problem
    _check_seen(start, seen)
    return OpenedBackbone(model, _unused(start, seen))


def _prepare_config(config: Any, start: Start, dropout: float | None) -> None:
    config.dtype = "float32"
    if start.facts.get(MEAN_LAYER):
        config.num_hidden_layers -= 1
    if dropout is not None:
        for key in (
            "hidden_dropout_prob",
            "attention_probs_dropout_prob",
            "resid_pdrop",
            "embd_pdrop",
            "attn_pdrop",
        ):
            if hasattr(config, key):
                setattr(config, key, dropout)
    if hasattr(config, "use_cache"):
        config.use_cache = False


def dropout_of(config: Any) -> float:
    """The share that is set to zero before the head."""
    own = getattr(config, "classifier_dropout", None)
    found = next((v for v in (own, getattr(config, "hidden_dropout_prob", None)) if v is not None), 0.0)
    return float(found)


def read_pooler(start: Start) -> dict[str, Any] | None:
    """``weight`` and ``bias`` of the layer that the start has behind its first token, None where it has none."""
    from safetensors import safe_open

    found: dict[str, Any] = {}
    for file in weight_files(start.folder):
        with safe_open(file, framework="pt") as opened:
            for name in opened.keys():  # noqa: SIM118
                if name.endswith(("pooler.dense.weight", "pooler.dense.bias")):
                    found[name.rpartition(".")[2]] = opened.get_tensor(name).float()
    width = int(start.config.get("hidden_size") or 0)
    fits = set(found) == {"weight", "bias"} and tuple(found["weight"].shape) == (width, width)
    return found if fits else None


def _check_plan(start: Start, planned: Any) -> None:
    """Refuse a network far larger than the weights in the folder."""
    wanted = sum(parameter.numel() for parameter in planned.parameters())
    spare = sum(buffer.numel() for buffer in planned.buffers())
    if wanted > start.weights * 1.5 + 1024 or spare > _MOST_SPARE:
        raise damaged(
            start.folder / CONFIG_FILE,
            f"It asks for {wanted:,} numbers, but the weights beside it hold {start.weights:,}.",
        )


def _check_seen(start: Start, seen: Mapping[str, Any]) -> None:
    """Every weight of the backbone must be there in the shape that the configuration says."""
    if mismatched := list(seen.get("mismatched_keys") or ()):
        name, found, wanted = [*mismatched[0], "", ""][:3]
        raise ModelError(
            f"The weights of {start.name} do not fit its configuration.",
            f"{_are(len(mismatched), 'of another shape')}: {name} is {_shape(found)}, and {_shape(wanted)} is wanted.",
            "Copy config.json and the weights of one and the same model here.",
        )
    missing = sorted(name for name in seen.get("missing_keys") or () if not name.startswith(_HEADS))
    if missing:
        raise ModelError(
            f"{start.name} lacks weights that its configuration asks for.",
            f"{_are(len(missing), 'missing')}: {missing[0]}{' and others' if len(missing) > 1 else ''}.",
            "Copy config.json and the weights of one and the same model here.",
        )


def _are(count: int, what: str) -> str:
    return f"1 is {what}" if count == 1 else f"{count:,} are {what}"


def _shape(found: Any) -> str:
    return " x ".join(str(int(side)) for side in found) if found else "unknown"


def _unused(start: Start, seen: Mapping[str, Any]) -> tuple[str, ...]:
    last = f"layer.{int(start.config.get('num_hidden_layers') or 0) - 1}."
    own = (last,) if start.facts.get(MEAN_LAYER) else ()
    return tuple(
        sorted(
            name
            for name in seen.get("unexpected_keys") or ()
            if not name.startswith(_HEADS) and not any(part in name for part in own)
        )
    )
