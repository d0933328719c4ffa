"""What a run that starts from a model measured before its first step, and at the moment that is kept."""

from __future__ import annotations

from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.headline_tasks import SCORES
from ptft_gui.core.wording import three_digits

_OF_CLASSES = "Held-out rows answered right"
_WHAT = {
    "multilabel": "Micro F1 on held-out rows (1 is every label right)",
    "pair-similarity": "Spearman's correlation on held-out rows (1 is the order people gave)",
    "question-answering": "F1 on held-out rows (1 is every answer word for word)",
    "tagging": "F1 of held-out names (1 is every name found whole, no other)",
    "reply": "Perplexity of held-out replies (it wavers among that many tokens)",
}


def before_and_after(summary: RunSummary) -> str:
    """ "Held-out rows answered right: 0.541 before, 0.748 after."; "" where one of both was not measured."""
    spec, best = summary.spec, summary.best()
    if spec is None or best is None or not (spec.task or spec.init):
        return ""
    if spec.task is None:
        metric, what = summary.main_metric, "Held-out loss (lower is better)"
        what = what if metric == "val/loss" else "Loss on the text it learned from (lower is better)"
    else:
        name = SCORES[spec.task][0] if spec.task in SCORES else "accuracy"
        metric, what = f"val/{name}", _WHAT.get(spec.task, _OF_CLASSES)
    before, after = _at(summary, metric, 0), _at(summary, metric, best.step)
    if before is None or after is None:
        return ""
    return f"{what}: {three_digits(before)} before, {three_digits(after)} after."


def _at(summary: RunSummary, metric: str, step: float) -> float | None:
    """What a metric was at a step."""
    found = next((each for each in summary.evaluations if each.step == step), None)
    return None if found is None else found.metrics.get(metric)
