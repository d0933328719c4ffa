"""The headline sentence of a run, its one number for lists, and what may be done with it now."""

from __future__ import annotations

from ptft_gui.core.family.registry import family_of, get_family
from ptft_gui.core.rundir import State
from ptft_gui.core.summary import VAL_LOSS, RunSummary
from ptft_gui.core.telling.headline_tasks import scored_headline, scored_number, steps_after_task
from ptft_gui.core.telling.narrator import Action
from ptft_gui.core.telling.narrator_language import reads_language
from ptft_gui.core.wording import duration_text, percent_text, three_digits

STATE_WORDS: dict[State, str] = {
    "queued": "waiting",
    "starting": "starting",
    "running": "running",
    "paused": "paused",
    "stopping": "stopping",
    "finished": "finished",
    "stopped": "stopped",
    "failed": "failed",
    "start_failed": "did not start",
    "lost": "lost",
}


def headline(summary: RunSummary, state: State) -> str:
    """One sentence: what the run is doing or what came of it."""
    if state in ("running", "paused", "stopping") and summary.step > 0:
        return _live_headline(summary, state)
    if state in ("finished", "stopped"):
        return _ended_headline(summary, state)
    if state in ("failed", "start_failed"):
        return summary.failure.message if summary.failure else "The run did not start."
    return {
        "queued": "Waiting for its turn.",
        "starting": "Starting.",
        "lost": "The run ended without a word.",
    }.get(state, "Getting ready.")


def _live_headline(summary: RunSummary, state: State) -> str:
    parts = [f"{percent_text(summary.progress)} done"]
    epochs = summary.resolved_value("epochs")
    if epochs and epochs > 1:
        parts.append(f"epoch {min(int(summary.epoch) + 1, epochs)} of {epochs}")
    parts.append(loss_text(summary))
    left = summary.seconds_left()
    if state == "running" and left is not None:
        parts.append(f"about {duration_text(left)} left")
    return ", ".join(part for part in parts if part) + "."


def loss_text(summary: RunSummary) -> str:
    """ "held-out loss 2.11 (guessing: 4.16)", or of the training text where nothing is held out."""
    value = _told_loss(summary)
    if value is None:
        return ""
    kind = "held-out" if summary.main_metric == VAL_LOSS else "training"
    guessing = summary.guessing()
    compared = f" (guessing: {three_digits(guessing)})" if guessing is not None else ""
    return f"{kind} loss {three_digits(value)}{compared}"


def _told_loss(summary: RunSummary) -> float | None:
    """The newest loss; of an ended run that of the moment its model was kept from, which may be an earlier one."""
    kept = summary.final.metrics.get(summary.main_metric) if summary.final is not None else None
    return summary.last(summary.main_metric) if kept is None else kept


def _ended_headline(summary: RunSummary, state: State) -> str:
    if not summary.step:
        return "Ended before it had learned anything; there is no model."
    if _has_stopped_before_going_on(summary, state):
        return f"Stopped before it went on from its checkpoint of step {summary.step:,}."
    if (scored := _task_headline(summary, state)) is not None:
        return scored
    words = summary.resolved_value("vocabulary_size")
    seconds = (summary.final.seconds if summary.final else 0.0) or summary.active_seconds
    learned = f"Learned {words:,} words in {duration_text(seconds)}" if words else "Ended"
    if (tokens := summary.last("tokens")) is not None:
        learned = f"Learned from {tokens:,.0f} tokens in {duration_text(seconds)}"
    loss = loss_text(summary)
    ending = (
        "" if state == "finished" else f"; stopped at {percent_text(summary.progress)}, the model is kept"
    )
    return f"{learned}{': ' + loss if loss else ''}{ending}."


