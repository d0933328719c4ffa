"""The processes that train one model: one alone, or several on several graphics cards or computers.

Several are started by ``torchrun``, which numbers them; accelerate finds them and carries what they tell each other.
The first one leads: it reads the text, decides, looks, writes every event and checkpoint, and before each step tells
the others which blocks come next. Each takes its share of the same batch; their gradients are added up, so that all
take the very same step as one process alone would. Accelerate's own preparation of models and data is not used: it
splits what a loader yields and averages over processes, whatever number of guessed tokens each had.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator, InitProcessGroupKwargs
from accelerate.utils import broadcast, broadcast_object_list, check_cuda_p2p_ib_support, reduce
from torch import distributed

from ptft_gui.core.crew import crew_size
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
        _allow_cards_without_direct_ways(device_type)
        with _told_in_words():
            # precision is chosen by measuring (precision.py); accelerate fixes one for the life of a process
            self._accelerator = Accelerator(
                cpu=device_type == "cpu",
                mixed_precision="no",
                kwargs_handlers=[InitProcessGroupKwargs(timeout=_PATIENCE)],
            )
        self.rank: int = self._accelerator.process_index
        self.size: int = self._accelerator.num_processes
        self.device: torch.device = self._accelerator.device
        self.batch_size = batch_size

    @property
    def is_leading(self) -> bool:
        return self.rank == 0

    # --- what is told ------------------------------------------------------------------------------------------

    def tell(self, record: Any = None) -> Any:
        """The record of the leading process, in every process."""
        box = [record]
        with _told_in_words():
            broadcast_object_list(box)
        return box[0]

    def order(self, order: Order | None) -> None:
        """Leading: the next step; None ends the work."""
        if self.size == 1:
            return
        row = torch.zeros(_HEAD + self.batch_size, dtype=torch.float64)
        if order is not None:
            count = len(order.numbers)
            row[:_HEAD] = torch.tensor(
                [_STEP, order.epoch, order.step, order.rate, count], dtype=torch.float64
            )
            row[_HEAD : _HEAD + count] = torch.from_numpy(np.asarray(order.numbers, np.float64))
        with _told_in_words():
            broadcast(row.to(self.device))

    def next_order(self) -> Order | None:
        """Following: what comes next; None at the end."""
        row = torch.zeros(_HEAD + self.batch_size, dtype=torch.float64, device=self.device)
        broadcast(row)
        kind, epoch, step, rate, count = row[:_HEAD].tolist()
        if kind == _END:
            return None
        numbers = row[_HEAD : _HEAD + int(count)].cpu().numpy().astype(np.int64)
        return Order(numbers, int(epoch), int(step), rate)

    def align(self, model: torch.nn.Module, optimizers: Optimizers) -> None:
        """Give every process the weights of the leading one, and what its optimizers remember."""
        if self.size == 1:
            return
        with _told_in_words():
            for weight in model.parameters():
                broadcast(weight.data)
            held = optimizers.tensors() if self.is_leading else {}
            names = self.tell([(name, tuple(t.shape), t.dtype) for name, t in held.items()])
            found = {}
            for name, shape, kind in names:
                tensor = (
                    held[name].to(self.device)
                    if self.is_leading
                    else torch.zeros(shape, dtype=kind, device=self.device)
                )
                broadcast(tensor)
                found[name] = tensor
        if not self.is_leading and found:
            optimizers.restore(found)

    # --- a step ------------------------------------------------------------------------------------------------

    def share_of(self, batch: Batch) -> Batch:
        """The part of a batch that this process learns from; parts differ by one example at most."""
        if self.size == 1:
            return batch
        total = len(batch.inputs)
        first, last = (total * number // self.size for number in (self.rank, self.rank + 1))
        return batch.between(first, last)

    def backward(self, loss: torch.Tensor) -> None:
        """Add the gradient of ``loss`` to what the weights hold."""
        self._accelerator.backward(loss)

    def clip(self, model: torch.nn.Module, longest: float) -> torch.Tensor:
        """Shorten the gradient to ``longest`` at most; returns its length before, shape ()."""
        norm: torch.Tensor = self._accelerator.clip_grad_norm_(model.parameters(), longest)
        return norm

    def add_up(self, model: torch.nn.Module, loss: torch.Tensor) -> torch.Tensor:
        """Sum the gradients of all processes, in place; returns the sum of their losses."""
        if self.size == 1:
            return loss
        weights = [weight for weight in model.parameters() if weight.requires_grad]
        flat = torch.cat(
            [
                (torch.zeros_like(weight) if weight.grad is None else weight.grad).reshape(-1).float()
                for weight in weights
            ]
            + [loss.reshape(1).float()]
        )
        with _told_in_words():
            flat = reduce(flat, "sum")
        start = 0
        for weight in weights:
            end = start + weight.numel()
            weight.grad = flat[start:end].view_as(weight)
            start = end
        return flat[-1].clone()

    def close(self) -> None:
        """Part."""
        self._accelerator.end_training()


def _allow_cards_without_direct_ways(device_type: str) -> None:
    """As ``accelerate launch`` does: some pairs of cards do not reach each other's memory, and would be refused."""
    if device_type == "cuda" and not check_cuda_p2p_ib_support():
        os.environ.setdefault("NCCL_P2P_DISABLE", "1")
        os.environ.setdefault("NCCL_IB_DISABLE", "1")


@contextmanager
def _told_in_words() -> Iterator[None]:
    """A process that is lost shows as a broken connection. One that trains alone lost nobody: what fails there stays
    what it is."""
    if crew_size() == 1:
        yield
        return
    try:
        yield
    except (RuntimeError, distributed.DistError) as problem:
        raise PtftError(
            "One of the processes that train together is no longer there.",
            f"{problem}"[:300],
            "Resume the run: it goes on from its last checkpoint.",
        ) from None
