"""Which part of the computer can train."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from ptft_gui.core.errors import PtftError, Remedy


def has_graphics_card() -> bool:
    """Whether torch can use one; torch, which takes seconds to load, is asked only where a driver is there."""
    has_driver = Path("/proc/driver/nvidia").exists() or shutil.which("nvidia-smi") is not None
    if not has_driver or importlib.util.find_spec("torch") is None:
        return False
    import torch

    return bool(torch.cuda.is_available())


def check_graphics_card() -> None:
    """Raise PtftError where a person chose the graphics card and none can be used."""
    if has_graphics_card():
        return
    raise PtftError(
        "There is no graphics card that this program can use.",
        "Either none is there, or torch was installed for the processor only.",
        "Let the processor train: it does this well.",
        (Remedy("new_run_with", "Use the processor", {"device": "cpu"}),),
    )
