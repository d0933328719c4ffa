"""What the window foretells of a model's size is what transformers builds."""

from __future__ import annotations

import pytest
import torch

from ptft_gui.core.family.language_sizes import SIZES, numbers_to_learn, padded, suiting_numbers


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("vocabulary", "block"), [(67, 64), (8000, 128)])
def test_the_numbers_foretold_are_those_of_the_model(size: str, vocabulary: int, block: int) -> None:
    from transformers import BertConfig, BertForMaskedLM, GPT2Config, GPT2LMHeadModel

    shape, rows = SIZES[size], padded(vocabulary)
    gpt = GPT2Config(
        vocab_size=rows,
        n_positions=block,
        n_embd=shape.width,
        n_layer=shape.layers,
        n_head=shape.heads,
        bos_token_id=0,
        eos_token_id=0,
    )
    bert = BertConfig(
        vocab_size=rows,
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=4 * shape.width,
        max_position_embeddings=block,
    )
    with torch.device("meta"):
        models = {"gpt": GPT2LMHeadModel(gpt), "bert": BertForMaskedLM(bert)}
    for family, model in models.items():
        model.tie_weights()
        counted = sum(weight.numel() for weight in model.parameters())
        assert numbers_to_learn(family, {"model_size": size, "block_size": block}, vocabulary) == counted


def test_a_text_of_seventy_million_tokens_suits_four_to_fourteen_million_numbers() -> None:
    assert suiting_numbers(70_000_000) == (3_500_000, 14_000_000)
