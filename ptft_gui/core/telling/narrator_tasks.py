"""The narrator's rules for models that learn a task from labels."""

from __future__ import annotations

from ptft_gui.core.data_request import FOLDS
from ptft_gui.core.family.classifier import CLASSIFICATION
from ptft_gui.core.intervals import wilson_interval
from ptft_gui.core.rundir import LIVE_STATES, State
from ptft_gui.core.summary import ACCURACY, MOST_ANSWERED, RunSummary
from ptft_gui.core.telling.narration import Action, Narration

ENTITY_F1 = "val/entity_f1"
_EASY = 0.95
"""So much right by always answering the commonest class makes a high score nothing strange."""
_MANY_COPIES = 0.01
WRITING = "writing"
"""Learned from plain text, as a language is."""


def answers_one_class(summary: RunSummary, state: State) -> Narration | None:
    """Rule 5; the commonest class is the one that is meant where accuracy is as that of always answering it."""
    checks = summary.checks()[-2:]
    baseline = summary.baselines.get(ACCURACY)
    counts: dict[str, int] = summary.resolved_value("label_counts") or {}
    if not sorts_texts(summary) or len(checks) < 2 or baseline is None or not counts or baseline.value >= 0.9:
        return None
    for check in checks:
        most, right = check.metrics.get(MOST_ANSWERED), check.metrics.get(ACCURACY)
        if most is None or right is None or most <= 0.98 or abs(right - baseline.value) > 0.02:
            return None
    return Narration(
        5,
        'It answers "{label}" almost every time: that class is the most common one.',
        {"label": max(counts, key=lambda label: counts[label])},
        (Action("new_run_with", "New run with classes weighted equally", {"weigh_classes": True}),)
        if not summary.resolved_value("weigh_classes")
        else (),
    )


def lead_over_guessing(summary: RunSummary) -> float | None:
    """By how much the best check lies above what guessing scores, by the score that the run is kept by; None where
    either is not known."""
    name = f"val/{summary.resolved_value('kept_by')}"
    baseline = summary.baselines.get(name)
    scores = [score for check in summary.evaluations if (score := check.metrics.get(name)) is not None]
    return max(scores) - baseline.value if scores and baseline is not None else None


def learned_little(summary: RunSummary, state: State) -> Narration | None:
    """Said before rule 14 of a task that ended at the score of always giving the commonest answer."""
    lead = lead_over_guessing(summary)
    if state != "finished" or lead is None or lead > 0:
        return None
    return Narration(
        14,
        "Finished, but on held-out rows it does no better than always giving the commonest answer. A larger learning "
        "rate, a longer run or more rows may help; or the labels do not follow from the text.",
        actions=(
            Action("show_data", "Check the data"),
            Action("new_run_triple_rate", "New run with 3 x learning rate"),
        ),
    )


def marks_nothing(summary: RunSummary, state: State) -> Narration | None:
    """Rule 5, for names in text: at two checks no name of the held-out texts was found whole."""
    checks = summary.checks()[-2:]
    found = [check.metrics.get(ENTITY_F1) for check in checks]
    if state not in LIVE_STATES or len(checks) < 2 or summary.progress < 0.1 or any(f != 0 for f in found):
        return None
    return Narration(
        5,
        "So far it finds no name: most words belong to none, and saying so everywhere is the easiest answer.",
    )


def too_good(summary: RunSummary, state: State) -> Narration | None:
    """Rule 6: over 99 % right within the first epoch, where always answering the commonest class is far from that; or
    held-out texts that are learned from too."""
    baseline = summary.baselines.get(ACCURACY)
    if state not in LIVE_STATES or not sorts_texts(summary):
        return None
    early = [check for check in summary.evaluations if 0 < check.epoch <= 1]
    is_easy = baseline is None or baseline.value > _EASY
    if not is_easy and any((check.metrics.get(ACCURACY) or 0.0) > 0.99 for check in early):
        return Narration(
            6,
            "This is almost too good. Perhaps the answer stands in the text, or the same texts are on both sides.",
            actions=_suspicions(summary),
        )
    count, of = _shared(summary)
    if not count or count < _MANY_COPIES * of:
        return None
    return Narration(
        6,
        "{count} of the {of} held-out texts are learned from too, so the held-out score is too good.",
        {"count": f"{count:,}", "of": f"{of:,}"},
        (Action("tell", "Show copies", {"text": _copies_words(summary)}), Action("dismiss", "Let it run")),
    )


