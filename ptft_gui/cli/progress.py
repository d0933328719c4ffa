"""A run's progress in the terminal: a bar where there is a terminal, plain lines where output goes to a file."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TextIO

from ptft_gui.core.rundir import State
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.headline import headline, loss_text
from ptft_gui.core.wording import count_text, duration_text

_SECONDS_BETWEEN_LINES = 5.0
_WAITING = "Waiting: another run is using this computer. This one starts by itself when that ends."


class Display:
    """Plain lines: what is being prepared, notices, and every few seconds how far the run is."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._notices = 0
        self._said = ""
        self._last_line_at = 0.0

    def __enter__(self) -> Display:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def say(self, text: str) -> None:
        """A line of its own."""
        print(text, file=self._stream, flush=True)

    def show(self, summary: RunSummary, state: State) -> None:
        """Say what is new."""
        for notice in summary.notices[self._notices :]:
            self.say(" ".join(filter(None, (notice.message, notice.detail, notice.hint))))
        self._notices = len(summary.notices)
        self._show_progress(summary, state)

    def _show_progress(self, summary: RunSummary, state: State) -> None:
        if state == "stopping":
            return
        if summary.step == 0 or state in ("queued", "paused"):
            self._say_once(stage_text(summary, state))
        elif state == "running" and time.monotonic() - self._last_line_at > _SECONDS_BETWEEN_LINES:
            self._last_line_at = time.monotonic()
            self.say(headline(summary, state))

    def _say_once(self, text: str) -> None:
        if text and text != self._said:
            self._said = text
            self.say(text)


class BarDisplay(Display):
    """A bar with epoch, loss, speed and time left."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[facts]}", markup=False),
            console=Console(file=stream, highlight=False),
            transient=True,
        )
        self._task = self._progress.add_task("Starting", total=None, facts="")

    def __enter__(self) -> Display:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def say(self, text: str) -> None:
        self._progress.console.print(text, markup=False)

    def _show_progress(self, summary: RunSummary, state: State) -> None:
        if summary.step == 0 or state in ("queued", "paused", "stopping"):
            fraction = summary.phase.fraction if summary.phase else None
            self._update(stage_text(summary, state), fraction, "")
        else:
            self._update(_epoch_text(summary), summary.progress, facts_text(summary))

    def _update(self, text: str, fraction: float | None, facts: str) -> None:
        self._progress.update(
            self._task,
            description=text,
            total=None if fraction is None else 1.0,
            completed=fraction or 0.0,
            facts=facts,
        )


def make_display(stream: TextIO | None = None) -> Display:
    """The display that suits where ``stream`` (standard output unless given) goes."""
    chosen = stream or sys.stdout
    return BarDisplay(chosen) if chosen.isatty() else Display(chosen)


def stage_text(summary: RunSummary, state: State) -> str:
    """What a run does that does not train at this moment."""
    if state == "queued":
        return _WAITING
    if state in ("paused", "stopping"):
        return {"paused": "Paused.", "stopping": "Stopping"}[state]
    return summary.phase.text if summary.phase and summary.phase.text else "Starting"


def _epoch_text(summary: RunSummary) -> str:
    epochs = summary.resolved_value("epochs")
    return f"Epoch {min(int(summary.epoch) + 1, epochs)} of {epochs}" if epochs else "Training"


def facts_text(summary: RunSummary) -> str:
    """Loss, speed and time left, as far as they are known."""
    speed, left = summary.speed(), summary.seconds_left()
    parts = [loss_text(summary)]
    if speed is not None:
        parts.append(f"{count_text(speed)} words/s")
    if left is not None:
        parts.append(f"{duration_text(left)} left")
    return ", ".join(part for part in parts if part)
