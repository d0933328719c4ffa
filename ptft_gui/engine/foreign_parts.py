"""What opening a model folder of anybody's making has in common, whether it is trained or asked."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import ModelError

_LONGEST_TOKENIZER_BYTES = 256 << 20
_LONGEST_KIND = 40
_TOKENIZER_FILES = ("tokenizer.json", "vocab.json", "vocab.txt", "merges.txt")


def be_quiet() -> None:
    """transformers writes bars and remarks to the terminal; what matters is said in our own words."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def read_tokenizer(folder: Path, is_parallel: bool = False) -> Any:
    """The tokenizer in a folder, as transformers opens it; no code of the folder runs. Raises :class:`ModelError`.

    ``is_parallel``: whether it may use several threads, where nothing was said of that before.
    """
    if is_parallel:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    be_quiet()
    from transformers import AutoTokenizer

    for name in _TOKENIZER_FILES:
        path = folder / name
        if path.is_file() and path.stat().st_size > _LONGEST_TOKENIZER_BYTES:
            raise not_opened(folder, "tokenizer", f"{name} has {path.stat().st_size:,} bytes.")
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
    except Exception as problem:  # whatever a foreign file makes the library stumble over
        raise not_opened(folder, "tokenizer", str(problem)) from problem
    if len(tokenizer) <= len(tokenizer.all_special_ids):
        raise not_opened(folder, "tokenizer", "It knows no tokens; its files are missing.")
    return tokenizer


def check_tokens_fit(folder: Path, tokenizer: Any, rows: int) -> None:
    """Raise :class:`ModelError` for a tokenizer that knows more tokens than the ``rows`` of the model's table."""
    if len(tokenizer) > rows:
        raise ModelError(
            f"The tokenizer in {folder} does not belong to the model beside it.",
            f"It knows {len(tokenizer):,} tokens, the model {rows:,}.",
            "Copy the tokenizer that was saved with this model.",
        )


def not_opened(folder: Path, what: str, reason: str) -> ModelError:
    """The tokenizer or the model of a folder cannot be opened, in words."""
    if kind := _unknown_kind(folder):
        return ModelError(
            f"{folder.name} is a model of the kind {kind}, which cannot be opened here.",
            f"The library transformers does not know it, and code that comes with a folder is never run: {folder}.",
            "Choose a model of a kind that transformers knows, for example BERT, RoBERTa or GPT-2.",
        )
    said = " ".join(reason.split())[:300]
    return ModelError(
        f"The {what} in {folder} cannot be opened.",
        said if said.endswith(".") else f"{said}.",
        "Copy the whole folder of the model here again.",
    )


def _unknown_kind(folder: Path) -> str:
    """The kind of model that a folder says it holds, where transformers knows none of that name; else nothing."""
    from transformers import CONFIG_MAPPING

    try:
        kind = json.loads((folder / "config.json").read_text(encoding="utf-8"))["model_type"]
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return ""  # told in another way
    return kind[:_LONGEST_KIND] if isinstance(kind, str) and kind not in CONFIG_MAPPING else ""
