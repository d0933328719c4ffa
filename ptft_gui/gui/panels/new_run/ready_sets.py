"""The tab *Ready to use*: the bundled datasets as cards."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.datasets import DatasetCard, bundled_datasets
from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.choice_card import ChoiceCard, ChoiceGroup


class ReadySets(QWidget):
    """``dataset_chosen`` carries the id of the dataset a person chose."""

    dataset_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = ChoiceGroup(accessible_name=self.tr("Dataset ready to use"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.group)
        for card in bundled_datasets():
            self.group.add(card.id, ChoiceCard(card.title, card.sentence, self._facts(card)))
        self.group.value_changed.connect(self._on_chosen)

    def choose(self, dataset_id: str) -> None:
        """Show ``dataset_id`` as chosen; "" chooses none."""
        for value in self.group.values():
            card = self.group.card(value)
            card.setAutoExclusive(bool(dataset_id))
            card.setChecked(value == dataset_id)
            card.setAutoExclusive(True)

    def show_reason(self, dataset_id: str, reason: str) -> None:
        """Say on the card why the dataset cannot be used here; "" says again what it holds."""
        for card in bundled_datasets():
            if card.id == dataset_id:
                self.group.card(card.id).set_second_line(reason or self._facts(card))

    def _facts(self, card: DatasetCard) -> str:
        words = self.tr("{count} words").format(count=f"{card.words:,}") if card.words else ""
        return " \N{MIDDLE DOT} ".join(part for part in (words, card.licence) if part)

    @Slot(str)
    def _on_chosen(self, dataset_id: str) -> None:
        self.dataset_chosen.emit(dataset_id)
