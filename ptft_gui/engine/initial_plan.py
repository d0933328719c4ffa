"""What going on from an earlier model decides of a run: how its text is cut, the size of its vectors, what is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ptft_gui.core.errors import DataError
from ptft_gui.core.spec import DataSpec, RunSpec
from ptft_gui.core.starts import GOING_ON_RATES, GOING_ON_REASON, size_problem
from ptft_gui.data.preparation import Preparation
from ptft_gui.engine.initial import InitialVectors, JointVocabulary
from ptft_gui.engine.plan import Plan
from ptft_gui.engine.reporter import Reporter

_WHICH_WORDS = ("case", "digits", "punctuation", "stop_words", "language", "chinese")
"""Of the preparation, what decides which words there are; how a text is cleaned is that text's own affair."""
ENOUGH_KNOWN = 1 / 3


def data_of_start(data: DataSpec, initial: InitialVectors | None) -> DataSpec:
    """The text of the run, cut as that of the start as far as a person chose nothing else: the same words meet."""
    taken = _taken_over(data, initial)
    return data.model_copy(update=taken) if taken else data


def _taken_over(data: DataSpec, initial: InitialVectors | None) -> dict[str, str]:
    if initial is None or data.preparation is not None or not initial.config.get("preparation"):
        return {}
    try:
        record = Preparation.from_record(initial.config["preparation"]).to_record()
    except DataError:
        return {}
    taken = {key: record[key] for key in _WHICH_WORDS if record.get(key) and getattr(data, key, None) is None}
    # A text that is not cut at spaces yet cannot be cut at spaces only, whatever the start's was.
    return taken | ({"preparation": "words"} if record["name"] == "words" else {})


def plan_of_start(
    plan: Plan,
    spec: RunSpec,
    initial: InitialVectors | None,
    counts: Mapping[str, int],
    is_first_attempt: bool,
) -> Plan:
    """The plan with what the start fixes. Raises :class:`~ptft_gui.core.errors.SpecError` for another vector size."""
    if initial is None or not is_first_attempt:
        return plan
    problem = size_problem(spec.options.get("vector_size"), initial.size, initial.name)
    if problem is not None:
        raise problem
    values = {
        **plan.values,
        "vector_size": initial.size,
        "initial_words": spec.options.get("initial_words") or "free",
        "initial": {
            "source": initial.source,
            "name": initial.name,
            "family": str(initial.config.get("family") or ""),
            "words": len(initial.words),
            "kept": spec.options.get("initial_words") or "free",
            "fingerprint": initial.fingerprint,
            "has_output": initial.output is not None or bool(initial.layers),
            "known_share": round(known_share(initial, counts), 4),
        },
    }
    reasons = {**plan.reasons, "vector_size": f"As many as each word of {initial.name} has."}
    taken = _taken_over(spec.data, initial)
    reasons |= dict.fromkeys(taken, f"As the text of {initial.name} was cut, so that the same words meet.")
    if values["learning_rate"] == GOING_ON_RATES.get(spec.family):
        reasons["learning_rate"] = GOING_ON_REASON
    return replace(plan, values=values, reasons=reasons)


def known_share(initial: InitialVectors, counts: Mapping[str, int]) -> float:
    """How much of the text, counted in words as they stand in it, the start knows; 0 to 1."""
    known = set(initial.words)
    total = sum(counts.values())
    return sum(count for word, count in counts.items() if word in known) / total if total else 0.0


def note_vocabulary(
    values: dict[str, Any], initial: InitialVectors, joint: JointVocabulary, reporter: Reporter
) -> None:
    """Record how many words came from where, and tell it."""
    shared = int((joint.are_old & (joint.text_counts > 0)).sum())
    values["initial"] = {
        **values["initial"],
        "shared": shared,
        "new": len(joint) - int(joint.are_old.sum()),
    }
    _tell_about_start(initial, values, reporter)


def _tell_about_start(initial: InitialVectors, values: Mapping[str, Any], reporter: Reporter) -> None:
    """What a person should know of the start and of how it meets the text."""
    facts = values["initial"]
    share, name = facts["known_share"], facts["name"]
    words = f"{facts['words']:,} words came from it, {facts['new']:,} new ones join."
    if share < ENOUGH_KNOWN:
        reporter.notice(
            "start",
            f"{name} knows {share:.0%} of this text's words.",
            f"{words} Little of what it has learned can help here.",
            "Choose a start in the language of your text, or From nothing.",
            is_warning=True,
        )
    else:
        reporter.notice("start", f"{name} knows {share:.0%} of this text's words.", words)
    if not initial.config.get("preparation"):
        reporter.notice(
            "start",
            f"{name} does not say how its text was cut into words.",
            Preparation.from_settings(values).describe(),
            "If its words are written otherwise, with capitals for example, set the preparation to match.",
        )
    if not facts["has_output"]:
        reporter.notice(
            "start",
            f"Of {name} only the finished vectors are there.",
            "What a model keeps beside them while it learns begins from nothing.",
        )
