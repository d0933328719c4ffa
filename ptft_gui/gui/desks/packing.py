"""Packs a run as one file, opens such a file, and opens the folder of a run that lies anywhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QWidget

from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.packing import PACK_SUFFIX, is_pack, pack_run, unpack_run
from ptft_gui.core.rundir import PREDICTIONS_FILE, RunDir, folder_bytes, is_run, slug
from ptft_gui.core.wording import bytes_text
from ptft_gui.gui.background import Background
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.toast import Message


class PackingDesk(QObject):
    """``unpacked`` carries the name of a run that is in the list now; ``elsewhere`` the path of a run's folder that
    lies somewhere else; ``told`` a :class:`Message`, ``failed`` a :class:`PtftError`."""

    unpacked = Signal(str)
    elsewhere = Signal(object)
    told = Signal(object)
    failed = Signal(object)

    def __init__(self, controller: RunController, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._window = controller, window
        self._background = Background(self)
        controller.closed.connect(self._background.close)

    # --- packing -----------------------------------------------------------------------------------------------

    def ask_where_to_pack(self, run: RunDir) -> None:
        """Let a person choose where the packed run goes, and whether its checkpoints travel with it."""
        dialog = FileDialog(
            self._window, self.tr("Pack as one file"), f"{slug(run.title()) or 'run'}{PACK_SUFFIX}"
        )
        dialog.setObjectName("packDialog")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Packed run (*{suffix})").format(suffix=PACK_SUFFIX))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        checkpoints = QCheckBox(_checkpoints_sentence(run))
        checkpoints.setObjectName("packCheckpoints")
        checkpoints.setVisible(run.checkpoints.is_dir())
        rows = QCheckBox(
            self.tr(
                "The rows on which it was checked too, with your texts: needed only to look at mistakes there"
            )
        )
        rows.setObjectName("packRows")
        rows.setVisible((run.path / PREDICTIONS_FILE).is_file())
        layout = dialog.layout()
        if isinstance(layout, QGridLayout):
            for box in (checkpoints, rows):
                layout.addWidget(box, layout.rowCount(), 0, 1, layout.columnCount())
        dialog.fileSelected.connect(
            lambda path: self.pack(run, Path(path), checkpoints.isChecked(), rows.isChecked())
        )
        dialog.open()

    def pack(
        self, run: RunDir, target: Path, with_checkpoints: bool = False, with_rows: bool = False
    ) -> None:
        """Write the pack; the outcome is told."""
        self.told.emit(Message(self.tr("Packing {title} ...").format(title=run.title())))
        self._background.do(
            lambda: pack_run(run, target, with_checkpoints=with_checkpoints, with_rows=with_rows),
            lambda path: self._on_packed(path, with_rows),
            self.failed.emit,
        )

    def _on_packed(self, path: Path, has_rows: bool) -> None:
        text = self.tr("Packed as {path} ({size}).").format(path=path, size=bytes_text(path.stat().st_size))
        holds = (
            self.tr("It holds settings, curves, the model, and the texts on which it was checked.")
            if has_rows
            else self.tr("It holds settings, curves and the model, not your texts.")
        )
        opens = self.tr("File > Open packed run... opens it.")
        self.told.emit(Message(text, "good", f"{holds} {opens}"))

    # --- opening -----------------------------------------------------------------------------------------------

    @Slot()
    def ask_for_pack(self) -> None:
        """Let a person choose a packed run."""
        dialog = FileDialog(self._window, self.tr("Open packed run"))
        dialog.setObjectName("openPackDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Packed runs (*{suffix})").format(suffix=PACK_SUFFIX))
        self._ask(dialog)

    @Slot()
    def ask_for_folder(self) -> None:
        """Let a person choose the folder of a run."""
        dialog = FileDialog(self._window, self.tr("Open run folder"))
        dialog.setObjectName("openRunFolderDialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._ask(dialog)

    def _ask(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    def takes(self, path: str) -> bool:
        """Whether something dropped on the window is a run rather than data."""
        return is_pack(Path(path)) or is_run(Path(path))

    @Slot(str)
    def open_path(self, path: str) -> None:
        """Open a packed run or the folder of a run."""
        place = Path(path)
        if is_pack(place):
            self.unpack(place)
        elif not is_run(place):
            self.failed.emit(_no_run(place))
        elif place.resolve().parent == self._controller.runs.resolve():
            self.unpacked.emit(place.name)
        else:
            self.elsewhere.emit(place)

    def unpack(self, pack: Path) -> None:
        """Put a packed run beside the others and open it."""
        if self._controller.is_read_only:
            self.failed.emit(
                self._controller.unwritable
                or RunFolderError(
                    self.tr("Another window is using this runs folder."),
                    hint=self.tr("Open the packed run in the other window, or close it."),
                )
            )
            return
        self.told.emit(Message(self.tr("Opening {name} ...").format(name=pack.name)))
        self._background.do(
            lambda: unpack_run(pack, self._controller.runs), self._on_unpacked, self.failed.emit
        )

    def _on_unpacked(self, run: RunDir) -> None:
        self._controller.look()
        self.told.emit(Message(self.tr("{title} is in the list now.").format(title=run.title()), "good"))
        self.unpacked.emit(run.name)


def _checkpoints_sentence(run: RunDir) -> str:
    size = bytes_text(folder_bytes(run.checkpoints)) if run.checkpoints.is_dir() else ""
    sentence = QCoreApplication.translate(
        "Packing", "Checkpoints too ({size}): needed only to go on training there"
    )
    return sentence.format(size=size)


def _no_run(place: Path) -> RunFolderError:
    return RunFolderError(
        f"{place.name or place} is not a run's folder.",
        "A run's folder holds spec.json and events.jsonl.",
        f"Choose the folder of a run, or a file that ends in {PACK_SUFFIX}.",
    )
