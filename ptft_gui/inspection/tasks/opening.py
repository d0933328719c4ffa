"""Opening a model that marks names or answers questions; weights from safetensors only, and no foreign code runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.foreign import (
    check_memory,
    check_they_belong_together,
    in_place,
    open_network,
    open_tokenizer,
)
from ptft_gui.inspection.tasks.folder import QUESTION_ANSWERING, TAGGING, TaskFolder, look_into_task
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

if TYPE_CHECKING:
    from ptft_gui.engine.finetune.task import Answer, Example, Row, Scores, Task

_USUAL_LENGTH = {QUESTION_ANSWERING: 384, TAGGING: 512}
"""In tokens, of a model from elsewhere: what the pipelines of transformers take, and what most models hold."""
_TOKENS_AT_ONCE = 8192
_WORDS = {QUESTION_ANSWERING: "answers questions from a text", TAGGING: "marks names in a text"}


@dataclass(frozen=True)
class TaskModel:
    """``network``: a transformers module in evaluation mode; ``task``: what makes examples and reads its numbers."""

    folder: TaskFolder
    network: Any
    task: Task

    @property
    def name(self) -> str:
        return self.folder.name

    def needs(self, task: str, what: str) -> None:
        """Raise :class:`ModelError` where a question is for another kind of model."""
        if self.folder.task != task:
            does = _WORDS.get(self.folder.task, "sorts or compares texts")
            raise ModelError(f"{self.name} cannot {what}.", f"It {does}.")

    def answer(self, rows: Sequence[Row]) -> list[Answer]:
        """The answers to these rows, in order."""
        examples = self.task.encode(rows)
        return self.task.answers(self.scores(examples), examples, rows)

    def scores(self, examples: Sequence[Example]) -> list[Scores]:
        """(L_i, k) or (k,) of each example: those of like length go through the network together."""
        import torch

        order = sorted(range(len(examples)), key=lambda number: len(examples[number]))
        found: list[Any] = [None] * len(examples)
        while order:
            count = max(1, _TOKENS_AT_ONCE // len(examples[order[-1]]))
            chosen, order = order[-count:], order[:-count]
            with torch.inference_mode():
                scores = self._forward([examples[number] for number in chosen])
            for number, table in zip(chosen, scores, strict=True):
                found[number] = table if table.ndim == 1 else table[: len(examples[number])]
        return found

    def _forward(self, examples: Sequence[Example]) -> Any:
        """Shape (n, L, k) or (n, k), float32."""
        import torch

        device, length = self.network.device, max(map(len, examples))
        padding = self.task.tokenizer.pad_token_id or 0
        inputs = torch.full((len(examples), length), padding, dtype=torch.int64)
        mask, segments = torch.zeros_like(inputs), torch.zeros_like(inputs)
        for place, example in enumerate(examples):
            inputs[place, : len(example)] = torch.from_numpy(example.ids)
            mask[place, : len(example)] = 1
            if example.segments is not None:
                segments[place, : len(example)] = torch.from_numpy(example.segments)
        more = {} if examples[0].segments is None else {"token_type_ids": segments.to(device)}
        told = self.network(input_ids=inputs.to(device), attention_mask=mask.to(device), **more)
        both = (
            torch.stack([told.start_logits, told.end_logits], -1)
            if self.folder.task == QUESTION_ANSWERING
            else told.logits
        )
        return both.float().cpu().numpy()


def open_task_model(
    place: Path | RunDir, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> TaskModel:
    """Open a run's model or a model folder.

    Raises :class:`ModelError` for a folder that is damaged, was made for another task, asks for more than there is, or
    keeps its weights as a pickle; :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    folder = look_into_task(place)
    check_memory(folder)
    progress("Opening the model", None)
    tokenizer = open_tokenizer(folder)
    if should_stop():
        raise StoppedByPerson
    way_out = "Give a model that was saved after it had learned the task."
    network = in_place(folder, open_network(folder, folder.model_class, way_out))
    check_they_belong_together(folder, tokenizer, network)
    return TaskModel(folder, network, task_of(folder, tokenizer, network.config))


def task_of(folder: TaskFolder, tokenizer: Any, config: Any) -> Task:
    """The task with what the folder says of it; of one from elsewhere, the usual."""
    from ptft_gui.engine.finetune.answering import NO_ANSWER_THRESHOLD, QuestionAnswering
    from ptft_gui.engine.finetune.task import task_class

    positions = [getattr(config, key, None) for key in ("max_position_embeddings", "n_positions")]
    limits = [
        *positions,
        tokenizer.model_max_length,
        folder.facts.get("block_size") or _USUAL_LENGTH.get(folder.task, _USUAL_LENGTH[TAGGING]),
    ]
    if "roberta" in str(config.model_type) and isinstance(limits[0], int):
        limits[0] -= (config.pad_token_id or 0) + 1  # its positions begin behind the padding's
    longest = min(limit for limit in limits if isinstance(limit, int) and limit > 0)
    values = {**folder.facts, "block_size": longest}
    if folder.task == QUESTION_ANSWERING:
        threshold = getattr(config, NO_ANSWER_THRESHOLD, None)
        if not folder.facts and isinstance(threshold, (int, float)) and math.isfinite(threshold):
            values |= {NO_ANSWER_THRESHOLD: float(threshold), "may_be_silent": True}
        return QuestionAnswering(values, tokenizer)
    labels = [str(config.id2label[number]) for number in range(config.num_labels)]
    return task_class(folder.task)(values, tokenizer, labels)
