"""The tab *Rows*: what the data can be used for, its first rows with the role of each column, and how it was read."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.core.family.tasks import PLAIN_TEXT, TASKS, get_task
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.cell_table import CellTable
from ptft_gui.gui.widgets.data_answers import OpenedData, TaskOffer
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.option_fields import CalmComboBox
from ptft_gui.gui.widgets.reading_fold import ReadingFold
from ptft_gui.gui.widgets.role_header import RoleHeader
from ptft_gui.gui.widgets.role_reasons import RoleReasons

_KNOWN_TASKS = {task.key for task in TASKS}
_TASK_WIDTH = 320


class RowsTab(QWidget):
    """``role_chosen`` carries a column and its new role ("" for none), ``runner_up_chosen`` a role and the column that
    takes it, ``task_chosen`` a task, ``reading_changed`` the ReadOptions wanted."""

    role_chosen = Signal(str, str)
    runner_up_chosen = Signal(str, str)
    task_chosen = Signal(str)
    reading_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = OpenedData()
        self.task = CalmComboBox()
        self.task.setObjectName("datasetTask")
        self.task.setAccessibleName(self.tr("Use it to"))
        self.task.setMaximumWidth(_TASK_WIDTH)
        self._task_label = PlainLabel(self.tr("Use it to"), TextStyle.CAPTION, Role.QUIET_TEXT)
        self._task_label.setBuddy(self.task)
        self._task_sentence = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._task_sentence.setObjectName("taskSentence")
        self.table = CellTable(self.tr("The first rows"))
        self.table.setObjectName("datasetRows")
        self.header = RoleHeader(self.table)
        self.table.setHorizontalHeader(self.header)
        self._caption = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.reasons = RoleReasons()
        self.reasons.setObjectName("roleReasons")
        self.reading = ReadingFold()
        self.notices = PlainLabel("", TextStyle.CAPTION, Role.WARNING_TEXT)
        self.notices.setObjectName("datasetNotices")
        self._build()
        self.task.activated.connect(self._on_task)
        self.header.role_chosen.connect(self.role_chosen)
        self.reasons.role_chosen.connect(self.runner_up_chosen)
        self.reading.changed.connect(self.reading_changed)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        top = QHBoxLayout()
        top.setSpacing(Space.SMALL)
        self._task_label.setWordWrap(False)
        top.addWidget(self._task_label)
        top.addWidget(self.task, 1)
        top.addWidget(self._task_sentence, 1)
        column.addLayout(top)
        for widget in (
            self._caption,
            self.table,
            self.reasons,
            self.notices,
            self.reading,
        ):
            column.addWidget(widget)
        column.addStretch(1)

    def show_data(self, data: OpenedData, chosen: Mapping[str, str]) -> None:
        """Show the first page of the data; ``chosen`` are the roles a person gave by hand."""
        self._data = data
        self._show_tasks(data)
        columns = data.column_names() if data.is_table else [self.tr("Text")]
        offered = get_task(data.task).all_roles if data.is_table and data.task in _KNOWN_TASKS else ()
        self.header.show_roles({name: data.role_of(name) for name in columns}, offered)
        self.table.show_cells(columns, data.rows)  # last: a column is as wide as its role
        self.table.fit_height()
        self.reasons.show_guesses([g for g in data.roles if g.role in offered], chosen)
        self.reasons.setVisible(bool(offered))
        caption = self.tr(
            "The first {count} rows, with their number in the file. A click on a head changes its role."
        )
        plain = self.tr("The first {count} lines.")
        self._caption.setText((caption if offered else plain).format(count=len(data.rows)))
        self.notices.setText("\n".join(data.notices))
        self.notices.setVisible(bool(data.notices))
        self.reading.show_data(data)

    def _show_tasks(self, data: OpenedData) -> None:
        """The tasks it suits first; one it does not suit says why when it is chosen."""
        offers = sorted(data.tasks, key=lambda offer: not offer.suits)
        with QSignalBlocker(self.task):
            self.task.clear()
            for offer in offers:
                words = "{title}" if offer.suits else self.tr("{title} (does not suit)")
                self.task.addItem(words.format(title=offer.title), offer.key)
            self.task.setCurrentIndex(self.task.findData(data.task))
        has_choice = len(offers) > 1
        self.task.setVisible(has_choice)
        self._task_label.setVisible(has_choice)
        self._say_task(next((offer for offer in offers if offer.key == data.task), None), has_choice)

    def _say_task(self, offer: TaskOffer | None, has_choice: bool) -> None:
        self._task_sentence.setText(offer.sentence if offer else "")
        self._task_sentence.set_ink(Role.QUIET_TEXT if offer is None or offer.suits else Role.WARNING_TEXT)
        self._task_sentence.setVisible(has_choice and bool(offer and offer.sentence))

    @Slot()
    def _on_task(self) -> None:
        self.task_chosen.emit(self.task.currentData() or PLAIN_TEXT)
