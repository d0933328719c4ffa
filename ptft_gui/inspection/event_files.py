"""A run's curves as event files of TensorBoard, for those who use it; any family, running or ended."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

import numpy as np

from ptft_gui.core.errors import ModelError, RunFolderError
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.stepbatch import coalesce
from ptft_gui.core.summary import RunSummary
from ptft_gui.inspection.export import Exported, Format

TENSORBOARD = Format(
    "tensorboard",
    "TensorBoard event files",
    "For any run: a folder for tensorboard --logdir, with every curve of the run.",
    "",
)
_MOST_POINTS = 10_000
"""A curve with more steps is thinned evenly; its last point is always there."""
_NAMES = {"loss": "train/loss_of_step", "gradient": "train/gradient_norm"}


def export_tensorboard(run: RunDir, target: Path) -> Exported:
    """Write the curves of a run into the new folder ``target``, which is there whole or not at all.

    Raises :class:`ModelError` for a run without curves or a target that holds something.
    """
    target = Path(target).expanduser().absolute()
    _check_target(target)
    summary = RunSummary()
    summary.fold(coalesce(EventReader(run.events_file).read_all()))
    curves = _curves_of(summary)
    if not curves:
        raise ModelError(
            f"{run.title()} has no curve yet.",
            "It has not taken a step.",
            "Export it when its training has begun.",
        )
    building = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}.tmp"
    try:
        building.mkdir(parents=True)
        _write(building, curves)
        if target.exists():
            target.rmdir()
        building.rename(target)
    except OSError as problem:
        raise RunFolderError(
            f"{target} cannot be written.", f"{problem.strerror or problem}.", "Choose another place."
        ) from problem
    finally:
        shutil.rmtree(building, ignore_errors=True)
    paths = tuple(sorted(target.iterdir()))
    return Exported(paths, sum(path.stat().st_size for path in paths), 0)


def _check_target(target: Path) -> None:
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise ModelError(
            f"{target} is there already.", "Nothing of yours is overwritten.", "Name a new folder."
        )


def _curves_of(summary: RunSummary) -> dict[str, list[tuple[int, float]]]:
    """Tag to its points; a measurement at a check keeps the name that it has everywhere."""
    measured = {name for check in summary.evaluations for name in check.metrics}
    curves: dict[str, list[tuple[int, float]]] = {}
    for name, series in sorted(summary.series.items(), key=lambda item: item[0] not in measured):
        tag = name if name in measured else _NAMES.get(name, name)
        if tag not in curves:
            is_whole = name in measured
            steps, values = (
                (series.steps, series.values) if is_whole else _thinned(series.steps, series.values)
            )
            curves[tag] = [
                (int(step), float(value))
                for step, value in zip(steps, values, strict=True)
                if np.isfinite(value)
            ]
    return {tag: points for tag, points in curves.items() if points}


def _thinned(steps: Any, values: Any) -> tuple[Any, Any]:
    if len(steps) <= _MOST_POINTS:
        return steps, values
    chosen = np.unique(np.linspace(0, len(steps) - 1, _MOST_POINTS).astype(np.int64))
    return steps[chosen], values[chosen]


def _write(folder: Path, curves: dict[str, list[tuple[int, float]]]) -> None:
    from tensorboardX import SummaryWriter  # type: ignore[import-untyped]

    writer = SummaryWriter(str(folder))
    try:
        for tag, points in curves.items():
            for step, value in points:
                writer.add_scalar(tag, value, step)
    finally:
        writer.close()
