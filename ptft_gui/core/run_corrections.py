"""The corrections that belong to a run: those it learned from, and those made in its folder since."""

from __future__ import annotations

from ptft_gui.core.corrections import CORRECTIONS_FILE, Correction, effective_corrections
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import RunSpec


def corrections_of_run(run: RunDir) -> tuple[Correction, ...]:
    """By row, from the first on. Raises SpecError, DataError."""
    found = effective_corrections(run.read_spec().data.corrections, run.path / CORRECTIONS_FILE)
    return tuple(correction for _, correction in sorted(found.items()))


def corrected_spec(spec: RunSpec, corrections: tuple[Correction, ...], name: str) -> RunSpec:
    """The same run on corrected rows."""
    data = spec.data.model_copy(update={"corrections": corrections})
    return spec.model_copy(update={"data": data, "name": name})


def request_to_repeat(run: RunDir) -> RunSpec:
    """What a run was asked for, under the name that it has now, on rows as they were corrected up to now.

    For *Duplicate as new run* and what builds on it: whoever corrects a label beside a run's mistakes and then starts
    the run anew means the corrected rows. Raises SpecError, DataError.
    """
    return corrected_spec(run.read_spec(), corrections_of_run(run), run.title())


def later_corrections(run: RunDir) -> tuple[Correction, ...]:
    """What a person corrected since the run began, and took back of what it learned from; by row.

    Raises SpecError, DataError.
    """
    learned = {each.key: each for each in run.read_spec().data.corrections}
    now = effective_corrections(learned.values(), run.path / CORRECTIONS_FILE)
    changed = [key for key in sorted({*learned, *now}) if learned.get(key) != now.get(key)]
    return tuple(now.get(key) or learned[key] for key in changed)
