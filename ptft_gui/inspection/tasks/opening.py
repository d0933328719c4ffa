"""Opening a model that marks names or answers questions; weights from safetensors only, and no foreign code runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.wording import bytes_text
from ptft_gui.engine.device import has_graphics_card
from ptft_gui.inspection.tasks.folder import QUESTION_ANSWERING, TAGGING, TaskFolder, look_into_task
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

if TYPE_CHECKING:
    from ptft_gui.engine.finetune.task import Answer, Example, Row, Scores, Task

_BYTES_A_NUMBER = 4
_USUAL_LENGTH = {QUESTION_ANSWERING: 384, TAGGING: 512}
"""In tokens, of a model from elsewhere: what the pipelines of transformers take, and what most models hold."""
_LONGEST_TOKENIZER_BYTES = 256 << 20
_TOKENS_AT_ONCE = 8192
_SMALL_PART, _MOST_SPARE = 1 << 20, 1 << 28
_SMALL_NETWORK = 3_000_000
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
            with torch.no_grad():
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
    _check_memory(folder)
    progress("Opening the model", None)
    tokenizer = _open_tokenizer(folder)
    if should_stop():
        raise StoppedByPerson
    network = _open_network(folder)
    if len(tokenizer) > (rows := int(network.get_input_embeddings().weight.shape[0])):
        raise ModelError(
            f"The tokenizer in {folder.path} does not belong to the model beside it.",
            f"It knows {len(tokenizer):,} tokens, the model {rows:,}.",
            "Copy the tokenizer that was saved with this model.",
        )
    return TaskModel(folder, network, _task(folder, tokenizer, network.config))


def _check_memory(folder: TaskFolder) -> None:
    needed, free = folder.weights * _BYTES_A_NUMBER, psutil.virtual_memory().available
    if needed * 1.1 > free:
        raise ModelError(
            f"{folder.name} is too large for this computer.",
            f"It needs {bytes_text(needed)} of memory; {bytes_text(free)} are free.",
            "Close other programs, or ask a smaller model.",
        )


def _open_tokenizer(folder: TaskFolder) -> Any:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers import AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    for name in ("tokenizer.json", "vocab.json", "vocab.txt", "merges.txt"):
        path = folder.path / name
        if path.is_file() and path.stat().st_size > _LONGEST_TOKENIZER_BYTES:
            raise _not_opened(folder, "tokenizer", f"{name} has {path.stat().st_size:,} bytes.")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder.path, local_files_only=True, trust_remote_code=False)
    except Exception as problem:  # whatever a foreign file makes the library stumble over
        raise _not_opened(folder, "tokenizer", str(problem)) from problem
    if len(tokenizer) <= len(tokenizer.all_special_ids):
        raise _not_opened(folder, "tokenizer", "It knows no tokens; its files are missing.")
    return tokenizer


def _open_network(folder: TaskFolder) -> Any:
    """The network with its weights in float32, on the graphics card where there is one."""
    import torch
    import transformers

    # Of a small network several threads only wait for each other, most of all beside a run that trains.
    torch.set_num_threads(1 if folder.weights < _SMALL_NETWORK else psutil.cpu_count(logical=False) or 1)
    auto: Any = getattr(transformers, folder.model_class)
    try:
        config = transformers.AutoConfig.from_pretrained(
            folder.path, local_files_only=True, trust_remote_code=False
        )
        with torch.device("meta"):  # shapes without memory
            planned = auto.from_config(config, trust_remote_code=False)
        _check_plan(folder, planned)
        network, seen = auto.from_pretrained(
            folder.path,
            config=config,
            dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
    except ModelError:
        raise
    except Exception as problem:  # as above
        raise _not_opened(folder, "model", str(problem)) from problem
    if missing := sorted(seen["missing_keys"]):
        raise ModelError(
            f"{folder.name} lacks parts that this question needs.",
            f"Its weights hold no {missing[0]}.",
            "Give a model that was saved after it had learned the task.",
        )
    return network.eval().to("cuda" if has_graphics_card() else "cpu")


def _check_plan(folder: TaskFolder, planned: Any) -> None:
    """Refuse a network far larger than the weights in the folder; a missing part alone is named later."""
    wanted = sum(parameter.numel() for parameter in planned.parameters())
    spare = sum(buffer.numel() for buffer in planned.buffers())
    if wanted > 2 * folder.weights + _SMALL_PART or spare > _MOST_SPARE:
        raise _not_opened(
            folder,
            "model",
            f"Its configuration asks for {wanted:,} numbers; its weights hold {folder.weights:,}.",
        )


def _task(folder: TaskFolder, tokenizer: Any, config: Any) -> Task:
    """The task with what the folder says of it; of one from elsewhere, the usual."""
    from ptft_gui.engine.finetune.answering import QuestionAnswering
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
        return QuestionAnswering(values, tokenizer)
    labels = [str(config.id2label[number]) for number in range(config.num_labels)]
    return task_class(folder.task)(values, tokenizer, labels)


def _not_opened(folder: TaskFolder, part: str, detail: str) -> ModelError:
    return ModelError(
        f"The {part} in {folder.path} cannot be opened.",
        " ".join(detail.split())[:300],
        "Copy the whole folder of the model here again.",
    )
