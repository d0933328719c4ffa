"""What the narrator says of a run that has ended, and what its rules share."""

from __future__ import annotations

from ptft_gui.core.errors import SpecError
from ptft_gui.core.events import Evaluated
from ptft_gui.core.family.registry import Family, family_of
from ptft_gui.core.rundir import State
from ptft_gui.core.summary import VAL_LOSS, RunSummary
from ptft_gui.core.telling.narration import Action, Narration
from ptft_gui.core.wording import score_word

BETTER = 0.005
"""A check is better when it is at least 0.5 % lower than the best so far."""


def stopped_early(summary: RunSummary, state: State) -> Narration | None:
    """Rule 13."""
    final = summary.final
    if state != "finished" or final is None or getattr(final, "reason", "") != "early_stopping":
        return None
    patience = summary.resolved_value("early_stopping", 0)
    best, kept_by = summary.best(), summary.resolved_value("kept_by")
    moment = place_in_words(best.epoch, best.step) if best else "the last one"
    return Narration(
        13,
        "Stopped by itself after {checks} checks without improvement. The best moment ({moment}) is kept.",
        {
            "checks": str(patience),
            "moment": f"{moment}, by {score_word(kept_by)} on held-out rows" if best and kept_by else moment,
        },
    )


def still_improving(summary: RunSummary, state: State) -> Narration | None:
    """Rule 14."""
    checks = summary.checks()
    if kept_by := summary.resolved_value("kept_by"):
        scores = [score for check in checks if (score := check.metrics.get(f"val/{kept_by}")) is not None]
        if len(scores) > 1 and scores[-1] < 1.01 * max(scores[:-1]):
            return None  # the loss may fall long after the last answer has changed
    values = [value for check in checks if (value := check.metrics.get(summary.main_metric)) is not None]
    if state != "finished" or len(values) < 2 or values[-1] > 0.99 * min(values[:-1]):
        return None
    return Narration(
        14,
        "Finished, and it was still improving. Training longer would probably help.",
        actions=(Action("train_longer", "Train half as long again", {"factor": 1.5}),),
    )


def ended(summary: RunSummary, state: State) -> Narration | None:
    """Said of an ended run when no other rule holds."""
    family = family_of_run(summary)
    if state == "finished" and family is not None and not family.is_held_out_decisive and _has_risen(summary):
        return Narration(
            17,
            "Finished. The cost on text it has not seen has risen again, which is usual on a small text; the "
            "neighbours and the agreement with people tell how good the words are.",
        )
    if state == "finished":
        return _after_its_best(summary) or Narration(17, "Finished.")
    if state == "stopped" and not summary.step:
        return Narration(17, "Stopped before it had learned anything; there is no model.")
    if state == "stopped":
        return Narration(
            17, "Stopped at step {step}; the model is kept and can be used.", {"step": f"{summary.step:,}"}
        )
    return None


def _after_its_best(summary: RunSummary) -> Narration | None:
    """Of a run that went on after its best moment: which moment its model is; None where the last was the best."""
    best, checks = summary.best(), with_held_out(summary.checks())
    if best is None or not checks or best.step >= checks[-1].step:
        return None
    values = {"moment": place_in_words(best.epoch, best.step)}
    is_kept = summary.final is not None and summary.final.step == best.step
    if kept_by := summary.resolved_value("kept_by"):
        sentence = "Finished. The best moment ({moment}, by {score} on held-out rows) is kept."
        return Narration(17, sentence, {**values, "score": score_word(kept_by)}) if is_kept else None
    if not _has_risen(summary):
        return None
    seen = "Finished. On text it has not seen it was best at {moment} and got worse after that"
    if is_kept:
        return Narration(17, f"{seen}; that moment is kept.", values)
    return Narration(
        17, f"{seen}. The last moment is kept; the neighbours tell how good the words are.", values
    )


def family_of_run(summary: RunSummary) -> Family | None:
    try:
        return family_of(summary.spec.family, summary.spec.task) if summary.spec else None
    except SpecError:
        return None


def with_held_out(checks: list[Evaluated]) -> list[Evaluated]:
    return [check for check in checks if check.metrics.get(VAL_LOSS) is not None]


def _has_risen(summary: RunSummary) -> bool:
    """Whether the last check of the held-out text was plainly worse than the best."""
    values = [
        value
        for check in with_held_out(summary.checks())
        if (value := check.metrics.get(VAL_LOSS)) is not None
    ]
    return len(values) > 1 and values[-1] > min(values) * (1 + BETTER)


def place_in_words(epoch: float, step: int) -> str:
    return f"epoch {epoch:.0f}" if epoch >= 1 else f"step {step:,}"
