"""The trial of a language model.

It is measured with the first part of its text. Where even a few of its real batches would take minutes, smaller ones
are taken, and what a whole batch adds is computed. What was measured is kept in the cache: another length of the same
run needs no other trial.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from ptft_gui.core.atomic import write_text_atomically
from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.language_sizes import SIZES, numbers_to_learn
from ptft_gui.core.family.language_starts import glance_at_language
from ptft_gui.core.family.registry import LENGTH_OPTIONS
from ptft_gui.core.fingerprints import files_under
from ptft_gui.core.fit import Estimate
from ptft_gui.core.language_proposals import (
    propose_cutting,
    propose_micro_batch_size,
    propose_training,
    size_like,
    tokens_to_read,
)
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.proposals import resolve
from ptft_gui.core.spec import DataSpec, RunSpec
from ptft_gui.engine.device import has_graphics_card
from ptft_gui.inspection.cutting import TextLook, look_at_text, tokenizer_from, tokenizer_of
from ptft_gui.inspection.dry_run import KEPT_CHECKPOINTS, measured_speed, room, short
from ptft_gui.inspection.dry_run_length import length_of
from ptft_gui.inspection.trial import run_trial
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

_VERSION = 1
_FOLDER = "trials"
_MOST_KEPT = 200
_LONGEST_MINUTES, _FEWEST_STEPS = 0.2, 2
_STEP_OPERATIONS = {"cpu": 1e11, "cuda": 1e14}
"""Multiplications of one step that a trial takes in its stride."""
_MUON_OPERATIONS = 300
"""Muon makes the matrices of a layer orthogonal in five rounds: of width w about 300 w^3 multiplications."""
_NO_PART_OF_IT = frozenset({option.key for option in LENGTH_OPTIONS} | {"seed", "early_stopping"})


@dataclass(frozen=True)
class _Asked:
    """A run as its trial must know it: the text, the values that would be proposed for all of it, its tokens."""

    spec: RunSpec
    text: TextLook
    values: dict[str, Any]
    vocabulary: int
    tokens: int

    @property
    def batch_tokens(self) -> int:
        return int(self.values["global_batch_size"]) * int(self.values["block_size"])

    @property
    def numbers(self) -> int:
        return numbers_to_learn(self.spec.family, self.values, self.vocabulary)


@dataclass(frozen=True)
class _Measured:
    """What a trial told, in the form in which it is kept."""

    tokens_per_second: float
    peak_memory_bytes: int
    parameters: int
    vocabulary_size: int
    disk_bytes: int
    measured_steps: int


def language_estimate(
    spec: RunSpec, runs: Path, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> Estimate:
    """Raises PtftError, StoppedByPerson."""
    asked = _understand(spec, progress, should_stop)
    kept = cache_folder() / _FOLDER / f"{_key_of(asked)}.json"
    measured = _read(kept)
    if measured is None:
        measured = _measure(asked, runs, progress, should_stop)
        _keep(kept, measured)
    return _estimate(asked, measured, runs)


def _understand(spec: RunSpec, progress: Progress, should_stop: ShouldStop) -> _Asked:
    seed = spec.options.get("seed")
    text = look_at_text(spec.data, seed if isinstance(seed, int) else 1, progress, should_stop)
    start = glance_at_language(spec.init) if spec.init else None
    place = spec.init or spec.options.get("tokenizer_from")
    tokenizer = (
        tokenizer_from(str(place), spec.family)
        if place
        else tokenizer_of(text, spec.data, spec.family, spec.options, progress, should_stop)
    )
    beginning = text.beginning()
    a_token = len(beginning) / max(len(tokenizer.encode(beginning)), 1)
    tokens = max(1, round(text.train_characters / a_token))
    cutting = propose_cutting(spec.family, spec.preset, text.facts(), spec.options)
    values, _ = resolve(spec.options, cutting)
    if place:
        values = {**values, "tokenizer": tokenizer.plan.kind, "vocab_size": tokenizer.size}
    if start is not None:
        shape = {"layers": start.layers, "width": start.width, "heads": start.heads}
        values = {**values, **shape, "model_size": size_like(start.layers, start.width)}
    positions = start.positions if start is not None else 0
    training = propose_training(
        spec.family, spec.preset, tokens, values, goes_on=start is not None, positions=positions
    )
    values, _ = resolve(values, training)
    plain: dict[str, Any] = dict(values)
    plain["device"] = plain["device"] or ("cuda" if has_graphics_card() else "cpu")
    plain["micro_batch_size"] = plain["micro_batch_size"] or propose_micro_batch_size(
        plain["device"], int(plain["block_size"]), int(plain["global_batch_size"])
    )
    return _Asked(spec, text, plain, tokenizer.size, tokens)


def _measure(asked: _Asked, runs: Path, progress: Progress, should_stop: ShouldStop) -> _Measured:
    small = _small_batch(asked)
    trial = run_trial(_trial_spec(asked, small), runs, progress, should_stop)
    values = trial.summary.resolved.values if trial.summary.resolved else {}
    if trial.summary.step < _FEWEST_STEPS:
        raise PtftError(
            "This model is too large to be measured in a moment here.",
            f"{trial.summary.step} step of it was done in the time of a trial.",
            "Choose a smaller one, or start the run itself.",
        )
    speed, peak = measured_speed(trial.summary), trial.peak_bytes
    if small is not None:
        speed = _speed_of_whole_batches(asked, speed)
        peak += _memory_of_micro_batch(asked) - _memory_of_micro_batch(asked, small)
    return _Measured(
        tokens_per_second=speed,
        peak_memory_bytes=peak,
        parameters=int(values["parameters"]),
        vocabulary_size=int(values["tokens_in_vocabulary"]),
        disk_bytes=KEPT_CHECKPOINTS * trial.checkpoint_bytes + trial.model_bytes,
        measured_steps=trial.summary.step,
    )


def _small_batch(asked: _Asked) -> int | None:
    """How many blocks a step of the trial may have; None where a real one is no trouble."""
    most_tokens = _STEP_OPERATIONS[asked.values["device"]] / (6 * asked.numbers)
    if asked.batch_tokens <= most_tokens:
        return None
    return max(1, int(most_tokens // int(asked.values["block_size"])))


def _trial_spec(asked: _Asked, small: int | None) -> RunSpec:
    """A short run on as much of the text as was looked at, with the values of the whole."""
    fixed = ["block_size", "global_batch_size", "dropout", "learning_rate"]
    if not asked.spec.init:  # else they come with the start
        fixed.append("model_size")
        fixed += [] if asked.spec.options.get("tokenizer_from") else ["tokenizer", "vocab_size"]
    changes: dict[str, Any] = {key: asked.values[key] for key in fixed}
    if small is not None:
        changes |= {"global_batch_size": small, "micro_batch_size": None, "optimizer": "adamw"}
    spec = short(asked.spec, max_minutes=_LONGEST_MINUTES, **changes)
    if not asked.text.is_estimate:
        return spec
    beginning = str(asked.text.raw.train_path)
    data = DataSpec(dataset=beginning, val_fraction=0.0, case=asked.spec.data.case)
    return spec.model_copy(update={"data": data})


def _speed_of_whole_batches(asked: _Asked, speed: float) -> float:
    """Tokens a second when the optimizer's own work is done once for a whole batch."""
    operations_a_second = 6 * asked.numbers * speed
    seconds = asked.batch_tokens / speed
    if asked.values["optimizer"] == "muon":
        named = SIZES[asked.values["model_size"]]
        layers = int(asked.values.get("layers") or named.layers)
        width = int(asked.values.get("width") or named.width)
        seconds += _MUON_OPERATIONS * layers * width**3 / operations_a_second
    return asked.batch_tokens / seconds


