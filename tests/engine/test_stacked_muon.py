"""Muon in stacks changes the matrices as PyTorch's own does, and keeps the same state."""

from __future__ import annotations

import torch

from ptft_gui.engine.language.stacked_muon import StackedMuon, orthogonal

_SHAPES = [(16, 16), (16, 48), (16, 16), (64, 16), (64, 16)]


def _matrices() -> list[torch.nn.Parameter]:
    torch.manual_seed(0)
    return [torch.nn.Parameter(torch.randn(shape)) for shape in _SHAPES]


def _train(matrices: list[torch.nn.Parameter], muon: torch.optim.Optimizer, steps: int = 4) -> None:
    torch.manual_seed(1)
    for _ in range(steps):
        for matrix in matrices:
            matrix.grad = torch.randn_like(matrix)
        muon.param_groups[0]["lr"] = 0.02
        muon.step()


def test_it_does_what_pytorch_does() -> None:
    usual, stacked = _matrices(), _matrices()
    theirs = torch.optim.Muon(usual, lr=0.0, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    ours = StackedMuon(stacked, 0.1)

    _train(usual, theirs)
    _train(stacked, ours)

    for one, other in zip(stacked, usual, strict=True):
        # both are rounded to bfloat16 on the way, in another order
        torch.testing.assert_close(one, other, rtol=0.02, atol=0.004)
        assert ours.state[one].keys() == theirs.state[other].keys()
        torch.testing.assert_close(ours.state[one]["momentum_buffer"], theirs.state[other]["momentum_buffer"])


def test_a_matrix_without_a_gradient_stays() -> None:
    matrices = _matrices()
    before = matrices[0].detach().clone()
    muon = StackedMuon(matrices, 0.1)
    muon.param_groups[0]["lr"] = 0.02
    matrices[1].grad = torch.ones_like(matrices[1])

    muon.step()

    assert torch.equal(matrices[0], before)
    assert matrices[0] not in muon.state


def test_what_comes_out_is_nearly_orthogonal_whichever_side_is_longer() -> None:
    torch.manual_seed(2)
    for shape in ((3, 20, 60), (3, 60, 20)):
        sizes = torch.linalg.svdvals(
            orthogonal(torch.randn(shape), (3.4445, -4.7750, 2.0315), 5, 1e-7).float()
        )
        assert float(sizes.min()) > 0.5
        assert float(sizes.max()) < 1.3


def test_a_matrix_of_zeros_stays_finite() -> None:
    assert torch.equal(
        orthogonal(torch.zeros(1, 4, 4), (3.4445, -4.7750, 2.0315), 5, 1e-7).float(), torch.zeros(1, 4, 4)
    )
