"""A window that only shows: why, everybody who has to know, and the way to another folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.frame import Frame
from ptft_gui.gui.widgets.file_dialog import FileDialog


class OnlyShows(QObject):
    """Tells the parts of a window that nothing may be changed, or that it may again.

    ``told`` carries the reason or None, for the pages; ``other_folder_chosen`` a :class:`Path`.
    """

    told = Signal(object)
    other_folder_chosen = Signal(object)

    def __init__(self, controller: RunController, frame: Frame, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._frame, self._window = controller, frame, window
        frame.banner.other_folder_requested.connect(self.ask_for_folder)

    def set_read_only(self, is_read_only: bool, problem: PtftError | None) -> None:
        """``problem``: why the folder cannot be written; None where another window has it."""
        self._controller.is_read_only, self._controller.unwritable = is_read_only, problem
        reason = self._reason(problem) if is_read_only else ""
        self._frame.banner.say(reason, offers_folder=bool(reason) and problem is not None)
        self._frame.runs_panel.set_read_only(is_read_only)
        self._frame.away.set_read_only(is_read_only)
        self.told.emit(reason or None)

    def _reason(self, problem: PtftError | None) -> str:
        if problem is None:
            return self.tr("Another window is using this runs folder. This one only shows.")
        what = self.tr("What is there can be looked at; to start something, choose another folder.")
        return f"{problem.message} {what}"

    @Slot()
    def ask_for_folder(self) -> None:
        """Let a person choose another folder for runs."""
        dialog = FileDialog(self._window, self.tr("Choose a folder for runs"))
        dialog.setObjectName("otherFolderDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda path: self.other_folder_chosen.emit(Path(path)))
        dialog.open()
