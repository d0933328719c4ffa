"""*Advanced*: every further option, and what the program would choose where it may."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.family.methods import method_of_option
from ptft_gui.core.family.options import Option, OptionValue
from ptft_gui.core.family.registry import Family, data_options_of
from ptft_gui.core.proposals import Proposal
from ptft_gui.gui.panels.new_run.length_field import LENGTH_KEYS
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.collapsible import CollapsibleSection
from ptft_gui.gui.widgets.labels import Divider, PlainLabel
from ptft_gui.gui.widgets.spec_form import SpecForm

SHOWN_ELSEWHERE = ("objective", "initial_words", "processes", *LENGTH_KEYS)


class AdvancedSettings(QWidget):
    """Three forms under one fold: the usual options, those of the text, and the fine points.

    ``changed`` follows every change, by a person or by the program; ``opened`` an unfolding.
    """

    changed = Signal()
    opened = Signal()

    def __init__(self, family: Family, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("advancedSettings")
        self._options: dict[str, Option] = {}
        self._forms: dict[str, SpecForm] = {}
        self._section = CollapsibleSection("")
        self._section.setObjectName("advancedFold")
        self._section.body.setContentsMargins(0, 0, 0, 0)
        self._section.body.setSpacing(Space.MEDIUM)
        self._section.toggled.connect(self._on_toggled)
        self._reasons = PlainLabel("", TextStyle.CAPTION)
        self._reasons.setObjectName("automaticReasons")
        self._reset = SecondaryButton(self.tr("Back to the defaults"))
        self._reset.setObjectName("resetOptionsButton")
        self._reset.clicked.connect(self.show_defaults)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._section)
        self._fill(family)

    def _fill(self, family: Family) -> None:
        body = self._section.body
        body.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self._reasons)
        own = [option for option in family.options if option.key not in SHOWN_ELSEWHERE]
        groups = (
            (self.tr("The model"), [option for option in own if not option.advanced]),
            (self.tr("The text"), list(data_options_of(family))),
            (self.tr("Fine points"), [option for option in own if option.advanced]),
        )
        for title, options in groups:
            body.addWidget(Divider())
            body.addWidget(PlainLabel(title, TextStyle.STRONG, Role.QUIET_TEXT))
            body.addWidget(self._make_form(options))
        self._reasons.hide()
        self._count_changed()

    def _make_form(self, options: list[Option]) -> SpecForm:
        """Under this fold every option is open: a fold in a fold would hide it twice."""
        form = SpecForm([replace(option, advanced=False) for option in options])
        form.changed.connect(self._on_changed)
        for option in options:
            self._options[option.key] = option
            self._forms[option.key] = form
        return form

    def _all_forms(self) -> list[SpecForm]:
        return list(dict.fromkeys(self._forms.values()))

    @property
    def is_open(self) -> bool:
        return self._section.is_open

    def set_open(self, is_open: bool) -> None:
        self._section.set_open(is_open)

    def option_keys(self) -> tuple[str, ...]:
        return tuple(self._options)

    def form(self, key: str) -> SpecForm:
        """The form in which the option ``key`` stands."""
        return self._forms[key]

    def offer_for(self, methods: Collection[str]) -> None:
        """Show of the options that one method alone has those of ``methods`` only."""
        for key, form in self._forms.items():
            owner = method_of_option(key)
            if owner is not None:
                form.offer(key, owner.key in methods)
        self._count_changed()

    def values(self) -> dict[str, OptionValue]:
        """Key to value; an option whose field holds something unusable is left out."""
        return {key: value for form in self._all_forms() for key, value in form.values().items()}

    def changed_values(self) -> dict[str, OptionValue]:
        """Only what differs from the defaults."""
        return {key: value for form in self._all_forms() for key, value in form.changed_values().items()}

    def changed_count(self) -> int:
        return len(self.changed_values())

    def set_value(self, key: str, value: OptionValue) -> None:
        """Show another value of one option; the others stay."""
        if key in self._forms:
            form = self._forms[key]
            form.set_values({**form.values(), key: value})

    def set_values(self, values: Mapping[str, OptionValue]) -> None:
        """Show exactly these values; options not named get their defaults."""
        for form in self._all_forms():
            keys = [key for key, owner in self._forms.items() if owner is form]
            form.set_values({key: values.get(key, self._options[key].default) for key in keys})

    @Slot()
    def show_defaults(self) -> None:
        self.set_values({})

    def show_proposals(self, proposals: Mapping[str, Proposal]) -> None:
        """Say beside each automatic option what it would be, and above all of them why."""
        reasons = []
        for key, option in self._options.items():
            proposal = proposals.get(key)
            if not option.automatic:
                continue
            words = _in_words(option, proposal.value) if proposal else ""
            form = self._forms[key]
            form.set_automatic_note(key, words, proposal.value if proposal else None)
            if proposal and form.field(key).value() is None:
                reasons.append(f"{option.label}: {words}. {proposal.reason}")
        title = self.tr("Chosen by the program for this text:")
        self._reasons.setText("\n".join((title, *reasons)))
        self._reasons.setVisible(bool(reasons))

    def problems(self) -> dict[str, str]:
        """Key to sentence, of every field that shows a problem."""
        return {key: text for form in self._all_forms() for key, text in form.problems().items()}

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show each sentence beside its field, in place of those shown before."""
        for form in self._all_forms():
            form.clear_problems()
        for key, message in problems.items():
            self._forms[key].show_problem(key, message)

    @Slot(bool)
    def _on_toggled(self, is_open: bool) -> None:
        if is_open:
            self.opened.emit()

    @Slot()
    def _on_changed(self) -> None:
        self._count_changed()
        self.changed.emit()

    def _count_changed(self) -> None:
        count = self.changed_count()
        template = self.tr("Advanced ({count} changed)") if count else self.tr("Advanced")
        self._section.set_title(template.format(count=count))
        self._reset.setEnabled(count > 0)


def _in_words(option: Option, value: OptionValue) -> str:
    if option.kind == "choice":
        return dict(option.choices).get(str(value), str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (
        f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)
    )
