"""Some lines of Python that open a run's result without this program."""

from __future__ import annotations

from pathlib import Path


def python_lines(model: Path) -> str:
    """Lines that leave ``vectors`` (float32, one row a word) and ``words`` (row order); they need safetensors only."""
    vectors, vocabulary = str(model / "vectors.safetensors"), str(model / "vocab.jsonl")
    return "\n".join(
        (
            "import json, safetensors.numpy",
            f'vectors = safetensors.numpy.load_file({vectors!r})["vectors"]',
            f'words = [json.loads(line)[0] for line in open({vocabulary!r}, encoding="utf-8")]',
        )
    )


def language_lines(model: Path, writes: bool) -> str:
    """Lines that leave ``model`` and ``tokenizer``; they need transformers and torch."""
    kind = "AutoModelForCausalLM" if writes else "AutoModelForMaskedLM"
    return "\n".join(
        (
            f"from transformers import AutoTokenizer, {kind}",
            f"folder = {str(model)!r}",
            "tokenizer = AutoTokenizer.from_pretrained(folder)",
            f"model = {kind}.from_pretrained(folder)",
        )
    )
