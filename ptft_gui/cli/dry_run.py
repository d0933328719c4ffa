"""``ptft-gui train --dry-run``: what a run would take, measured on a few real steps of the real thing.

The trial is a run like any other, in a temporary folder: same worker, same engine, same text. Its steps are measured
and it is thrown away.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import tempfile
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from ptft_gui.cli.follow import End, follow
from ptft_gui.cli.outcome import last_line
from ptft_gui.cli.output import print_json
from ptft_gui.cli.progress import Display
from ptft_gui.core.errors import PtftError
from ptft_gui.core.families import Family, family_of
from ptft_gui.core.language_proposals import tokens_to_read
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.proposals import EPOCHS_OF_A_TASK, TextFacts, propose_options
from ptft_gui.core.rundir import LIVE_STATES, RunDir, create_run, list_runs
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import SPEED_COLUMNS, RunSummary
from ptft_gui.core.wording import bytes_text, count_text, duration_text

_TRIAL_STEPS = 20
_LOOK_EVERY_S = 0.05


@dataclass(frozen=True)
class Estimate:
    """What was measured, and what follows from it. ``minutes`` counts training alone, not reading or counting text.

    Of the four speeds one is known: that of what the family's steps are made of.
    """

    parameters: int
    vocabulary_size: int
    seconds_per_step: float
    words_per_second: float | None
    pairs_per_second: float | None
    peak_memory_bytes: int
    epochs: float | None
    minutes: float
    micro_batch_size: int
    measured_steps: int
    tokens_per_second: float | None = None
    texts_per_second: float | None = None


def dry_run(spec: RunSpec, runs: Path) -> Estimate:
    """Measure a few steps of the run that ``spec`` asks for. Raises :class:`PtftError`."""
    busy = next((run for run in list_runs(runs) if run.state() in LIVE_STATES), None)
    if busy is not None:
        raise PtftError(
            f"{busy.title()} is being trained now, so nothing can be measured beside it.",
            hint="Try again when it has ended.",
        )
    with tempfile.TemporaryDirectory(prefix="ptft-trial-") as folder:
        run = create_run(Path(folder), _trial_of(spec))
        worker = launch_worker(run)
        with _MemoryWatch(worker) as memory:
            end = follow(run, worker, Display(io.StringIO()))
        _check_end(run, end)
    return _estimate(spec, end.summary, memory.peak_bytes)


def _trial_of(spec: RunSpec) -> RunSpec:
    """The same run, ended after a few steps."""
    limits = {
        "max_steps": _TRIAL_STEPS,
        "epochs": None,
        "max_minutes": None,
        "finish_by": None,
        "early_stopping": 0,
    }
    return spec.model_copy(update={"options": {**spec.options, **limits}})


def _check_end(run: RunDir, end: End) -> None:
    if end.state == "finished" and end.summary.step > 0:
        return
    failure = end.summary.failure
    if failure is not None:
        raise PtftError(failure.message, failure.detail, failure.hint)
    raise PtftError("The trial did not come to its end.", last_line(run), "Start the run itself to see more.")


def _estimate(spec: RunSpec, summary: RunSummary, peak_bytes: int) -> Estimate:
    values = summary.resolved.values if summary.resolved else {}
    family = family_of(spec.family, spec.task)
    if family.reads_raw_text:
        return _language_estimate(spec, summary, peak_bytes)
    speed = _speed(summary)
    step_size = int(values[family.step_size_key])
    units, epochs = _units_to_train(spec, family, values)
    limit = spec.options.get("max_minutes")
    return Estimate(
        parameters=int(values["parameters"]),
        vocabulary_size=int(values["vocabulary_size"]),
        seconds_per_step=step_size / speed,
        words_per_second=speed if family.reads_text_each_epoch else None,
        pairs_per_second=speed if family.step_unit == "pairs" else None,
        texts_per_second=speed if family.step_unit == "texts" else None,
        peak_memory_bytes=peak_bytes,
        epochs=epochs,
        minutes=float(limit) if isinstance(limit, int | float) else units / speed / 60,
        micro_batch_size=step_size,
        measured_steps=summary.step,
    )


def _language_estimate(spec: RunSpec, summary: RunSummary, peak_bytes: int) -> Estimate:
    values = summary.resolved.values if summary.resolved else {}
    speed, limit = _speed(summary), spec.options.get("max_minutes")
    tokens, epochs = tokens_to_read(spec.family, spec.preset, spec.options, values)
    return Estimate(
        parameters=int(values["parameters"]),
        vocabulary_size=int(values["tokens_in_vocabulary"]),
        seconds_per_step=int(values["batch_tokens"]) / speed,
        words_per_second=None,
        pairs_per_second=None,
        peak_memory_bytes=peak_bytes,
        epochs=epochs,
        minutes=float(limit) if isinstance(limit, int | float) else tokens / speed / 60,
        micro_batch_size=int(values["micro_batch_size"]),
        measured_steps=summary.step,
        tokens_per_second=speed,
    )


def _speed(summary: RunSummary) -> float:
    """Words or pairs a second."""
    series = next((summary.series[name] for name in SPEED_COLUMNS if name in summary.series), None)
    measured = [value for value in series.values.tolist() if value > 0] if series is not None else []
    if not measured:
        raise PtftError(
            "The text is too short to be measured.",
            "It was read through before a speed could be told.",
            "Start the run itself: it takes a moment only.",
        )
    return float(statistics.median(measured))


def _units_to_train(spec: RunSpec, family: Family, values: dict[str, Any]) -> tuple[float, float | None]:
    """The words, or pairs, of the whole run, and its epochs where they are what limits it."""
    steps = spec.options.get("max_steps")
    if isinstance(steps, int):
        return float(steps * values[family.step_size_key]), None
    asked = spec.options.get("epochs")
    if spec.task is not None:
        rounds = asked if isinstance(asked, int) else EPOCHS_OF_A_TASK.get(spec.preset, 20)
        return float(rounds * int(values["parts"]["train"])), float(rounds)
    facts = TextFacts(int(values["total_words"]), dict.fromkeys((1, 2, 3, 5), int(values["vocabulary_size"])))
    proposals = propose_options(family.key, spec.preset, facts)
    epochs = asked if isinstance(asked, int) else proposals["epochs"].value
    an_epoch = values["train_words" if family.reads_text_each_epoch else "pairs"]
    return float(epochs * an_epoch), float(epochs)


class _MemoryWatch:
    """Looks at a process's memory until it ends."""

    def __init__(self, worker: subprocess.Popen[bytes]) -> None:
        self.peak_bytes = 0
        self._worker = worker
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory of the trial")

    def __enter__(self) -> _MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        with suppress(psutil.Error):
            process = psutil.Process(self._worker.pid)
            while not self._is_over.wait(_LOOK_EVERY_S):
                self.peak_bytes = max(self.peak_bytes, process.memory_info().rss)


def print_estimate(estimate: Estimate, as_json: bool) -> None:
    """The estimate in words, or as one line of JSON."""
    if as_json:
        print_json(asdict(estimate))
        return
    epochs = f", {estimate.epochs:g} epochs" if estimate.epochs else ""
    speeds = {
        "words": estimate.words_per_second,
        "pairs": estimate.pairs_per_second,
        "texts": estimate.texts_per_second,
        "tokens": estimate.tokens_per_second,
    }
    unit, speed = next(((unit, speed) for unit, speed in speeds.items() if speed), ("words", 0.0))
    size = round(estimate.seconds_per_step * speed)
    counted = "tokens" if unit == "tokens" else "words"
    print(
        f"About {duration_text(estimate.minutes * 60)} of training{epochs}, at "
        f"{count_text(speed)} {unit} a second ({estimate.seconds_per_step:.2g} s a step of "
        f"{size:,} {unit})."
    )
    print(
        f"{estimate.vocabulary_size:,} {counted}, {count_text(estimate.parameters)} numbers to learn, "
        f"{bytes_text(estimate.peak_memory_bytes)} of memory. Measured on {estimate.measured_steps} steps."
    )
