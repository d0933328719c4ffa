"""Reset lessons: what the last class trained goes, and can be brought back; nothing else is touched."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from ptft_gui.core.errors import PtftError
from ptft_gui.core.lessons import lesson_runs
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.trash import restore_run, trash_run
from ptft_gui.gui.background import Background
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.widgets.toast import Message

_UNDO = "restore_lessons"


class LessonReset(QObject):
    """Throws the runs of lessons away. ``told`` carries a :class:`Message`, ``failed`` a :class:`PtftError`."""

    told = Signal(object)
    failed = Signal(object)
    done = Signal()

    def __init__(self, controller: RunController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._background = Background(self)
        self._trashed: list[Path] = []

    def close(self) -> None:
        self._background.close()

    @Slot()
    def reset(self) -> None:
        """Living runs of lessons are stopped and thrown away, ended ones are thrown away."""
        if self._controller.is_read_only:
            self.failed.emit(
                self._controller.unwritable
                or PtftError(
                    self.tr("Another window is using this runs folder."),
                    hint=self.tr("Do this in the other window, or close it."),
                )
            )
            return
        runs = lesson_runs(self._controller.runs)
        for run in runs:
            if run.worker_pid() is not None:
                self._controller.discard(run.name)
        ended = [run for run in runs if run.worker_pid() is None]
        if not runs:
            self.told.emit(Message(self.tr("There are no runs of lessons.")))
        if ended:
            self._background.do(lambda: _trash(ended), self._on_trashed, self.failed.emit)
        self.done.emit()

    def _on_trashed(self, trashed: list[Path]) -> None:
        self._trashed = trashed
        self._controller.look()
        one, more = (
            self.tr("1 run of a lesson was thrown away."),
            self.tr("{n} runs of lessons were thrown away."),
        )
        self.told.emit(
            Message(
                one if len(trashed) == 1 else more.format(n=len(trashed)),
                detail=self.tr("They are kept for seven days. Your own runs are as they were."),
                action=_UNDO,
                action_label=self.tr("Undo"),
            )
        )

    def act(self, action: str) -> bool:
        """Carry out the action of a note; False when it is none of these."""
        if action != _UNDO:
            return False
        trashed, self._trashed = self._trashed, []
        self._background.do(lambda: _restore(trashed), self._on_restored, self.failed.emit)
        return True

    def _on_restored(self, _: object) -> None:
        self._controller.look()
        self.told.emit(Message(self.tr("The runs of lessons are back."), "good"))


def _trash(runs: list[RunDir]) -> list[Path]:
    return [trash_run(run) for run in runs]


def _restore(trashed: list[Path]) -> None:
    for path in trashed:
        restore_run(path)
