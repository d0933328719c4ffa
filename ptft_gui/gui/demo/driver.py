"""Plays a script in a window: clicks what a person would click, and waits for what a person would wait for."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMainWindow, QWidget

from ptft_gui.gui.demo.caption import Caption

_TICK_MS = 50


class DemoProblem(Exception):
    """The demo cannot go on; the text says where it stands."""


@dataclass(frozen=True)
class Wait:
    """Go on when ``is_so``; give up after ``seconds`` with ``what`` as the reason."""

    is_so: Callable[[], bool]
    what: str
    seconds: float = 120.0


Script = Generator[Wait | float, None, None]
"""What a script yields: a condition to wait for, or a number of seconds."""


class DemoDriver(QObject):
    """Plays one script. ``ended`` carries "" at its end, "stopped" after Esc, or the reason why it could not go on."""

    ended = Signal(str)

    def __init__(self, window: QMainWindow, is_hurried: bool) -> None:
        super().__init__(window)
        self.window = window
        self._is_hurried = is_hurried
        self._caption = None if is_hurried else Caption(window)
        self._script: Script | None = None
        self._waiting: Wait | None = None
        self._deadline = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    def play(self, script: Script) -> None:
        self._script = script
        application = QApplication.instance()
        assert application is not None
        if not self._is_hurried:  # somebody may press Esc; it costs a call of Python for each event
            application.installEventFilter(self)
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc hands the window over to the person."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self._end("stopped")
            return True
        return False

    @Slot()
    def _on_tick(self) -> None:
        if self._script is None:
            return
        try:
            if self._may_go_on():
                self._take(next(self._script))
            elif self._waits_in_vain():
                self._take(self._script.throw(self._give_up()))
        except StopIteration:
            self._end("")
        except DemoProblem as problem:
            self._end(str(problem))

    def _may_go_on(self) -> bool:
        waiting = self._waiting
        if waiting is None:
            return time.monotonic() >= self._deadline
        if waiting.is_so():
            self._waiting = None
            return True
        return False

    def _waits_in_vain(self) -> bool:
        return self._waiting is not None and time.monotonic() > self._deadline

    def _give_up(self) -> DemoProblem:
        """For the script, which may go on with something else."""
        waiting, self._waiting = self._waiting, None
        assert waiting is not None
        return DemoProblem(f"The demo waited {waiting.seconds:.0f} seconds for {waiting.what}.")

    def _take(self, step: Wait | float) -> None:
        self._waiting = step if isinstance(step, Wait) else None
        seconds = step.seconds if isinstance(step, Wait) else step
        self._deadline = time.monotonic() + seconds

    def _end(self, how: str) -> None:
        if self._script is None:
            return
        self._timer.stop()
        self._script = None
        if self._caption is not None:
            self._caption.hide()
        application = QApplication.instance()
        assert application is not None
        application.removeEventFilter(self)
        self.ended.emit(how)

    # --- what a script uses ------------------------------------------------------------------------------------

    def pause(self, seconds: float) -> float:
        """Time for somebody to look; none when nobody does."""
        return 0.05 if self._is_hurried else seconds

    def say(self, text: str) -> None:
        """Show what happens now, where somebody watches."""
        if self._caption is not None:
            self._caption.say(text)

    def find(self, name: str) -> QWidget:
        """The visible control of that name; a page that is not shown may have one of the same name."""
        found = self.window.findChildren(QWidget, name)
        for widget in found:
            if widget.isVisible():
                return widget
        raise DemoProblem(f"The demo does not find {name} in the window.")

    def has(self, name: str) -> bool:
        return any(widget.isVisible() for widget in self.window.findChildren(QWidget, name))

    def click(self, name: str) -> None:
        widget = self.find(name)
        if isinstance(widget, QAbstractButton):
            widget.click()
        else:
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def enter(self, name: str, text: str) -> Script:
        """Type a text, letter by letter where somebody watches, and press Return."""
        field = self.find(name)
        if not isinstance(field, QLineEdit):
            raise DemoProblem(f"{name} is not a field to type in.")
        field.setFocus()
        field.clear()
        for letter in text:
            QTest.keyClicks(field, letter)
            yield self.pause(0.08)
        QTest.keyClick(field, Qt.Key.Key_Return)
