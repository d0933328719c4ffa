"""What the buttons beside a run's sentences do: changes for a new run, worked out from the old one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.data_request import FOLDS
from ptft_gui.core.events import Failed, StartFailed
from ptft_gui.core.run_corrections import corrected_spec, corrections_of_run
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import RunSummary

translate = QCoreApplication.translate

_RATE_FACTORS = {"new_run_half_rate": 0.5, "new_run_triple_rate": 3.0}
_LENGTHS = ("max_steps", "max_minutes", "epochs")


def changes_for(action: str, argument: dict[str, Any], summary: RunSummary) -> dict[str, Any] | None:
    """The option values that a *New run with ...* button puts over the old ones; None for another action."""
    if action in _RATE_FACTORS:
        return with_rate(summary, _RATE_FACTORS[action])
    if action == "train_longer":
        return with_length(summary, float(argument.get("factor", 1.5)))
    if action in ("new_run_with", "duplicate"):
        return dict(argument)
    if action == "fix_and_start_again":
        return _first_remedy(summary.failure)
    return {} if action == "show_data" else None


def fold_specs(spec: RunSpec, title: str) -> list[RunSpec]:
    """The five runs that test a fifth of the rows each, with the settings of one that is there."""
    words = translate("RunDesk", "{title} - part {fold} of {folds}")
    return [
        spec.model_copy(
            update={
                "name": words.format(title=title, fold=fold, folds=FOLDS),
                "data": spec.data.model_copy(update={"fold": fold}),
            }
        )
        for fold in range(1, FOLDS + 1)
    ]


def corrected_run(run: RunDir) -> RunSpec:
    """The same run, to learn from what a person corrected. Raises SpecError, DataError."""
    corrections = corrections_of_run(run)
    if len(corrections) == 1:
        told = translate("RunDesk", "1 correction")
    elif corrections:
        told = translate("RunDesk", "{count} corrections").format(count=f"{len(corrections):,}")
    else:
        told = translate("RunDesk", "no corrections")
    return corrected_spec(run.read_spec(), corrections, f"{run.title()} - {told}")


def with_rate(summary: RunSummary, factor: float) -> dict[str, Any]:
    """The learning rate times ``factor``, to three digits."""
    rate = summary.resolved_value("learning_rate")
    return {"learning_rate": float(f"{rate * factor:.3g}")} if isinstance(rate, int | float) else {}


def with_length(summary: RunSummary, factor: float) -> dict[str, Any]:
    """The length of the run times ``factor``, in the measure that the run was given."""
    options = summary.spec.options if summary.spec else {}
    measure = next((key for key in _LENGTHS if options.get(key)), "epochs")
    length = summary.resolved_value(measure)
    if not isinstance(length, int | float):
        return {}
    longer = length * factor
    return {measure: longer if measure == "max_minutes" else max(round(longer), int(length) + 1)}


def _first_remedy(failure: Failed | StartFailed | None) -> dict[str, Any]:
    """The settings that the failure itself proposes."""
    for remedy in failure.remedies if failure else ():
        if remedy.get("action") == "new_run_with":
            return dict(remedy.get("argument") or {})
    return {}
