"""What changes the weights: AdamW, or Muon on the matrices between the layers and AdamW on the rest.

AdamW (Loshchilov and Hutter 2019) pulls towards zero only what multiplies: matrices, never biases and norms. Muon
(Jordan et al. 2024) makes the step of a matrix orthogonal, so that no direction is learned faster than the others; its
step is scaled to AdamW's size (Liu et al. 2025), so that one learning rate serves both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from ptft_gui.engine.language.stacked_muon import StackedMuon

ADAMW, MUON = "adamw", "muon"
_BETAS = (0.9, 0.95)
Tensors = dict[str, torch.Tensor]


class Optimizers:
    """One or two optimizers as one. ``hidden``: names of the matrices between the layers."""

    def __init__(self, model: nn.Module, kind: str, weight_decay: float, hidden: set[str]) -> None:
        named = [(name, weight) for name, weight in model.named_parameters() if weight.requires_grad]
        self._names = {id(weight): name for name, weight in named}
        of_muon = [weight for name, weight in named if kind == MUON and name in hidden]
        rest = [(name, weight) for name, weight in named if not (kind == MUON and name in hidden)]
        groups = [
            {"params": [weight for _, weight in rest if weight.ndim >= 2], "weight_decay": weight_decay},
            {"params": [weight for _, weight in rest if weight.ndim < 2], "weight_decay": 0.0},
        ]
        adamw = torch.optim.AdamW(groups, lr=0.0, betas=_BETAS, eps=1e-8, fused=True)
        self._all: list[torch.optim.Optimizer] = [adamw]
        if of_muon:
            self._all.append(StackedMuon(of_muon, weight_decay))

    def step(self, rate: float) -> None:
        """Change the weights by their gradients, then forget these."""
        for optimizer in self._all:
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.step()
        self.forget()

    def forget(self) -> None:
        """Drop the gradients."""
        for optimizer in self._all:
            optimizer.zero_grad(set_to_none=True)

    def tensors(self) -> Tensors:
        """All that the optimizers remember, by the weight's name and theirs: ``NAME|exp_avg``."""
        return {f"{name}|{key}": value for name, state in self._states() for key, value in state.items()}

    def _states(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for optimizer in self._all:
            for weight, state in optimizer.state.items():
                yield self._names[id(weight)], state

    def restore(self, found: Tensors) -> None:
        """Remember what :meth:`tensors` told. Raises KeyError when it belongs to another model."""
        for optimizer in self._all:
            for group in optimizer.param_groups:
                for weight in group["params"]:
                    name = self._names[id(weight)]
                    state = {
                        key.rpartition("|")[2]: value
                        for key, value in found.items()
                        if key.startswith(f"{name}|")
                    }
                    if found and not state:
                        raise KeyError(name)
                    optimizer.state[weight] = {
                        key: value.to(weight.device).clone() for key, value in state.items()
                    }
