"""The control for one option of a run: number, choice, yes or no, text; with "Automatic" where that may be."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.options import Option, OptionValue
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.abstract import AbstractWidget
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.restyle import set_style_property

_NUMBER_WIDTH = 128
_INT_LIMIT = 2**31 - 1
SHORT_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class _SpinBox(QSpinBox):
    """Turning the wheel over a page scrolls the page; only a box in use counts."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class CalmComboBox(QComboBox):
    """Turning the wheel over a page scrolls the page; a long choice does not widen it but ends in "...".

    The data of an item for :data:`SHORT_ROLE` is what the closed box shows instead of the item's text.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        option, painter = QStyleOptionComboBox(), QStylePainter(self)
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        text = self.currentData(SHORT_ROLE) or option.currentText or self.placeholderText()
        option.currentText = self.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, field.width() - 4
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class OptionField(QWidget, metaclass=AbstractWidget):
    """Base of the controls; ``changed`` follows every change.

    ``value`` raises :class:`SpecError` for what cannot be used.
    """

    changed = Signal()

    def __init__(self, option: Option, control: QWidget) -> None:
        super().__init__()
        self.option = option
        self.control = control
        control.setObjectName(f"option_{option.key}")
        control.setAccessibleName(option.label)
        control.setAccessibleDescription(option.help)
        self.setFocusProxy(control)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.SMALL)
        self._row.addWidget(control)
        if option.unit:
            unit = PlainLabel(option.unit, TextStyle.BODY, Role.QUIET_TEXT)
            unit.setWordWrap(False)
            self._row.addWidget(unit)

    @abstractmethod
    def value(self) -> OptionValue:
        """What is chosen; None where it is left to the program."""

    @abstractmethod
    def set_value(self, value: OptionValue) -> None:
        """Show another value."""

    def show_problem(self, has_problem: bool) -> None:
        """Draw the control as one that needs a look, or no longer."""
        set_style_property(self.control, "hasProblem", has_problem)

    def set_automatic_note(self, text: str, value: OptionValue = None) -> None:
        """What "Automatic" would be, in words and as the value to start from when a person takes over."""


class _NumberField(OptionField):
    """A number; where it may be left to the program, a tick beside it says so."""

    def __init__(self, option: Option, control: QWidget) -> None:
        super().__init__(option, control)
        scale_with_type(control, control.setFixedWidth, _NUMBER_WIDTH)
        self._left_open: QCheckBox | None = None
        if option.is_optional:
            self._left_open = QCheckBox(self.tr("Automatic") if option.automatic else self.tr("Not used"))
            self._left_open.setObjectName(f"option_{option.key}_open")
            self._left_open.setAccessibleName(f"{option.label}: {self._left_open.text()}")
            self._left_open.toggled.connect(self._on_left_open)
            self._row.addWidget(self._left_open)
        self._row.addStretch(1)

    @property
    def is_left_open(self) -> bool:
        return self._left_open is not None and self._left_open.isChecked()

    def set_left_open(self, is_open: bool) -> None:
        if self._left_open is not None:
            self._left_open.setChecked(is_open)
            self._show_control(not is_open)

    def set_automatic_note(self, text: str, value: OptionValue = None) -> None:
        if self._left_open is None or not self.option.automatic:
            return
        words = self.tr("Automatic")
        self._left_open.setText(f"{words}: {text}" if text else words)
        if self.is_left_open and value is not None:
            self._start_from(value)

    def _start_from(self, value: OptionValue) -> None:
        """What the hidden control will show when it is needed; nobody is told."""
        with QSignalBlocker(self.control):
            self._write(value)

    @abstractmethod
    def _write(self, value: OptionValue) -> None:
        """Show a value that is not left open."""

    def set_value(self, value: OptionValue) -> None:
        self.set_left_open(value is None)
        if value is not None:
            self._write(value)

    @Slot(bool)
    def _on_left_open(self, is_open: bool) -> None:
        self._show_control(not is_open)
        self.changed.emit()

    def _show_control(self, is_shown: bool) -> None:
        """The keyboard goes where something is seen: a hidden control behind the field would hold it fast."""
        self.control.setVisible(is_shown)
        self.setFocusProxy(self.control if is_shown else self._left_open)  # type: ignore[arg-type]


class IntField(_NumberField):
    """A whole number in a spin box."""

    def __init__(self, option: Option) -> None:
        self._spin = _SpinBox()
        low = -_INT_LIMIT if option.minimum is None else int(option.minimum)
        high = _INT_LIMIT if option.maximum is None else int(option.maximum)
        self._spin.setRange(max(low, -_INT_LIMIT), min(high, _INT_LIMIT))
        self._spin.setGroupSeparatorShown(True)
        super().__init__(option, self._spin)
        self._spin.valueChanged.connect(self._on_changed)

    def value(self) -> OptionValue:
        return None if self.is_left_open else self._spin.value()

    def _write(self, value: OptionValue) -> None:
        self._spin.setValue(int(value or 0))

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()


class FloatField(_NumberField):
    """A number as it is written: 0.025, 5e-5."""

    def __init__(self, option: Option) -> None:
        self._edit = QLineEdit()
        super().__init__(option, self._edit)
        self._edit.textChanged.connect(self._on_changed)

    def value(self) -> OptionValue:
        if self.is_left_open:
            return None
        if not self._edit.text().strip():
            raise SpecError(f"{self.option.label} needs a number.", key=self.option.key)
        return self.option.parse(self._edit.text().replace(",", "."))

    def _write(self, value: OptionValue) -> None:
        self._edit.setText(f"{value:.10g}")

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()


class ChoiceField(OptionField):
    """One of several words; also a yes or no that may be left to the program."""

    def __init__(self, option: Option) -> None:
        self._combo = CalmComboBox()
        choices: list[tuple[OptionValue, str]] = list(option.choices)
        super().__init__(option, self._combo)
        if option.kind == "bool":
            choices = [(True, self.tr("Yes")), (False, self.tr("No"))]
        if option.is_optional:
            choices.insert(0, (None, self.tr("Automatic") if option.automatic else self.tr("Not used")))
        self._values = [value for value, _ in choices]
        self._combo.addItems([label for _, label in choices])
        self._row.setStretch(0, 1)
        self._combo.currentIndexChanged.connect(self._on_changed)

    def value(self) -> OptionValue:
        return self._values[self._combo.currentIndex()]

    def set_value(self, value: OptionValue) -> None:
        self._combo.setCurrentIndex(self._values.index(value))

    def set_automatic_note(self, text: str, value: OptionValue = None) -> None:
        if self.option.automatic:
            words = self.tr("Automatic")
            self._combo.setItemText(0, f"{words}: {text}" if text else words)

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()


class BoolField(OptionField):
    """Yes or no as a tick; the label stands beside it."""

    def __init__(self, option: Option) -> None:
        self._check = QCheckBox(option.label)
        super().__init__(option, self._check)
        self._row.addStretch(1)
        self._check.toggled.connect(self._on_changed)

    def value(self) -> OptionValue:
        return self._check.isChecked()

    def set_value(self, value: OptionValue) -> None:
        self._check.setChecked(bool(value))

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()


class TextField(OptionField):
    """A line of text; empty is "not set" where that is allowed."""

    def __init__(self, option: Option) -> None:
        self._edit = QLineEdit()
        super().__init__(option, self._edit)
        if option.automatic:
            self._edit.setPlaceholderText(self.tr("Automatic"))
        self._edit.textChanged.connect(self._on_changed)

    def value(self) -> OptionValue:
        return self.option.parse(self._edit.text())

    def set_value(self, value: OptionValue) -> None:
        self._edit.setText("" if value is None else str(value))

    def set_automatic_note(self, text: str, value: OptionValue = None) -> None:
        if self.option.automatic:
            self._edit.setPlaceholderText(f"{self.tr('Automatic')}: {text}")

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()


def make_field(option: Option) -> OptionField:
    """The control that fits ``option``, showing its default."""
    field = _make_field(option)
    with QSignalBlocker(field):
        field.set_value(option.default)
    return field


def _make_field(option: Option) -> OptionField:
    if option.kind == "choice" or (option.kind == "bool" and option.is_optional):
        return ChoiceField(option)
    kinds: dict[str, type[IntField] | type[FloatField] | type[BoolField] | type[TextField]] = {
        "int": IntField,
        "float": FloatField,
        "bool": BoolField,
        "text": TextField,
    }
    return kinds[option.kind](option)
