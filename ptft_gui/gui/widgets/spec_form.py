"""A form made out of the options of a run: label, control, the sentence that explains it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.options import Option, OptionValue
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.collapsible import CollapsibleSection
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.option_fields import BoolField, OptionField, make_field


class _Row(QWidget):
    """One option: its label above, its control, its help and its problem below."""

    def __init__(self, option: Option) -> None:
        super().__init__()
        self.field = make_field(option)
        self.is_offered = True
        self._own_problem = ""
        self._told_problem = ""
        self._problem = PlainLabel("", TextStyle.CAPTION, Role.BAD_TEXT)
        self._problem.setObjectName(f"problem_{option.key}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        if not isinstance(self.field, BoolField):  # a tick carries its label itself
            label = PlainLabel(option.label, TextStyle.STRONG)
            label.setBuddy(self.field.control)
            column.addWidget(label)
        column.addWidget(self.field)
        column.addWidget(self._problem)
        column.addWidget(PlainLabel(option.help, TextStyle.CAPTION, Role.QUIET_TEXT))
        self._show()

    def value(self) -> OptionValue:
        """The value; raises :class:`SpecError` for what cannot be used."""
        value = self.field.value()
        self.field.option.check(value)
        return value

    def problem(self) -> str:
        return self._own_problem or self._told_problem

    def tell_problem(self, message: str) -> None:
        """A problem found elsewhere; it goes when the field is changed."""
        self._told_problem = message
        self._show()

    def look_again(self) -> None:
        self._told_problem = ""
        try:
            self.value()
            self._own_problem = ""
        except SpecError as problem:
            self._own_problem = problem.as_sentence()
        self._show()

    def _show(self) -> None:
        message = self.problem()
        self._problem.setText(message)
        self._problem.setVisible(bool(message))
        self.field.show_problem(bool(message))


class SpecForm(QWidget):
    """Every option of ``options`` with its control; those marked ``advanced`` are folded away.

    ``changed`` follows every change a person or the program makes.
    """

    changed = Signal()

    def __init__(self, options: Sequence[Option], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("specForm")
        self._rows: dict[str, _Row] = {}
        self._is_filling = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.MEDIUM)
        self._advanced = CollapsibleSection(self.tr("Advanced"))
        self._advanced.setObjectName("advancedOptions")
        self._advanced.body.setSpacing(Space.MEDIUM)
        for option in options:
            row = self._rows[option.key] = _Row(option)
            row.field.changed.connect(self._on_field_changed)
            (self._advanced.body if option.advanced else column).addWidget(row)
        column.addWidget(self._advanced)
        self._advanced.setVisible(any(option.advanced for option in options))
        self._count_changed()

    def field(self, key: str) -> OptionField:
        """The control of one option; raises :class:`KeyError` for a key the form does not have."""
        return self._rows[key].field

    def offer(self, key: str, is_offered: bool) -> None:
        """Show an option or not: one that changes nothing at present keeps what it holds, and has no value."""
        self._rows[key].is_offered = is_offered
        self._rows[key].setVisible(is_offered)
        self._count_changed()

    def values(self) -> dict[str, OptionValue]:
        """Key to value of what is offered. An option whose field holds something unusable is left out; see
        :meth:`problems`."""
        values: dict[str, OptionValue] = {}
        for key, row in self._rows.items():
            try:
                if row.is_offered:
                    values[key] = row.value()
            except SpecError:
                continue
        return values

    def changed_values(self) -> dict[str, OptionValue]:
        """Only what differs from the defaults."""
        return {key: value for key, value in self.values().items() if value != self.field(key).option.default}

    def set_values(self, values: Mapping[str, OptionValue]) -> None:
        """Fill fields in; options not named keep what they hold. ``changed`` is emitted once.

        Raises :class:`SpecError` for a value that cannot be used, before anything is changed.
        """
        for key, value in values.items():
            self.field(key).option.check(value)
        self._is_filling = True
        for key, value in values.items():
            self.field(key).set_value(value)
        self._is_filling = False
        for row in self._rows.values():
            row.look_again()
        self._count_changed()
        self.changed.emit()

    def show_defaults(self) -> None:
        """Fill every field with its default again."""
        self.set_values({key: row.field.option.default for key, row in self._rows.items()})

    def show_problem(self, key: str, message: str) -> None:
        """Show ``message`` beside the field ``key`` until it is changed; a folded field is unfolded."""
        self._rows[key].tell_problem(message)
        if message and self.field(key).option.advanced:
            self._advanced.set_open(True)

    def clear_problems(self) -> None:
        """Take away what :meth:`show_problem` showed."""
        for row in self._rows.values():
            row.tell_problem("")

    def problems(self) -> dict[str, str]:
        """Key to sentence, of every field that shows a problem."""
        return {key: row.problem() for key, row in self._rows.items() if row.is_offered and row.problem()}

    def set_automatic_note(self, key: str, text: str, value: OptionValue = None) -> None:
        """Say beside "Automatic" what it would be here; a person who takes over starts from ``value``."""
        self.field(key).set_automatic_note(text, value)

    @Slot()
    def _on_field_changed(self) -> None:
        if self._is_filling:
            return
        for row in self._rows.values():
            if row.field is self.sender():
                row.look_again()
        self._count_changed()
        self.changed.emit()

    def _count_changed(self) -> None:
        count = sum(self.field(key).option.advanced for key in self.changed_values())
        title = self.tr("Advanced ({count} changed)").format(count=count) if count else self.tr("Advanced")
        self._advanced.set_title(title)
