"""The foot of a dialog that starts something: Cancel, and at its right the one filled button."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.buttons import PrimaryButton, SecondaryButton


class DialogFoot(QWidget):
    """``start`` does what the dialog is for; Cancel, called ``cancel_name``, gives the dialog up."""

    def __init__(self, dialog: QDialog, start: PrimaryButton, cancel_name: str) -> None:
        super().__init__(dialog)
        self.cancel = SecondaryButton(self.tr("Cancel"))
        self.cancel.setObjectName(cancel_name)
        self.cancel.clicked.connect(dialog.reject)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(start)
