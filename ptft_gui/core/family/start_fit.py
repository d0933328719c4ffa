"""How a language model fits labelled texts that it is to learn a job from: one sentence, from what is known already."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ptft_gui.core.family.language_starts import LanguageStart

_TOKENS_A_WORD = 1.35
"""Of the starter encoder on English news and reviews; other languages and small vocabularies take more."""
_CHARACTERS_A_WORD = 6.0
"""Of English, with the space after it."""
_MOST_BYTES = 1 << 20
_SHOWN_ANSWERS, _LONGEST_ANSWER = 3, 30


@dataclass(frozen=True)
class ExampleTexts:
    """What was found in the data: ``language`` by its name, "" while unknown; ``common_length``: of the 95th of a
    hundred texts, in ``unit``."""

    task: str
    language: str = ""
    unit: str = "words"
    common_length: float = 0.0


def fit_to_texts(start: LanguageStart, languages: Sequence[str], texts: ExampleTexts) -> tuple[bool, str]:
    """Whether the start suits the texts, and a sentence; ``languages``: names of those it has read, where known."""
    if languages and texts.language and texts.language not in languages:
        read, seen = " and ".join(languages[:2]), texts.language
        return False, (
            f"This model read {read}; your texts look {seen}. Expect a weak result; better: a model folder that knows "
            f"{seen}, or pre-train one here first."
        )
    tokens = texts.common_length * (_tokens_a_word(start) if texts.unit == "words" else 1.0)
    if start.positions and tokens > start.positions:
        return False, (
            f"Some of your texts are longer than the {start.positions:,} tokens that it reads at once; what lies "
            "beyond is cut off."
        )
    if texts.task == "tagging" and reads_capitals(start.model) is False:
        return False, (
            "This model does not tell capitals from small letters, which often show a name. Expect a weaker result "
            "than from one that does."
        )
    known = f"{', '.join(languages[:2])}, " if languages and texts.language else ""
    return True, f"Fits: {known}{start.layers} layers, up to {start.positions:,} tokens at once."


def _tokens_a_word(start: LanguageStart) -> float:
    """As long as the tokens of a run were on its own text; of other starts only the usual is known."""
    characters = start.facts.get("characters_per_token")
    if not isinstance(characters, int | float) or not characters > 0:
        return _TOKENS_A_WORD
    return max(1.0, _CHARACTERS_A_WORD / characters)


def dropped_head(start: LanguageStart) -> str:
    """What becomes of the last layer of a start that has learned a job before; "" where it has none."""
    if not start.job:
        return ""
    few = ", ".join(f"{answer[:_LONGEST_ANSWER]}" for answer in start.answers[:_SHOWN_ANSWERS])
    more = " ..." if len(start.answers) > _SHOWN_ANSWERS else ""
    answers = f" ({len(start.answers):,} answers: {few}{more})" if start.answers else ""
    return (
        f"{start.name} has learned {start.job} before{answers}. That last layer is dropped, and a new one begins from "
        "nothing; what the layers below have learned is kept."
    )


@lru_cache(maxsize=64)
def reads_capitals(model: Path) -> bool | None:
    """Whether its tokenizer keeps capitals, as its settings say; None where they do not."""
    path = model / "tokenizer_config.json"
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    lowers = record.get("do_lower_case") if isinstance(record, dict) else None
    return not lowers if isinstance(lowers, bool) else None