def _memory_of_micro_batch(asked: _Asked, blocks: int | None = None) -> int:
    """What one micro-batch keeps for learning, as in ``engine.language.sizes``: about 16 numbers a unit of width."""
    named = SIZES[asked.values["model_size"]]
    layers = int(asked.values.get("layers") or named.layers)
    width = int(asked.values.get("width") or named.width)
    micro = int(asked.values["micro_batch_size"])
    tokens = min(blocks or micro, micro) * int(asked.values["block_size"])
    return 4 * tokens * (layers * width * 16 + asked.vocabulary * 2)


def _estimate(asked: _Asked, measured: _Measured, runs: Path) -> Estimate:
    spec, speed = asked.spec, measured.tokens_per_second
    known = {**asked.values, "train_tokens": asked.tokens, "batch_tokens": asked.batch_tokens}
    known["initial"] = spec.init
    tokens, epochs = tokens_to_read(spec.family, spec.preset, spec.options, known)
    minutes, epochs = length_of(spec.options, tokens, epochs, speed)
    return Estimate(
        parameters=measured.parameters,
        vocabulary_size=measured.vocabulary_size,
        seconds_per_step=asked.batch_tokens / speed,
        words_per_second=None,
        pairs_per_second=None,
        peak_memory_bytes=measured.peak_memory_bytes,
        epochs=epochs,
        minutes=minutes,
        micro_batch_size=int(asked.values["micro_batch_size"]),
        measured_steps=measured.measured_steps,
        tokens_per_second=speed,
        global_batch_size=int(asked.values["global_batch_size"]),
        disk_bytes=measured.disk_bytes,
        text_tokens=asked.tokens,
        device=str(asked.values["device"]),
        **room(runs),
    )


# --- what was measured before --------------------------------------------------------------------------------------


def _key_of(asked: _Asked) -> str:
    """Names what a trial depends on: the run but for its length, the text as it is now, this computer."""
    spec = asked.spec
    options = {key: value for key, value in spec.options.items() if key not in _NO_PART_OF_IT}
    told = {
        "version": _VERSION,
        "run": [spec.family, spec.init, spec.preset, options],
        "values": [asked.values[key] for key in ("block_size", "global_batch_size", "optimizer", "dropout")],
        "text": [asked.text.raw.folder.name, asked.vocabulary],
        "start": _stamp(spec.init),
        "computer": [platform.node(), os.cpu_count(), psutil.virtual_memory().total],
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _stamp(start: str | None) -> list[Any]:
    path = Path(start) if start else None
    if path is None or not path.exists():
        return []
    return [[file.name, file.stat().st_size, file.stat().st_mtime_ns] for file in files_under(path)[:50]]


def _read(kept: Path) -> _Measured | None:
    """None for what is not there, or not as this version writes it."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        record: Mapping[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        found = _Measured(**record)
        return found if found.tokens_per_second > 0 else None
    return None


def _keep(kept: Path, measured: _Measured) -> None:
    """Without room for it, the next time measures again."""
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_text_atomically(kept, json.dumps(vars(replace(measured))))
        files = sorted(kept.parent.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for old in files[:-_MOST_KEPT]:
            old.unlink(missing_ok=True)