def _task_headline(summary: RunSummary, state: State) -> str | None:
    """ "Sorts texts into 6 classes: 0.71 right on the test rows; always "sports" would be 0.22 right." """
    ending = (
        "" if state == "finished" else f" Stopped at {percent_text(summary.progress)}, the model is kept."
    )
    if (other := scored_headline(summary)) is not None:
        return f"{other}{ending}"
    labels = summary.resolved_value("labels")
    score = accuracy_text(summary)
    if not labels or not score:
        return None
    counts: dict[str, int] = summary.resolved_value("label_counts") or {}
    commonest = max(counts, key=lambda label: counts[label], default="")
    plain = summary.baselines.get("test/accuracy") or summary.baselines.get("val/accuracy")
    is_known = bool(commonest) and plain is not None
    compared = (
        f'; always "{commonest}" would be {three_digits(plain.value)} right' if is_known and plain else ""
    )
    return f"Sorts texts into {len(labels)} classes: {score}{compared}.{ending}"


def accuracy_text(summary: RunSummary) -> str:
    """ "0.71 right on the test rows", or on the held-out rows where no test rows are; empty where nothing is sorted."""
    for metric, rows in (("test/accuracy", "test"), ("val/accuracy", "held-out")):
        value = summary.last(metric)
        if value is not None and summary.resolved_value("task"):
            return f"{three_digits(value)} right on the {rows} rows"
    return ""


def _has_stopped_before_going_on(summary: RunSummary, state: State) -> bool:
    """Whether a resumed run was stopped while it waited or prepared: it has its checkpoints and no model."""
    return state == "stopped" and summary.final is not None and not summary.final.step and summary.step > 0


def list_number(summary: RunSummary, state: State) -> str:
    """The one number beside a run in a list: how far a live one is, the loss of an ended one."""
    if state in ("running", "paused", "stopping"):
        return percent_text(summary.progress)
    if (scored := scored_number(summary)) is not None:
        return scored
    if summary.resolved_value("task") and (
        right := summary.last("test/accuracy") or summary.last("val/accuracy")
    ):
        return f"{three_digits(right)} right"
    value = _told_loss(summary)
    return f"loss {three_digits(value)}" if state in ("finished", "stopped") and value is not None else ""


def failure_in_four_words(summary: RunSummary, state: State) -> str:
    """Why a run failed, short enough for a list."""
    if state == "lost":
        return "ended without a word"
    if state not in ("failed", "start_failed"):
        return ""
    message = summary.failure.message if summary.failure else "it did not start"
    return " ".join(message.rstrip(".").split()[:6])


def next_steps(summary: RunSummary, state: State) -> tuple[Action, ...]:
    """The buttons under *What now?* of an ended run."""
    family = family_of(summary.spec.family, summary.spec.task) if summary.spec else None
    if state == "stopped" and not summary.step:
        return (Action("duplicate", "Duplicate as new run"),)
    if _has_stopped_before_going_on(summary, state):
        return (Action("resume", f"Resume from step {summary.step:,}"), Action("open_log", "Open log"))
    if state in ("finished", "stopped") and (after := steps_after_task(summary)):
        return after
    if state in ("finished", "stopped") and family is not None and family.saves_word_vectors:
        return (
            Action("explore", "Explore words"),
            Action("export", "Export"),
            Action("go_on", "Go on with new text"),
            Action("duplicate", "Duplicate as new run"),
        )
    if state in ("finished", "stopped") and reads_language(summary):
        return _language_steps(summary, state)
    if state == "lost" and summary.checkpoints:
        step = summary.checkpoints[-1].step
        return (Action("resume", f"Resume from step {step:,}"), Action("open_log", "Open log"))
    if state in ("failed", "start_failed", "lost"):
        return (Action("fix_and_start_again", "Fix and start again"), Action("open_log", "Open log"))
    return ()


def _language_steps(summary: RunSummary, state: State) -> tuple[Action, ...]:
    """What a model that has read a language is good for."""
    family = get_family(summary.spec.family) if summary.spec else None
    steps = [Action("try_it", "Try it")]
    if family is not None and family.tasks:
        steps.append(Action("fine_tune", "Fine-tune this model"))
    if state == "finished":
        steps.append(Action("train_longer", "Train longer", {"factor": 1.5}))
    elif summary.checkpoints:
        step = summary.checkpoints[-1].step
        steps.append(Action("resume", f"Go on from step {step:,}"))
    return tuple(steps)
