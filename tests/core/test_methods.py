"""Counting what a method trains, held against the real networks."""

from __future__ import annotations

from typing import Any

import pytest

from ptft_gui.core.family.methods import METHODS, count_parameters, get_method, size_of

BERT: dict[str, Any] = {
    "model_type": "bert",
    "vocab_size": 300,
    "hidden_size": 24,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 40,
    "max_position_embeddings": 32,
    "type_vocab_size": 2,
}
GPT: dict[str, Any] = {
    "model_type": "gpt2",
    "vocab_size": 300,
    "n_embd": 24,
    "n_layer": 3,
    "n_head": 4,
    "n_positions": 32,
}


def numbers_of(network: Any) -> int:
    return sum(weight.numel() for weight in network.parameters())


def lora_of(network: Any, names: list[str]) -> int:
    from peft import LoraConfig, inject_adapter_in_model

    wrapped = inject_adapter_in_model(LoraConfig(r=5, target_modules=names), network)
    return sum(weight.numel() for name, weight in wrapped.named_parameters() if "lora_" in name)


def test_bert_is_counted_to_the_last_number() -> None:
    from transformers import BertConfig, BertModel

    network = BertModel(BertConfig(**BERT), add_pooling_layer=False)
    full = count_parameters(BERT, "full", outputs=7)
    assert full is not None
    assert full.total == numbers_of(network) + 7 * 25 == full.trained
    layer = sum(part.numbers for part in full.parts if part.name == "Layer 2")
    assert layer == numbers_of(network.encoder.layer[1])
    assert [part.kind for part in full.parts] == ["embeddings", "layer", "layer", "layer", "head"]


def test_gpt_is_counted_to_the_last_number() -> None:
    from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel

    config = GPT2Config(**GPT)
    config.num_labels = 7
    classes, writing = count_parameters(GPT, "full", outputs=7), count_parameters(GPT, "full", outputs=0)
    assert classes is not None
    assert writing is not None
    assert classes.total == numbers_of(GPT2ForSequenceClassification(config))
    assert writing.total == numbers_of(GPT2LMHeadModel(config))


@pytest.mark.parametrize(
    ("targets", "names"),
    [("attention", ["query", "value"]), ("all", ["query", "key", "value", "dense"])],
)
def test_the_pieces_of_lora_are_counted_as_peft_makes_them(targets: str, names: list[str]) -> None:
    from transformers import BertConfig, BertModel

    found = count_parameters(BERT, "lora", outputs=7, lora_rank=5, lora_targets=targets)
    assert found is not None
    inserted = lora_of(BertModel(BertConfig(**BERT), add_pooling_layer=False), names)
    assert sum(part.inserted for part in found.parts) == inserted
    assert found.trained == inserted + 7 * 25
    assert [part.has_inserts for part in found.parts] == [False, True, True, True, False]


def test_the_methods_train_more_and_more_and_say_so() -> None:
    found = [count_parameters(BERT, method.key, lora_rank=1) for method in METHODS]
    trained = {method.key: each.trained for method, each in zip(METHODS, found, strict=True) if each}
    assert trained["frozen"] < trained["lora"] < trained["top-layers"] < trained["full"]
    memory = [each.memory_bytes for each in found if each]
    assert memory[0] == min(memory)
    assert memory[-1] == max(memory)
    frozen = found[0]
    assert frozen is not None
    assert frozen.sentence == f"Trains 50 of {frozen.total:,} numbers (0.2 %)."
    assert frozen.file_bytes == 200


def test_the_top_layers_are_those_next_to_the_head() -> None:
    found = count_parameters(BERT, "top-layers", top_layers=2)
    assert found is not None
    assert [part.is_trained for part in found.parts] == [False, False, True, True, True]
    more = count_parameters(BERT, "top-layers", top_layers=99)
    assert more is not None
    assert [part.is_trained for part in more.parts] == [False, True, True, True, True]


def test_a_configuration_without_sizes_is_not_counted() -> None:
    assert size_of({"model_type": "bert", "hidden_size": True}) is None
    assert count_parameters({}, "full") is None
    assert get_method("lora").options == ("lora_rank", "lora_targets")
