"""The plan of a run: resolved values with their reasons, its budget, and what a resumed run changes of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from typing import Any

from ptft_gui.core.proposals import Proposal, TextFacts, resolve
from ptft_gui.core.spec import DataSpec, RunSpec
from ptft_gui.data.preparation import Preparation
from ptft_gui.engine.schedule import Budget, next_time_of_day
from ptft_gui.engine.text import TrainingText

_LENGTHS = ("max_steps", "max_minutes", "finish_by")


@dataclass(frozen=True)
class Plan:
    """Resolved values with their reasons; ``why`` is set when a resumed run was altered."""

    values: dict[str, Any]
    reasons: dict[str, str] = field(default_factory=dict)
    why: str = ""

    @property
    def budget(self) -> Budget:
        return Budget(**self.values["budget"])


def data_of_attempt(spec: RunSpec, resolved: Mapping[str, Any]) -> DataSpec:
    """What an attempt asks of the data room.

    A run that an earlier version began had no switches: it goes on with text that is cut as that version cut it,
    whatever would be found automatically now.
    """
    if not resolved or "case" in resolved:
        return spec.data
    record = Preparation.from_record(resolved["preparation"]).to_record()
    return spec.data.model_copy(update={"preparation": record.pop("name"), **record})


def facts_for_proposals(text: TrainingText) -> TextFacts:
    """What proposals are made from; phrases, where they were joined, do not count as fewer words."""
    types = {int(limit): count for limit, count in text.facts["types_reaching"].items()}
    tokens = int(text.facts.get("tokens_before_phrases", text.facts["tokens"]))
    return TextFacts(tokens, types)


StepsAnEpoch = Callable[[Mapping[str, Any]], int]


def make_plan(
    spec: RunSpec,
    text: TrainingText,
    proposals: Mapping[str, Proposal],
    libraries: Sequence[str],
    steps_an_epoch: StepsAnEpoch,
) -> Plan:
    """Fill in what was left automatic and record what was decided, measured and used.

    ``libraries``: those whose version decides the result; ``steps_an_epoch`` tells from the values how many steps an
    epoch has, at least 1.
    """
    values, reasons = resolve(spec.options, proposals)
    plain: dict[str, Any] = dict(values)
    limits_epochs = is_limited_by_epochs(spec)
    budget = budget_of(plain, limits_epochs)
    if not limits_epochs:
        # The epochs that a number of steps will touch; None where time is the limit.
        plain["epochs"] = None if budget.steps is None else math.ceil(budget.steps / steps_an_epoch(plain))
        reasons["epochs"] = "The length is limited otherwise."
    reasons |= _reasons_of_preparation(spec, text)
    facts = _facts(text, tuple(libraries))
    return Plan({**plain, "budget": asdict(budget), "limited_by": budget.kind, **facts}, reasons)


def is_limited_by_epochs(spec: RunSpec) -> bool:
    """Whether epochs count: where a person chose them, or chose no other length."""
    has_other_length = any(spec.options.get(key) is not None for key in _LENGTHS)
    return spec.options.get("epochs") is not None or not has_other_length


def _reasons_of_preparation(spec: RunSpec, text: TrainingText) -> dict[str, str]:
    """Why the text is cut as it is, as far as that was left to the program."""
    found = text.facts["preparation"]
    reasons = {"preparation": found["reason"]} | {
        key: switch["reason"] for key, switch in found.get("switches", {}).items()
    }
    return {key: reason for key, reason in reasons.items() if getattr(spec.data, key) is None}


def budget_of(values: dict[str, Any], limits_epochs: bool) -> Budget:
    """What a run may use, from its resolved values."""
    minutes, time_of_day = values["max_minutes"], values["finish_by"]
    return Budget(
        epochs=values["epochs"] if limits_epochs else None,
        steps=values["max_steps"],
        seconds=None if minutes is None else minutes * 60.0,
        deadline=None if time_of_day is None else next_time_of_day(time_of_day),
    )


def _facts(text: TrainingText, libraries: tuple[str, ...]) -> dict[str, Any]:
    facts = text.facts
    return {
        "device": "cpu",
        "dtype": "float32",
        **_preparation_of(facts),
        "fingerprint": facts["fingerprint"],
        "dataset_files": text.files,
        "documents": facts["documents"],
        "total_words": facts["tokens"],
        "train_words": text.train_tokens,
        "train_sentences": text.train_sentence_count,
        "val_sentences": text.val_sentence_count,
        "split": facts["split"]["kind"],
        "is_text_in_memory": text.is_in_memory,
        "versions": {name: version(name) for name in libraries + _libraries_that_cut(facts)},
    }


def _preparation_of(facts: dict[str, Any]) -> dict[str, Any]:
    """The name and every switch, each under its own key, as a run's settings name them."""
    record = Preparation.from_record(
        facts["preparation"].get("record", facts["preparation"]["value"])
    ).to_record()
    return {"preparation": record.pop("name"), **record}


def _libraries_that_cut(facts: dict[str, Any]) -> tuple[str, ...]:
    """Libraries whose version decides which words there are."""
    record = _preparation_of(facts)
    used = {"jieba": record.get("chinese") == "words", "stopwordsiso": record["stop_words"] == "drop"}
    return tuple(name for name, is_used in used.items() if is_used)


def alter_plan(values: dict[str, Any], changes: dict[str, float], seconds: float) -> Plan:
    """The plan of an earlier attempt with the changes that a person asked for.

    ``learning_rate_factor`` multiplies the learning rate, both ends of it where it has two. ``length_factor``
    multiplies the budget: a falling rate goes on from where the longer way puts it. ``seconds``: seconds of work so
    far.
    """
    altered, why = dict(values), []
    factor = changes.get("learning_rate_factor")
    if factor is not None:
        rates = {key for key in ("learning_rate", "min_learning_rate") if key in values}
        altered |= {key: values[key] * factor for key in rates}
        why.append(f"learning rate x {factor:g}")
    factor = changes.get("length_factor")
    if factor is not None:
        budget = _longer(Budget(**values["budget"]), factor, seconds)
        altered |= {"budget": asdict(budget), "limited_by": budget.kind}
        if budget.epochs is not None:
            altered["epochs"] = budget.epochs
        elif values["epochs"] is not None:
            altered["epochs"] = math.ceil(values["epochs"] * factor)
        why.append(f"length x {factor:g}")
    return Plan(altered, why=", ".join(why))


def _longer(budget: Budget, factor: float, seconds: float) -> Budget:
    """A longer budget; where a time of day was the limit, the time that was used is what is multiplied."""
    more = replace(
        budget,
        epochs=None if budget.epochs is None else math.ceil(budget.epochs * factor),
        steps=None if budget.steps is None else math.ceil(budget.steps * factor),
        seconds=None if budget.seconds is None else budget.seconds * factor,
    )
    return (
        more if budget.deadline is None else replace(more, deadline=None, seconds=max(seconds, 1.0) * factor)
    )
