"""*Check this computer*: runs the doctor in a process of its own and shows its sentences."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QProcessEnvironment, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QWidget

from ptft_gui.core.launch import package_environment
from ptft_gui.gui.dialogs.questions import TextDialog

_WIDTH = 800
"""Pixels in which the usual sentences stand beside their names, each in one line."""


class DoctorDialog(TextDialog):
    """The report as it comes; closing the dialog ends the check."""

    def __init__(self, runs: Path, command: list[str] | None = None, parent: QWidget | None = None) -> None:
        super().__init__("doctorDialog", "", "", parent)
        self.set_title(self.tr("Check this computer"))
        self.resize(_WIDTH, self.height())
        self.text.setPlaceholderText(self.tr("Looking at this computer. It takes some seconds."))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))  # its columns line up
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_problem)
        self.finished.connect(self._on_closed)
        program, *arguments = command or [
            sys.executable,
            "-P",
            "-m",
            "ptft_gui",
            "doctor",
            "--runs",
            str(runs),
        ]
        self._process.setProcessEnvironment(_environment())
        self._process.start(program, arguments)

    @property
    def is_looking(self) -> bool:
        """Whether the report is not whole yet."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    @Slot()
    def _on_output(self) -> None:
        output = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", errors="replace")
        self.text.appendPlainText(output.rstrip("\n"))

    @Slot()
    def _on_finished(self) -> None:
        if not self.text.toPlainText().strip():
            self.text.setPlainText(
                self.tr("The check ended without a report. Run it in a terminal: ptft-gui doctor")
            )

    @Slot()
    def _on_problem(self) -> None:
        if self._process.error() == QProcess.ProcessError.FailedToStart:
            self.text.setPlainText(
                self.tr("The check could not be started. Run it in a terminal: ptft-gui doctor")
            )

    @Slot()
    def _on_closed(self) -> None:
        if self.is_looking:
            self._process.kill()
            self._process.waitForFinished(2_000)


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment()
    for name, value in package_environment().items():
        environment.insert(name, value)
    return environment
