"""What a fine-tuned model says of a text, and which of its words pushed it there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ptft_gui.core.errors import ModelError
from ptft_gui.inspection.classify import Classified
from ptft_gui.inspection.tasks.folder import SEQUENCE_TASKS
from ptft_gui.inspection.tasks.opening import TaskModel

if TYPE_CHECKING:
    from ptft_gui.engine.finetune.task import Example

LONGEST_TEXT = 1_000_000
_ROWS_AT_ONCE = 64
_SCORE = "score"


def judge(model: TaskModel, text: str, pair: str | None = None, with_pushes: bool = True) -> Classified:
    """Sort one text, or compare two. Raises :class:`ModelError` for another kind of model or an empty text.

    ``classes`` of a model that gives a number are that number alone, under the name ``score``. A push is the part of
    the first class's score, over the mean of all classes, that a word adds, told by the score's slope at the word's
    vector times that vector (Simonyan et al. 2014; Shrikumar et al. 2017): near, where the parts of averaged vectors
    are exact.
    """
    row = _row(model, text, pair)
    examples = model.task.encode([row])
    scores = model.scores(examples)
    shown = model.task.answers(scores, examples, [row])[0].shown
    classes = (
        [(_SCORE, float(shown))] if not isinstance(shown, list) else [(str(a), float(b)) for a, b in shown]
    )
    if not with_pushes or pair is not None:
        return Classified(classes, [], [])
    first = int(np.argmax(scores[0])) if len(classes) > 1 else 0
    spans = _spans(model, text, examples[0], first)
    pushes = [(text[start:end], push) for start, end, push in spans]
    return Classified(classes, pushes, [], [(start, end, push) for start, end, push in spans])


def _row(model: TaskModel, text: str, pair: str | None) -> dict[str, Any]:
    if model.folder.task not in SEQUENCE_TASKS:
        model.needs("classification", "sort texts into classes")
    if not text.strip() or (pair is not None and not pair.strip()):
        raise ModelError("No text was given.", hint="Type a sentence.")
    longest = max(len(text), len(pair or ""))
    if longest > LONGEST_TEXT:
        raise ModelError(
            "The text is too long.", f"It has {longest:,} signs; {LONGEST_TEXT:,} is the most.", "Shorten it."
        )
    wants_pair = model.folder.task.startswith("pair-") and bool(model.folder.facts)
    if wants_pair and pair is None:
        raise ModelError(f"{model.name} compares two texts.", hint="Give the second one too: --pair A B")
    if pair is not None and not getattr(model.task, "has_pairs", False):
        raise ModelError(f"{model.name} judges one text at a time.", hint="Give one text: --classify TEXT")
    return {"text": text, "text_pair": pair or ""}


def judge_many(model: TaskModel, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The records (``predicted`` and ``score`` or ``scores``) of rows with ``text``; memory stays flat."""
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _ROWS_AT_ONCE:
            yield from _records(model, batch)
            batch = []
    yield from _records(model, batch)


def _records(model: TaskModel, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    if rows:
        yield from (answer.record for answer in model.answer(rows))


def _spans(model: TaskModel, text: str, example: Example, first: int) -> list[tuple[int, int, float]]:
    """(start, end, push) of every word; the pieces of a word are added up."""
    import torch

    network = model.network
    table = network.get_input_embeddings()
    ids = torch.from_numpy(example.ids.astype(np.int64))[None].to(network.device)
    vectors = table(ids).detach().requires_grad_(True)
    scores = network(inputs_embeds=vectors, attention_mask=torch.ones_like(ids)).logits[0].float()
    (slope,) = torch.autograd.grad(scores[first] - (scores.mean() if len(scores) > 1 else 0.0), vectors)
    parts = (slope * vectors.detach()).sum(-1)[0].float().cpu().numpy()
    return _words(model, text, parts)


def _words(model: TaskModel, text: str, parts: Any) -> list[tuple[int, int, float]]:
    """Tokens that stand side by side in one word become one."""
    read = model.task.tokenizer(
        text, truncation=True, max_length=model.task.longest, return_offsets_mapping=True, verbose=False
    )
    numbers = read.word_ids()
    found: list[tuple[int, int, float]] = []
    last = None
    for token, (word, (start, end)) in enumerate(zip(numbers, read["offset_mapping"], strict=True)):
        if word is None or end <= start or token >= len(parts):
            continue
        if word == last:
            begin, _, push = found.pop()
            found.append((begin, end, push + float(parts[token])))
        else:
            found.append((start, end, float(parts[token])))
        last = word
    return [(start, end, round(push, 6)) for start, end, push in found]
