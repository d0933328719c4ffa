"""What a run leaves: a folder that plain transformers opens, with a card that says what is in it.

::

    model/   config.json  model.safetensors  generation_config.json   as transformers writes them
             tokenizer.json  tokenizer_config.json
             ptft.json      what this program knows of it: family, name, dataset, tokenizer, options, metrics
             README.md      the same for people, with loss.svg, the curve
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
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import RunSpec
from ptft_gui.engine.language.card import CARD_FILE, CURVE_FILE, card, checks_of, curve_svg
from ptft_gui.engine.language.learner import TextLearner
from ptft_gui.engine.language.tokenizer import as_transformers

FACTS_FILE = "ptft.json"


def save_model(
    run: RunDir, learner: TextLearner, values: Mapping[str, Any], facts: Mapping[str, Any]
) -> None:
    """Write the model's folder aside and give it its name. Raises OSError."""
    spec = run.read_spec()
    checks = checks_of(run)
    record = _record(run, spec, learner, values, facts)
    if values.get("initial") and checks and checks[0][0] == 0:
        record["before"] = checks[0][1]
    temporary = run.model.with_name(f"{run.model.name}.tmp-{uuid.uuid4().hex[:8]}")
    try:
        temporary.mkdir()
        _save_network(learner, temporary)
        longest = int((values.get("initial") or {}).get("positions") or values["block_size"])
        wrapped = as_transformers(learner.tokenizer.tokenizer, learner.tokenizer.plan, longest)
        wrapped.save_pretrained(str(temporary))
        (temporary / FACTS_FILE).write_text(
            json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8"
        )
        (temporary / CARD_FILE).write_text(card(record, checks), encoding="utf-8")
        if curve := curve_svg(checks, record["loss_unit"]):
            (temporary / CURVE_FILE).write_text(curve, encoding="utf-8")
        for path in temporary.iterdir():
            sync_file(path)
        sync_folder(temporary)
        _put_in_place(temporary, run.model)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _save_network(learner: TextLearner, folder: Path) -> None:
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
    run: RunDir, spec: RunSpec, learner: TextLearner, values: Mapping[str, Any], facts: Mapping[str, Any]
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
        "options": {key: values.get(key) for key in spec.options},
        **({"initial": values["initial"]} if values.get("initial") else {}),
        "versions": values["versions"],
        **facts,
    }
