"""Facts about this computer that a run folder records."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path
from typing import Any

import psutil


def boot_id() -> str:
    """A word that changes with every start of the computer."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return str(int(psutil.boot_time()))


def has_graphics_card() -> bool:
    """Whether there is a graphics card with a driver of the kind that training can use; nothing heavy is loaded."""
    return Path("/proc/driver/nvidia").exists() or shutil.which("nvidia-smi") is not None


def describe_machine() -> dict[str, Any]:
    """What kind of computer this is, for the record of a run; nothing that names it or its owner."""
    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count() or 1,
        "memory_bytes": psutil.virtual_memory().total,
    }
