"""The dialogs that belong to no page: preferences, explain, glossary, check, about."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from ptft_gui import __version__
from ptft_gui.gui.dialogs.questions import TextDialog
from ptft_gui.gui.explain import explain_focus
from ptft_gui.gui.settings import WindowSettings


class HelpDesk(QObject):
    """Opens what the Help menu offers, and the preferences, each at most once.

    ``network_changed`` when a person switched the network on or off; ``failed`` carries a :class:`PtftError`.
    """

    network_changed = Signal(bool)
    failed = Signal(object)

    def __init__(self, window: QWidget, runs: Path, settings: WindowSettings) -> None:
        super().__init__(window)
        self._window, self._runs, self._settings = window, runs, settings

    @Slot()
    def explain(self) -> None:
        """The sentence of the control that has the focus."""
        explanation = explain_focus()
        self._open(TextDialog("explainDialog", explanation.title, explanation.text, self._window))

    @Slot()
    def show_preferences(self) -> None:
        from ptft_gui.gui.dialogs.preferences import PreferencesDialog

        dialog = PreferencesDialog(self._settings, self._runs, self._window)
        dialog.network_changed.connect(self.network_changed)
        dialog.failed.connect(self.failed)
        self._open(dialog)

    @Slot()
    def show_glossary(self) -> None:
        from ptft_gui.gui.dialogs.glossary import GlossaryDialog

        self._open(GlossaryDialog(self._window))

    @Slot()
    def show_doctor(self) -> None:
        from ptft_gui.gui.dialogs.doctor import DoctorDialog

        self._open(DoctorDialog(self._runs, parent=self._window))

    @Slot()
    def show_about(self) -> None:
        text = self.tr(
            "ptft-gui {version}\n\n"
            "Train language models on your own computer, watch them learn, and ask them questions.\n\n"
            "Your texts stay on this computer. The program goes online only when you choose something marked "
            "network.\n\n"
            "Runs are kept in {runs}.\n\n"
            "Licence: Apache-2.0. Models are trained with torch, transformers, numba and gensim; the window is drawn "
            "with Qt and pyqtgraph."
        )
        shown = text.format(version=__version__, runs=self._runs)
        self._open(TextDialog("aboutDialog", self.tr("About ptft"), shown, self._window))

    def _open(self, dialog: QDialog) -> None:
        """Show the dialog; one of its name that is open already comes to the front instead."""
        open_ones = [d for d in self._window.findChildren(QDialog, dialog.objectName()) if d.isVisible()]
        if open_ones:
            dialog.deleteLater()
            open_ones[0].activateWindow()
        else:
            dialog.open()
