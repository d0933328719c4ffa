"""*Report...*: asks where the report of a run goes and whether sentences of its data stand in it, and writes it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.rundir import RunDir, slug
from ptft_gui.core.spec import RunSpec
from ptft_gui.gui.background import Background
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.toast import Message

_OPEN = "open_file"


class ReportDesk(QObject):
    """``told`` carries a :class:`Message`, ``failed`` a :class:`PtftError`."""

    told = Signal(object)
    failed = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._background = Background(self)

    def close(self) -> None:
        """Wait for what is being written."""
        self._background.close()

    def ask_where(self, run: RunDir) -> None:
        """Let a person choose the file, with the one tick box."""
        from ptft_gui.core.report import shows_sentences_by_default

        start = str(Path.home() / f"{slug(run.title()) or 'run'}-report.html")
        dialog = FileDialog(self._window, self.tr("Write a report"), start)
        dialog.setObjectName("reportDialog")
        dialog.setOption(
            QFileDialog.Option.DontUseNativeDialog
        )  # the system's own has no place for the tick box
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Web page in one file (*.html)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box = QCheckBox(self.tr("Include sentences from my data"))
        box.setObjectName("includeSentences")
        box.setAccessibleDescription(
            self.tr(
                "Rows that were answered wrongly, and what a model wrote: it may repeat its data word for word."
            )
        )
        box.setChecked(shows_sentences_by_default(_spec_or_none(run)))
        layout = dialog.layout()
        if isinstance(layout, QGridLayout):
            layout.addWidget(box, layout.rowCount(), 0, 1, layout.columnCount())
        dialog.fileSelected.connect(lambda path: self.write(run, Path(path), box.isChecked()))
        dialog.open()

    def write(self, run: RunDir, target: Path, shows_sentences: bool) -> None:
        """Write the report; the outcome is told."""

        def work() -> Path:
            from ptft_gui.core.report import write_report

            return write_report(run, target, shows_sentences)

        self._background.do(work, self._on_written, self.failed.emit)

    def _on_written(self, path: Path) -> None:
        text = self.tr("The report was written to {path}.").format(path=path)
        detail = self.tr("It is one file that opens in every browser, without network.")
        self.told.emit(Message(text, "good", detail, f"{_OPEN}/{path}", self.tr("Open")))

    def act(self, action: str) -> bool:
        """Carry out the action of a note; False when it is none of these."""
        verb, _, path = action.partition("/")
        if verb != _OPEN:
            return False
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            words = QCoreApplication.translate("Report", "The file is {path}.").format(path=path)
            self.told.emit(Message(words))
        return True


def _spec_or_none(run: RunDir) -> RunSpec | None:
    try:
        return run.read_spec()
    except PtftError:
        return None
