"""The card of the fit check at the foot of the page: measured facts side by side, a remedy where one is not good."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError, Remedy
from ptft_gui.gui.panels.new_run.fit_words import FitLine
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import QuietButton, SecondaryButton
from ptft_gui.gui.widgets.labels import Divider, ElidedLabel
from ptft_gui.gui.widgets.metric_chip import MetricChip

_HEIGHT = 64
_KEYS = ("memory", "speed", "end", "disk", "batch")
_LESS_TELLING = ("batch", "disk")
"""Left out first where there is no room; what is not good stays."""


class FitCard(QWidget):
    """``remedy_requested`` carries the Remedy that was pressed; ``again_requested`` asks to measure once more."""

    remedy_requested = Signal(object)
    again_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fitCheckCard")
        self.setAccessibleName(self.tr("What the run takes on this computer"))
        self._chips = {key: MetricChip("") for key in _KEYS}
        self._lines: dict[str, FitLine] = {}
        self._remedy: Remedy | None = None
        self.sentence = ElidedLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.sentence.setObjectName("fitSentence")
        self.again = QuietButton(self.tr("Measure again"))
        self.again.setObjectName("measureAgainButton")
        self.again.clicked.connect(self.again_requested)
        self.remedy = SecondaryButton("")
        self.remedy.setObjectName("fitRemedy")
        self.remedy.clicked.connect(self._on_remedy)
        self._build()
        self.show_nothing()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        row.setSpacing(Space.SMALL)
        for key, chip in self._chips.items():
            chip.setObjectName(f"fit_{key}")
            row.addWidget(chip)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.again)
        row.addWidget(self.remedy)
        surface = QFrame()
        surface.setProperty("ground", "surface")
        surface.setLayout(row)
        self.setMinimumHeight(_HEIGHT)  # so that nothing moves when the chips come
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider())
        column.addWidget(surface, 1)

    def waiting_sentence(self, is_measuring: bool) -> str:
        """What stands here before anything was measured."""
        if is_measuring:
            return self.tr("What this run takes is measured in a moment; you need not wait for it.")
        return self.tr("What this run takes on this computer is measured here when all is chosen.")

    def lines(self) -> dict[str, FitLine]:
        """What is shown, by key."""
        return dict(self._lines)

    def show_nothing(self, sentence: str = "") -> None:
        """Nothing can be measured yet, or it is being measured: ``sentence`` says which."""
        self._show((), sentence, can_repeat=False)

    def show_problem(self, problem: PtftError) -> None:
        """It could not be measured, and why; the run can be started all the same."""
        self._show((), problem.as_sentence(), can_repeat=True)

    def show_lines(self, lines: Sequence[FitLine]) -> None:
        self._show(lines, "", can_repeat=False)

    def _show(self, lines: Sequence[FitLine], sentence: str, can_repeat: bool) -> None:
        self._lines = {line.key: line for line in lines}
        for key, chip in self._chips.items():
            line = self._lines.get(key)
            if line is not None:
                chip.set_name(line.title)
                chip.set_value(line.value, Role.TEXT if line.is_good else Role.WARNING, line.explanation)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence) or not lines)
        self.again.setVisible(can_repeat)
        remedies = [line.remedy for line in lines if line.remedy is not None]
        self._remedy = remedies[0] if remedies else None
        self.remedy.setText(self._remedy.label if self._remedy else "")
        self.remedy.setVisible(self._remedy is not None)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """As many chips as have room."""
        wanted = {key: key in self._lines for key in _KEYS}
        room = self.width() - 2 * Space.MEDIUM
        if not self.remedy.isHidden():
            room -= self.remedy.sizeHint().width() + Space.SMALL
        for key in _LESS_TELLING:
            needed = sum(
                self._chips[shown].sizeHint().width() + Space.SMALL for shown in _KEYS if wanted[shown]
            )
            if needed > room and wanted[key] and self._lines[key].is_good:
                wanted[key] = False
        for key, chip in self._chips.items():
            chip.setVisible(wanted[key])

    @Slot()
    def _on_remedy(self) -> None:
        self.remedy_requested.emit(self._remedy)
