"""What going on from an earlier model decides of a run: how its text is cut, the size of its vectors, what is told."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any

from ptft_gui.core.errors import DataError
from ptft_gui.core.family.starts import (
    ENOUGH_KNOWN,
    GOING_ON_RATES,
    GOING_ON_REASON,
    cut_like_start,
    size_problem,
)
from ptft_gui.core.spec import DataSpec, RunSpec
from ptft_gui.core.wording import percent_text
from ptft_gui.data.preparation import Preparation
from ptft_gui.engine.initial import InitialVectors, JointVocabulary, is_frozen
from ptft_gui.engine.plan import Plan
from ptft_gui.engine.reporter import Reporter

_WORTH_SMALL_LETTERS = 0.05
"""So much more of a text must be known in small letters that it is told."""


def data_of_start(data: DataSpec, initial: InitialVectors | None) -> DataSpec:
    """The text of the run, cut as that of the start as far as a person chose nothing else: the same words meet."""
    taken = _taken_over(data, initial.config) if initial is not None else {}
    return data.model_copy(update=taken) if taken else data


def data_like_model(data: DataSpec, config: Mapping[str, Any]) -> DataSpec:
    """The same for a model with this configuration."""
    return data.model_copy(update=_taken_over(data, config))


def _taken_over(data: DataSpec, config: Mapping[str, Any]) -> dict[str, Any]:
    if not config.get("preparation"):
        return {}
    try:
        record = Preparation.from_record(config["preparation"]).to_record()
    except DataError:
        return {}
    record["preparation"] = record.pop("name")
    return cut_like_start(data.model_dump(), record)


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
            "known_share_lower": round(known_share_lower(initial, counts), 4),
        },
    }
    reasons = {**plan.reasons, "vector_size": f"As many as each word of {initial.name} has."}
    taken = _taken_over(spec.data, initial.config)
    reasons |= dict.fromkeys(taken, f"As the text of {initial.name} was cut, so that the same words meet.")
    if values["learning_rate"] == GOING_ON_RATES.get(spec.family) and not is_frozen(values):
        reasons["learning_rate"] = GOING_ON_REASON
    return replace(plan, values=values, reasons=reasons)


def known_share(initial: InitialVectors, counts: Mapping[str, int]) -> float:
    """How much of the text, counted in words as they stand in it, the start knows; 0 to 1."""
    return share_in(set(initial.words), counts)


def known_share_lower(initial: InitialVectors, counts: Mapping[str, int]) -> float:
    """The same if the text were written in small letters."""
    known = set(initial.words)
    total = sum(counts.values())
    return sum(count for word, count in counts.items() if word.lower() in known) / total if total else 0.0


def share_in(known: Container[str], counts: Mapping[str, int]) -> float:
    """The same for words that stand in ``known``."""
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
            f"{name} knows {percent_text(share)} of this text's words.",
            f"{words} Little of what it has learned can help here.",
            "Choose a start in the language of your text, or From nothing.",
            is_warning=True,
        )
    else:
        reporter.notice("start", f"{name} knows {percent_text(share)} of this text's words.", words)
    lower = facts.get("known_share_lower", 0.0)
    if lower >= share + _WORTH_SMALL_LETTERS:
        reporter.notice(
            "start",
            f"In small letters {name} would know {percent_text(lower)} of this text's words.",
            f'It was written without capitals, so that it takes "The" and "the" for two words; now it knows '
            f"{percent_text(share)}.",
            "Choose Text preparation: Words, and Capital letters: All in lower case.",
            is_warning=True,
        )
    if not initial.config.get("preparation"):
        reporter.notice(
            "start",
            f"{name} does not say how its text was cut into words.",
            Preparation.from_settings(values).describe(),
            "If its words are written otherwise, with capitals for example, set the preparation to match.",
        )
    if initial.config.get("phrase_delimiter") and not values.get("phrases"):
        reporter.notice(
            "start",
            f"{name} joins words that often stand together into one; this run reads every word alone.",
            "Joined words of the start keep the place they have; in this text their parts are learned apart.",
            "To go on with joined words, set Join phrases.",
        )
    if not facts["has_output"]:
        reporter.notice(
            "start",
            f"Of {name} only the finished vectors are there.",
            "What a model keeps beside them while it learns begins from nothing.",
        )
