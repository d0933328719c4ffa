"""What every test is held to: a home of its own, no stray log record, no thread left running.

Python warnings fail a test through ``filterwarnings = error`` and Qt's through ``qt_log_level_fail`` (pyproject.toml).
"""

from __future__ import annotations

import logging
import os
import re
import runpy
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A busy computer is no reason to fail: what is slow is measured in tests/benchmarks.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_THREAD_PATIENCE_S = 2.0


_ROOMY_DISK = Path(__file__).parent / "roomy_disk"
"""See the module in it: how full this machine's disk is decides no test, in no process."""
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOMY_DISK), os.environ.get("PYTHONPATH"))))
runpy.run_path(str(_ROOMY_DISK / "sitecustomize.py"))


@pytest.fixture(autouse=True)
def home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the home of the person who runs it."""
    home = tmp_path / "home"
    monkeypatch.setenv("PTFT_HOME", str(home))
    monkeypatch.setenv("PTFT_RUNS", str(home / "runs"))
    return home


class _StrayRecords(logging.Handler):
    """Keeps every record of warning or worse that the test did not announce."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.allowed: list[re.Pattern[str]] = []
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(f"{record.name}: {record.levelname}: {record.getMessage()}")

    def stray(self) -> list[str]:
        return [line for line in self.seen if not any(pattern.search(line) for pattern in self.allowed)]


@pytest.fixture(autouse=True)
def _no_stray_log_records() -> Iterator[_StrayRecords]:
    handler = _StrayRecords()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    if stray := handler.stray():
        pytest.fail("Log records nobody announced:\n" + "\n".join(stray), pytrace=False)


@pytest.fixture
def allow_log(_no_stray_log_records: _StrayRecords) -> Callable[[str], None]:
    """Call it with a regular expression that "logger: LEVEL: message" may match in this test."""

    def allow(pattern: str) -> None:
        _no_stray_log_records.allowed.append(re.compile(pattern))

    return allow


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    """Python's threads that are alive now and were not before; a stand-in for a foreign thread is none."""
    stand_in = threading._DummyThread  # type: ignore[attr-defined]
    return [t for t in threading.enumerate() if t not in before and not isinstance(t, stand_in)]


@pytest.fixture(autouse=True)
def _no_thread_left_running() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _THREAD_PATIENCE_S
    while (left := _new_threads(before)) and time.monotonic() < deadline:
        time.sleep(0.01)
    if left:
        pytest.fail(f"Threads left running: {', '.join(t.name for t in left)}", pytrace=False)
