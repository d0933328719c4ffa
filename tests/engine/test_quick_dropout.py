"""Dropout that costs little drops the share that was asked for, and its attention is the usual one."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from transformers import BertConfig, BertForMaskedLM, GPT2Config, GPT2LMHeadModel

from ptft_gui.engine.language import quick_dropout as quick
from ptft_gui.engine.language.quick_dropout import QuickDropout, quick_dropout, quicken_dropout


@pytest.mark.parametrize("share", [0.1, 0.5, 0.02])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_share_is_dropped_and_the_rest_is_louder(share: float, dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    found = quick_dropout(torch.ones(1001, 999, dtype=dtype), share)

    assert float((found == 0).float().mean()) == pytest.approx(share, rel=0.03)
    assert found.max() == torch.tensor(1 / (1 - share)).to(dtype)
    for quarter in range(4):  # each of the four places that share 64 bits
        assert float((found.flatten()[quarter::4] == 0).float().mean()) == pytest.approx(share, rel=0.05)


def test_neighbouring_places_are_dropped_apart_from_each_other() -> None:
    torch.manual_seed(0)
    gone = (quick_dropout(torch.ones(1_000_000), 0.3) == 0).float()

    for distance in (1, 2, 3, 4):
        together = float((gone[:-distance] * gone[distance:]).mean())
        assert together == pytest.approx(0.09, rel=0.02)


def test_a_seed_repeats_it_and_slopes_pass_where_values_do() -> None:
    values = torch.randn(7, 5, requires_grad=True)
    torch.manual_seed(4)
    first = quick_dropout(values, 0.4)
    torch.manual_seed(4)
    assert torch.equal(first, quick_dropout(values, 0.4))

    first.sum().backward()

    assert values.grad is not None
    assert torch.equal(values.grad == 0, first == 0)


def test_nothing_is_dropped_outside_training_or_without_a_share() -> None:
    values = torch.randn(4, 3)
    assert torch.equal(QuickDropout(0.5).eval()(values), values)
    assert torch.equal(QuickDropout(0.0)(values), values)
    assert torch.equal(QuickDropout(1.0)(values), torch.zeros(4, 3))


def _bert(**more: float) -> BertForMaskedLM:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=12, attn_implementation="sdpa", **more,
    )  # fmt: skip
    return BertForMaskedLM(config)


def _gpt(share: float) -> GPT2LMHeadModel:
    torch.manual_seed(0)
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=50, n_embd=16, n_layer=2, n_head=2, n_positions=12, attn_implementation="sdpa",
            attn_pdrop=share, resid_pdrop=share, embd_pdrop=share,
        )
    )  # fmt: skip


def test_every_dropout_of_a_network_is_replaced_and_the_saved_folder_knows_nothing_of_it() -> None:
    network = _bert()
    quicken_dropout(network)

    assert {type(m) for m in network.modules() if isinstance(m, nn.Dropout)} == {QuickDropout}
    assert network.config._attn_implementation == quick.ATTENTION
    assert quick.ATTENTION not in str(network.config.to_dict())


@pytest.mark.parametrize("mask", [None, [[1] * 9 + [0] * 3, [1] * 12]])
@pytest.mark.parametrize("family", ["bert", "gpt"])
def test_attention_looks_where_the_usual_one_does(
    family: str, mask: list[list[int]] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    def keep_all(values: torch.Tensor, share: float) -> torch.Tensor:
        asked.append(share)
        return values

    usual = (
        _bert(hidden_dropout_prob=0.2, attention_probs_dropout_prob=0.3) if family == "bert" else _gpt(0.3)
    )
    tokens = torch.randint(0, 50, (2, 12))
    inputs = {"input_ids": tokens, **({} if mask is None else {"attention_mask": torch.tensor(mask)})}
    known = usual.eval()(**inputs).logits
    quicken_dropout(usual)
    torch.testing.assert_close(usual(**inputs).logits, known)
    assert not asked

    monkeypatch.setattr(quick, "quick_dropout", keep_all)
    found = usual.train()(**inputs).logits

    assert asked.count(0.3) >= 2, "no attention dropped out"
    is_read = torch.ones(2, 12, dtype=torch.bool) if mask is None else torch.tensor(mask, dtype=torch.bool)
    torch.testing.assert_close(found[is_read], known[is_read], rtol=1e-4, atol=1e-5)
