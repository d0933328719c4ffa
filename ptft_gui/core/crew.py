"""Whether this process trains alone, or with others that ``torchrun`` started and numbered; and how many could."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.learning_options import PROCESSES
from ptft_gui.core.family.registry import FINETUNE, family_of

_CARDS_OF_DRIVER = Path("/proc/driver/nvidia/gpus")


def cards_here(environment: Mapping[str, str] = os.environ, driver: Path = _CARDS_OF_DRIVER) -> int:
    """How many graphics cards of this computer this program may use; nothing heavy is loaded, and no program started.

    ``CUDA_VISIBLE_DEVICES`` counts as torch counts it: what stands behind -1 or an empty name is not seen.
    """
    try:
        found = sum(1 for _ in driver.iterdir())
    except OSError:
        return 0
    told = environment.get("CUDA_VISIBLE_DEVICES")
    if told is None:
        return found
    names: list[str] = []
    for name in told.split(","):
        if not name.strip() or name.strip() == "-1":
            break
        names.append(name.strip())
    return min(found, len(set(names)))


def crew_wanted(options: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> int:
    """How many processes a run asks for that is started now; 1 where ``torchrun`` has started this one already."""
    wanted = options.get(PROCESSES.key)
    return wanted if isinstance(wanted, int) and wanted > 1 and crew_size(environment) == 1 else 1


def crew_size(environment: Mapping[str, str] = os.environ) -> int:
    """How many processes train together; 1 where this one is alone."""
    return _number(environment, "WORLD_SIZE", 1) if "RANK" in environment else 1


def rank_of(environment: Mapping[str, str] = os.environ) -> int:
    """Which of them this process is; the one with 0 leads."""
    return _number(environment, "RANK", 0)


def here(environment: Mapping[str, str] = os.environ) -> tuple[int, int]:
    """Which of the processes on this computer this one is, and how many there are."""
    return _number(environment, "LOCAL_RANK", 0), _number(environment, "LOCAL_WORLD_SIZE", 1)


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "")
    return int(text) if text.isdecimal() else default


def check_trains_together(family: str, task: str | None, stage: str) -> None:
    """Raise PtftError where several processes were started for what only one can train."""
    if crew_size() > 1 and (stage == FINETUNE or not family_of(family, task).reads_raw_text):
        raise PtftError(
            "Only the pre-training of GPT and BERT uses several processes.",
            f"torchrun started {crew_size()}.",
            "Start this run without torchrun.",
        )
