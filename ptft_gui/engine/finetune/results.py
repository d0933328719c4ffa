"""What a run of a task leaves: the model, usable by others, its scores, and what it answered for rows it did not learn.

::

    model/             config.json  model.safetensors  tokenizer.json ...   as plain transformers opens them
                       ptft.json    what this program knows of it;  README.md  the same for people
    adapter/           with LoRA: the added pieces alone, as peft writes them, and the head
    evaluation.json    scores of held-out and test rows
    predictions.jsonl  one answer a line: part key row and what the task records; label_given where it was corrected
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptft_gui.core.atomic import sync_file, sync_folder, write_text_atomically
from ptft_gui.core.corrections import given_label
from ptft_gui.core.datasets import dataset_title
from ptft_gui.core.events import Metrics
from ptft_gui.core.family.methods import LORA
from ptft_gui.core.rundir import EVALUATION_FILE, PREDICTIONS_FILE, RunDir
from ptft_gui.engine.finetune.baselines import baselines_of
from ptft_gui.engine.finetune.card import card_of
from ptft_gui.engine.finetune.examples import PartExamples
from ptft_gui.engine.finetune.heads import MeanHead
from ptft_gui.engine.finetune.learner import TaskLearner
from ptft_gui.engine.finetune.network import as_plain_network, lora_config
from ptft_gui.engine.finetune.scoring import Scored
from ptft_gui.engine.finetune.start import MEAN_LAYER
from ptft_gui.engine.finetune.task import Answer
from ptft_gui.engine.reporter import Reporter

FACTS_FILE, CARD_FILE = "ptft.json", "README.md"
ADAPTER_FOLDER = "adapter"
_KEPT_VALUES = (
    "task", "method", "kept_by", "labels", "label_counts", "block_size", "pooling", "weigh_classes", "learning_rate",
    "epochs", "global_batch_size", "seed", "fingerprint", "initial", "parts", "versions", "trained_parameters",
    "parameters",
)  # fmt: skip


@dataclass(frozen=True)
class TestRows:
    """``read``: gives the test rows, once; ``compare``: more entries for the report of their scores."""

    __test__ = False  # no test of pytest, for all its name

    read: Callable[[], PartExamples]
    compare: Callable[[], Mapping[str, float]]


def save_results(
    run: RunDir,
    reporter: Reporter,
    learner: TaskLearner,
    values: Mapping[str, Any],
    facts: Mapping[str, Any],
    test: TestRows,
) -> Metrics:
    """Score held-out and test rows with the kept moment, write everything; returns the scores of the test.

    Test rows are read here and nowhere before. Raises OSError, PtftError.
    """
    report: dict[str, Any] = {"task": learner.task.key, "labels": list(learner.task.labels)}
    found: Metrics = {}
    answered: dict[str, tuple[PartExamples, list[Answer]]] = {}
    for name, part in (("val", learner.parts["val"]), ("test", test.read())):
        if not len(part.rows):
            continue
        scored = learner.score("val", part) if name == "val" else learner.scorer_of_rows().score(part)
        answers = learner.task.answers(scored.scores, part.examples, part.rows)
        if name == "val":
            answers = learner.task.settle(answers, part.rows)
        answered[name] = (part, answers)
        measured = learner.task.measure(answers, part.rows)
        report[name] = {**measured.report, "loss": scored.loss}
        if name == "test":
            report[name] |= test.compare()
            found = _named(measured.metrics, scored, name)
    report |= _baselines(reporter, learner, answered, report)
    record = _record(run, learner, values, {**facts, "metrics": {**facts["metrics"], **found}})
    save_model(run, learner, record)
    if values["method"] == LORA:
        save_adapter(run.path / ADAPTER_FOLDER, learner, values)
    write_text_atomically(run.path / EVALUATION_FILE, json.dumps(report, ensure_ascii=False, allow_nan=False))
    _write_predictions(run.path / PREDICTIONS_FILE, answered)
    sync_folder(run.path)
    return found


def _named(metrics: Mapping[str, float | None], scored: Scored, part: str) -> Metrics:
    return {f"{part}/loss": scored.loss, **{f"{part}/{name}": value for name, value in metrics.items()}}


def _baselines(
    reporter: Reporter,
    learner: TaskLearner,
    answered: Mapping[str, tuple[PartExamples, list[Answer]]],
    report: Mapping[str, Any],
) -> dict[str, Any]:
    """The plainest answers to the same rows, for the report: ``{"baselines": {part: [{name, accuracy ...}]}}``."""
    if "test" in report and report["test"].get("majority") is not None:
        share = float(report["test"]["majority"])
        reporter.baseline("test/accuracy", share, "always the commonest class")
    reporter.phase("comparing", "Comparing with plain counts of words")
    rows = {part: rows.rows for part, (rows, _) in answered.items()}
    found = baselines_of(learner.task, learner.parts["train"].rows, rows)
    return {"baselines": found} if found else {}


def _record(
    run: RunDir, learner: TaskLearner, values: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    spec = run.read_spec()
    learned = {key: value for key, value in values.items() if key in _KEPT_VALUES}
    extra = {key: values[key] for key in values["learned_keys"]}
    return {
        "family": spec.family,
        "stage": spec.stage,
        "name": run.title(),
        "dataset": spec.data.dataset,
        "dataset_title": dataset_title(spec.data.dataset),
        **learned,
        **extra,
        **learner.task.settled,
        MEAN_LAYER: isinstance(learner.network.head, MeanHead),
        "loss_unit": learner.loss_words,
        "options": {key: values[key] for key in spec.options},
        **facts,
    }


def save_model(run: RunDir, learner: TaskLearner, record: Mapping[str, Any]) -> None:
    """Write the model's folder aside and give it its name. Raises OSError."""
    temporary = run.model.with_name(f"{run.model.name}.tmp-{uuid.uuid4().hex[:8]}")
    try:
        temporary.mkdir()
        plain = as_plain_network(learner.network, learner.task)
        plain.save_pretrained(str(temporary))
        tokenizer = learner.task.tokenizer
        tokenizer.model_max_length = int(record["block_size"])
        tokenizer.save_pretrained(str(temporary))
        (temporary / FACTS_FILE).write_text(
            json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8"
        )
        (temporary / CARD_FILE).write_text(card_of(record, learner.task), encoding="utf-8")
        _put_in_place(temporary, run.model)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def save_adapter(target: Path, learner: TaskLearner, values: Mapping[str, Any]) -> None:
    """The pieces that LoRA added, as peft opens them on the start's own backbone, and the head beside them."""
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    backbone = learner.network.backbone
    config = lora_config(backbone, values)
    config.base_model_name_or_path = str(values["initial"]["source"])
    config.inference_mode = True
    temporary = target.with_name(f"{target.name}.tmp-{uuid.uuid4().hex[:8]}")
    try:
        temporary.mkdir()
        config.save_pretrained(str(temporary))
        pieces = get_peft_model_state_dict(backbone, adapter_name="default")
        named = {
            f"base_model.model.{name.removeprefix('base_model.model.')}": t for name, t in pieces.items()
        }
        save_file(
            {name: t.detach().cpu().contiguous() for name, t in named.items()},
            temporary / "adapter_model.safetensors",
        )
        head = {name: t.detach().cpu().contiguous() for name, t in learner.network.head.state_dict().items()}
        save_file(head, temporary / "head.safetensors")
        _put_in_place(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put_in_place(temporary: Path, target: Path) -> None:
    for path in temporary.iterdir():
        sync_file(path)
    sync_folder(temporary)
    if target.exists():
        aside = target.with_name(f"{target.name}.tmp-{uuid.uuid4().hex[:8]}")
        target.rename(aside)
        temporary.rename(target)
        shutil.rmtree(aside, ignore_errors=True)
    else:
        temporary.rename(target)
    sync_folder(target.parent)


def _write_predictions(target: Path, answered: Mapping[str, tuple[PartExamples, list[Answer]]]) -> None:
    """They stay in the run's folder and are no part of the model, which may be given away."""
    temporary = target.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        for record in _lines(answered):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    os.replace(temporary, target)


def _lines(answered: Mapping[str, tuple[PartExamples, list[Answer]]]) -> Iterator[dict[str, Any]]:
    for part, (rows, answers) in answered.items():
        for row, answer in zip(rows.rows, answers, strict=True):
            yield {"part": part, "key": row["key"], "row": row["row"], **answer.record, **given_label(row)}
