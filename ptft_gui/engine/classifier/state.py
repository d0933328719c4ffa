"""What a checkpoint of the classifier holds: every number that going on exactly needs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import torch
from safetensors.numpy import load_file

from ptft_gui.core.events import Metrics
from ptft_gui.engine.checkpoint import Checkpoint, damaged_checkpoint, read_state
from ptft_gui.engine.classifier.model import AveragedVectors, restore_tensors, tensors_of
from ptft_gui.engine.vectors import Floats32, write_tensors

TENSORS_FILE, STATE_FILE = "tensors.safetensors", "state.json"


@dataclass
class Position:
    """Where training stands.

    ``epoch``: whole epochs that are done; ``batch``: batches done in the present one; ``step``: batches and ``texts``:
    texts trained in all; ``seconds``: seconds of work; ``best`` and ``stale_checks``: the lowest main metric at an
    epoch's end and the number of such checks since without a better one.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    texts: int = 0
    seconds: float = 0.0
    progress: float = 0.0
    best: float | None = None
    stale_checks: int = 0

    def advance(self, texts: int, batches_an_epoch: int) -> bool:
        """Count a batch as done; whether an epoch became whole by it."""
        self.step, self.batch, self.texts = self.step + 1, self.batch + 1, self.texts + texts
        if self.batch < batches_an_epoch:
            return False
        self.epoch, self.batch = self.epoch + 1, 0
        return True


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
        known = {field.name for field in fields(Position)}
        position = Position(**{key: value for key, value in state["position"].items() if key in known})
        return position, dict(state["metrics"])
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
