"""What happens to faults of the program itself: written down, told once, and the window goes on."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, Slot, qInstallMessageHandler

from ptft_gui.gui.widgets.toast import Message

_log = logging.getLogger("ptft_gui.window")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_KEPT_BYTES = 1_000_000


class FaultHooks(QObject):
    """Catches what nobody else caught, in any thread, and writes it to a log file.

    ``told`` carries a :class:`Message` for the person; it may be emitted from any thread and arrives in the GUI thread.
    """

    told = Signal(object)
    _caught = Signal(str)

    def __init__(self, log_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self._file: IO[str] | None = None
        self._handler: logging.Handler | None = None
        self._caught.connect(self._on_caught, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Begin to catch. A home that cannot be written only costs the log file."""
        self._open_log()
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(_on_qt_message)

    def remove(self) -> None:
        """Put everything back as it was."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
        if self._file is not None:
            faulthandler.disable()
            self._file.close()

    def _open_log(self) -> None:
        try:
            self._log_file.parent.mkdir(parents=True, exist_ok=True)
            if self._log_file.exists() and self._log_file.stat().st_size > _KEPT_BYTES:
                self._log_file.replace(self._log_file.with_suffix(".old.log"))
            self._file = self._log_file.open("a", encoding="utf-8")
        except OSError:
            return
        faulthandler.enable(self._file)
        self._handler = logging.StreamHandler(self._file)
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logging.getLogger().addHandler(self._handler)

    def _on_exception(
        self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
            return
        _log.error("A fault nobody caught", exc_info=(kind, fault, trace))
        self._caught.emit(f"{kind.__name__}: {fault}")

    def _on_thread_exception(self, record: threading.ExceptHookArgs) -> None:
        if record.exc_value is not None:
            self._on_exception(record.exc_type, record.exc_value, record.exc_traceback)

    @Slot(str)
    def _on_caught(self, detail: str) -> None:
        text = self.tr("The window met a fault of its own. Your runs go on.")
        where = self.tr("Written down in {file}.").format(file=self._log_file)
        self.told.emit(Message(text, "bad", f"{detail}\n{where}"))


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    _log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
