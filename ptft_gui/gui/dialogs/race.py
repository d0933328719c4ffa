"""*Race the methods* from a run that is there: which lanes, and what will be started."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.datasets import dataset_title
from ptft_gui.core.race import possible_lanes, race_specs
from ptft_gui.core.race_length import length_sentence
from ptft_gui.core.spec import RunSpec
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import PrimaryButton
from ptft_gui.gui.widgets.dialog_foot import DialogFoot
from ptft_gui.gui.widgets.fitting_dialog import FittingDialog
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.race_lanes import RaceLanes

_WIDTH = 560


class RaceDialog(FittingDialog):
    """``lanes_chosen`` carries the keys of the lanes; ``present``: the lane that the run itself is, if it is one."""

    lanes_chosen = Signal(object)

    def __init__(self, spec: RunSpec, present: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("raceDialog")
        self.setWindowTitle(self.tr("Race the methods"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        scale_with_type(self, self.setMinimumWidth, _WIDTH)
        self._spec, self._present = spec, present
        self.lanes = RaceLanes()
        self.lanes.offer({lane.method for lane in possible_lanes(spec)})
        self.lanes.changed.connect(self._say)
        self._outcome = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._outcome.setObjectName("raceOutcome")
        self._start = PrimaryButton(self.tr("Start the race"), "play")
        self._start.setObjectName("raceStart")
        self._start.clicked.connect(self._on_start)
        self._build()
        self._say()

    def _build(self) -> None:
        sentence = self.tr(
            "Each lane learns the same rows of {title}, with the same split and seed, one after the other."
        ).format(title=dataset_title(self._spec.data.dataset))
        lanes = race_specs(self._spec, [lane.key for lane in possible_lanes(self._spec)])
        sentence = f"{sentence} {length_sentence(lanes)}"
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addWidget(PlainLabel(self.tr("Race the methods"), TextStyle.TITLE))
        column.addWidget(PlainLabel(sentence, TextStyle.BODY, Role.QUIET_TEXT))
        column.addSpacing(Space.SMALL)
        column.addWidget(self.lanes)
        column.addSpacing(Space.SMALL)
        column.addWidget(self._outcome)
        column.addSpacing(Space.MEDIUM)
        column.addWidget(DialogFoot(self, self._start, "raceCancel"))

    @Slot()
    def _say(self) -> None:
        chosen = self.lanes.lanes()
        count = len(chosen) - (self._present in chosen)
        words = self.tr("{count} runs will be started.")
        if count == 1:
            words = self.tr("One run will be started; this run is the other lane.")
        elif self._present in chosen:
            words = self.tr("{count} runs will be started; this run is one of the lanes.")
        text = words.format(count=count)
        self._outcome.setText(text)
        self._start.setAccessibleDescription(text)

    @Slot()
    def _on_start(self) -> None:
        self.lanes_chosen.emit(self.lanes.lanes())
        self.accept()
