"""Names marked in a text: a tag for every word, and the names that the tags make up, with their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.errors import ModelError
from ptft_gui.engine.metrics_tags import entities_of
from ptft_gui.inspection.tasks.folder import TAGGING
from ptft_gui.inspection.tasks.opening import TaskModel

LONGEST_TEXT = 100_000
_ROWS_AT_ONCE = 128


@dataclass(frozen=True)
class Tagged:
    """``words``: ``[[word, tag, share, start, end], ...]`` in the order of the text; ``names``: ``[[text, kind, share,
    start, end], ...]``, the share being the mean of its words' shares. ``kinds``: all that the model marks."""

    words: list[list[Any]]
    names: list[list[Any]]
    kinds: list[str]

    @property
    def tags(self) -> list[list[str]]:
        return [[word, tag] for word, tag, *_ in self.words]

    @property
    def sentence(self) -> str:
        count = len(self.names)
        return (
            "No name was found."
            if not count
            else "1 name was found."
            if count == 1
            else f"{count:,} names were found."
        )


def tag_text(model: TaskModel, text: str) -> Tagged:
    """Mark the names of a text. Raises :class:`ModelError` for another kind of model or an empty text."""
    model.needs(TAGGING, "mark names in a text")
    if not text.strip():
        raise ModelError("No text was given.", hint="Type a sentence.")
    if len(text) > LONGEST_TEXT:
        raise ModelError(
            "The text is too long.",
            f"It has {len(text):,} signs; {LONGEST_TEXT:,} is the most.",
            "Shorten it.",
        )
    record = model.answer([{"text": text}])[0].record
    spans, tags, shares = record["spans"], record["predicted"], record["scores"]
    words = [
        [text[start:end], tag, share, start, end]
        for (start, end), tag, share in zip(spans, tags, shares, strict=True)
    ]
    names = []
    for name in entities_of(tags):
        start, end = spans[name.start][0], spans[name.end - 1][1]
        share = sum(shares[name.start : name.end]) / (name.end - name.start)
        names.append([text[start:end], name.kind, round(share, 6), start, end])
    return Tagged(words, names, kinds_of(model.task.labels))


def kinds_of(labels: Iterable[str]) -> list[str]:
    """The kinds of names among tags, in alphabetical order."""
    return sorted({entity.kind for label in labels for entity in entities_of([label])})


def tag_many(model: TaskModel, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The records (:meth:`Tagging.answers`) of rows with ``tokens`` or ``text``; memory stays flat."""
    model.needs(TAGGING, "mark names in a text")
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == _ROWS_AT_ONCE:
            yield from (answer.record for answer in model.answer(waiting))
            waiting = []
    yield from (answer.record for answer in model.answer(waiting)) if waiting else ()
