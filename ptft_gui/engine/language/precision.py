"""Which numbers are multiplied: 32 bits wide, or bfloat16 where the processor gains from it, measured at the start.

The weights themselves stay 32 bits wide, so that small corrections are not lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import torch

FLOAT32, BFLOAT16 = "float32", "bfloat16"
_GAIN = 1.1
_ROUNDS = 3
_FLAGS_THAT_MULTIPLY = ("avx512_bf16", "amx_bf16")


def autocast(device: torch.device, precision: str) -> AbstractContextManager[object]:
    """In this context the model multiplies with the precision that was chosen."""
    found: AbstractContextManager[object] = torch.autocast(
        device.type, dtype=torch.bfloat16, enabled=precision == BFLOAT16
    )
    return found


def processor_flags() -> set[str]:
    """What the processor can do, as Linux tells; empty elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return set()
    return next((set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), set())


def choose_precision(device: torch.device, trial: Callable[[str], None]) -> tuple[str, str]:
    """The faster precision and why. ``trial`` does one small step with the precision that it is given."""
    if device.type == "cuda":
        if torch.cuda.is_bf16_supported():
            return BFLOAT16, "This graphics card multiplies bfloat16."
        return FLOAT32, "This graphics card does not multiply bfloat16."
    if not processor_flags().intersection(_FLAGS_THAT_MULTIPLY):
        return FLOAT32, "This processor does not multiply bfloat16."
    seconds = {precision: _fastest(trial, precision) for precision in (FLOAT32, BFLOAT16)}
    gain = seconds[FLOAT32] / seconds[BFLOAT16]
    chosen = BFLOAT16 if gain >= _GAIN else FLOAT32
    return chosen, f"Measured at the start: with bfloat16 a step is {gain:.2f} times as fast."


def _fastest(trial: Callable[[str], None], precision: str) -> float:
    trial(precision)  # the first one prepares what the others use again
    found = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        trial(precision)
        found.append(time.perf_counter() - begin)
    return min(found)
