"""The runs as a list model: waiting runs first, in their order, then the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ptft_gui.core.overview import RunOverview
from ptft_gui.gui.widgets.state_badge import state_word

OVERVIEW_ROLE = int(Qt.ItemDataRole.UserRole)
_MIME = "application/x-ptft-queued-run"
_Index = QModelIndex | QPersistentModelIndex


class RunsModel(QAbstractListModel):
    """Rows of :class:`RunOverview`. A waiting run may be dragged to another place among the waiting ones.

    ``queue_reordered`` carries the wished order of names; ``renamed`` a name and its new title. Both are requests:
    the rows change when the run folder has. ``ticked`` follows when runs were ticked to be compared, or no more.
    """

    queue_reordered = Signal(object)
    renamed = Signal(str, str)
    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[RunOverview] = []
        self._queue: list[str] = []
        self._sought = ""
        self._all: list[RunOverview] = []
        self._ticked: list[str] = []

    def show_runs(self, rows: Sequence[RunOverview], queue: Sequence[str]) -> None:
        """Show these runs; rows that stay where they are only repaint."""
        self._all, self._queue = list(rows), list(queue)
        self._show()
        there = {row.name for row in rows}
        if gone := [name for name in self._ticked if name not in there]:
            self._ticked = [name for name in self._ticked if name not in gone]
            self.ticked.emit()

    def all_rows(self) -> tuple[RunOverview, ...]:
        """Every run, also those that a search leaves out."""
        return tuple(self._all)

    def ticked_runs(self) -> list[str]:
        """Names of the runs that are ticked, in the order in which they were."""
        return list(self._ticked)

    def is_ticked(self, name: str) -> bool:
        return name in self._ticked

    def tick(self, name: str, is_ticked: bool) -> None:
        """Tick a run to be compared, or take the tick away."""
        row = self.row_of(name)
        if is_ticked == self.is_ticked(name) or row < 0:
            return
        self._ticked = [*self._ticked, name] if is_ticked else [n for n in self._ticked if n != name]
        self.dataChanged.emit(self.index(row), self.index(row))
        self.ticked.emit()

    def untick_all(self) -> None:
        """Take all ticks away."""
        for name in self.ticked_runs():
            self.tick(name, False)

    def seek(self, text: str) -> None:
        """Show only the runs whose title or text contains this."""
        self._sought = text.strip().casefold()
        self._show()

    def row_of(self, name: str) -> int:
        """The row of a run, or -1."""
        return next((number for number, row in enumerate(self._rows) if row.name == name), -1)

    def overview(self, index: _Index) -> RunOverview | None:
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def waiting(self) -> list[str]:
        """Names of the waiting runs, in the order of the list."""
        return [row.name for row in self._rows if row.name in self._queue]

    def move_in_queue(self, name: str, by: int) -> None:
        """Ask for a waiting run to be moved up (negative) or down."""
        names = self.waiting()
        if name in names:
            self._ask_for_order(name, min(max(names.index(name) + by, 0), len(names) - 1))

    # --- what a view asks --------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.overview(index)
        if row is None:
            return None
        if role == OVERVIEW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.title}, {state_word(row.state)} {row.number or row.problem}".strip()
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if self.is_ticked(row.name) else Qt.CheckState.Unchecked
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.overview(index)
        if row is not None and role == Qt.ItemDataRole.CheckStateRole:
            self.tick(row.name, Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        if row is not None and str(value).strip() and str(value) != row.title:
            self.renamed.emit(row.name, str(value).strip())
        return False

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        row = self.overview(index)
        if row is None:
            return flags | Qt.ItemFlag.ItemIsDropEnabled
        flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if row.name in self._queue else flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        row = self.overview(indexes[0]) if indexes else None
        data.setData(_MIME, QByteArray((row.name if row else "").encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index
    ) -> bool:
        name = bytes(cast(bytes, data.data(_MIME).data())).decode()
        if name in self._queue and row >= 0:
            place = row - 1 if self.row_of(name) < row else row
            self._ask_for_order(name, min(place, len(self.waiting()) - 1))
        return False  # the rows move when the queue has

    # --- inside ------------------------------------------------------------------------------------------------

    def _ask_for_order(self, name: str, place: int) -> None:
        names = self.waiting()
        wished = [other for other in names if other != name]
        wished.insert(place, name)
        if wished != names:
            self.queue_reordered.emit(wished)

    def _show(self) -> None:
        rows = self._in_order()
        if [row.name for row in rows] != [row.name for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        changed = [number for number, row in enumerate(rows) if row != self._rows[number]]
        self._rows = rows
        for number in changed:
            self.dataChanged.emit(self.index(number), self.index(number))

    def _in_order(self) -> list[RunOverview]:
        found = [row for row in self._all if self._sought in f"{row.title} {row.dataset}".casefold()]
        waiting = sorted(
            (r for r in found if r.name in self._queue), key=lambda row: self._queue.index(row.name)
        )
        placed = (self._with_place(row) for row in waiting)
        return [*placed, *(row for row in found if row.name not in self._queue)]

    def _with_place(self, row: RunOverview) -> RunOverview:
        """A waiting run with its place in the queue as its number: what moving it changes can be seen."""
        if row.state != "queued":  # it has just begun
            return row
        there = {each.name for each in self._all}
        queue = [name for name in self._queue if name in there]
        place = queue.index(row.name) + 1
        if place == 1:
            return replace(row, number=self.tr("next"))
        return replace(row, number=self.tr("{place} of {count}").format(place=place, count=len(queue)))
