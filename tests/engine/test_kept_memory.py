"""A step of training gets the memory that the step before has freed, and need not ask the system for it."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_PAGES = """
import resource, sys
import numpy as np
from ptft_gui.engine.kept_memory import keep_freed_memory
if sys.argv[1] == "kept":
    keep_freed_memory()
def step():
    np.ones(64 << 20, np.uint8)
step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def _pages_asked_for(how: str) -> int:
    command = [sys.executable, "-c", _PAGES, how]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to keep memory")
def test_the_second_step_asks_the_system_for_next_to_nothing() -> None:
    assert _pages_asked_for("kept") < 100 < _pages_asked_for("given back")


def test_another_system_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from ptft_gui.engine import kept_memory

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(kept_memory, "ctypes")  # nothing of it is touched

    kept_memory.keep_freed_memory()
