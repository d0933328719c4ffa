"""Several processes, on several graphics cards or computers, train one model together.

Started by ``torchrun``, which numbers them. The first one leads: it reads the text, decides, looks, writes every event
and checkpoint, and before each step tells the others which blocks come next. Each takes its share of the same batch;
their gradients are added up, so that all take the very same step as one process alone would.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import torch
from torch import distributed

from ptft_gui.core.crew import here
from ptft_gui.core.errors import PtftError
from ptft_gui.engine.language.batches import Numbers
from ptft_gui.engine.language.learner import Batch
from ptft_gui.engine.language.optimizers import Optimizers

_PATIENCE = timedelta(days=1)
"""The others wait while the first one reads the text, looks, or is paused."""
_END, _STEP = 0.0, 1.0
_HEAD = 5


@dataclass(frozen=True)
class Order:
    """What the leading process says before a step."""

    numbers: Numbers
    epoch: int
    step: int
    rate: float


class Crew:
    """This process among the others. Every method is called by all of them at the same moment."""

    def __init__(self, device_type: str, batch_size: int = 0) -> None:
        with _told_in_words():
            backend = "nccl" if device_type == "cuda" else "gloo"
            distributed.init_process_group(backend, timeout=_PATIENCE)
        self.rank: int = distributed.get_rank()
        self.size: int = distributed.get_world_size()
        local, _ = here()
        if device_type == "cuda":
            torch.cuda.set_device(local)
        self.device = torch.device(f"cuda:{local}" if device_type == "cuda" else "cpu")
        self.batch_size = batch_size

    @property
    def is_leading(self) -> bool:
        return self.rank == 0

    # --- what is told ------------------------------------------------------------------------------------------

    def tell(self, record: Any = None) -> Any:
        """The record of the leading process, in every process."""
        box = [record]
        with _told_in_words():
            distributed.broadcast_object_list(box, src=0, device=self.device)
        return box[0]

    def order(self, order: Order | None) -> None:
        """Leading: the next step; None ends the work."""
        row = torch.zeros(_HEAD + self.batch_size, dtype=torch.float64)
        if order is not None:
            count = len(order.numbers)
            row[:_HEAD] = torch.tensor(
                [_STEP, order.epoch, order.step, order.rate, count], dtype=torch.float64
            )
            row[_HEAD : _HEAD + count] = torch.from_numpy(np.asarray(order.numbers, np.float64))
        with _told_in_words():
            distributed.broadcast(row.to(self.device), src=0)

    def next_order(self) -> Order | None:
        """Following: what comes next; None at the end."""
        row = torch.zeros(_HEAD + self.batch_size, dtype=torch.float64, device=self.device)
        distributed.broadcast(row, src=0)
        kind, epoch, step, rate, count = row[:_HEAD].tolist()
        if kind == _END:
            return None
        numbers = row[_HEAD : _HEAD + int(count)].cpu().numpy().astype(np.int64)
        return Order(numbers, int(epoch), int(step), rate)

    def align(self, model: torch.nn.Module, optimizers: Optimizers) -> None:
        """Give every process the weights of the leading one, and what its optimizers remember."""
        with _told_in_words():
            for weight in model.parameters():
                distributed.broadcast(weight.data, src=0)
            held = optimizers.tensors() if self.is_leading else {}
            names = self.tell([(name, tuple(t.shape), t.dtype) for name, t in held.items()])
            found = {}
            for name, shape, kind in names:
                tensor = (
                    held[name].to(self.device)
                    if self.is_leading
                    else torch.zeros(shape, dtype=kind, device=self.device)
                )
                distributed.broadcast(tensor, src=0)
                found[name] = tensor
        if not self.is_leading and found:
            optimizers.restore(found)

    # --- a step ------------------------------------------------------------------------------------------------

    def share_of(self, batch: Batch) -> Batch:
        """The part of a batch that this process learns from; parts differ by one example at most."""
        total = len(batch.inputs)
        first, last = (total * number // self.size for number in (self.rank, self.rank + 1))
        return batch.between(first, last)

    def add_up(self, model: torch.nn.Module, loss: torch.Tensor) -> torch.Tensor:
        """Sum the gradients of all processes, in place; returns the sum of their losses."""
        weights = [weight for weight in model.parameters() if weight.requires_grad]
        flat = torch.cat(
            [
                (torch.zeros_like(weight) if weight.grad is None else weight.grad).reshape(-1).float()
                for weight in weights
            ]
            + [loss.reshape(1).float()]
        )
        with _told_in_words():
            distributed.all_reduce(flat)
        start = 0
        for weight in weights:
            end = start + weight.numel()
            weight.grad = flat[start:end].view_as(weight)
            start = end
        return flat[-1].clone()

    def close(self) -> None:
        """Part."""
        if distributed.is_initialized():
            distributed.destroy_process_group()


@contextmanager
def _told_in_words() -> Iterator[None]:
    """A process that is lost shows as a broken connection."""
    try:
        yield
    except (RuntimeError, distributed.DistError) as problem:
        raise PtftError(
            "One of the processes that train together is no longer there.",
            f"{problem}"[:300],
            "Resume the run: it goes on from its last checkpoint.",
        ) from None
