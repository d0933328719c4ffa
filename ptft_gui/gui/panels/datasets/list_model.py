"""The datasets as a list model, in groups: opened but not kept, a person's own, and the program's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ptft_gui.gui.widgets.data_answers import StoredDataset
from ptft_gui.gui.widgets.data_words import kind_words, size_words, used_words

DATASET_ROLE = int(Qt.ItemDataRole.UserRole)
NEW = "new"
"""The state of a file that was opened here and is not in the library."""

_Index = QModelIndex | QPersistentModelIndex


def facts_line(dataset: StoredDataset) -> str:
    """As in "Table, 4,000 rows, English"."""
    parts = (kind_words(dataset.kind) if dataset.kind else "", size_words(dataset), dataset.language)
    return " \N{MIDDLE DOT} ".join(part for part in parts if part)


class DatasetsModel(QAbstractListModel):
    """Rows are :class:`StoredDataset`, or a text: the heading of a group, which cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[StoredDataset] = []
        self._rows: list[StoredDataset | str] = []
        self._sought = ""

    def show_datasets(self, datasets: Sequence[StoredDataset]) -> None:
        if list(datasets) != self._all:
            self._all = list(datasets)
            self._show()

    def seek(self, text: str) -> None:
        """Show only the datasets whose title or kind holds this."""
        self._sought = text.strip().casefold()
        self._show()

    def _show(self) -> None:
        groups = (
            (self.tr("NOT IN YOUR LIBRARY YET"), [d for d in self._all if d.state == NEW]),
            (self.tr("YOUR DATASETS"), [d for d in self._all if d.state != NEW and not d.is_bundled]),
            (self.tr("COME WITH THE PROGRAM"), [d for d in self._all if d.is_bundled]),
        )
        rows: list[StoredDataset | str] = []
        for title, datasets in groups:
            found = [d for d in datasets if self._sought in f"{d.label} {facts_line(d)}".casefold()]
            rows += [title, *found] if found else []
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_of(self, name: str) -> int:
        """The row of a dataset, or -1."""
        found = (n for n, row in enumerate(self._rows) if isinstance(row, StoredDataset) and row.name == name)
        return next(found, -1)

    def dataset(self, index: _Index) -> StoredDataset | None:
        row = self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None
        return row if isinstance(row, StoredDataset) else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if self.dataset(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if isinstance(row, str):
            return row if role in (Qt.ItemDataRole.DisplayRole, DATASET_ROLE) else None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.label
        if role == DATASET_ROLE:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.label, facts_line(row), state_line(row)) if part)
        return None


def state_line(dataset: StoredDataset) -> str:
    """Why a dataset needs a look, else in how many runs it was used; "" where neither is so."""
    return dataset.state_sentence if dataset.state in ("changed", "missing") else used_words(dataset)
