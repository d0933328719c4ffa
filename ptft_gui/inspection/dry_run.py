"""What a run would take, measured on a few real steps of the real thing: ``train --dry-run`` and the fit check."""

from __future__ import annotations

import shutil
import statistics
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.definition import FULL
from ptft_gui.core.family.learning_options import PROCESSES
from ptft_gui.core.family.registry import Family, family_of
from ptft_gui.core.finetune_proposals import propose_epochs
from ptft_gui.core.fit import Estimate
from ptft_gui.core.proposals import EPOCHS_OF_A_TASK, TextFacts, propose_options
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import SPEED_COLUMNS, RunSummary
from ptft_gui.inspection.dry_run_length import length_of
from ptft_gui.inspection.trial import Trial, refuse_beside_a_run, run_trial
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

TRIAL_STEPS = 20
KEPT_CHECKPOINTS = 3
"""The newest two and the best."""


def dry_run(
    spec: RunSpec, runs: Path, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> Estimate:
    """Measure a few steps of the run that ``spec`` asks for. ``runs``: where none may be training meanwhile.

    Raises :class:`PtftError`, :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    refuse_beside_a_run(runs)
    family = family_of(spec.family, spec.task)
    if family.reads_raw_text and spec.task is None:
        # it looks at the text with the tokenizers library, which word vectors have no use for
        from ptft_gui.inspection.dry_run_language import language_estimate

        return language_estimate(spec, runs, progress, should_stop)
    estimate = _estimate(spec, family, run_trial(short(spec), runs, progress, should_stop))
    free = room(runs)
    return replace(
        estimate,
        free_memory_bytes=free["free_memory_bytes"],
        free_disk_bytes=free["free_disk_bytes"],
    )


def short(spec: RunSpec, **changes: Any) -> RunSpec:
    """The same run, ended after a few steps, with other ``changes`` of its options.

    One process measures, also for a run of several: what it tells is the longest that they together take.
    """
    limits = {
        "max_steps": TRIAL_STEPS,
        "epochs": None,
        "max_minutes": None,
        "finish_by": None,
        "early_stopping": 0,
    }
    alone = {PROCESSES.key: 1} if PROCESSES.key in spec.options else {}
    return spec.model_copy(update={"options": {**spec.options, **limits, **alone, **changes}})


def measured_speed(summary: RunSummary) -> float:
    """Words, pairs, texts or tokens a second, of the later half: the first steps wait for memory and caches."""
    series = next((summary.series[name] for name in SPEED_COLUMNS if name in summary.series), None)
    measured = [value for value in series.values.tolist() if value > 0] if series is not None else []
    if not measured:
        raise PtftError(
            "The text is too short to be measured.",
            "It was read through before a speed could be told.",
            "Start the run itself: it takes a moment only.",
        )
    return float(statistics.median(measured[len(measured) // 2 :]))


def room(runs: Path) -> dict[str, int]:
    """How much memory and disk are free now."""
    place = next((path for path in (runs, *runs.parents) if path.is_dir()), Path.home())
    return {
        "free_memory_bytes": int(psutil.virtual_memory().available),
        "free_disk_bytes": int(shutil.disk_usage(place).free),
    }


def _estimate(spec: RunSpec, family: Family, trial: Trial) -> Estimate:
    summary = trial.summary
    values = summary.resolved.values if summary.resolved else {}
    speed, step_size = measured_speed(summary), int(values[family.step_size_key])
    minutes, epochs = length_of(spec.options, *_units_to_train(spec, family, values), speed)
    return Estimate(
        parameters=int(values["parameters"]),
        vocabulary_size=int(values.get("vocabulary_size") or 0),
        seconds_per_step=step_size / speed,
        words_per_second=speed if family.reads_text_each_epoch else None,
        pairs_per_second=speed if family.step_unit == "pairs" else None,
        texts_per_second=speed if family.step_unit == "texts" else None,
        peak_memory_bytes=trial.peak_bytes,
        epochs=epochs,
        minutes=minutes,
        micro_batch_size=int(values.get("micro_batch_size") or step_size),
        measured_steps=summary.step,
        global_batch_size=step_size,
        disk_bytes=KEPT_CHECKPOINTS * trial.checkpoint_bytes + trial.model_bytes,
    )


def _units_to_train(spec: RunSpec, family: Family, values: dict[str, Any]) -> tuple[float, float | None]:
    """The words, pairs or texts of the whole run, and its epochs where they are what limits it."""
    steps = spec.options.get("max_steps")
    if isinstance(steps, int):
        return float(steps * values[family.step_size_key]), None
    asked = spec.options.get("epochs")
    if spec.task is not None:
        rows = int(values["parts"]["train"])
        rounds = asked if isinstance(asked, int) else _epochs_of_task(spec, family, rows, values)
        return float(rounds * rows), float(rounds)
    facts = TextFacts(int(values["total_words"]), dict.fromkeys((1, 2, 3, 5), int(values["vocabulary_size"])))
    proposals = propose_options(family.key, spec.preset, facts)
    epochs = asked if isinstance(asked, int) else proposals["epochs"].value
    an_epoch = values["train_words" if family.reads_text_each_epoch else "pairs"]
    return float(epochs * an_epoch), float(epochs)


def _epochs_of_task(spec: RunSpec, family: Family, rows: int, values: dict[str, Any]) -> int:
    """What is proposed where a person chose nothing: of a language model by its method and the rows."""
    if family.saves_word_vectors:
        return EPOCHS_OF_A_TASK.get(spec.preset, EPOCHS_OF_A_TASK["quick"])
    batch = int(values["global_batch_size"])
    return int(propose_epochs(spec.preset, spec.method or FULL, rows, batch).value)
