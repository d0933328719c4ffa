"""*Try several values*: one option, up to six values, and what will be started."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.options import Option
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.sweep import parse_values, sweep_options, sweep_specs
from ptft_gui.gui.dialogs.sweep_values import SweepValues
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import PrimaryButton
from ptft_gui.gui.widgets.dialog_foot import DialogFoot
from ptft_gui.gui.widgets.fitting_dialog import FittingDialog
from ptft_gui.gui.widgets.labels import PlainLabel

_WIDTH = 560


class SweepDialog(FittingDialog):
    """``runs_requested`` carries the list of RunSpec to start, one for each value."""

    runs_requested = Signal(object)

    def __init__(self, spec: RunSpec, summary: RunSummary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sweepDialog")
        self.setWindowTitle(self.tr("Try several values"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        scale_with_type(self, self.setMinimumWidth, _WIDTH)
        self._spec, self._summary = spec, summary
        self._options: tuple[Option, ...] = sweep_options(spec)
        self._choice = QComboBox()
        self._choice.setObjectName("sweepOption")
        self._choice.setAccessibleName(self.tr("Option"))
        for option in self._options:
            self._choice.addItem(option.label, option.key)
        self._help = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._values = SweepValues()
        self._outcome = PlainLabel("", TextStyle.BODY)
        self._outcome.setObjectName("sweepOutcome")
        self._start = PrimaryButton(self.tr("Start"), "play")
        self._start.setObjectName("sweepStart")
        self._start.clicked.connect(self._on_start)
        self._build()
        self._choice.currentIndexChanged.connect(self._on_option)
        self._values.changed.connect(self._judge)
        self._on_option()

    def _build(self) -> None:
        sentence = self.tr(
            "Everything else stays as in {title}. The runs wait for one another and are compared on one page."
        ).format(title=self._spec.name)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addWidget(PlainLabel(self.tr("Try several values"), TextStyle.TITLE))
        column.addWidget(PlainLabel(sentence, TextStyle.BODY, Role.QUIET_TEXT))
        column.addSpacing(Space.SMALL)
        column.addWidget(_label(self.tr("Option"), self._choice))
        column.addWidget(self._choice)
        column.addWidget(self._help)
        column.addSpacing(Space.SMALL)
        column.addWidget(_label(self.tr("Values"), self._values.line))
        column.addWidget(self._values)
        column.addWidget(self._outcome)
        column.addSpacing(Space.MEDIUM)
        column.addWidget(DialogFoot(self, self._start, "sweepCancel"))

    def choose(self, key: str) -> None:
        """Choose an option; one that the run does not have is left alone."""
        if (place := self._choice.findData(key)) >= 0:
            self._choice.setCurrentIndex(place)

    def option(self) -> Option:
        return self._options[self._choice.currentIndex()]

    @Slot()
    def _on_option(self) -> None:
        option = self.option()
        self._help.setText(option.help)
        self._choice.setAccessibleDescription(option.help)
        self._values.propose(option, self._summary.resolved_value(option.key, option.default))
        self._judge()

    def specs(self) -> list[RunSpec]:
        """The runs as asked for now. Raises :class:`SpecError`."""
        return sweep_specs(self._spec, self.option(), parse_values(self.option(), self._values.text()))

    @Slot()
    def _judge(self) -> None:
        if missing := self._values.what_is_missing():
            self._show(missing, is_well=False)
            return
        try:
            count = len(self.specs())
        except SpecError as problem:
            self._show(" ".join(part for part in (problem.message, problem.hint) if part), is_well=False)
        else:
            self._show(self.tr("{count} runs will be started.").format(count=count), is_well=True)

    def _show(self, sentence: str, is_well: bool) -> None:
        self._outcome.set_ink(Role.QUIET_TEXT if is_well else Role.WARNING_TEXT)
        self._outcome.setText(sentence)
        self._start.setEnabled(is_well)
        self._start.setAccessibleDescription(sentence)

    @Slot()
    def _on_start(self) -> None:
        self.runs_requested.emit(self.specs())
        self.accept()


def _label(title: str, field: QWidget) -> PlainLabel:
    label = PlainLabel(title, TextStyle.BODY)
    label.setBuddy(field)
    return label
