"""A backbone with a head, what of it learns, and how it becomes a network of plain transformers."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import nn

from ptft_gui.core.family.definition import FROZEN, FULL
from ptft_gui.core.family.methods import ALL_LAYERS, LORA, TOP_LAYERS
from ptft_gui.engine.finetune.heads import FirstHead, Head, LanguageHead, LastHead, MeanHead, TokensHead
from ptft_gui.engine.finetune.poolings import FIRST, LAST
from ptft_gui.engine.finetune.task import Task

_LORA_TARGETS = {
    "bert": {"attention": ["query", "value"], ALL_LAYERS: ["query", "key", "value", "dense"]},
    "gpt2": {"attention": ["c_attn"], ALL_LAYERS: ["c_attn", "c_proj", "c_fc"]},
}
_LORA_SCALE = 2
"""Alpha over rank: how strongly the added pieces steer."""
_FIRST_SPREAD = 0.02


class TaskNetwork(nn.Module):  # type: ignore[misc]  # torch is not looked into
    """``backbone``: a model of transformers without a head."""

    def __init__(self, backbone: Any, head: Head) -> None:
        super().__init__()
        self.backbone, self.head = backbone, head

    @property
    def takes_segments(self) -> bool:
        return bool(getattr(self.backbone.config, "type_vocab_size", 0) > 1)

    def features(
        self, inputs: torch.Tensor, mask: torch.Tensor, segments: torch.Tensor | None
    ) -> torch.Tensor:
        """What the head judges of tokens (n, L): (n, d) or (n, L, d)."""
        given = {"input_ids": inputs, "attention_mask": mask}
        if segments is not None and self.takes_segments:
            given["token_type_ids"] = segments
        return cast(torch.Tensor, self.head.features(self.backbone(**given)[0], mask))

    def forward(
        self, inputs: torch.Tensor, mask: torch.Tensor, segments: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Scores: of tokens, or of features (floats) that were computed before."""
        if inputs.is_floating_point():
            return cast(torch.Tensor, self.head(inputs))
        return cast(torch.Tensor, self.head(self.features(inputs, mask, segments)))

    def learning(self) -> list[nn.Parameter]:
        return [weight for weight in self.parameters() if weight.requires_grad]


def make_head(task: Task, backbone: Any, pooling: str | None, dropout: float, seed: int) -> Head:
    """The head of a task, its weights drawn with ``seed``; ``pooling``: how a text that is judged as a whole becomes
    one point."""
    config = backbone.config
    width = int(config.hidden_size)
    if task.head == "language":
        return LanguageHead(backbone.get_input_embeddings().weight)
    if task.head == "tokens":
        name = "qa_outputs" if task.model_class.endswith("QuestionAnswering") else "classifier"
        head: Head = TokensHead(width, task.outputs, dropout, name)
    elif pooling == LAST:
        head = LastHead(width, task.outputs)
    elif pooling == FIRST:
        head = FirstHead(width, task.outputs, dropout)
    else:
        head = MeanHead(width, task.outputs, dropout, float(config.layer_norm_eps))
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in head.parameters():
            drawn = torch.randn(weight.shape, generator=generator) * _FIRST_SPREAD
            weight.copy_(drawn if weight.ndim > 1 else torch.zeros(weight.shape))
    return head


def set_first_bias(head: Head, values: list[float] | None) -> None:
    """Let the constants of the last layer begin with what the task says."""
    bias = getattr(getattr(head, "classifier", None), "bias", None)
    if values is not None and bias is not None:
        with torch.no_grad():
            bias.copy_(torch.tensor(values))


# --- what of it learns -----------------------------------------------------------------------------------------------


def apply_method(network: TaskNetwork, method: str, values: Mapping[str, Any], seed: int) -> None:
    """Let learn what the method says: the head always; the backbone, its upper layers, added pieces or nothing else."""
    for weight in network.backbone.parameters():
        weight.requires_grad_(method == FULL)
    if method == TOP_LAYERS:
        layers = _layers_of(network.backbone)
        for layer in layers[-int(values["top_layers"]) :]:
            for weight in layer.parameters():
                weight.requires_grad_(True)
    if method == LORA:
        _add_lora(network.backbone, values, seed)
    assert method in (FULL, TOP_LAYERS, LORA, FROZEN)


def _layers_of(backbone: Any) -> Any:
    return backbone.encoder.layer if hasattr(backbone, "encoder") else backbone.h


def _add_lora(backbone: Any, values: Mapping[str, Any], seed: int) -> None:
    """Added pieces beside the chosen matrices (Hu et al. 2021), by peft."""
    from peft import inject_adapter_in_model

    torch.manual_seed(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # peft asks transformers for names that will change
        inject_adapter_in_model(lora_config(backbone, values), backbone)
    for name, weight in backbone.named_parameters():
        weight.requires_grad_("lora_" in name)


def lora_config(backbone: Any, values: Mapping[str, Any]) -> Any:
    """The settings of the added pieces as peft knows them."""
    from peft import LoraConfig

    rank, kind = int(values["lora_rank"]), str(backbone.config.model_type)
    return LoraConfig(
        r=rank,
        lora_alpha=rank * _LORA_SCALE,
        lora_dropout=0.0,
        target_modules=list(_LORA_TARGETS[kind][str(values["lora_targets"])]),
        fan_in_fan_out=kind == "gpt2",
    )


# --- as plain transformers knows it ----------------------------------------------------------------------------------


def plain_weights(backbone: Any) -> dict[str, torch.Tensor]:
    """The backbone's weights under their own names; what LoRA added is worked into them."""
    modules = dict(backbone.named_modules())
    weights = {}
    for name, tensor in backbone.state_dict().items():
        if ".lora_" in name or ".lora_" in f".{name}":
            continue
        owner, _, last = name.rpartition(".")
        if owner.endswith(".base_layer"):
            owner = owner.removesuffix(".base_layer")
            if last == "weight":
                delta = modules[owner].get_delta_weight("default")
                tensor = tensor + delta.to(tensor)
        weights[f"{owner}.{last}"] = tensor.detach()
    return weights


def as_plain_network(network: TaskNetwork, task: Task) -> Any:
    """The same as a network of the class that plain transformers knows for the task, on the processor."""
    import transformers

    config = type(network.backbone.config).from_dict(network.backbone.config.to_dict())
    network.head.change_config(config)
    for key, value in task.head_settings().items():
        if key == "id2label":
            value = {int(number): label for number, label in value.items()}
        setattr(config, key, value)
    if task.head == "pooled" and task.outputs == 1:
        config.num_labels = 1
    if getattr(config, "pad_token_id", None) is None:
        # the last token of a text is found by what fills a batch up behind it
        config.pad_token_id = task.tokenizer.pad_token_id
    plain = getattr(transformers, task.model_class).from_config(config)
    own = getattr(plain, plain.base_model_prefix)
    found = own.load_state_dict(plain_weights(network.backbone), strict=False)
    assert not found.unexpected_keys
    head = network.head.to("cpu")
    with torch.no_grad():
        head.write_into(plain)
    head.to(next(network.backbone.parameters()).device)
    return plain.eval()
