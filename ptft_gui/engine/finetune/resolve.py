"""From what a person asked for, what the rows are like and what the start is, to the values a task is learned with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import numpy as np

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.finetune import POOLED_TASKS
from ptft_gui.core.finetune_proposals import ExampleFacts, StartFacts, propose_tuning
from ptft_gui.core.proposals import resolve
from ptft_gui.core.spec import RunSpec
from ptft_gui.data.examples.prepared import PreparedExamples
from ptft_gui.engine.device import check_graphics_card, has_graphics_card
from ptft_gui.engine.finetune.examples import encode_rows
from ptft_gui.engine.finetune.poolings import FIRST, LAST, MEAN, poolings_of
from ptft_gui.engine.finetune.start import Start
from ptft_gui.engine.finetune.task import Row, Task, task_class
from ptft_gui.engine.plan import Plan, budget_of, is_limited_by_epochs

_SAMPLE_ROWS = 2000
_NEARLY_ALL = 99
"""Per cent of the rows that the proposed length holds whole."""
_MICRO_TOKENS = {"cpu": 8192, "cuda": 65_536}
_LANGUAGE_SHARE = 4
"""By so much fewer where every token gets a score for every other one."""
_LOOKS_SHARE = 0.03
"""Of the work of learning: what looks within an epoch may take. Reading costs a third of learning."""
_MOST_LOOKS_AN_EPOCH = 8


def common_length(task: Task, rows: list[Row]) -> int:
    """How many tokens nearly all of the rows have, by a sample spread over them; ``task`` cuts as late as possible."""
    part = encode_rows(task, rows[:: max(1, len(rows) // _SAMPLE_ROWS)])
    lengths = np.zeros(len(part.rows), np.int64)
    for example in part.examples:
        lengths[example.row] = max(lengths[example.row], len(example) + example.cut)
    return int(np.percentile(lengths, _NEARLY_ALL))


def facts_of_start(spec: RunSpec, start: Start) -> StartFacts:
    """What proposals are made from."""
    pooling, why = start.pooling
    return StartFacts(
        start.longest, start.glance.width, pooling, why, spec.options.get("start_weights") == "random"
    )


def resolve_plan(
    spec: RunSpec, examples: PreparedExamples, start: Start, facts: ExampleFacts, learned: Mapping[str, Any]
) -> Plan:
    """Fill in what was left automatic, and record what was decided and used. Raises PtftError for what cannot be."""
    assert spec.task is not None
    assert spec.method is not None
    known = facts_of_start(spec, start)
    asked = spec.options.get("global_batch_size")
    batch = asked if isinstance(asked, int) else None
    values, reasons = resolve(
        spec.options, propose_tuning(spec.preset, spec.task, spec.method, facts, known, batch)
    )
    plain: dict[str, Any] = {**values, **_device(spec)}
    if spec.task in POOLED_TASKS:
        _check_pooling(plain, start)
    plain["global_batch_size"] = min(int(plain["global_batch_size"]), facts.rows)
    if plain["micro_batch_size"] is None:
        plain["micro_batch_size"] = _micro_batch_size(plain, spec.task)
    steps_an_epoch = math.ceil(facts.rows / int(plain["global_batch_size"]))
    limits_epochs = is_limited_by_epochs(spec)
    budget = budget_of(plain, limits_epochs)
    steps = budget.steps
    if budget.epochs is not None:
        steps = min(budget.epochs * steps_an_epoch, steps or math.inf)  # type: ignore[assignment]
    if not limits_epochs:
        plain["epochs"] = None if steps is None else math.ceil(steps / steps_an_epoch)
        reasons["epochs"] = "The length is limited otherwise."
    return Plan(
        {
            **plain,
            "budget": asdict(budget),
            "limited_by": budget.kind,
            "planned_steps": steps,
            "steps_an_epoch": steps_an_epoch,
            "looks_an_epoch": _looks_an_epoch(facts.rows, examples.count("val"), spec.method, steps_an_epoch),
            "optimizer": "adamw",
            "task": spec.task,
            "method": spec.method,
            "kept_by": _kept_by(spec.task),
            **examples.told(),
            **learned,
            "learned_keys": sorted(learned),
            "initial": _facts_of_start(start, known.is_random),
            "versions": {
                name: version(name) for name in ("torch", "transformers", "tokenizers", "peft", "numpy")
            },
        },
        reasons,
    )


def _kept_by(task: str) -> str | None:
    """The score on held-out rows that chooses the best moment; None where the loss does."""
    name = task_class(task).score_name
    return None if name == "loss" else name


def _device(spec: RunSpec) -> dict[str, Any]:
    asked = spec.options.get("device")
    if asked == "cuda":
        check_graphics_card()
    return {"device": asked or ("cuda" if has_graphics_card() else "cpu")}


def _check_pooling(values: Mapping[str, Any], start: Start) -> None:
    known = poolings_of(start.model_type)
    if values["pooling"] in known:
        return
    words = {
        MEAN: "the mean of all tokens (mean)",
        FIRST: "the first token (first)",
        LAST: "the last token (last)",
    }
    raise SpecError(
        f"{start.name} cannot judge a text by {words[str(values['pooling'])]}.",
        hint=f"Choose {' or '.join(words[each] for each in known)}, or leave pooling automatic.",
        key="pooling",
    )


def _micro_batch_size(values: Mapping[str, Any], task: str) -> int:
    """As many texts as keep the numbers of one micro-batch small, and the batch evenly divided."""
    batch = int(values["global_batch_size"])
    tokens = _MICRO_TOKENS[values["device"]] // (_LANGUAGE_SHARE if task in ("reply", "writing") else 1)
    most = max(1, tokens // int(values["block_size"]))
    return batch if most >= batch else math.ceil(batch / math.ceil(batch / most))


def _looks_an_epoch(rows: int, held_out: int, method: str, steps: int) -> int:
    """How often within an epoch the held-out rows are looked at: as often as costs little, at least once."""
    if method == "frozen" or not held_out:
        return 1
    cost = min(held_out, 5000) / 3  # in rows that are learned from
    return max(1, min(int(rows * _LOOKS_SHARE / cost), _MOST_LOOKS_AN_EPOCH, steps))


def _facts_of_start(start: Start, is_random: bool) -> dict[str, Any]:
    return {
        "source": str(start.folder),
        "name": start.name,
        "kind": start.glance.kind,
        "model_type": start.model_type,
        "layers": start.glance.layers,
        "width": start.glance.width,
        "fingerprint": start.stamp,
        "is_random": is_random,
    }
