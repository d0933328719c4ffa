"""What a network says to examples without learning: scores and loss of a part, a batch of like length at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from ptft_gui.engine.finetune.examples import Numbers, PartExamples, batches_by_length, collate
from ptft_gui.engine.finetune.network import TaskNetwork
from ptft_gui.engine.finetune.task import Scores, Task, TaskBatch
from ptft_gui.engine.language.precision import FLOAT32, autocast

MOST_TOKENS, MOST_EXAMPLES = 8192, 256
_MOST_LANGUAGE_TOKENS = 1024
"""Where every token gets a score for every other one."""


@dataclass(frozen=True)
class Scored:
    """``scores``: one array an example; ``loss``: the mean loss of those with a target, None where none has one."""

    scores: list[Scores]
    loss: float | None


class Scorer:
    """``precision``: as the run multiplies. ``batch_of`` makes a batch of some examples of a part."""

    def __init__(self, network: TaskNetwork, task: Task, padding: int, precision: str = FLOAT32) -> None:
        self._network, self._task, self._padding = network, task, padding
        self.precision = precision

    def score(
        self,
        part: PartExamples,
        batch_of: Callable[[Numbers], TaskBatch] | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Scored:
        """Scores of all examples of a part, in their order. Where asked to stop, what is missing has no numbers."""
        found: list[Scores] = [np.zeros(0, np.float32)] * len(part)
        loss, weight = 0.0, 0.0
        device = next(self._network.parameters()).device
        was_training = self._network.training
        self._network.eval()
        try:
            most = _MOST_LANGUAGE_TOKENS if self._task.head == "language" else MOST_TOKENS
            for numbers in batches_by_length(part.lengths, most, MOST_EXAMPLES):
                if should_stop():
                    break
                batch = self._batch(part, numbers) if batch_of is None else batch_of(numbers)
                batch = batch.to(device)
                with torch.no_grad(), autocast(device, self.precision):
                    scores = self._network(batch.inputs, batch.mask, batch.segments)
                    if all(part.examples[number].target is not None for number in numbers):
                        loss += float(self._task.loss_sum(scores, batch))
                        weight += batch.weight
                    scores = self._task.condense(scores, batch)
                told = scores.float().cpu().numpy()
                for place, number in enumerate(numbers):
                    is_whole = told.ndim == 2
                    found[number] = told[place] if is_whole else told[place, : len(part.examples[number])]
        finally:
            self._network.train(was_training)
        return Scored(found, loss / weight if weight else None)

    def _batch(self, part: PartExamples, numbers: Numbers) -> TaskBatch:
        return collate(self._task, [part.examples[number] for number in numbers], self._padding)
