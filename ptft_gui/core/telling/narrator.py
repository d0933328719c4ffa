"""The narrator: one sentence about what a run is doing, with what a person may do about it.

Every rule is a pure function of RunSummary. The first rule that holds, from the top, wins. A sentence states what was
seen, never a promise.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

import numpy as np

from ptft_gui.core.events import Evaluated
from ptft_gui.core.rundir import LIVE_STATES, State
from ptft_gui.core.summary import STEP_LOSS, TRAIN_LOSS, VAL_LOSS, RunSummary
from ptft_gui.core.telling.narration import Action as Action
from ptft_gui.core.telling.narration import Narration as Narration
from ptft_gui.core.telling.narrator_ends import (
    BETTER,
    ended,
    family_of_run,
    place_in_words,
    still_improving,
    stopped_early,
    with_held_out,
)
from ptft_gui.core.telling.narrator_language import (
    dived_below_guessing,
    first_language_gains,
    language_at_guessing,
)
from ptft_gui.core.telling.narrator_tasks import (
    answers_one_class,
    few_test_rows,
    first_gains_of_task,
    has_task,
    lead_over_guessing,
    learned_little,
    marks_nothing,
    too_good,
)
from ptft_gui.core.wording import count_text, percent_text

HOLD_SECONDS = 10.0
_NEVER_HELD = (0, 4, 16)
"""Rules that speak of the moment; held on, their sentence would soon be untrue."""


SILENCE = Narration(0, "")
Rule = Callable[[RunSummary, State], Narration | None]

MEMORY_WAS_SHORT = "did not fit into memory"
"""Part of the reason that a run gives where it goes on with a smaller micro-batch."""
_WHY_SMALLER = (
    "A batch is looked at piece by piece and corrected once, so smaller pieces need less memory and change nothing but "
    "the time. Other programs may hold memory; shorter texts or LoRA need less."
)

_PHASES_OF_WORK = ("training", "saving")
_STOP_AND_KEEP = Action("stop", "Stop and keep")
_LET_IT_RUN = Action("dismiss", "Let it run")


def narrate(summary: RunSummary, state: State) -> Narration:
    """The sentence for this moment; an empty one when there is nothing to say."""
    for rule in RULES:
        narration = rule(summary, state)
        if narration is not None:
            return narration
    return SILENCE


class Narrator:
    """Keeps a sentence for at least ten seconds unless a higher rule arrives."""

    def __init__(self) -> None:
        self._current = SILENCE
        self._since = float("-inf")
        self._dismissed: set[int] = set()

    def say(self, summary: RunSummary, state: State, now: float) -> Narration:
        """``now``: seconds of any steady clock."""
        wanted = narrate(summary, state)
        if wanted.rule in self._dismissed:
            wanted = SILENCE
        is_same_rule = wanted.rule == self._current.rule
        is_higher = wanted.rule != 0 and (self._current.rule == 0 or wanted.rule < self._current.rule)
        is_free = self._current.rule in _NEVER_HELD or now - self._since >= HOLD_SECONDS
        if is_same_rule or is_higher or is_free or state not in LIVE_STATES:
            if not is_same_rule:
                self._since = now
            self._current = wanted
        return self._current

    def dismiss(self) -> None:
        """Do not say the present sentence again in this run."""
        self._dismissed.add(self._current.rule)
        self._current = SILENCE


def _exploded(summary: RunSummary, state: State) -> Narration | None:
    """Rule 1."""
    if summary.diverged is None:
        return None
    values = {"step": f"{summary.diverged.step:,}"}
    if not summary.checkpoints:
        return Narration(1, "The numbers exploded at step {step}, before a checkpoint was written.", values, (
            Action("new_run_half_rate", "New run with half the learning rate"),
        ))  # fmt: skip
    safe = f"{summary.checkpoints[-1].step:,}"
    return Narration(
        1,
        "The numbers exploded at step {step}. The model from step {safe} is safe.",
        {**values, "safe": safe},
        (Action("resume_half_rate", f"Go on from {safe} with half the learning rate"), _STOP_AND_KEEP)
        if state in LIVE_STATES
        else (Action("new_run_half_rate", "New run with half the learning rate"),),
    )


def _memory_short(summary: RunSummary, state: State) -> Narration | None:
    """Rule 2, from the moment a batch was cut to the next check."""
    cut = next((mark for mark in reversed(summary.marks) if MEMORY_WAS_SHORT in mark.caption), None)
    seen = summary.evaluations[-1].step if summary.evaluations else 0
    if state not in LIVE_STATES or cut is None or cut.step < seen:
        return None
    return Narration(
        2,
        "Memory was short, so each batch is now done in smaller pieces. The result stays nearly the same; it is a "
        "little slower.",
        actions=(Action("tell", "Why?", {"text": _WHY_SMALLER}),),
    )


def _disk_nearly_full(summary: RunSummary, state: State) -> Narration | None:
    """Rule 3."""
    if state not in LIVE_STATES:
        return None
    largest = max((checkpoint.bytes for checkpoint in summary.checkpoints), default=0)
    free = summary.resources.disk_free_bytes if summary.resources else None
    is_short = free is not None and largest > 0 and free < 2 * largest
    if not is_short and summary.checkpoint_failure is None:
        return None
    return Narration(
        3,
        "The disk is nearly full. Training goes on, but new checkpoints cannot be saved.",
        actions=(Action("show_disk_use", "Show what uses space"),),
    )


def _preparing(summary: RunSummary, state: State) -> Narration | None:
    """Rule 4."""
    if state not in ("starting", "running") or (summary.step > 0 and not is_getting_ready_again(summary)):
        return None
    phase = summary.phase
    text = phase.text if phase and phase.text else "starting the training process"
    values = {"text": text[0].lower() + text[1:], "share": percent_text(phase.fraction) if phase else ""}
    if summary.step > 0:
        again = "Preparing: {text}. Training goes on from step {step} in a moment."
        return Narration(4, again, {**values, "step": f"{summary.step:,}"})
    template = "Preparing: {text}. Training has not begun."
    if phase and phase.fraction is not None:
        template = "Preparing: {text}, {share}. Training has not begun."
    return Narration(4, template, values, (Action("stop", "Cancel"),))


def is_getting_ready_again(summary: RunSummary) -> bool:
    """Whether a resumed run does not train yet: it reads its text and its checkpoint first, which may take a while."""
    phase = summary.phase
    return summary.attempt > 1 and (phase is None or phase.name not in _PHASES_OF_WORK)


def _queued(summary: RunSummary, state: State) -> Narration | None:
    if state != "queued":
        return None
    return Narration(
        4, "Waiting: another run is using this computer. This one starts by itself when that ends."
    )


def _paused(summary: RunSummary, state: State) -> Narration | None:
    if state != "paused":
        return None
    return Narration(
        4, "Paused at step {step}. Nothing is lost; it goes on where it is.", {"step": f"{summary.step:,}"}
    )


_PLAIN_LEAD = 0.05
"""With so much of a score above guessing it has learned something, however dear its mistakes are by the loss."""


def _no_better_than_guessing(summary: RunSummary, state: State) -> Narration | None:
    """Rule 7: not below guessing at any check, of word vectors not 2 % below, after a tenth of the run."""
    family, is_task = family_of_run(summary), has_task(summary)
    guessing, lowest = summary.guessing(), _lowest_learned(summary)
    if state not in LIVE_STATES or summary.progress < 0.1 or guessing is None or lowest is None:
        return None
    margin = 0.98 if family is not None and family.saves_word_vectors and not is_task else 1.0
    if lowest < guessing * margin or (lead_over_guessing(summary) or 0.0) > _PLAIN_LEAD:
        return None
    return Narration(
        7,
        "So far it does no better than guessing. The learning rate may be too small, or the labels may not follow "
        "from the text."
        if is_task
        else "So far it does no better than guessing. The learning rate may be too small, or the text too short.",
        actions=(
            Action("show_data", "Check the data"),
            Action("new_run_triple_rate", "New run with 3 x learning rate"),
        ),
    )


def _memorising(summary: RunSummary, state: State) -> Narration | None:
    """Rule 8."""
    checks = with_held_out(summary.checks())
    since_best = _checks_since_better(checks)
    if state not in LIVE_STATES or len(since_best) < 3:
        return None
    before = checks[-len(since_best) - 1]
    if not _fell(before, checks[-1], TRAIN_LOSS, 0.02):
        return None
    kept = summary.best() if summary.resolved_value("kept_by") else None
    if kept is not None and kept.step >= since_best[0].step:
        return None  # the score by which it is kept went on rising: the answers got better, only not surer
    best = before if kept is None else kept
    moment = place_in_words(best.epoch, best.step)
    family = family_of_run(summary)
    if family is not None and not family.is_held_out_decisive:
        return Narration(
            8,
            "It explains the counts of the text it trains on ever better, but not those of text it has not seen. On a "
            "small text that is usual; watch the neighbours to see whether the words still get better.",
            actions=(_STOP_AND_KEEP, _LET_IT_RUN),
        )
    if all(
        saved.step != best.step for saved in summary.checkpoints
    ):  # of many short epochs not each is saved
        return Narration(
            8,
            "It gets better on the text it trains on, but not on text it has not seen: it is starting to memorise. "
            "The best moment was {moment}.",
            {"moment": moment},
            (_STOP_AND_KEEP, _LET_IT_RUN),
        )
    return Narration(
        8,
        "It gets better on the text it trains on, but not on text it has not seen: it is starting to memorise. "
        "The best moment was {moment}; it is kept.",
        {"moment": moment},
        (Action("stop", f"Stop and keep {moment}", {"keep": "best"}), _LET_IT_RUN),
    )


def _nothing_changes(summary: RunSummary, state: State) -> Narration | None:
    """Rule 9."""
    checks = summary.checks()[-6:]
    if state not in LIVE_STATES or len(checks) < 6:
        return None
    for metric in (TRAIN_LOSS, VAL_LOSS):
        values = [value for check in checks if (value := check.metrics.get(metric)) is not None]
        if values and max(values) - min(values) > 0.003 * abs(values[0]):
            return None
    return Narration(
        9,
        "Nothing much changes any more. More of the same will probably not help.",
        actions=(_STOP_AND_KEEP, _LET_IT_RUN),
    )


def _slower(summary: RunSummary, state: State) -> Narration | None:
    """Rule 10."""
    history = summary.speed_over_time
    if state != "running" or len(history) < 20:
        return None
    recent = history.steps >= history.steps[-1] - 120.0
    if history.steps[-1] - history.steps[0] < 240.0 or recent.all():
        return None
    usual = float(np.median(history.values[~recent]))
    # All of the last two minutes must be slow, not one bad moment: their upper quarter is.
    now = float(np.quantile(history.values[recent], 0.75))
    if now > 0.7 * usual:
        return None
    return Narration(
        10,
        "It has become slower: {now} instead of {usual} {unit} a second. Something else may be using the computer, "
        "or it is hot or on battery.",
        {"now": count_text(now), "usual": count_text(usual), "unit": _speed_words(summary)},
        (Action("show_use", "Show use"),),
    )


def _first_gains(summary: RunSummary, state: State) -> Narration | None:
    """Rule 11."""
    if state != "running" or summary.progress >= 0.05 or not _is_falling(summary, TRAIN_LOSS):
        return None
    if (said := first_gains_of_task(summary) or first_language_gains(summary)) is not None:
        return said
    return Narration(11, "The first quick gains: it learns which words are common. Meaning comes later.")


def _going_well(summary: RunSummary, state: State) -> Narration | None:
    """Rule 12; without held-out text it says only what it can see."""
    if state != "running" or not _is_falling(summary, TRAIN_LOSS):
        return None
    if summary.last(VAL_LOSS) is None:
        return Narration(
            12, "The loss is falling. No text is held out, so nothing tells how it does on new text."
        )
    if not _is_falling(summary, VAL_LOSS):
        return None
    return Narration(12, "Going well: it also improves on text it has not seen.")


def _training(summary: RunSummary, state: State) -> Narration | None:
    """Said when no other rule holds, so that the line is never empty while a run works."""
    if state == "stopping":
        return Narration(16, "Stopping: finishing this batch and saving the model.")
    return Narration(16, "Training.") if state == "running" else None


RULES: Sequence[Rule] = (
    _exploded,
    _memory_short,
    _disk_nearly_full,
    _queued,
    _paused,
    _preparing,
    answers_one_class,
    marks_nothing,
    too_good,
    language_at_guessing,
    _no_better_than_guessing,
    _memorising,
    _nothing_changes,
    _slower,
    dived_below_guessing,
    _first_gains,
    _going_well,
    learned_little,
    stopped_early,
    still_improving,
    few_test_rows,
    _training,
    ended,
)


def _speed_words(summary: RunSummary) -> str:
    """What is counted a second."""
    family = family_of_run(summary)
    return family.speed_words if family is not None else "words"


def _checks_since_better(checks: list[Evaluated]) -> list[Evaluated]:
    """The checks after the best one that was at least 0.5 % better than all before it."""
    best, position = float("inf"), -1
    for index, check in enumerate(checks):
        value = check.metrics[VAL_LOSS]
        if value is not None and value < best * (1 - BETTER):
            best, position = value, index
    return checks[position + 1 :] if position >= 0 else []


def _lowest_learned(summary: RunSummary) -> float | None:
    """The lowest main metric of all checks but that before the first step; a kept moment may have a higher one."""
    checks = [check for check in summary.evaluations if check.step > 0] or summary.evaluations
    values = [check.metrics.get(summary.main_metric) for check in checks]
    return min((value for value in values if value is not None), default=None)


def _fell(before: Evaluated, after: Evaluated, metric: str, share: float) -> bool:
    first, last = before.metrics.get(metric), after.metrics.get(metric)
    return first is not None and last is not None and last <= first * (1 - share)


def _is_falling(summary: RunSummary, metric: str) -> bool:
    """Whether the newer half of the last measurements lies below the older half."""
    series = summary.series.get(metric)
    if metric == TRAIN_LOSS and (series is None or len(series) < 2):
        series = summary.series.get(STEP_LOSS)
    values = [] if series is None else [float(v) for v in series.values[-8:] if np.isfinite(v)]
    if len(values) < 2:
        return False
    half = len(values) // 2
    return statistics.fmean(values[half:]) < statistics.fmean(values[:half])
