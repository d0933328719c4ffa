"""What may make a score too good to be true: words that give the class away, and texts that stand on both sides.

Both are counted before the first step, so that whoever doubts a score finds them beside it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ptft_gui.data.examples.copies import fold_text
from ptft_gui.engine.finetune.task import Row
from ptft_gui.engine.finetune.words import find_words

TELLING_WORDS, SHARED_TEXTS = "telling_words", "shared_texts"
_TASKS = ("classification", "pair-classification")
_MOST_ROWS = 20_000
_MOST_SIGNS = 2000
_FEWEST_TEXTS = 3
_MOST_WORDS, _MOST_SHOWN = 6, 5


def suspicious_facts(task: str, train: Sequence[Row], held_out: Sequence[Row]) -> dict[str, Any]:
    """``telling_words`` and ``shared_texts``; nothing for tasks that sort no texts into classes."""
    if task not in _TASKS:
        return {}
    return {TELLING_WORDS: telling_words(train), SHARED_TEXTS: shared_texts(train, held_out)}


def telling_words(rows: Sequence[Row]) -> list[list[Any]]:
    """``[word, label, texts, of_label]``: the words that say most about the class of their text, the first the most.

    A word stands in ``texts`` texts, ``of_label`` of them of that class. What counts is by how many standard
    deviations that is more than chance gives.
    """
    looked_at = rows[:_MOST_ROWS]
    labels = Counter(str(row["label"]) for row in looked_at)
    texts: Counter[str] = Counter()
    of_label: Counter[tuple[str, str]] = Counter()
    for row in looked_at:
        words = _words_of(row)
        texts.update(words)
        of_label.update((word, str(row["label"])) for word in words)
    found = []
    for (word, label), count in of_label.items():
        share, among = labels[label] / len(looked_at), texts[word]
        if among >= _FEWEST_TEXTS and count > among * share:
            spread = math.sqrt(among * share * (1 - share))
            found.append(((count - among * share) / spread, word, label, among, count))
    found.sort(key=lambda each: (-each[0], each[1]))
    return [[word, label, among, count] for _, word, label, among, count in found[:_MOST_WORDS]]


def _words_of(row: Row) -> set[str]:
    read = "\n".join(str(row.get(key) or "")[:_MOST_SIGNS] for key in ("text", "text_pair")).lower()
    words = (read[start:end] for start, end in find_words(read))
    return {word for word in words if any(sign.isalnum() for sign in word)}


def shared_texts(train: Sequence[Row], held_out: Sequence[Row]) -> dict[str, Any]:
    """``count``: how many of the held-out rows, ``of`` in all, hold a text that is learned from too; ``rows``: some of
    them with the row that is learned from, each by its number in its file."""
    wanted = {_folded(row): row for row in held_out}
    learned: dict[tuple[str, str], int] = {}
    for row in train:
        if (folded := _folded(row)) in wanted:
            learned.setdefault(folded, int(row["row"]))
    both = [(int(row["row"]), learned[folded]) for row in held_out if (folded := _folded(row)) in learned]
    return {"count": len(both), "of": len(held_out), "rows": [list(pair) for pair in both[:_MOST_SHOWN]]}


def _folded(row: Mapping[str, Any]) -> tuple[str, str]:
    return fold_text(str(row.get("text") or "")), fold_text(str(row.get("text_pair") or ""))
