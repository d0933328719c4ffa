"""The card of a model that learned a task: what it is, what it learned from, how well it does, how to open it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ptft_gui.core.family.methods import get_method
from ptft_gui.core.family.tasks import get_task
from ptft_gui.core.wording import three_digits
from ptft_gui.engine.finetune.task import Task

_PIPELINES = {
    "AutoModelForSequenceClassification": "text-classification",
    "AutoModelForTokenClassification": "token-classification",
    "AutoModelForQuestionAnswering": "question-answering",
    "AutoModelForCausalLM": "text-generation",
}


def card_of(record: Mapping[str, Any], task: Task) -> str:
    """Markdown with the head that model hubs read."""
    parts: Mapping[str, int] = record.get("parts") or {}
    metrics = "\n".join(
        f"| {name} | {three_digits(value)} |"
        for name, value in record["metrics"].items()
        if value is not None
    )
    options = "\n".join(
        f"| {key} | {value} |" for key, value in record["options"].items() if value is not None
    )
    made_with = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    initial = record["initial"]
    classes = f"Answers: {', '.join(task.labels[:40])}.\n" if task.labels else ""
    method = get_method(str(record["method"])).title
    pipeline = _PIPELINES[task.model_class]
    return f"""---
library_name: transformers
tags: [{pipeline}]
---

# {record["name"]}

{get_task(task.key).title if task.key != "writing" else "Go on with a text"}: {initial["name"]}, fine-tuned with \
ptft-gui ({method}: {record["trained_parameters"]:,} of {record["parameters"]:,} numbers were trained).
{classes}
## Examples

{record["dataset_title"]}: {parts.get("train", 0):,} rows to learn from, {parts.get("val", 0):,} to choose the best
moment, {parts.get("test", 0):,} to report. It reads at most {record["block_size"]:,} tokens at once. The model repeats
the errors and prejudices of its examples and of what its start has read.

## How well it does

Kept: the {record["kept"]} moment{_kept_by(record)}, step {record["step"]:,}. Loss in {record["loss_unit"]}.
{_silence(record)}
| measure | value |
|---|---|
{metrics}

## Settings

| setting | value |
|---|---|
{options}

Made with {made_with}.

## How to open it

```python
{_opening(pipeline)}
```
"""


_OF_ANSWERS = """import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

folder = "path of this folder"
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForQuestionAnswering.from_pretrained(folder)
question, context = "What is asked?", "The text that may hold the answer."
given = tokenizer(question, context, truncation="only_second", return_offsets_mapping=True, return_tensors="pt")
places = given.pop("offset_mapping")[0]
with torch.no_grad():
    scores = model(**given)
elsewhere = torch.tensor([part != 1 for part in given.sequence_ids(0)])
start = int(scores.start_logits[0].masked_fill(elsewhere, -torch.inf).argmax())
end = start + int(scores.end_logits[0].masked_fill(elsewhere, -torch.inf)[start:].argmax())
print(context[places[start][0] : places[end][1]])"""


def _opening(pipeline: str) -> str:
    """How plain transformers opens the model; since its version 5 it has no pipeline for questions."""
    if pipeline == "question-answering":
        return _OF_ANSWERS
    return f'from transformers import pipeline\n\nask = pipeline("{pipeline}", model="path of this folder")'


def _kept_by(record: Mapping[str, Any]) -> str:
    is_chosen = record["kept"] == "best" and record.get("kept_by")
    return f" by {str(record['kept_by']).replace('_', ' ')} on held-out rows" if is_chosen else ""


def _silence(record: Mapping[str, Any]) -> str:
    threshold = record.get("no_answer_threshold")
    if threshold is None:
        return ""
    return (
        f"A question is answered with nothing where that is worth {threshold:g} nats more than the best piece of the\n"
        "text (no_answer_threshold), which scored best on held-out questions.\n"
    )
