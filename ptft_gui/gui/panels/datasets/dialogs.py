"""The two small windows of the Datasets page: a new name, and datasets from the network."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ptft_gui.gui.panels.datasets.library_bar import LONGEST_NAME
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import PrimaryButton, SecondaryButton
from ptft_gui.gui.widgets.data_answers import GalleryEntry
from ptft_gui.gui.widgets.hub_picker import HubDialog
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.network_picker import NetworkPicker

_WIDTH = 480


class NameDialog(QDialog):
    """Asks for another name; ``name_chosen`` carries it."""

    name_chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("datasetNameDialog")
        self.setWindowTitle(self.tr("Rename"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._old = name
        self.name = QLineEdit(name)
        self.name.setObjectName("datasetName")
        self.name.setAccessibleName(self.tr("New name of the dataset"))
        self.name.setMaxLength(LONGEST_NAME)
        self.name.selectAll()
        rename = PrimaryButton(self.tr("Rename"))
        rename.setObjectName("renameDatasetButton")
        rename.setDefault(True)
        rename.clicked.connect(self._on_rename)
        cancel = SecondaryButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(rename)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addWidget(PlainLabel(self.tr("What shall it be called?"), TextStyle.TITLE))
        sentence = self.tr("Runs that used it under its old name still find it. Its files keep their names.")
        column.addWidget(PlainLabel(sentence, TextStyle.BODY, Role.QUIET_TEXT))
        column.addWidget(self.name)
        column.addSpacing(Space.MEDIUM)
        column.addLayout(row)

    @Slot()
    def _on_rename(self) -> None:
        name = self.name.text().strip()
        self.accept()
        if name and name != self._old:
            self.name_chosen.emit(name)


class NetworkDialog(HubDialog):
    """The gallery and the field for a name, in a window of their own; it closes when a dataset was fetched."""

    def __init__(self, asker: Asker, gallery: Sequence[GalleryEntry], parent: QWidget | None = None) -> None:
        picker = NetworkPicker(asker)
        picker.show_gallery(gallery)
        super().__init__(picker, self.tr("Datasets from the network"), parent)
        self.setObjectName("networkDialog")
