"""Dropout (Srivastava et al. 2014) that costs a processor little.

PyTorch draws a number of its own for each place, one after the other in one thread: in a small model a sixth of a step.
Here each 64 bits that are drawn decide over four places, so that a share is kept to one in 65,536.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

ATTENTION = "sdpa_with_quick_dropout"
"""Under this name transformers finds the attention below."""
_PLACES = 4
_LEVELS = 1 << 16
_LEAST = -(1 << 15)


def quick_dropout(values: torch.Tensor, share: float) -> torch.Tensor:
    """``values`` on a processor, of which chance sets ``share`` to 0 and makes the others louder by as much."""
    drawn = torch.empty(-(-values.numel() // _PLACES), dtype=torch.int64).random_(-(1 << 63), None)
    bits = drawn.view(torch.int16)[: values.numel()].view(values.shape)
    kept = (bits >= _LEAST + round(share * _LEVELS)).to(values.dtype)
    return values * kept.mul_(1.0 / (1.0 - share))


class QuickDropout(nn.Dropout):  # type: ignore[misc]  # torch brings no types
    """Does what ``nn.Dropout`` does, quicker on a processor."""

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        if not self.training or not 0.0 < self.p < 1.0 or values.device.type != "cpu":
            return super().forward(values)
        return quick_dropout(values, self.p)


def quicken_dropout(network: nn.Module) -> None:
    """Let the networks of transformers in ``network`` drop out quickly, in layers and in attention."""
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if type(child) is nn.Dropout:
                setattr(module, name, QuickDropout(child.p).train(child.training))
        if getattr(getattr(module, "config", None), "_attn_implementation", None) == "sdpa":
            _make_known()
            module.config._attn_implementation = ATTENTION


def _make_known() -> None:
    from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS
    from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

    ALL_ATTENTION_FUNCTIONS.register(ATTENTION, _attend)
    ALL_MASK_ATTENTION_FUNCTIONS.register(ATTENTION, ALL_MASK_ATTENTION_FUNCTIONS["sdpa"])


def _attend(
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    is_causal: bool | None = None,
    **more: Any,
) -> tuple[torch.Tensor, None]:
    """Attention as transformers asks for it: (n, heads, B, width of a head) each -> (n, B, heads, width of a head)."""
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    if dropout == 0.0 or query.device.type != "cpu" or key.shape != query.shape or _is_unusual(more):
        usual: tuple[torch.Tensor, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, dropout, scaling, is_causal, **more
        )
        return usual
    scores = query @ key.transpose(-1, -2) * (query.shape[-1] ** -0.5 if scaling is None else scaling)
    scores = _hide(
        scores, attention_mask, getattr(module, "is_causal", True) if is_causal is None else is_causal
    )
    shares = quick_dropout(scores.softmax(-1, dtype=torch.float32).to(value.dtype), dropout)
    return (shares @ value).transpose(1, 2).contiguous(), None


def _is_unusual(more: dict[str, Any]) -> bool:
    """Whether something is asked that only transformers' own attention knows."""
    return any(more.get(name) is not None for name in ("position_bias", "cache", "softcap"))


def _hide(scores: torch.Tensor, mask: torch.Tensor | None, is_causal: bool) -> torch.Tensor:
    """``scores`` (n, heads, B, B) with what may not be looked at out of reach."""
    if mask is None:
        if not is_causal:
            return scores
        mask = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    if mask.dtype != torch.bool:
        return scores + mask
    return scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
