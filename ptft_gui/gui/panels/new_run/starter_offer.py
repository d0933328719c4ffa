"""What stands under *Start from* where a start is missing: install the starter model, or pre-train one here first."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from PySide6.QtCore import QProcess, QProcessEnvironment, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.language_starts import FAMILY_TITLES, starter_folder
from ptft_gui.core.family.task_starts import STARTER_FAMILY
from ptft_gui.core.starter_install import install_command, install_environment, phase_of, problem_of
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.labels import PlainLabel

_MOST_LINES = 400


class StarterOffer(QWidget):
    """``installed`` when the starter model is there; ``pretrain_requested`` where one is to be trained here first.

    The installation is a process of its own: the window goes on meanwhile, and ends it when it closes.
    """

    installed = Signal()
    pretrain_requested = Signal()

    def __init__(
        self, parent: QWidget | None = None, command: Callable[[], list[str]] = install_command
    ) -> None:
        super().__init__(parent)
        self._command = command
        self._lines: list[str] = []
        self._was_cancelled = False
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self.sentence = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.sentence.setObjectName("starterOfferSentence")
        self.install = SecondaryButton("", "download")
        self.install.setObjectName("installStarterButton")
        self.pretrain = SecondaryButton(self.tr("Pre-train one here first"))
        self.pretrain.setObjectName("pretrainFirstButton")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Installing the starter model"))
        self.bar.hide()
        row = QWidget()
        buttons = FlowLayout(row)
        buttons.addWidget(self.install)
        buttons.addWidget(self.pretrain)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        for widget in (self.sentence, self.bar, row):
            column.addWidget(widget)
        self._connect()
        self._show_button()

    def _connect(self) -> None:
        self.install.clicked.connect(self._on_install)
        self.pretrain.clicked.connect(self.pretrain_requested)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_not_started)
        self.destroyed.connect(self._process.kill)

    @property
    def is_installing(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    def show_for(self, family: str, has_any: bool) -> None:
        """Offer what a family lacks: any start, or only the starter model."""
        can_install = family == STARTER_FAMILY and starter_folder() is None
        self.setVisible(can_install or not has_any)
        self.install.setVisible(can_install)
        self.pretrain.setVisible(not has_any)
        if self.is_installing:
            return
        title = FAMILY_TITLES[family]
        told = self.tr("There is no {family} to start from yet.").format(family=title) if not has_any else ""
        if can_install:
            more = self.tr("The starter model is a small BERT that already knows English: 80 MB, Apache-2.0.")
            told = f"{told} {more}".strip()
        self._say(told, Role.QUIET_TEXT)

    # --- installing --------------------------------------------------------------------------------------------

    @Slot()
    def _on_install(self) -> None:
        if self.is_installing:
            self._was_cancelled = True
            self._process.kill()
            return
        try:
            program, *arguments = self._command()
        except PtftError as problem:
            self._say(problem.as_sentence(), Role.BAD_TEXT)
            return
        self._lines, self._was_cancelled = [], False
        environment = QProcessEnvironment()
        for name, value in install_environment().items():
            environment.insert(name, value)
        self._process.setProcessEnvironment(environment)
        self._process.start(program, arguments)
        self._say(self.tr("Installing the starter model ..."), Role.QUIET_TEXT)
        self._show_button()

    @Slot()
    def _read(self) -> None:
        text = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace")
        for line in text.splitlines():
            self._lines = [*self._lines[-_MOST_LINES:], line]
            if phase := phase_of(line):
                self._say(f"{phase} ...", Role.QUIET_TEXT)

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._show_button()
        importlib.invalidate_caches()
        if self._was_cancelled:
            self._say(self.tr("Not installed: you ended it."), Role.QUIET_TEXT)
        elif status == QProcess.ExitStatus.NormalExit and code == 0:
            self._say(self.tr("The starter model is installed."), Role.GOOD_TEXT)
            self.installed.emit()
        else:
            self._say(problem_of(self._lines).as_sentence(), Role.BAD_TEXT)

    @Slot(QProcess.ProcessError)
    def _on_not_started(self, problem: QProcess.ProcessError) -> None:
        if problem == QProcess.ProcessError.FailedToStart:
            self._show_button()
            self._say(problem_of([self._process.errorString()]).as_sentence(), Role.BAD_TEXT)

    def _show_button(self) -> None:
        self.bar.setVisible(self.is_installing)
        self.install.setText(
            self.tr("Stop installing")
            if self.is_installing
            else self.tr("Install the starter model (network, 80 MB)")
        )

    def _say(self, sentence: str, ink: Role) -> None:
        self.sentence.setText(sentence)
        self.sentence.set_ink(ink)
        self.sentence.setVisible(bool(sentence))
