"""What a checkpoint of a language model holds: every number that going on exactly needs.

Dropout and masks are drawn from seeds that the position decides, so there is no state of chance to keep.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from ptft_gui.core.events import Metrics
from ptft_gui.engine.checkpoint import Checkpoint, damaged_checkpoint, read_state
from ptft_gui.engine.language.optimizers import Optimizers
from ptft_gui.engine.position import STATE_FILE, BatchPosition, decode_position

WEIGHTS_FILE, OPTIMIZER_FILE = "weights.safetensors", "optimizer.safetensors"


@dataclass
class Position(BatchPosition):
    """Where training stands; ``tokens``: tokens trained in all."""

    tokens: int = 0


@dataclass(frozen=True)
class State:
    """All of a checkpoint at one moment. ``stamp`` tells the text and the tokenizer that it belongs to."""

    weights: dict[str, torch.Tensor]
    remembered: dict[str, torch.Tensor]
    position: Position
    metrics: Metrics
    stamp: str

    def write(self, folder: Path) -> None:
        """Write it into the folder of a new checkpoint. Raises OSError."""
        _save(self.weights, folder / WEIGHTS_FILE)
        _save(self.remembered, folder / OPTIMIZER_FILE)
        told = {"position": asdict(self.position), "metrics": self.metrics, "stamp": self.stamp}
        (folder / STATE_FILE).write_text(json.dumps(told, indent=1, allow_nan=False), encoding="utf-8")


def _save(tensors: dict[str, torch.Tensor], path: Path) -> None:
    try:
        save_file(tensors, path)
    except OSError:
        raise
    except Exception as problem:  # safetensors has a failure of its own for a full disk
        raise OSError(str(problem)) from problem


def state_of(
    model: nn.Module,
    optimizers: Optimizers,
    position: Position,
    metrics: Metrics,
    stamp: str,
    is_copied: bool,
) -> State:
    """The present state; copied, it stays as it is while training goes on."""

    def held(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        return {
            name: tensor.detach().to("cpu", copy=is_copied).contiguous() for name, tensor in tensors.items()
        }

    weights = {name: weight.data for name, weight in _learning(model).items()}
    return State(held(weights), held(optimizers.tensors()), replace(position), dict(metrics), stamp)


def restore(
    checkpoint: Checkpoint, model: nn.Module, optimizers: Optimizers | None, stamp: str
) -> tuple[Position, Metrics]:
    """Bring model and optimizers to the checkpoint's state; returns where it stood. Raises PtftError."""
    told = read_state(checkpoint, STATE_FILE)
    try:
        if told["stamp"] != stamp:
            raise ValueError("It belongs to another text or tokenizer.")
        _restore_weights(model, load_file(checkpoint.path / WEIGHTS_FILE))
        if optimizers is not None:
            optimizers.restore(load_file(checkpoint.path / OPTIMIZER_FILE))
        return decode_position(Position, told), dict(told["metrics"])
    except Exception as problem:  # safetensors, torch and json each have failures of their own
        raise damaged_checkpoint(checkpoint, str(problem)) from None


def _learning(model: nn.Module) -> dict[str, nn.Parameter]:
    """The weights that training changes; others stay as the run's start has them."""
    return {name: weight for name, weight in model.named_parameters() if weight.requires_grad}


def _restore_weights(model: nn.Module, found: dict[str, torch.Tensor]) -> None:
    own = _learning(model)
    if own.keys() != found.keys():
        raise ValueError("It holds other weights than the model has.")
    with torch.no_grad():
        for name, weight in own.items():
            weight.copy_(found[name])


def expected_bytes(model: nn.Module) -> int:
    """Three numbers for each weight: itself and what AdamW remembers of it."""
    weights: int = sum(weight.numel() for weight in _learning(model).values())
    return 12 * weights + (1 << 16)
