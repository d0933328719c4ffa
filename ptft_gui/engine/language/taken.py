"""A tokenizer taken from an earlier model instead of learned from the text, made fit for training.

It cuts text exactly as it does there. What the folder sets for questions (cutting off after 128 tokens, filling up) is
taken away, because a text is read whole.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ptft_gui.core.errors import ModelError
from ptft_gui.core.family.language_starts import LanguageStart, glance_at_language
from ptft_gui.engine.language.tokenizer import (
    BPE,
    CHARACTERS,
    WORDPIECE,
    TextTokenizer,
    TokenizerPlan,
    numbers_of,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER_FILE = "tokenizer.json"
_MOST_BYTES = 256 << 20
_SLACK = 1024
"""Rows that a model may have more than its tokenizer has tokens: kept free, or there to round the number up."""
_ROLES = ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")
_ROLE_WORDS = {
    "pad_token": "filling up", "unk_token": "what it does not know", "cls_token": "the beginning",
    "sep_token": "the end of a text", "mask_token": "a blank", "eos_token": "the end of a text",
}  # fmt: skip


def take_tokenizer(place: str | Path, is_masked: bool, target: Path, checks_rows: bool) -> TextTokenizer:
    """Put the tokenizer of a run or model folder into ``target``, a new folder. Raises :class:`ModelError`.

    ``checks_rows``: whether the model beside it is used too, so that both must belong together.
    """
    start = glance_at_language(place)
    tokenizer, names = _open(start)
    special = _special_names(start, tokenizer, names, is_masked)
    plan = TokenizerPlan(_kind(tokenizer), numbers_of(tokenizer), _is_lower(tokenizer), is_masked, special)
    if checks_rows:
        _check_belongs(start, numbers_of(tokenizer))
    temporary = target.with_name(f"{target.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    temporary.mkdir(parents=True)
    tokenizer.save(str(temporary / TOKENIZER_FILE))
    from ptft_gui.engine.language.tokenizer import as_transformers

    as_transformers(tokenizer, plan, start.positions or _SLACK).save_pretrained(str(temporary))
    temporary.rename(target)
    return TextTokenizer(target, tokenizer, plan)


def _open(start: LanguageStart) -> tuple[Tokenizer, Any]:
    """The tokenizer of a folder, and transformers' view of it, which knows the names of the special tokens."""
    from tokenizers import Tokenizer
    from transformers import AutoTokenizer

    file = start.model / TOKENIZER_FILE
    try:
        if file.is_file() and file.stat().st_size > _MOST_BYTES:
            raise ValueError(f"{TOKENIZER_FILE} is larger than {_MOST_BYTES:,} bytes")
        names = AutoTokenizer.from_pretrained(
            str(start.model), local_files_only=True, trust_remote_code=False, use_fast=True
        )
        inner = Tokenizer.from_file(str(file)) if file.is_file() else names.backend_tokenizer
        tokenizer = Tokenizer.from_str(inner.to_str())
    except Exception as problem:  # the libraries raise bare Exceptions
        raise ModelError(
            f"The tokenizer of {start.name} cannot be used.",
            f"{type(problem).__name__}: {problem}"[:400],
            "Copy the whole folder of the model again, or choose another.",
        ) from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer, names


def _special_names(
    start: LanguageStart, tokenizer: Tokenizer, names: Any, is_masked: bool
) -> tuple[str, ...]:
    found = {role: getattr(names, role, None) for role in (*_ROLES, "eos_token", "bos_token")}
    present = {
        role: str(token)
        for role, token in found.items()
        if token and tokenizer.token_to_id(str(token)) is not None
    }
    if is_masked:
        lacking = [role for role in _ROLES if role not in present]
        if lacking:
            raise _lacks(start, lacking[0])
        return tuple(present[role] for role in _ROLES)
    end = next((present[role] for role in ("eos_token", "bos_token", "sep_token") if role in present), None)
    if end is None:
        raise _lacks(start, "eos_token")
    unknown = present.get("unk_token")
    return (end, unknown) if unknown not in (None, end) else (end,)


def _lacks(start: LanguageStart, role: str) -> ModelError:
    return ModelError(
        f"The tokenizer of {start.name} has no token for {_ROLE_WORDS[role]}.",
        f"A model of this kind needs one ({role}).",
        "Choose another model, or let a tokenizer be learned from the text.",
    )


def _kind(tokenizer: Tokenizer) -> str:
    model = json.loads(tokenizer.to_str())["model"]
    if model.get("type") == "WordPiece":
        return WORDPIECE
    return CHARACTERS if model.get("type") == "BPE" and not model.get("merges") else BPE


def _is_lower(tokenizer: Tokenizer) -> bool:
    normalizer = tokenizer.normalizer
    return normalizer is not None and "a" in normalizer.normalize_str("A")


def _check_belongs(start: LanguageStart, size: int) -> None:
    """Raise where the tokenizer cannot be the one that the model learned with."""
    told = start.facts.get("tokens_in_vocabulary")
    is_other = isinstance(told, int) and told != size
    if start.vocabulary and not is_other:
        is_other = size > start.vocabulary or start.vocabulary > 2 * size + _SLACK
    if is_other:
        raise ModelError(
            f"The tokenizer in {start.name} does not belong to its model.",
            f"It knows {size:,} tokens; the model was made for "
            f"{told if isinstance(told, int) else start.vocabulary:,}.",
            "Copy the folder of the model again, tokenizer and all, from where it came from.",
        )
