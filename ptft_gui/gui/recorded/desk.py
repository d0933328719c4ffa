"""Opens recorded runs and plays own runs back; saves an ended run as a recording."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from ptft_gui.core.recording import ONE_FILE_SUFFIX, RECORDING_FILE, Tape, read_tape
from ptft_gui.core.rundir import RunDir, slug
from ptft_gui.gui.background import Background
from ptft_gui.gui.recorded.play_bar import PlayBar
from ptft_gui.gui.recorded.played_run import PlayedRun
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.toast import Message


class RecordedDesk(QObject):
    """Knows what is played now. ``opened`` carries a :class:`PlayedRun` to show; ``left`` the name of the own run that
    was played back, or ""; ``told`` a :class:`Message`, ``failed`` a :class:`PtftError`."""

    opened = Signal(object)
    left = Signal(str)
    told = Signal(object)
    failed = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._background = Background(self)
        self._asked = 0
        self.played: PlayedRun | None = None
        self._bar: PlayBar | None = None

    def close(self) -> None:
        """Wait for what is being read or written."""
        self.leave()
        self._background.close()

    def bar(self) -> PlayBar:
        """The bar that plays what is opened; whoever shows it gives it a place."""
        if self._bar is None:
            self._bar = PlayBar()
            self._bar.hide()
            self._bar.close_requested.connect(self._on_close_requested)
        return self._bar

    # --- playing -----------------------------------------------------------------------------------------------

    @Slot(object)
    def open_path(self, path: object) -> None:
        """Open a recording: its folder, the manifest in it, or one file."""
        self._load(lambda: _opened(Path(str(path))), "")

    @Slot(object)
    def open_at_end(self, path: object) -> None:
        """Open the folder of a run that is none of the list, at its last moment; nothing in it is changed."""
        self._load(lambda: RunDir(Path(str(path))), "", is_played=False)

    @Slot(object)
    def play_back(self, run: RunDir) -> None:
        """Play an own ended run again."""
        self._load(lambda: run, run.name)

    def _load(self, find: object, origin: str, is_played: bool = True) -> None:
        self._asked += 1
        asked = self._asked

        def work() -> tuple[RunDir, Tape]:
            run: RunDir = find()  # type: ignore[operator]
            return run, read_tape(run)

        def show(found: tuple[RunDir, Tape]) -> None:
            if asked == self._asked:  # somebody opened another one meanwhile
                self._show(PlayedRun(*found, origin, self), is_played)

        self._background.do(work, show, self.failed.emit)

    def _show(self, played: PlayedRun, is_played: bool) -> None:
        self.leave()
        self.played = played
        self.opened.emit(played)
        self.bar().show_run(played)
        self.bar().show()
        played.play() if is_played else played.seek(played.seconds)

    def leave(self) -> None:
        """Play no more: the page shows something else."""
        self._asked += 1
        if self._bar is not None:
            self._bar.hide()
            self._bar.forget()
        if self.played is not None:
            played, self.played = self.played, None
            played.stop()
            played.deleteLater()

    @Slot()
    def _on_close_requested(self) -> None:
        self.left.emit(self.played.origin if self.played is not None else "")

    # --- asking for files --------------------------------------------------------------------------------------

    @Slot()
    def ask_for_recording(self) -> None:
        """Let a person choose a recording."""
        kinds = self.tr("Recorded runs ({manifest} *{suffix})")
        dialog = FileDialog(self._window, self.tr("Play a recorded run"))
        dialog.setObjectName("openRecordingDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(kinds.format(manifest=RECORDING_FILE, suffix=ONE_FILE_SUFFIX))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    @Slot(object)
    def ask_where_to_save(self, run: RunDir) -> None:
        """Let a person choose where a recording of this run goes."""
        start = f"{slug(run.title()) or 'run'}{ONE_FILE_SUFFIX}"
        one_file = self.tr("Recorded run in one file (*{suffix})").format(suffix=ONE_FILE_SUFFIX)
        dialog = FileDialog(self._window, self.tr("Save as recording"), start)
        dialog.setObjectName("saveRecordingDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([one_file, self.tr("Recorded run in a folder (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def save(name: str) -> None:
            path = Path(name)
            wants_file = dialog.selectedNameFilter() == one_file
            if wants_file and path.suffix != ONE_FILE_SUFFIX:
                path = path.with_name(path.name + ONE_FILE_SUFFIX)
            self.save(run, path)

        dialog.fileSelected.connect(save)
        dialog.open()

    def save(self, run: RunDir, path: Path) -> None:
        """Write a recording of ``run``; the outcome is told."""

        def tell(_: object) -> None:
            text = self.tr("The recording was saved as {path}.").format(path=path)
            self.told.emit(
                Message(text, "good", self.tr("It holds no names of folders or of this computer."))
            )

        self._background.do(lambda: _save(run, path), tell, self.failed.emit)


def _opened(path: Path) -> RunDir:
    """A recording as a run; what unpacks it is loaded when the first one is opened."""
    from ptft_gui.core.recording_files import open_recording

    return RunDir(open_recording(path))


def _save(run: RunDir, path: Path) -> None:
    from ptft_gui.core.recording_files import save_recording

    save_recording(run, path)
