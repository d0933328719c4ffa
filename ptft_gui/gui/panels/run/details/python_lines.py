"""Some lines of Python that open a run's result without this program."""

from __future__ import annotations

from pathlib import Path

_MODEL_CLASSES = {
    "question-answering": "AutoModelForQuestionAnswering",
    "tagging": "AutoModelForTokenClassification",
    "reply": "AutoModelForCausalLM",
    "writing": "AutoModelForCausalLM",
}
_SORTS = "AutoModelForSequenceClassification"
_LANGUAGES = {"gpt": "AutoModelForCausalLM", "bert": "AutoModelForMaskedLM"}


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


def transformers_lines(model: Path, family: str, task: str | None) -> str:
    """Lines that leave ``model`` and ``tokenizer``; they need transformers and torch."""
    kind = _MODEL_CLASSES.get(task, _SORTS) if task else _LANGUAGES[family]
    return "\n".join(
        (
            "from transformers import AutoTokenizer",
            f"from transformers import {kind} as Model",
            f"folder = {str(model)!r}",
            "tokenizer = AutoTokenizer.from_pretrained(folder)",
            "model = Model.from_pretrained(folder)",
        )
    )