def _suspicions(summary: RunSummary) -> tuple[Action, ...]:
    """What was found in the rows that may explain a score."""
    if summary.resolved_value("shared_texts") is None:  # a run of an earlier version counted nothing
        return (Action("show_data", "Check the data"),)
    return (
        Action("tell", "Show the most telling words", {"text": _telling_words(summary)}),
        Action("tell", "Show copies", {"text": _copies_words(summary)}),
    )


def _telling_words(summary: RunSummary) -> str:
    found = summary.resolved_value("telling_words") or []
    told = [
        f'"{word}" stands in {texts:,} texts, {of_label:,} of them {label}'
        for word, label, texts, of_label in found
    ]
    if not told:
        return "No word of the texts that are learned from says much about their class."
    return f"In the texts that are learned from, these words tell most: {'; '.join(told)}."


def _copies_words(summary: RunSummary) -> str:
    count, of = _shared(summary)
    if not count:
        return f"None of the {of:,} held-out texts is learned from too."
    pairs = (summary.resolved_value("shared_texts") or {}).get("rows") or []
    shown = "; ".join(f"held-out row {held:,} is row {learned:,}" for held, learned in pairs)
    more = " and others" if count > len(pairs) else ""
    return f"{count:,} of the {of:,} held-out texts are learned from too: {shown}{more}."


def _shared(summary: RunSummary) -> tuple[int, int]:
    """How many held-out texts are learned from too, and how many held-out texts there are."""
    found = summary.resolved_value("shared_texts") or {}
    return int(found.get("count") or 0), int(found.get("of") or 0)


def few_test_rows(summary: RunSummary, state: State) -> Narration | None:
    """Rule 15: so few test rows that the interval is wider than 10 points."""
    right = summary.last("test/accuracy" if sorts_texts(summary) else "test/exact_match")
    rows = (summary.resolved_value("parts") or {}).get("test", 0)
    if state not in ("finished", "stopped") or not has_task(summary) or right is None or not rows:
        return None
    low, high = wilson_interval(round(right * rows), rows) or (0.0, 1.0)
    if high - low <= 0.1:
        return None
    ended = "Finished." if state == "finished" else "Stopped; the model is kept."
    return Narration(
        15,
        ended + " With only {rows} test rows the score may really lie anywhere between {low} and {high}.",
        {"rows": f"{rows:,}", "low": f"{low:.2f}", "high": f"{high:.2f}"},
        (*_repeat(summary), Action("score", "Score to report")),
    )


def _repeat(summary: RunSummary) -> tuple[Action, ...]:
    """Five runs that test a fifth each, where the rows are not divided by a person already."""
    data = summary.spec.data if summary.spec is not None else None
    if data is None or data.fold or data.test or data.roles.get("split"):
        return ()
    return (Action("repeat_folds", f"Repeat {FOLDS} times"),)


def has_task(summary: RunSummary) -> bool:
    """Whether something is learned from labels."""
    return summary.spec is not None and summary.spec.task is not None and summary.spec.task != WRITING


def sorts_texts(summary: RunSummary) -> bool:
    """Whether texts, or pairs of them, are sorted into classes, exactly one for each."""
    task = summary.spec.task if summary.spec is not None else None
    return task in (CLASSIFICATION, "pair-classification")


def first_gains_of_task(summary: RunSummary) -> Narration | None:
    """Rule 11, for what is learned from labels."""
    if not has_task(summary):
        return None
    if sorts_texts(summary):
        return Narration(
            11, "The first quick gains: it learns how common each class is. The words come next."
        )
    return Narration(11, "The first quick gains: it learns which answers are common. The texts come next.")
