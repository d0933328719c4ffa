"""What the runs of all word vector families have in common, before and after training itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.datasets import dataset_title
from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.telling.narrator_ends import BETTER
from ptft_gui.data.preparation import Preparation
from ptft_gui.engine.registry import Outcome, TrainingRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.text import TrainingText

ALWAYS_KEPT_EPOCHS = 100


def heed_stop(reporter: Reporter) -> None:
    """Between two pieces of work of which each may take seconds on a large text. Raises StoppedByPerson."""
    if reporter.hold_or_stop():
        raise StoppedByPerson


def stopped_early(request: TrainingRequest, reporter: Reporter) -> Outcome:
    """The outcome of an attempt that was asked to stop before its first step."""
    asked = reporter.control.stop_request
    if asked is not None and asked.discard:
        return Outcome("discarded")
    if request.checkpoint is None:
        reporter.notice("nothing_learned", "The run was stopped before it had learned anything.")
    return Outcome("stopped")


def has_few_epochs(values: Mapping[str, Any]) -> bool:
    """Then every epoch is looked at and kept; with very many of them that would take most of the time."""
    epochs = values["epochs"]
    return epochs is not None and epochs <= ALWAYS_KEPT_EPOCHS


def tell_about_text(text: TrainingText, values: Mapping[str, Any], reporter: Reporter) -> None:
    """What was noticed in the text, and that nothing is held out where that is so."""
    for message in text.facts["notices"]:
        reporter.notice("text", message)
    if text.val_sentence_count:
        return
    detail = str(text.facts["split"]["sentence"])
    if values["early_stopping"]:
        detail += " The run cannot stop early without it."
    reporter.notice("nothing_held_out", "No text is held out, so there is no held-out curve.", detail.strip())


@dataclass
class Checks:
    """How the checks at epochs' ends went: the lowest score, and how many came since without anything better.

    ``best_loss``: the lowest held-out loss, where the score is counted in another way.
    """

    best: float | None = None
    stale_checks: int = 0
    best_loss: float | None = None

    def note(self, score: float | None, loss: float | None = None, better: float = BETTER) -> bool:
        """Compare with the best so far; whether this one is better by enough to count: by the share ``better``.

        A check of which only the ``loss`` is plainly lower than ever is not the best moment, but no stale one either:
        a score that counts whole answers may move long after the loss has begun to fall.
        """
        is_better = _is_lower(score, self.best, better)
        if is_better:
            self.best = score
        has_lower_loss = _is_lower(loss, self.best_loss, BETTER)
        if has_lower_loss:
            self.best_loss = loss
        self.stale_checks = 0 if is_better or has_lower_loss else self.stale_checks + 1
        return is_better


def _is_lower(value: float | None, best: float | None, share: float) -> bool:
    return value is not None and (best is None or value < best * (1 - share))


def model_config(
    run: RunDir,
    spec: RunSpec,
    values: Mapping[str, Any],
    *,
    min_count: int,
    delimiter: str | None,
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    """All that is needed to ask the vectors a question in the way they were trained.

    ``min_count``: the limit that was in force; ``facts``: of the moment that was kept.
    """
    return {
        "family": spec.family,
        "name": run.title(),
        "dataset": spec.data.dataset,
        "dataset_title": dataset_title(spec.data.dataset),
        "preparation": Preparation.from_settings(values).to_record(),
        "phrase_delimiter": delimiter,
        "min_count": min_count,
        "options": {key: values[key] for key in spec.options},
        "total_words": values["total_words"],
        **({"initial": values["initial"]} if values.get("initial") else {}),
        **facts,
    }
