"""What only a trial on this computer can tell before training: precision, whether compiling pays, the speed.

Each answer is recorded with its reason, so that a resumed run decides nothing anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch

from ptft_gui.core.proposals import Proposal
from ptft_gui.engine.language.learner import TextLearner
from ptft_gui.engine.language.looking import LEARNING_COSTS, plan_looks
from ptft_gui.engine.language.precision import autocast, choose_precision
from ptft_gui.engine.language.resolve import with_reason
from ptft_gui.engine.language.watch import reading_speed
from ptft_gui.engine.plan import Plan

ON, OFF = "on", "off"
_TRIAL_TOKENS = 2048
_LONG_ENOUGH_SECONDS = 600
"""A shorter run ends before compiling, which takes minutes, has paid."""
_COMPILED_GAIN, _ROUNDS = 1.05, 5


def settle_by_trial(learner: TextLearner, plan: Plan) -> Plan:
    """The plan with what was measured. The weights stay as they are."""
    if learner.device.type == "cuda":
        torch.set_float32_matmul_precision("high")
    if plan.values["precision"] is None:
        plan = with_reason(plan, "precision", _measured_precision(learner, plan))
    plan = Plan({**plan.values, **_paced_looks(learner, plan)}, plan.reasons)
    return with_reason(plan, "compile", _measured_compiling(learner, plan))


def prepare_as_settled(learner: TextLearner, plan: Plan) -> None:
    """For a resumed run: compile again what was compiled, where that still works."""
    if learner.device.type == "cuda":
        torch.set_float32_matmul_precision("high")
    if plan.values.get("compile") == ON:
        _try_compiling(learner, _trial(learner, plan))


def _trial(learner: TextLearner, plan: Plan) -> Callable[[str], None]:
    """One small step that leaves no trace, in the precision that it is given."""
    count = max(1, min(int(plan.values["micro_batch_size"]), _TRIAL_TOKENS // int(plan.values["block_size"])))
    batch = learner.batch("train", learner.blocks["train"].spread(count), None).to(learner.device)

    def trial(precision: str) -> None:
        with autocast(learner.device, precision):
            loss = learner.loss_sum(batch)
        loss.backward()
        learner.model.zero_grad(set_to_none=True)
        if learner.device.type == "cuda":
            torch.cuda.synchronize()

    return trial


def _measured_precision(learner: TextLearner, plan: Plan) -> Proposal:
    chosen, reason = choose_precision(learner.device, _trial(learner, plan))
    return Proposal(chosen, reason)


def _paced_looks(learner: TextLearner, plan: Plan) -> dict[str, Any]:
    """About how long the run lasts; where minutes limit it, also how often it is looked at and how much is read."""
    values = plan.values
    speed = reading_speed(learner, values)
    budget, steps = plan.budget, values["planned_steps"]
    if steps is not None:
        return {"planned_seconds": round(steps * values["batch_tokens"] * LEARNING_COSTS / speed, 1)}
    ends = [budget.seconds, None if budget.deadline is None else budget.deadline - time.time()]
    seconds = max(min(end for end in ends if end is not None), 1.0)
    looks = plan_looks(seconds * speed / LEARNING_COSTS, int(values["answers_cost"]), is_timed=True)
    return {
        "planned_seconds": round(seconds, 1),
        "checks": looks.checks,
        "looked_at_tokens": looks.read,
    }


# --- compiling ---------------------------------------------------------------------------------------------------


def _measured_compiling(learner: TextLearner, plan: Plan) -> Proposal:
    asked = plan.values.get("compile")
    if asked == OFF:
        return Proposal(OFF, "")
    if asked is None and learner.device.type != "cuda":
        return Proposal(OFF, "On the processor it does not pay.")
    if asked is None and float(plan.values["planned_seconds"]) < _LONG_ENOUGH_SECONDS:
        return Proposal(OFF, "The run is too short for it to pay.")
    trial, precision = _trial(learner, plan), str(plan.values["precision"])
    before = _seconds(trial, precision)
    problem = _try_compiling(learner, trial, precision)
    if problem:
        return Proposal(OFF, f"It failed here, so the model is trained as it is. {problem}")
    gain = before / _seconds(trial, precision)
    if asked is None and gain < _COMPILED_GAIN:
        learner.leave_uncompiled()
        return Proposal(
            OFF, f"Measured at the start: a step is {gain:.2f} times as fast, which is too little."
        )
    return Proposal(ON, f"Measured at the start: a step is {gain:.2f} times as fast.")


def _try_compiling(learner: TextLearner, trial: Callable[[str], None], precision: str = "float32") -> str:
    """Compile and take a step; what went wrong, in which case the model is left as it was."""
    try:
        learner.compile_body()
        trial(precision)
    except Exception as problem:  # compilers, drivers and torch each have failures of their own
        learner.leave_uncompiled()
        learner.model.zero_grad(set_to_none=True)
        first = f"{problem}".strip().split("\n")[0]
        return f"{type(problem).__name__}: {first}"[:300]
    return ""


def _seconds(trial: Callable[[str], None], precision: str) -> float:
    trial(precision)
    found = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        trial(precision)
        found.append(time.perf_counter() - begin)
    return min(found)
