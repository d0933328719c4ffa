"""Starts the window and takes it down again; nothing else knows about start-up."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from ptft_gui.core.errors import PtftError
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.paths import home_folder
from ptft_gui.core.rundir import check_runs_folder, may_only_read
from ptft_gui.gui.companion import CompanionClient
from ptft_gui.gui.dialogs.questions import Choice, QuestionDialog
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.following.run_thread import Launch
from ptft_gui.gui.garbage import GarbageCollector
from ptft_gui.gui.hooks import FaultHooks
from ptft_gui.gui.main_window import MainWindow
from ptft_gui.gui.reference_guard import require_safe_reference_count
from ptft_gui.gui.settings import WindowSettings
from ptft_gui.gui.theme import current_theme
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.window_lock import WindowLock

MEASURE_START = "PTFT_MEASURE_START"
"""Set to a reading of the monotonic clock: the window prints the seconds from there until it can be used."""

_PREPARE_AFTER_MS, _LISTED_LOOK_MS = 400, 50
_SIGNAL_LOOK_MS = 250
_SECONDS_TO_HAND_OVER = 0.0005
"""For how long a thread that reads a long log keeps the interpreter while the window wants to draw. Qt hands it over
many times in one drawing, so the usual 5 ms add up."""


_LOADED_LATE = (
    "numpy.ma",
    "numpy.random",
    "ptft_gui.gui.panels.new_run",
    "ptft_gui.gui.widgets.word_map",
    "ptft_gui.gui.desks.run",
)
"""What numpy would load at its first use, in the middle of drawing, and the other pages: each holds the window for a
moment."""


def make_application() -> QApplication:
    """The one QApplication of the process, dressed in the theme."""
    sys.setswitchinterval(_SECONDS_TO_HAND_OVER)
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
        application = QApplication(sys.argv[:1])
    application.setApplicationName("ptft-gui")
    application.setApplicationDisplayName("ptft")
    application.setDesktopFileName("ptft-gui")
    return application


class OpenWindow(QObject):
    """A main window with all that belongs to it; :meth:`close_down` takes it apart in the right order.

    ``prepared``: every page is built; what is there now stays.
    """

    prepared = Signal()

    def __init__(
        self,
        runs: Path,
        launch: Launch = launch_worker,
        asker: Asker | None = None,
        unwritable: PtftError | None = None,
    ) -> None:
        """``unwritable``: why nothing can be written to ``runs``; what is there is shown all the same."""
        super().__init__()
        self.settings = WindowSettings()
        self.settings.dress(current_theme())
        self.controller = RunController(runs, launch)
        self._companion = CompanionClient() if asker is None else None
        self.lock = WindowLock(runs)
        self.lock.taken.connect(self._on_lock_taken)
        self.window = MainWindow(self.controller, asker or self._companion, self.settings)  # type: ignore[arg-type]
        self.window.set_read_only(not self.lock.is_held, unwritable or self.lock.problem)
        self.window.closed.connect(self._on_closed)
        self._to_prepare: Iterator[Callable[[], object]] = iter(())
        self._is_open = True

    @property
    def is_asking(self) -> bool:
        """Whether the window waits for an answer of its companion."""
        return self._companion is not None and self._companion.is_asked

    def show(self, dataset: str | None = None) -> None:
        """Show the window; with ``dataset``, on the New run page with it chosen."""
        self.window.show()
        if dataset is not None:
            self.window.show_new_run_with(dataset)
        self.controller.begin()
        QTimer.singleShot(_PREPARE_AFTER_MS, self._prepare)

    def close_down(self) -> None:
        """End the threads and the companion, and let the folder go. No run is ended by this."""
        if self._is_open:
            self._is_open = False
            self.controller.close()
            if self._companion is not None:
                self._companion.close()
            self.lock.release()

    @Slot()
    def _on_closed(self) -> None:
        self.close_down()

    @Slot()
    def _on_lock_taken(self) -> None:
        self.window.set_read_only(False)

    @Slot()
    def _prepare(self) -> None:
        """Load and build the other pages a moment after the start, so that Start opens the run without a pause.

        In this thread, although it pauses the window once: Qt's classes must not be made in two threads at a time.
        Not before the runs are listed, which would wait for the end of the pause.
        """
        if self._is_open and not self.controller.has_looked:
            QTimer.singleShot(_LISTED_LOOK_MS, self._prepare)
            return
        loads = [partial(import_module, part) for part in _LOADED_LATE]
        self._to_prepare = iter([*loads, *self.window.pages.to_prepare()])
        self._prepare_next()

    @Slot()
    def _prepare_next(self) -> None:
        """One part a turn of the event loop: what a person does meanwhile waits for that part only."""
        part = next(self._to_prepare, None)
        if not self._is_open:
            return
        if part is None:
            self.prepared.emit()
        else:
            part()
            QTimer.singleShot(0, self._prepare_next)


OnOpened = Callable[[OpenWindow], None]


class _Opening(QObject):
    """Opens a window on a folder, or asks for another folder as long as that one cannot be used."""

    def __init__(
        self, application: QApplication, hooks: FaultHooks, dataset: str | None, on_opened: OnOpened
    ) -> None:
        super().__init__()
        self._application, self._hooks, self._dataset = application, hooks, dataset
        self._on_opened = on_opened
        self.opened: OpenWindow | None = None
        self._asked_about = Path()
        self._dialog: QDialog | None = None  # without a window nobody else keeps it

    def open(self, runs: Path) -> None:
        unwritable: PtftError | None = None
        try:
            check_runs_folder(runs)
        except PtftError as problem:
            if not may_only_read(runs):
                self._ask_for_another(runs, problem)
                return
            unwritable = problem
        self._open_window(runs, unwritable)

    def _open_window(self, runs: Path, unwritable: PtftError | None = None) -> None:
        if self.opened is not None:
            self._leave_for_another(self.opened)
        self.opened = OpenWindow(runs, unwritable=unwritable)
        self.opened.window.other_folder_chosen.connect(self._on_other_folder)
        self._hooks.told.connect(self.opened.window.tell)
        self.opened.window.closed.connect(self._application.quit)
        _measure_start(self.opened.window)
        self.opened.show(self._dataset)
        self._on_opened(self.opened)

    @Slot(object)
    def _on_other_folder(self, runs: Path) -> None:
        """The window goes on with another folder, if that one can be written."""
        assert self.opened is not None
        try:
            check_runs_folder(runs)
        except PtftError as problem:
            self.opened.window.tell_failure(problem)
            return
        self.open(runs)

    @Slot()
    def leave(self) -> None:
        """End the program without a question; runs go on."""
        if self.opened is not None:
            self.opened.window.close_for_good()
        self._application.quit()

    def _leave_for_another(self, opened: OpenWindow) -> None:
        window = opened.window
        window.closed.disconnect(self._application.quit)
        window.close()
        window.deleteLater()

    def _ask_for_another(self, runs: Path, problem: PtftError) -> None:
        self._asked_about = runs
        free = (Choice("free", self.tr("Free some space")),) if _is_full(problem) else ()
        choices = (
            Choice("choose", self.tr("Choose another folder..."), "default"),
            *free,
            Choice("again", self.tr("Try again")),
            Choice("quit", self.tr("Quit")),
        )
        question = QuestionDialog("folderDialog", problem.message, problem.detail, choices)
        question.chosen.connect(self._on_answer)
        question.rejected.connect(self._application.quit)
        self._show(question)

    @Slot(str)
    def _on_answer(self, answer: str) -> None:
        if answer == "quit":
            self._application.quit()
            return
        if answer == "again":
            self.open(self._asked_about)
            return
        if answer == "free":  # nothing has to be written to delete something
            self._open_window(self._asked_about)
            assert self.opened is not None
            self.opened.window.pages.disk.show()
            return
        dialog = FileDialog(None, self.tr("Choose a folder for runs"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._on_folder_chosen)
        dialog.rejected.connect(self._application.quit)
        self._show(dialog)

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self._dialog = dialog
        dialog.open()

    @Slot(str)
    def _on_folder_chosen(self, folder: str) -> None:
        self.open(Path(folder))


def _is_full(problem: PtftError) -> bool:
    """Whether nothing can be written because there is no room."""
    cause = problem.__cause__
    return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)


def run_window(runs: Path, *, open_dataset: str | None = None, on_opened: OnOpened | None = None) -> int:
    """Open the window on a folder of runs and return when it is closed; the result is the exit code.

    ``on_opened`` is called once with the window when it is shown. Raises :class:`PtftError` where this
    computer's Qt would crash.
    """
    require_safe_reference_count()
    application = make_application()
    application.setQuitOnLastWindowClosed(False)
    hooks = FaultHooks(home_folder() / "window.log")
    hooks.install()
    garbage = GarbageCollector(application)
    current_theme()

    def tell_opened(opened: OpenWindow) -> None:
        opened.prepared.connect(garbage.freeze)
        if on_opened is not None:
            on_opened(opened)

    opening = _Opening(application, hooks, open_dataset, tell_opened)
    interrupt = _end_on_signal(application, opening)
    QTimer.singleShot(0, lambda: opening.open(runs))
    code = application.exec()
    interrupt.stop()
    if opening.opened is not None:
        opening.opened.close_down()
    garbage.end()
    hooks.remove()
    return code


def _end_on_signal(application: QApplication, opening: _Opening) -> QTimer:
    """Ctrl-C in the terminal, or the system at its end, closes the window without a question, and not the runs.

    Python looks for signals between two events; the timer makes sure that there are some.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, opening.leave))
    timer = QTimer(application)
    timer.setInterval(_SIGNAL_LOOK_MS)
    timer.timeout.connect(lambda: None)
    timer.start()
    return timer


class _FirstPaint(QObject):
    """Prints how long the start took, when the window has been painted and takes events."""

    def __init__(self, window: MainWindow, since: float) -> None:
        super().__init__(window)
        self._since = since
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._print)
        return False

    @Slot()
    def _print(self) -> None:
        print(f"usable after {time.monotonic() - self._since:.3f} s", flush=True)


def _measure_start(window: MainWindow) -> None:
    if since := os.environ.get(MEASURE_START):
        _FirstPaint(window, float(since))
