"""The line under the map: what is seen, or how far what will be seen is, and a way to give it up."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.labels import PlainLabel

_THOUSANDTHS = 1000


class MapFoot(QWidget):
    """``cancelled`` when a person gives up what is being made."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._sentence.setObjectName("mapSentence")
        self._bar = QProgressBar()
        self._bar.setObjectName("mapProgress")
        self._bar.setTextVisible(False)
        scale_with_type(self._bar, self._bar.setFixedWidth, 120)
        self._bar.setAccessibleName(self.tr("How far the map is"))
        self._cancel = QuietButton(self.tr("Cancel"))
        self._cancel.setObjectName("mapCancelButton")
        self._cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._cancel)
        self.rest("")

    def rest(self, *sentences: str) -> None:
        """Nothing is being made; say what is seen."""
        self._bar.hide()
        self._cancel.hide()
        self._say(sentences)

    def work(self, fraction: float | None, *sentences: str) -> None:
        """Say what is being made and how far it is; None where that is not known."""
        self._say(sentences)
        self._bar.setRange(0, 0 if fraction is None else _THOUSANDTHS)
        if fraction is not None:
            self._bar.setValue(round(fraction * _THOUSANDTHS))
        self._bar.show()
        self._cancel.show()

    def _say(self, sentences: tuple[str, ...]) -> None:
        self._sentence.setText(" ".join(sentence for sentence in sentences if sentence))
