"""The gradient of one batch: piece by piece where it does not fit into memory, shared where several processes train."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ptft_gui.core.errors import PtftError
from ptft_gui.engine.language.crew import Crew
from ptft_gui.engine.language.learner import Batch, Learner
from ptft_gui.engine.language.precision import autocast


class GradientOfBatch:
    """Leaves the gradient of a batch's mean loss in the weights.

    ``values``: the resolved ones; ``micro_batch_size`` of them is halved where more does not fit, and ``on_smaller`` is
    told the new size. Whatever the pieces and however many processes, every guessed token weighs the same.
    """

    def __init__(
        self, learner: Learner, values: dict[str, Any], crew: Crew, on_smaller: Callable[[int], None]
    ) -> None:
        self._learner, self._values, self._crew, self._on_smaller = learner, values, crew, on_smaller

    def __call__(self, batch: Batch, step: int) -> torch.Tensor:
        """The mean loss of the batch, shape (). A batch that does not fit is tried again in smaller pieces."""
        while True:
            try:
                loss = self._accumulate(batch, step)
                break
            except (RuntimeError, MemoryError) as problem:
                if not is_out_of_memory(problem):
                    raise
                if int(self._values["micro_batch_size"]) == 1:
                    raise out_of_memory(self._values) from problem
            # outside of the except block, which would keep what filled the memory
            self._take_smaller_pieces()
        return self._crew.add_up(self._learner.model, loss)

    def _accumulate(self, batch: Batch, step: int) -> torch.Tensor:
        learner = self._learner
        # dropout draws the same numbers whenever this step is taken
        torch.manual_seed(_seed(learner.seed, step, self._crew))
        total = torch.zeros((), device=learner.device)
        for part in self._crew.share_of(batch).parts(int(self._values["micro_batch_size"])):
            with autocast(learner.device, str(self._values["precision"])):
                loss = learner.loss_sum(part.to(learner.device)) / batch.count
            self._crew.backward(loss)
            total += loss.detach()
        return total

    def _take_smaller_pieces(self) -> None:
        self._learner.model.zero_grad(set_to_none=True)
        if self._learner.device.type == "cuda":
            torch.cuda.empty_cache()
        size = max(1, int(self._values["micro_batch_size"]) // 2)
        self._values["micro_batch_size"] = size
        self._on_smaller(size)


def _seed(seed: int, step: int, crew: Crew) -> int:
    told = (seed, step) if crew.is_leading else (seed, step, crew.rank)
    return hash(told) & 0x7FFF_FFFF_FFFF_FFFF


def is_out_of_memory(problem: BaseException) -> bool:
    """Whether a failure of torch says that memory was too small."""
    if isinstance(problem, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(problem)
    return "not enough memory" in text or "DefaultCPUAllocator" in text or "out of memory" in text


def out_of_memory(values: dict[str, Any]) -> PtftError:
    """For a model that does not fit even a block at a time."""
    return PtftError(
        "There is not enough memory for this model.",
        f"Even one block of {values['block_size']:,} tokens at a time did not fit.",
        "Choose a smaller model size or a shorter block.",
    )
