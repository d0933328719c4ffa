"""Muon (Jordan et al. 2024) that makes all matrices of one shape orthogonal at once.

PyTorch takes them one after the other. For a small model that is hundreds of multiplications too small to be worth
their call; the numbers and the state are the same.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import torch


class StackedMuon(torch.optim.Muon):  # type: ignore[misc]  # torch brings no types
    """PyTorch's Muon with Nesterov's momentum and steps of AdamW's size, in stacks."""

    def __init__(self, matrices: list[torch.Tensor], weight_decay: float) -> None:
        super().__init__(matrices, lr=0.0, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw")

    @torch.no_grad()  # type: ignore[untyped-decorator]  # as above
    def step(self, closure: Any = None) -> None:
        """Change the matrices that have a gradient."""
        for group in self.param_groups:
            stacks: dict[torch.Size, list[torch.Tensor]] = defaultdict(list)
            for matrix in group["params"]:
                if matrix.grad is not None:
                    stacks[matrix.shape].append(matrix)
            for matrices in stacks.values():
                self._change(matrices, group)

    def _change(self, matrices: list[torch.Tensor], group: dict[str, Any]) -> None:
        """Matrices of one shape (A, B)."""
        gradients = [matrix.grad for matrix in matrices]
        speeds = [self._speed_of(matrix) for matrix in matrices]
        torch._foreach_lerp_(speeds, gradients, 1 - group["momentum"])
        ahead = torch.stack(gradients).lerp_(torch.stack(speeds), group["momentum"])
        straight = orthogonal(ahead, group["ns_coefficients"], group["ns_steps"], group["eps"])
        rate = 0.2 * max(ahead.shape[1:]) ** 0.5 * group["lr"]
        torch._foreach_mul_(matrices, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_add_(matrices, list(straight.to(matrices[0].dtype)), alpha=-rate)

    def _speed_of(self, matrix: torch.Tensor) -> torch.Tensor:
        state = self.state[matrix]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(matrix)
        found: torch.Tensor = state["momentum_buffer"]
        return found


def orthogonal(
    matrices: torch.Tensor, coefficients: tuple[float, float, float], rounds: int, least: float
) -> torch.Tensor:
    """Matrices (k, A, B) brought near to orthogonal ones by the iteration of Newton and Schulz, in bfloat16."""
    first, second, third = coefficients
    found = matrices.bfloat16()
    is_tall = found.shape[1] > found.shape[2]
    if is_tall:
        found = found.mT
    found = found / found.norm(dim=(1, 2), keepdim=True).clamp(min=least)
    for _ in range(rounds):
        gram = found @ found.mT
        change = torch.baddbmm(gram, gram, gram, beta=second, alpha=third)
        found = torch.baddbmm(found, change, found, beta=first)
    return found.mT if is_tall else found
