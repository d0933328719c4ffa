"""What the narrator says of a run that learns a language from plain text, where other words suit it."""

from __future__ import annotations

from ptft_gui.core.rundir import LIVE_STATES, State
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.narration import Action, Narration

_DIVE_RULE = 10
"""Above the two that only say that the loss falls, and kept for ten seconds."""


def reads_language(summary: RunSummary) -> bool:
    """Whether a BERT or a GPT learns from plain text: it pre-trains, goes on, or is tuned to write."""
    spec = summary.spec
    return spec is not None and spec.family in ("bert", "gpt") and spec.task in (None, "writing")


def _fills_blanks(summary: RunSummary) -> bool:
    return reads_language(summary) and summary.spec is not None and summary.spec.family == "bert"


def tokens_word(summary: RunSummary) -> str:
    """What its text is cut into, as a person calls it."""
    is_characters = summary.resolved_value("tokenizer") == "characters"
    return "characters" if is_characters else "pieces of words"


def language_at_guessing(summary: RunSummary, state: State) -> Narration | None:
    """Rule 7, for tokens: a small BERT stays at the plain frequencies for long, and that is no fault."""
    best, guessing = summary.best(), summary.guessing()
    if state not in LIVE_STATES or not reads_language(summary) or best is None or guessing is None:
        return None
    if best.value < guessing or summary.progress < 0.1:
        return None
    if _fills_blanks(summary) and summary.progress < 0.5:
        return Narration(
            7,
            "So far it only knows how common each token is. A small BERT often stays here for a while before it uses "
            "the words around a blank.",
        )
    return Narration(
        7,
        "So far it does no better than guessing by how common a token is. The learning rate may be too small, or the "
        "text or the run too short.",
        actions=(
            Action("show_data", "Check the data"),
            Action("new_run_triple_rate", "New run with 3 x learning rate"),
        ),
    )


def dived_below_guessing(summary: RunSummary, state: State) -> Narration | None:
    """The moment at which the curve crosses the dashed line: from the check that saw it to the next one."""
    guessing = summary.baselines.get(summary.main_metric)
    checks = [check for check in summary.evaluations if check.metrics.get(summary.main_metric) is not None]
    if state not in LIVE_STATES or not reads_language(summary) or guessing is None or len(checks) < 2:
        return None
    before, now = (check.metrics[summary.main_metric] or 0.0 for check in checks[-2:])
    if not now < guessing.value <= before:
        return None
    around = "what stands on both sides" if _fills_blanks(summary) else "what stands before"
    return Narration(
        _DIVE_RULE,
        "At step {step} the curve went below guessing: it no longer only knows which {tokens} are common, it uses "
        + f"{around}.",
        {"step": f"{checks[-1].step:,}", "tokens": tokens_word(summary)},
    )


def first_language_gains(summary: RunSummary) -> Narration | None:
    """Rule 11, for tokens."""
    if not reads_language(summary):
        return None
    if summary.resolved_value("tokenizer") == "characters":
        return Narration(
            11, "The first quick gains: it learns which characters are common. Words come later."
        )
    return Narration(
        11, "The first quick gains: it learns which words and pieces are common. Sentences come later."
    )


def hover_note(summary: RunSummary) -> str:
    """Why the training curve of such a run may lie above the held-out one; "" where there is no such reason."""
    if not reads_language(summary):
        return ""
    if summary.resolved_value("dropout"):
        return "Training is measured while parts are switched off, so it can lie above held-out."
    if _fills_blanks(summary):
        return "Training has ever new blanks, held-out always the same ones, so the curves may cross."
    return ""
