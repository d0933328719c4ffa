"""A model of the hub as a start: fetched whole, and judged like every foreign folder before it may be used."""

from __future__ import annotations

import math
from pathlib import Path

from ptft_gui.core.hub.models import HubModel
from ptft_gui.data.hub.models import download_model
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress
from ptft_gui.engine.model_folder import CONFIG_FILE, check_sizes, read_json, shapes_in, weight_files


def fetch_start(
    wanted: str, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> HubModel:
    """Fetch ``hub:ID`` or ``hub:ID@REVISION``. Raises DataError, ModelError, SpecError, StoppedByPerson."""
    return download_model(wanted, judge_folder, progress, should_stop)


def judge_folder(folder: Path) -> None:
    """Raise ModelError for weights that are no safetensors, and for a configuration that asks for more than they
    hold. Only heads of files are read."""
    shapes = [shape for file in weight_files(folder) for shape in shapes_in(file)]
    check_sizes(folder, read_json(folder / CONFIG_FILE), sum(map(math.prod, shapes)), len(shapes))
