"""Words that a person took together on the map, as a list to take along."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import IconButton, QuietButton
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.list_export import ExportButton, ListTable, words_table

WIDTH = 176


class _Words(QListView):
    """Enter and a double click ask for a word."""

    word_activated = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("selectionList")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(self._on_activated)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_activated(self.currentIndex())
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        self.word_activated.emit(str(index.data()))


class SelectionList(QWidget):
    """Hidden while nothing is selected. ``watch_requested`` carries the words, ``cleared`` when the list is closed."""

    word_activated = Signal(str)
    watch_requested = Signal(object)
    cleared = Signal()
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        scale_with_type(self, self.setFixedWidth, WIDTH)
        self._model = QStringListModel(self)
        self._count = PlainLabel("", TextStyle.STRONG)
        self._count.setObjectName("selectionCount")
        close = IconButton("cross", self.tr("Close the list"))
        close.setObjectName("closeSelectionButton")
        close.clicked.connect(self._on_closed)
        self.words_view = _Words()
        self.words_view.setModel(self._model)
        self.words_view.setAccessibleName(self.tr("Selected words"))
        self.words_view.word_activated.connect(self.word_activated)
        self._watch = QuietButton(self.tr("Watch"))
        self._watch.setObjectName("watchSelectionButton")
        self._watch.setToolTip(self.tr("Keep these words marked, and always on the map"))
        self._watch.clicked.connect(self._on_watch)
        self.export = ExportButton("selectionExport", self.table)
        self.export.said.connect(self.said)
        self.export.failed.connect(self.failed)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._count, 1)
        head.addWidget(close)
        foot.setSpacing(0)
        foot.addWidget(self._watch)
        foot.addWidget(self.export)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(head)
        column.addWidget(self.words_view, 1)
        column.addLayout(foot)
        self.hide()

    def words(self) -> list[str]:
        return self._model.stringList()

    def show_words(self, words: Sequence[str]) -> None:
        """Show ``words``; none hides the list."""
        self._model.setStringList(list(words))
        count = len(words)
        self._count.setText(self.tr("1 word") if count == 1 else self.tr("{n} words").format(n=f"{count:,}"))
        self.setVisible(bool(words))

    def table(self) -> ListTable:
        return words_table("selected-words", "word", self.words())

    @Slot()
    def _on_watch(self) -> None:
        self.watch_requested.emit(self.words())

    @Slot()
    def _on_closed(self) -> None:
        self.show_words([])
        self.cleared.emit()
