"""What a fine-tuned model says of a text, and which of its words pushed it there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.inspection.classify import Classified
from ptft_gui.inspection.tasks.folder import SEQUENCE_TASKS
from ptft_gui.inspection.tasks.opening import TaskModel
from ptft_gui.inspection.vector_table import ShouldStop, never_stop

if TYPE_CHECKING:
    from ptft_gui.engine.finetune.task import Example

LONGEST_TEXT = 1_000_000
_ROWS_AT_ONCE = 64
_SCORE = "score"
_MOST_LEFT_OUT = 64
"""So many texts with something left out are judged for one answer."""
_ONE_THREAD_WEIGHTS = 40_000_000
_LEFT_OUT_TOKENS = 1024
"""So many tokens are judged between two looks whether the answer is still wanted."""


def judge(
    model: TaskModel,
    text: str,
    pair: str | None = None,
    with_pushes: bool = True,
    should_stop: ShouldStop = never_stop,
) -> Classified:
    """Sort one text, or compare two. Raises :class:`ModelError` for another kind of model or an empty text, and
    :class:`~ptft_gui.core.errors.StoppedByPerson` soon after ``should_stop`` says so.

    The classes take one pass through the network, the pushes one for every word: who types asks without them first.

    ``classes`` of a model that gives a number are that number alone, under the name ``score``. A push is what the first
    class's score, over the mean of all classes, loses when the word is left out of the text (Li et al. 2016,
    "Understanding neural networks through representation erasure"); in a long text some words are left out together.
    """
    row = _row(model, text, pair)
    examples = model.task.encode([row])
    with _one_thread(model):
        scores = model.scores(examples)
    shown = model.task.answers(scores, examples, [row])[0].shown
    classes = (
        [(_SCORE, float(shown))] if not isinstance(shown, list) else [(str(a), float(b)) for a, b in shown]
    )
    if not with_pushes or pair is not None:
        return Classified(classes, [], [])
    first = int(np.argmax(scores[0])) if len(classes) > 1 else 0
    spans = _spans(model, text, examples[0], scores[0], first, should_stop)
    pushes = [(text[start:end], push) for start, end, push in spans]
    return Classified(classes, pushes, [], [(start, end, push) for start, end, push in spans])


@contextlib.contextmanager
def _one_thread(model: TaskModel) -> Iterator[None]:
    """One text keeps one thread busy in a network like the starter's. Beside a run that trains several would only wait
    for one another: 20 ms of one thread became seconds of two on a busy computer."""
    import torch

    before = torch.get_num_threads()
    if model.folder.weights < _ONE_THREAD_WEIGHTS:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


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


def _spans(
    model: TaskModel, text: str, example: Example, whole: Any, first: int, should_stop: ShouldStop
) -> list[tuple[int, int, float]]:
    """(start, end, push) of every word: what of the first class's score is lost when the word is left out.

    ``whole``: (classes,), the scores of the whole text.
    """
    words = _words(model, text, len(example))
    if not words:
        return []
    step = -(-len(words) // _MOST_LEFT_OUT)
    groups = [words[start : start + step] for start in range(0, len(words), step)]
    without = []
    for group in groups:
        gone = [token for _, _, tokens in group for token in tokens]
        segments = None if example.segments is None else np.delete(example.segments, gone)
        without.append(replace(example, ids=np.delete(example.ids, gone), segments=segments))
    lead, leads = _lead(np.asarray(whole), first), []
    at_once = max(1, _LEFT_OUT_TOKENS // len(example))
    for start in range(0, len(without), at_once):
        if should_stop():
            raise StoppedByPerson
        with _one_thread(model):
            judged = model.scores(without[start : start + at_once])
        leads += [_lead(scores, first) for scores in judged]
    return [
        (start, end, round(lead - other, 6))
        for group, other in zip(groups, leads, strict=True)
        for start, end, _ in group
    ]


def _lead(scores: Any, first: int) -> float:
    """How far the first class's score lies over the mean of all classes; of a single number that number."""
    wide = scores.astype(np.float64)
    return float(wide[first] - (wide.mean() if len(wide) > 1 else 0.0))


def _words(model: TaskModel, text: str, length: int) -> list[tuple[int, int, list[int]]]:
    """(start, end, its tokens) of every word that the model read."""
    read = model.task.tokenizer(
        text, truncation=True, max_length=model.task.longest, return_offsets_mapping=True, verbose=False
    )
    found: list[tuple[int, int, list[int]]] = []
    last = None
    for token, (word, (start, end)) in enumerate(zip(read.word_ids(), read["offset_mapping"], strict=True)):
        if word is None or end <= start or token >= length:
            continue
        if word == last:
            begin, _, tokens = found.pop()
            found.append((begin, end, [*tokens, token]))
        else:
            found.append((start, end, [token]))
        last = word
    return found
