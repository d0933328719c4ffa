"""The tab *Ready to use*: the bundled texts and the datasets of a person's library, as cards."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.datasets import DatasetCard, bundled_dataset, bundled_datasets, bundled_tables
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.choice_card import ChoiceCard, ChoiceGroup
from ptft_gui.gui.widgets.data_answers import StoredDataset
from ptft_gui.gui.widgets.data_words import kind_words, size_words, used_words
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.restyle import set_style_property

_MOST_SHOWN = 6


class ReadySets(QWidget):
    """``dataset_chosen`` carries the id or name of the dataset chosen; ``all_requested`` asks for all of them.

    Where a task is learned the tables of its examples take the place of the running texts, which cannot serve it.
    """

    dataset_chosen = Signal(str)
    all_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = ChoiceGroup(accessible_name=self.tr("Dataset ready to use"))
        self.table_group = ChoiceGroup(accessible_name=self.tr("Examples ready to use"))
        self._task = self._chosen = ""
        self._own_title = PlainLabel(self.tr("Further datasets"), TextStyle.CAPTION, Role.QUIET_TEXT)
        self.own_group = ChoiceGroup(accessible_name=self.tr("Further datasets"))
        self._all = QuietButton(self.tr("All your datasets"), "database")
        self._all.setObjectName("allDatasetsButton")
        set_style_property(self._all, "isLeft", True)
        self._all.clicked.connect(self.all_requested)
        self._stored: tuple[StoredDataset, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        for widget in (self.table_group, self.group, self._own_title, self.own_group, self._all):
            column.addWidget(widget)
        for card in bundled_datasets():
            self.group.add(card.id, ChoiceCard(card.title, card.sentence, self._facts(card)))
        for group in (self.table_group, self.group, self.own_group):
            group.value_changed.connect(self._on_chosen)
        self.show_stored(())

    def show_task(self, task: str) -> None:
        """Offer what ``task`` can be learned from; "" offers running text."""
        if task == self._task:
            return
        self._task = task
        self.table_group.clear()
        for card in bundled_tables():
            if task and card.task == task:
                self.table_group.add(card.id, self._make_table_card(card))
        self.choose(self._chosen)

    def show_stored(self, datasets: Sequence[StoredDataset]) -> None:
        """Offer the datasets of the library below those that come with the program."""
        own = [dataset for dataset in datasets if not dataset.is_bundled]
        chosen = self.own_group.value()
        stored = tuple(d for place, d in enumerate(own) if place < _MOST_SHOWN or d.name == chosen)
        self._all.setVisible(len(own) > len(stored))
        if stored != self._stored:
            self._stored = stored
            self.own_group.clear()
            for dataset in stored:
                self.own_group.add(dataset.name, self._make_card(dataset))
            self._add_table(chosen)
            if chosen in self.own_group.values():
                self._check(self.own_group, chosen)
        self._show_own()

    def _make_card(self, dataset: StoredDataset) -> ChoiceCard:
        facts = (kind_words(dataset.kind), size_words(dataset), dataset.language, used_words(dataset))
        warning = "" if dataset.state == "unchanged" else dataset.state_sentence
        card = ChoiceCard(dataset.label, warning, " \N{MIDDLE DOT} ".join(part for part in facts if part))
        card.setEnabled(dataset.state != "missing")
        return card

    def _add_table(self, dataset: str) -> None:
        """Offer a table that comes with the program, once a person chose it on the Datasets page."""
        card = bundled_dataset(dataset) if dataset else None
        offered = (*self.own_group.values(), *self.table_group.values())
        if card is not None and card.task and dataset not in offered:
            self.own_group.add(dataset, self._make_table_card(card))

    def _make_table_card(self, card: DatasetCard) -> ChoiceCard:
        rows = self.tr("{count} rows").format(count=f"{card.rows:,}")
        facts = " \N{MIDDLE DOT} ".join(part for part in (rows, card.licence) if part)
        return ChoiceCard(card.title, card.sentence, facts)

    def _show_own(self) -> None:
        """The library's own, and of what comes with the program the kind that is wanted and the one that is chosen."""
        has_tables = bool(self.table_group.values())
        self.table_group.setVisible(has_tables)
        self.group.setVisible(not has_tables or self._chosen in self.group.values())
        tables = {card.id for card in bundled_tables()} - {self._chosen}
        own = set(self.own_group.values()) - set(self.table_group.values()) - tables
        for value in self.own_group.values():
            self.own_group.card(value).setVisible(value in own)
        for widget in (self._own_title, self.own_group):
            widget.setVisible(bool(own))

    def choose(self, dataset: str) -> None:
        """Show ``dataset`` as chosen; "" chooses none."""
        self._chosen = dataset
        self._add_table(dataset)
        self._show_own()
        for group in (self.table_group, self.group, self.own_group):
            self._check(group, dataset)

    @staticmethod
    def _check(group: ChoiceGroup, dataset: str) -> None:
        for value in group.values():
            card = group.card(value)
            card.setAutoExclusive(value == dataset)
            card.setChecked(value == dataset)
            card.setAutoExclusive(True)

    def has(self, dataset: str) -> bool:
        """Whether ``dataset`` stands here: a bundled one or one of the library."""
        return bundled_dataset(dataset) is not None or dataset in {stored.name for stored in self._stored}

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
