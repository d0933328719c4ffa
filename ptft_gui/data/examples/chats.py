"""Conversations kept in one cell, as chat programs store them: a JSON list of who said what.

``[{"role": "user", "content": "..."}, ...]`` or ``[{"from": "human", "value": "..."}, ...]``. The last answer of the
assistant is the reply; all that was said before it is the prompt, joined by empty lines.
"""

from __future__ import annotations

import json

import polars as pl

_SPEAKERS, _WORDS = ("role", "from"), ("content", "value")
_ASSISTANT = frozenset({"assistant", "gpt", "bot", "model", "chatgpt"})
_LIKELY = 0.8


def is_conversation(cells: pl.Series) -> bool:
    """Whether most of some cells hold conversations with an answer."""
    filled = [cell for cell in cells.drop_nulls().head(50).to_list() if cell.strip()]
    return bool(filled) and sum(read_conversation(cell)[1] != "" for cell in filled) >= _LIKELY * len(filled)


def read_conversation(cell: str) -> tuple[str, str]:
    """Prompt and reply of one cell; empty texts where it holds no conversation."""
    if not cell.lstrip().startswith("["):
        return "", ""
    try:
        messages = json.loads(cell)
    except (ValueError, RecursionError):
        return "", ""
    said = [_message(each) for each in messages if isinstance(each, dict)]
    answers = [place for place, (speaker, words) in enumerate(said) if speaker in _ASSISTANT and words]
    if not answers:
        return "", ""
    return "\n\n".join(words for _, words in said[: answers[-1]] if words), said[answers[-1]][1]


def _message(record: dict[str, object]) -> tuple[str, str]:
    speaker = next((str(record[key]) for key in _SPEAKERS if key in record), "")
    words = next((record[key] for key in _WORDS if key in record), "")
    return speaker.casefold(), words.strip() if isinstance(words, str) else ""


def split_conversations(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Prompts and replies of all cells."""
    pairs = [read_conversation(cell or "") for cell in cells.to_list()]
    return pl.Series([prompt for prompt, _ in pairs], dtype=pl.String), pl.Series(
        [reply for _, reply in pairs], dtype=pl.String
    )
