"""What a checkpoint of the classifier holds: every number that going on exactly needs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from safetensors.numpy import load_file

from ptft_gui.core.events import Metrics
from ptft_gui.engine.checkpoint import Checkpoint, damaged_checkpoint, read_state
from ptft_gui.engine.classifier.model import AveragedVectors, restore_tensors, tensors_of
from ptft_gui.engine.position import STATE_FILE, BatchPosition, decode_position
from ptft_gui.engine.vectors import Floats32, write_tensors

TENSORS_FILE = "tensors.safetensors"


@dataclass
class Position(BatchPosition):
    """Where training stands; ``texts``: texts trained in all."""

    texts: int = 0


@dataclass(frozen=True)
class State:
    """All of a checkpoint at one moment; ``tensors`` are copies. ``texts``: fingerprint of what is trained on."""

    tensors: dict[str, Floats32]
    position: Position
    metrics: Metrics
    texts: str

    def write(self, folder: Path) -> None:
        """Write it into the folder of a new checkpoint. Raises :class:`OSError`."""
        write_tensors(dict(self.tensors), folder / TENSORS_FILE)
        state = {"position": asdict(self.position), "metrics": self.metrics, "texts": self.texts}
        (folder / STATE_FILE).write_text(json.dumps(state, indent=1, allow_nan=False), encoding="utf-8")


def state_of(
    model: AveragedVectors, optimizer: torch.optim.AdamW, position: Position, metrics: Metrics, texts: str
) -> State:
    """The present state; it stays as it is while training goes on."""
    return State(tensors_of(model, optimizer), replace(position), dict(metrics), texts)


def restore(
    checkpoint: Checkpoint, model: AveragedVectors, optimizer: torch.optim.AdamW
) -> tuple[Position, Metrics]:
    """Bring both to the checkpoint's state; returns where it stood. Raises PtftError when they do not fit."""
    state = read_state(checkpoint, STATE_FILE)
    try:
        restore_tensors(model, optimizer, load_file(checkpoint.path / TENSORS_FILE))
        return decode_position(Position, state), dict(state["metrics"])
    except Exception as problem:  # safetensors, torch and json each have failures of their own
        raise damaged_checkpoint(checkpoint, str(problem)) from None


def texts_of(checkpoint: Checkpoint) -> str:
    """The fingerprint of the texts that a checkpoint was trained on."""
    return str(read_state(checkpoint, STATE_FILE).get("texts"))


def expected_bytes(model: AveragedVectors) -> int:
    """Three numbers for each that is trained: itself and what AdamW remembers of it."""
    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    numbers: int = 2 * trained + sum(p.numel() for p in model.parameters())
    return 4 * numbers + (1 << 16)
