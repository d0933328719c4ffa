"""The loss that is computed a piece at a time is the one that PyTorch computes at once, with the same slopes."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from ptft_gui.engine.language import guessing
from ptft_gui.engine.language.guessing import guessing_loss

_COUNT, _WIDTH, _VOCABULARY = 50, 16, 70


@pytest.fixture(params=["one piece", "pieces and parts"])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "one piece":
        monkeypatch.setitem(guessing._MULTIPLIED, "cpu", 20 * _VOCABULARY)
        monkeypatch.setitem(guessing._COMPARED, "cpu", 7 * _VOCABULARY)


def _case(bias: bool = True) -> tuple[torch.Tensor, nn.Linear, torch.Tensor]:
    torch.manual_seed(3)
    last = nn.Linear(_WIDTH, _VOCABULARY, bias=bias)
    hidden = (5 * torch.randn(_COUNT, _WIDTH)).requires_grad_()
    return hidden, last, torch.randint(0, _VOCABULARY, (_COUNT,))


def _slopes(loss: torch.Tensor, hidden: torch.Tensor, last: nn.Linear) -> list[torch.Tensor]:
    return list(torch.autograd.grad(0.3 * loss, [hidden, *last.parameters()]))


@pytest.mark.parametrize("bias", [True, False])
def test_loss_and_slopes_are_those_of_pytorch(pieces: None, bias: bool) -> None:
    hidden, last, targets = _case(bias)
    known = functional.cross_entropy(last(hidden), targets, reduction="sum")

    found = guessing_loss(hidden, last.weight, last.bias, targets)

    torch.testing.assert_close(found, known)
    for one, other in zip(_slopes(found, hidden, last), _slopes(known, hidden, last), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


def test_narrow_numbers_come_as_close_as_those_of_pytorch(pieces: None) -> None:
    hidden, last, targets = _case()
    exact = functional.cross_entropy(last(hidden), targets, reduction="sum")
    with torch.autocast("cpu", torch.bfloat16):
        usual = functional.cross_entropy(last(hidden), targets, reduction="sum")
        found = guessing_loss(hidden, last.weight, last.bias, targets)

    assert found.dtype == torch.float32
    assert abs(found - exact) <= 2 * abs(usual - exact) + 1e-3 * exact
    triples = zip(*(_slopes(loss, hidden, last) for loss in (found, usual, exact)), strict=True)
    for mine, theirs, known in triples:
        assert (mine - known).norm() <= 1.5 * (theirs - known).norm()


def test_what_is_frozen_gets_no_slope(pieces: None) -> None:
    hidden, last, targets = _case()
    last.requires_grad_(False)

    guessing_loss(hidden, last.weight, last.bias, targets).backward()

    assert last.weight.grad is None
    assert last.bias.grad is None
    assert hidden.grad is not None


def test_without_learning_only_the_loss_is_computed(pieces: None) -> None:
    hidden, last, targets = _case()
    with torch.no_grad():
        found = guessing_loss(hidden, last.weight, last.bias, targets)
    known = functional.cross_entropy(last(hidden), targets, reduction="sum")

    assert not found.requires_grad
    torch.testing.assert_close(found, known.detach())


def test_scores_that_are_no_numbers_give_a_loss_that_is_none(pieces: None) -> None:
    hidden, last, targets = _case()
    with torch.no_grad():
        hidden[3, 0] = torch.inf

    assert not torch.isfinite(guessing_loss(hidden, last.weight, last.bias, targets))


def test_tied_words_learn_from_both_ends() -> None:
    torch.manual_seed(1)
    words = nn.Embedding(_VOCABULARY, _WIDTH)
    last = nn.Linear(_WIDTH, _VOCABULARY, bias=False)
    last.weight = words.weight
    tokens = torch.randint(0, _VOCABULARY, (9,))
    targets = tokens.roll(1)
    functional.cross_entropy(last(words(tokens)), targets, reduction="sum").backward()
    known, words.weight.grad = words.weight.grad, None

    guessing_loss(words(tokens), last.weight, None, targets).backward()

    torch.testing.assert_close(words.weight.grad, known)
