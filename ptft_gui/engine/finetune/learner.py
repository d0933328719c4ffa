"""The learner of a task for the loop of the language models: its batches, its loss, its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import torch

from ptft_gui.core.errors import PtftError
from ptft_gui.engine.finetune.examples import Numbers, PartExamples, collate, encode_rows, order_by_length
from ptft_gui.engine.finetune.features import Features
from ptft_gui.engine.finetune.network import TaskNetwork
from ptft_gui.engine.finetune.scoring import Scored, Scorer
from ptft_gui.engine.finetune.task import Answer, Task, TaskBatch
from ptft_gui.engine.language.learner import Batch, Learner, Part


class TaskLearner(Learner):
    """``parts``: examples of ``train`` and ``val``. ``features``: of the parts, where the backbone is frozen."""

    def __init__(
        self,
        values: Mapping[str, Any],
        task: Task,
        network: TaskNetwork,
        parts: Mapping[Part, PartExamples],
        padding: int,
    ) -> None:
        super().__init__(values)
        self.task, self.parts = task, dict(parts)
        self.network = self._model = network.to(self.device)
        self.loss_words = task.loss_words
        self.probe_kind = task.probe_kind
        self.features: dict[Part, Features] = {}
        self._padding = padding
        self._lengths = self.parts["train"].lengths

    @property
    def trained_parameters(self) -> int:
        return sum(weight.numel() for weight in self.network.learning())

    @property
    def scorer(self) -> Scorer:
        precision = str(self.values["precision"]) if not self.features else "float32"
        return Scorer(self.network, self.task, self._padding, precision)

    # --- batches -----------------------------------------------------------------------------------------------

    def order_of(self, epoch: int) -> Numbers:
        """The examples of an epoch, those of like length in the same batch; by chance where only the head learns."""
        batch = int(self.values["global_batch_size"])
        if self.features and self.task.head == "pooled":
            return np.random.default_rng([self.seed, epoch]).permutation(len(self._lengths))
        return order_by_length(self._lengths, batch, self.seed, epoch)

    def batch(self, part: Part, numbers: Numbers, epoch: int | None) -> Batch:
        return cast(Batch, self._batch(part, numbers))

    def _batch(self, part: Part, numbers: Numbers) -> TaskBatch:
        examples = [self.parts[part].examples[number] for number in numbers]
        if part not in self.features:
            return collate(self.task, examples, self._padding)
        taken = self.features[part].take(numbers)
        length = 1 if taken.ndim == 2 else taken.shape[1]
        mask = np.zeros((len(examples), length), np.int64)
        for place, example in enumerate(examples):
            mask[place, : len(example)] = 1
        targets = self.task.targets(examples, length)
        return TaskBatch(taken, torch.from_numpy(mask), None, targets, self.task.weight(targets))

    def loss_sum(self, batch: Any) -> torch.Tensor:
        return self.task.learning_loss(self.network, batch)

    # --- answers -----------------------------------------------------------------------------------------------

    def score(self, part: Part, chosen: PartExamples) -> Scored:
        """Scores and loss of examples that are the first ones of a part."""
        if part not in self.features:
            return self.scorer.score(chosen)
        return self.scorer.score(chosen, lambda numbers: self._batch(part, numbers))

    def scorer_of_rows(self) -> Scorer:
        """For examples whose features were not computed before."""
        return Scorer(self.network, self.task, self._padding, str(self.values["precision"]))

    def score_rows(self, rows: Sequence[Mapping[str, Any]]) -> tuple[PartExamples, Scored]:
        """Rows that belong to no part."""
        part = encode_rows(self.task, list(rows))
        return part, self.scorer_of_rows().score(part)

    def answer_rows(self, rows: Sequence[Mapping[str, Any]]) -> list[Answer]:
        part, scored = self.score_rows(rows)
        return self.task.answers(scored.scores, part.examples, part.rows)

    def answers(self, probes: Sequence[str]) -> list[Any]:
        rows = [self.task.row_of_probe(probe) for probe in probes]
        return [answer.shown for answer in self._written(rows) or self.answer_rows(rows)]

    def _written(self, rows: Sequence[Mapping[str, Any]]) -> list[Answer] | None:
        """What the model writes to rows, token after token; None for a task that does not write."""
        was_training = self.network.training
        self.network.eval()
        try:
            return self.task.write(self.network, rows)
        finally:
            self.network.train(was_training)

    def problem_of_probe(self, probe: str) -> str | None:
        try:
            self.task.row_of_probe(probe)
        except PtftError as problem:
            return problem.as_sentence()
        return None
