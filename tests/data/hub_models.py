"""Tiny real models for the small hub on loopback: BERT and GPT-2 as transformers writes them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.data.hub_server import Repository

BERT_ID, GPT_ID = "people/bert-mini", "people/gpt-mini"
_WORDS = "the and of market team won match prices fell city song played good bad film story".split()


@cache
def bert_files() -> dict[str, bytes]:
    """A BERT of two layers with its tokenizer: path -> bytes."""
    import torch
    from transformers import BertConfig, BertForMaskedLM, BertTokenizerFast
    from transformers.utils import logging

    logging.disable_progress_bar()  # its watcher would outlive the test
    torch.manual_seed(1)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [
        *special,
        *"abcdefghijklmnopqrstuvwxyz",
        *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
        *_WORDS,
    ]
    with TemporaryDirectory() as folder:
        vocabulary = Path(folder) / "vocab.txt"
        vocabulary.write_text("\n".join(pieces) + "\n", encoding="utf-8")
        config = BertConfig(
            vocab_size=len(pieces),
            hidden_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=128,
            max_position_embeddings=64,
        )
        BertForMaskedLM(config).save_pretrained(folder)
        BertTokenizerFast(vocab=str(vocabulary)).save_pretrained(folder)
        return _read(Path(folder))


def _read(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def bert_repository(left_out: Sequence[str] = (), **more: bytes) -> Repository:
    """As its owner put it on the hub, with what nobody needs beside it."""
    files = {path: data for path, data in bert_files().items() if path not in left_out}
    extra = {"README.md": b"# Mini", "pytorch_model.bin": b"x" * 2000, "modeling.py": b"raise SystemExit"}
    return Repository(
        {"main": {**extra, **files, **more}},
        {"license": "apache-2.0", "language": ["en"]},
        told=told_of("bert"),
    )


def told_of(kind: str) -> dict[str, Any]:
    return {
        "config": {"model_type": kind, "architectures": ["BertForMaskedLM"]},
        "safetensors": {"parameters": {"F32": 80_000}, "total": 80_000},
    }
