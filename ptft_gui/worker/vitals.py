"""The state of the computer while a run trains: memory, disk, processor; and keeping it awake."""

from __future__ import annotations

import contextlib
import shutil
import threading
from pathlib import Path
from types import TracebackType

import psutil

from ptft_gui.core import events as ev
from ptft_gui.core.rundir import RunDir
from ptft_gui.engine.reporter import Reporter
from ptft_gui.worker.keep_awake import KeepAwake

SECONDS_BETWEEN = 2.0
_SECONDS_WORTH_A_NOTICE = 60.0
_OOM_SCORE = "300"


class VitalsThread:
    """Reports resources every two seconds and holds the keep-awake request, as long as the ``with`` block lasts."""

    def __init__(self, run: RunDir, reporter: Reporter) -> None:
        self._run, self._reporter = run, reporter
        self._process = psutil.Process()
        self._keep_awake = KeepAwake()
        self._has_told_asleep = False
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="vitals", daemon=True)

    def __enter__(self) -> VitalsThread:
        offer_to_be_killed_first()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()
        self._keep_awake.release()

    def _watch(self) -> None:
        self._process.cpu_percent()
        while True:
            self._stay_awake()
            if not self._reporter.control.is_paused:
                with contextlib.suppress(OSError):  # the folder is gone; the run soon ends of that
                    self._reporter.try_write(self._measure())
            if self._is_over.wait(SECONDS_BETWEEN):
                return

    def _measure(self) -> ev.Resources:
        return ev.Resources(
            rss_bytes=self._process.memory_info().rss,
            available_bytes=psutil.virtual_memory().available,
            disk_free_bytes=shutil.disk_usage(self._run.path).free,
            cpu_percent=self._process.cpu_percent(),
        )

    def _stay_awake(self) -> None:
        if self._reporter.control.is_paused:
            self._keep_awake.release()
            return
        self._keep_awake.hold()
        is_long_run = self._reporter.clock.seconds > _SECONDS_WORTH_A_NOTICE
        if is_long_run and not self._has_told_asleep and not self._keep_awake.is_held:
            self._has_told_asleep = True
            self._reporter.notice(
                "keep_awake",
                "The computer may fall asleep while this run trains.",
                self._keep_awake.reason,
                "Switch off sleeping in the system's settings for long runs.",
            )


def offer_to_be_killed_first() -> None:
    """When memory runs out, the system should end this process rather than the window or the desktop."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE, encoding="ascii")
