"""Starts the demo: opens the window, plays the script in it, and says in a terminal what was learned."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Slot

from ptft_gui.core.rundir import State, check_runs_folder
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.headline import loss_text
from ptft_gui.gui.app import OpenWindow, run_window
from ptft_gui.gui.demo.driver import DemoDriver
from ptft_gui.gui.demo.pictures import Pictures
from ptft_gui.gui.demo.script import DemoScript, Learned

DEFAULT_PICTURES = "ptft-demo"


def run_demo(runs: Path, *, is_offscreen: bool, pictures: Path | None) -> int:
    """Play the demo in a window on ``runs``; the result is the exit code.

    With a screen the window stays open afterwards and belongs to the person. Offscreen the process ends with the
    script: 0 when it came to its end, 1 when it could not. ``pictures``: the folder for pictures of every main
    screen, None for none. Raises :class:`PtftError` when the runs folder cannot be used.
    """
    if is_offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        print(
            "The demo plays in a window that is not shown, because there is no screen or none was wanted.",
            flush=True,
        )
        check_runs_folder(runs)
    demo = _Demo(is_offscreen, pictures)
    code = run_window(runs, on_opened=demo.begin)
    return demo.exit_code if is_offscreen else code


class _Demo(QObject):
    """Ties the script to the window."""

    def __init__(self, is_offscreen: bool, folder: Path | None) -> None:
        super().__init__()
        self._is_offscreen = is_offscreen
        self._folder = folder
        self._opened: OpenWindow | None = None
        self.exit_code = 1

    def begin(self, opened: OpenWindow) -> None:
        self._opened = opened
        if self._is_offscreen:
            opened.window.resize(1280, 800)
        self._driver = DemoDriver(opened.window, is_hurried=self._is_offscreen)
        self._pictures = Pictures(opened.window, self._folder)
        self._script = DemoScript(self._driver, self._pictures, self._shown_run)
        self._driver.ended.connect(self._on_ended)
        self._driver.play(self._script.play())

    def _shown_run(self) -> tuple[RunSummary, State] | None:
        followed = self._opened.controller.opened() if self._opened else None
        return (followed.summary, followed.state) if followed else None

    @Slot(str)
    def _on_ended(self, how: str) -> None:
        self.exit_code = 0 if how in ("", "stopped") else 1
        for learned in self._script.learned:
            print(_in_words(learned), flush=True)
        if self._pictures.saved:
            print(f"Pictures of its screens are in {self._folder}.", flush=True)
        if self.exit_code:
            print(how, file=sys.stderr, flush=True)
        if self._is_offscreen:
            QCoreApplication.instance().quit()  # type: ignore[union-attr]


def _in_words(learned: Learned) -> str:
    """One run as lines for a terminal."""
    loss = loss_text(learned.summary)
    lines = [f"{learned.title}: {loss}." if loss else f"{learned.title}."]
    for question, rows in learned.questions:
        answers = ", ".join(f"{word} {similarity}".strip() for word, similarity in rows)
        lines.append(f"  {question}: {answers}")
    return "\n".join(lines)
