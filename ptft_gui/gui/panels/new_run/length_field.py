"""How long to train: one field with four meanings, of which one counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.options import Option, OptionValue
from ptft_gui.core.family.registry import LENGTH_OPTIONS
from ptft_gui.core.proposals import Proposal
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.sizes import CONTROL_HEIGHT
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.option_fields import OptionField, make_field

LENGTH_KEYS = tuple(option.key for option in LENGTH_OPTIONS)
_STARTING_VALUES: dict[str, OptionValue] = {"max_steps": 1000, "max_minutes": 5.0, "finish_by": "08:00"}


def _demanded(option: Option) -> Option:
    """The option as it stands here: once its meaning is chosen it needs a value, except for automatic epochs."""
    return option if option.automatic else replace(option, default=_STARTING_VALUES[option.key])


class LengthField(QWidget):
    """Epochs, Steps, Minutes or Finish by, and the value of the one chosen. ``changed`` follows every change.

    A run that is repeated may have several limits; those that are not shown are kept, and said, until a person chooses
    another meaning.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runLength")
        self.setAccessibleName(self.tr("Length of the run"))
        self._meaning = QComboBox()
        self._meaning.setObjectName("runLengthMeaning")
        self._meaning.setAccessibleName(self.tr("What the length is measured in"))
        self._fields: dict[str, OptionField] = {}
        row = FlowLayout()
        row.addWidget(self._meaning)
        for option in LENGTH_OPTIONS:
            self._meaning.addItem(option.label, option.key)
            self._fields[option.key] = field = make_field(_demanded(option))
            field.setMinimumHeight(CONTROL_HEIGHT)  # beside its meaning they stand on one line
            row.addWidget(field)
            field.changed.connect(self._on_changed)
        self._also: dict[str, OptionValue] = {}
        self._also_note = PlainLabel("", TextStyle.CAPTION)
        self._note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        column.addLayout(row)
        column.addWidget(self._also_note)
        column.addWidget(self._note)
        self._show_field()
        self._meaning.currentIndexChanged.connect(self._on_meaning)
        self._keep_also({})
        self.show_note("")

    def meaning(self) -> str:
        """The key of the option that counts."""
        return str(self._meaning.currentData())

    def field(self, key: str) -> OptionField:
        return self._fields[key]

    def values(self) -> dict[str, OptionValue]:
        """All length options, those not used as None; raises :class:`SpecError` for what cannot be used."""
        meaning = self.meaning()
        return {
            key: self._fields[key].value() if key == meaning else self._also.get(key) for key in LENGTH_KEYS
        }

    def set_values(self, values: Mapping[str, OptionValue]) -> None:
        """Choose the meaning whose value is given; of several the last, without one automatic epochs."""
        given = [key for key in reversed(LENGTH_KEYS) if values.get(key) is not None]
        key = given[0] if given else "epochs"
        with QSignalBlocker(self._meaning):
            self._meaning.setCurrentIndex(LENGTH_KEYS.index(key))
        self._show_field()
        self._keep_also({other: values[other] for other in given[1:]})
        with QSignalBlocker(self._fields[key]):
            self._fields[key].set_value(values.get(key))
        self.changed.emit()

    def _show_field(self) -> None:
        """Of the four only the one that counts; below its meaning where both find no room side by side."""
        for key, field in self._fields.items():
            field.setVisible(key == self.meaning())

    def show_proposal(self, epochs: Proposal | None) -> None:
        """What automatic epochs would be, and why."""
        text = f"{epochs.value:,}" if epochs else ""
        self._fields["epochs"].set_automatic_note(text, epochs.value if epochs else None)

    def show_note(self, text: str) -> None:
        """A quiet sentence below: what this length means for the chosen text."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def note(self) -> QLabel:
        return self._note

    def problem(self) -> SpecError | None:
        """What is wrong with the value, or None."""
        try:
            self.values()
        except SpecError as problem:
            return problem
        return None

    def mark(self, has_problem: bool) -> None:
        self._fields[self.meaning()].show_problem(has_problem)

    def _keep_also(self, limits: dict[str, OptionValue]) -> None:
        self._also = limits
        labels = {option.key: option.label.lower() for option in LENGTH_OPTIONS}
        told = ", ".join(f"{labels[key]} {value}" for key, value in limits.items())
        self._also_note.setText(self.tr("Whichever comes first: this, or {limits}.").format(limits=told))
        self._also_note.setVisible(bool(limits))

    @Slot(int)
    def _on_meaning(self, _index: int) -> None:
        self._keep_also({})
        self._show_field()
        self.changed.emit()

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()
