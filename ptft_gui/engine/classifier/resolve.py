"""From what a person asked for, and what the texts are like, to the values a classifier trains with."""

from __future__ import annotations

import math
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from ptft_gui.core.errors import DataError
from ptft_gui.core.proposals import propose_task_options, resolve
from ptft_gui.core.spec import RunSpec
from ptft_gui.data.examples.prepared import PreparedExamples
from ptft_gui.engine.plan import Plan, budget_of, is_limited_by_epochs


def resolve_plan(spec: RunSpec, examples: PreparedExamples) -> Plan:
    """Fill in what was left automatic and record what was decided, measured and used."""
    values, reasons = resolve(
        spec.options, propose_task_options(spec.preset, spec.method, spec.init_from == "scratch")
    )
    plain: dict[str, Any] = dict(values)
    limits_epochs = is_limited_by_epochs(spec)
    budget = budget_of(plain, limits_epochs)
    rows = examples.count("train")
    if not limits_epochs:
        steps_an_epoch = max(1, math.ceil(rows / int(plain["global_batch_size"])))
        plain["epochs"] = None if budget.steps is None else math.ceil(budget.steps / steps_an_epoch)
        reasons["epochs"] = "The length is limited otherwise."
    return Plan(
        {
            **plain,
            "budget": asdict(budget),
            "limited_by": budget.kind,
            "task": spec.task,
            "method": spec.method,
            "device": "cpu",
            "dtype": "float32",
            **examples.told(),
            "versions": {name: version(name) for name in ("torch", "numpy")},
        },
        reasons,
    )


def check_examples(examples: PreparedExamples) -> None:
    """Raise DataError for examples from which nothing can be learned; most of it the data room has refused already."""
    if examples.count("train") < 2 or len(examples.labels) < 2:
        raise DataError(
            "There is too little to learn from.",
            f"{examples.count('train'):,} rows with {len(examples.labels)} classes are left to train on.",
            "Add rows, or decide otherwise about the data.",
        )
