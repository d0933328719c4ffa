"""What a run leaves: a folder that plain transformers opens, with a card that says what is in it.

::

    model/   config.json  model.safetensors  generation_config.json   as transformers writes them
             tokenizer.json  tokenizer_config.json
             ptft.json      what this program knows of it: family, name, dataset, tokenizer, options, metrics
             README.md      the same for people
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ptft_gui.core.atomic import sync_file, sync_folder
from ptft_gui.core.datasets import dataset_title
from ptft_gui.core.families import get_family
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.wording import three_digits
from ptft_gui.engine.language.learner import Learner
from ptft_gui.engine.language.sizes import shape_of
from ptft_gui.engine.language.tokenizer import as_transformers

FACTS_FILE, CARD_FILE = "ptft.json", "README.md"
_CLASSES = {"gpt": "AutoModelForCausalLM", "bert": "AutoModelForMaskedLM"}


def save_model(run: RunDir, learner: Learner, values: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Write the model's folder aside and give it its name. Raises OSError."""
    spec = run.read_spec()
    record = _record(run, spec, learner, values, facts)
    temporary = run.model.with_name(f"{run.model.name}.tmp-{uuid.uuid4().hex[:8]}")
    try:
        temporary.mkdir()
        _save_network(learner, temporary)
        longest = int(values["block_size"])
        wrapped = as_transformers(learner.tokenizer.tokenizer, learner.tokenizer.plan, longest)
        wrapped.save_pretrained(str(temporary))
        (temporary / FACTS_FILE).write_text(
            json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8"
        )
        (temporary / CARD_FILE).write_text(_card(record), encoding="utf-8")
        for path in temporary.iterdir():
            sync_file(path)
        sync_folder(temporary)
        _put_in_place(temporary, run.model)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _save_network(learner: Learner, folder: Path) -> None:
    from transformers.utils import logging

    logging.disable_progress_bar()  # it would draw into the run's log
    model: Any = learner.model
    if spoken := getattr(model, "generation_config", None):
        spoken.pad_token_id = learner.tokenizer.end_id  # a text that has ended is filled up with its end
    model.save_pretrained(str(folder))


def _put_in_place(temporary: Path, target: Path) -> None:
    if target.exists():
        aside = target.with_name(f"{target.name}.tmp-{uuid.uuid4().hex[:8]}")
        target.rename(aside)
        temporary.rename(target)
        shutil.rmtree(aside, ignore_errors=True)
    else:
        temporary.rename(target)
    sync_folder(target.parent)


def _record(
    run: RunDir, spec: RunSpec, learner: Learner, values: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "family": spec.family,
        "name": run.title(),
        "dataset": spec.data.dataset,
        "dataset_title": dataset_title(spec.data.dataset),
        "tokenizer": values["tokenizer"],
        "block_size": values["block_size"],
        "parameters": learner.parameters,
        "tokens_in_vocabulary": learner.tokenizer.size,
        "characters_per_token": values["characters_per_token"],
        "train_tokens": values["train_tokens"],
        "val_tokens": values["val_tokens"],
        "documents": values["documents"],
        "fingerprint": values["fingerprint"],
        "split": values["split_sentence"],
        "options": {key: values[key] for key in spec.options},
        "versions": values["versions"],
        **facts,
    }


def _card(record: Mapping[str, Any]) -> str:
    """The model card: what it is, what it read, how it was trained, how well it does, how to open it."""
    family, shape = get_family(record["family"]), shape_of(record["options"])
    metrics = "\n".join(f"| {name} | {three_digits(value)} |" for name, value in record["metrics"].items())
    options = "\n".join(
        f"| {key} | {value} |" for key, value in record["options"].items() if value is not None
    )
    made_with = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    return f"""---
library_name: transformers
tags: [{record["family"]}, {"text-generation" if record["family"] == "gpt" else "fill-mask"}]
---

# {record["name"]}

A {family.title} of {shape.layers} layers, {shape.width} wide, with {shape.heads} heads and {record["parameters"]:,}
numbers, trained from random weights with ptft-gui. It reads {record["block_size"]:,} tokens at once
({record["tokenizer"]}; {record["tokens_in_vocabulary"]:,} different ones).

## Text

{record["dataset_title"]}: {record["train_tokens"]:,} tokens to learn from, {record["val_tokens"]:,} held out, in
{record["documents"]:,} documents. {record["split"]} The model knows nothing but this text and repeats its errors and
prejudices.

## How well it does

Kept: the {record["kept"]} moment, step {record["step"]:,}. Loss in {record["loss_unit"]}.

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
from transformers import AutoTokenizer, {_CLASSES[record["family"]]}

model = {_CLASSES[record["family"]]}.from_pretrained("path of this folder")
tokenizer = AutoTokenizer.from_pretrained("path of this folder")
```
"""
