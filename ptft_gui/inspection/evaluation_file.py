"""The scores that a run leaves in ``evaluation.json`` when it has learned a task, read with care."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import EVALUATION_FILE, RunDir

_MOST_BYTES = 64 << 20


def read_evaluation(run: RunDir, check: Callable[[dict[str, Any]], None], what: str) -> dict[str, Any]:
    """The content of the file. ``check`` raises ValueError, KeyError or TypeError where it is not what is needed;
    ``what`` says which runs leave one, as in "a run that learns a task". Raises :class:`ModelError` for a run that
    left none, or a damaged one."""
    path = run.path / EVALUATION_FILE
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("it is too long")
        report = dict(json.loads(path.read_text(encoding="utf-8")))
        check(report)
    except FileNotFoundError:
        raise ModelError(
            f"{run.title()} has no scores.", f"They are measured when {what} ends.", "Start it again."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as problem:
        raise ModelError(
            f"The scores of {run.title()} cannot be read.",
            f"{EVALUATION_FILE} is damaged: {str(problem)[:200]}.",
            "Start it again.",
        ) from None
    return report
