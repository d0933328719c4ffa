"""The four presets: how thorough the run is, each with what it costs on the chosen text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ptft_gui.core.family.registry import Choice
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.choice_card import ChoiceCard
from ptft_gui.gui.widgets.labels import PlainLabel

_COLUMNS = 2
_ROOM_FOR_SENTENCES = 480
"""Pixels; where there is less, only the sentence of the chosen preset is shown, below the cards."""


class PresetPicker(QWidget):
    """Two cards a row. ``value_changed`` carries the key of the preset chosen."""

    value_changed = Signal(str)

    def __init__(self, presets: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presetPicker")
        self.setAccessibleName(self.tr("Preset"))
        self._sentences = {preset.key: preset.sentence for preset in presets}
        self._costs = {preset.key: ("", "") for preset in presets}
        self._cards: dict[str, ChoiceCard] = {}
        self._sentence = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        grid = QGridLayout()
        grid.setSpacing(Space.SMALL)
        for index, preset in enumerate(presets):
            self._cards[preset.key] = card = self._make_card(preset)
            grid.addWidget(card, index // _COLUMNS, index % _COLUMNS)
        self.note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.note.setObjectName("presetNote")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(grid)
        column.addWidget(self._sentence)
        column.addWidget(self.note)
        self.show_note("")
        self._arrange()

    def _make_card(self, preset: Choice) -> ChoiceCard:
        card = ChoiceCard(preset.title)
        card.setObjectName(f"preset_{preset.key}")
        card.setMinimumWidth(120)
        card.setToolTip(preset.sentence)
        card.toggled.connect(self._on_toggled)
        return card

    def card(self, preset: str) -> ChoiceCard:
        return self._cards[preset]

    def value(self) -> str:
        return next((key for key, card in self._cards.items() if card.isChecked()), "")

    def set_value(self, preset: str) -> None:
        """Choose ``preset``; one that is not offered leaves the choice as it is."""
        if preset in self._cards:
            self._cards[preset].setChecked(True)

    def set_cost(self, preset: str, short: str, full: str) -> None:
        """What ``preset`` costs on the chosen text: the one most telling number, and all that is known."""
        self._costs[preset] = (short, full)
        self._cards[preset].setToolTip("\n".join(part for part in (self._sentences[preset], full) if part))
        self._arrange()

    def show_note(self, text: str, ink: Role = Role.QUIET_TEXT) -> None:
        """A sentence below: which of them suits the chosen text."""
        self.note.setText(text)
        self.note.set_ink(ink)
        self.note.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @Slot(bool)
    def _on_toggled(self, is_checked: bool) -> None:
        if is_checked:
            self._arrange()
            self.value_changed.emit(self.value())

    def _arrange(self) -> None:
        has_room = self.width() >= _ROOM_FOR_SENTENCES
        for key, card in self._cards.items():
            card.set_sentence(self._sentences[key] if has_room else "")
            card.set_second_line(self._costs[key][has_room])
        self._sentence.setText(self._sentences.get(self.value(), ""))
        self._sentence.setVisible(not has_room)
