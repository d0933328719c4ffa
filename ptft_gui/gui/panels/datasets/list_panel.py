"""The left side of the Datasets page: the list, a field to search it, and the button that adds one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.core.library import list_trash
from ptft_gui.core.paths import home_folder
from ptft_gui.gui.panels.datasets.list_model import DATASET_ROLE, DatasetsModel, facts_line, state_line
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.clear_button import add_clear_button
from ptft_gui.gui.widgets.data_answers import StoredDataset
from ptft_gui.gui.widgets.labels import PlainLabel, as_plain_tooltip

SEARCH_FROM = 8


class DatasetListPanel(QFrame):
    """``chosen`` carries the name of a dataset, ``add_requested`` one of file, folder and network, ``remove_requested``
    and ``rename_requested`` (Del and F2) a name, ``restore_requested`` that of one that was removed."""

    chosen = Signal(str)
    add_requested = Signal(str)
    remove_requested = Signal(str)
    rename_requested = Signal(str)
    restore_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "surface")
        self.model = DatasetsModel(self)
        self.add = SecondaryButton(self.tr("Add"), "plus")
        self.add.setObjectName("addDatasetButton")
        self.add.setAccessibleName(self.tr("Add a dataset"))
        self.add.setMenu(self._make_menu())
        self._search = QLineEdit()
        self._search.setObjectName("datasetSearch")
        self._search.setAccessibleName(self.tr("Find a dataset"))
        self._search.setPlaceholderText(self.tr("Find a dataset"))
        add_clear_button(self._search)
        self._search.textChanged.connect(self.model.seek)
        self._nothing_yet = PlainLabel(
            self.tr("Your own datasets will stand here: add one, or drop a file on the window."),
            TextStyle.CAPTION,
            Role.QUIET_TEXT,
        )
        self.list = self._make_list()
        self._build()

    def _build(self) -> None:
        title = PlainLabel(self.tr("Datasets"), TextStyle.TITLE)
        title.setWordWrap(False)
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.SMALL, Space.SMALL)
        column.setSpacing(Space.SMALL)
        column.addLayout(top)
        for widget in (self._search, self._nothing_yet, self.list):
            column.addWidget(widget)
        column.setStretchFactor(self.list, 1)
        self._search.hide()

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        for key, text in (
            ("file", self.tr("Open a file...")),
            ("folder", self.tr("Open a folder...")),
            ("network", self.tr("From the network...")),
        ):
            action = menu.addAction(text)
            action.setObjectName(f"addFrom_{key}")
            action.setProperty("key", key)
            action.triggered.connect(self._on_add)
        self._removed = menu.addMenu(self.tr("Bring back a removed one"))
        self._removed.setObjectName("bringBackDataset")
        menu.aboutToShow.connect(self._offer_removed)
        return menu

    @Slot()
    def _offer_removed(self) -> None:
        """What was removed in the last seven days, each name once, the last one first."""
        self._removed.clear()
        names = dict.fromkeys(path.name.rpartition("~")[0] for path in list_trash(home_folder()))
        for name in names:
            action = self._removed.addAction(name.replace("&", "&&"))
            action.setProperty("key", name)
            action.triggered.connect(self._on_restore)
        self._removed.menuAction().setVisible(bool(names))

    @Slot()
    def _on_restore(self) -> None:
        self.restore_requested.emit(self.sender().property("key"))

    def _make_list(self) -> QListView:
        view = QListView()
        view.setObjectName("datasetsList")
        view.setAccessibleName(self.tr("Datasets"))
        view.setModel(self.model)
        view.setItemDelegate(_Delegate(view))
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setMouseTracking(True)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        view.clicked.connect(self._on_index)
        view.activated.connect(self._on_index)
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        current_theme().theme_changed.connect(view.doItemsLayout)
        return view

    def show_datasets(self, datasets: Sequence[StoredDataset], chosen: str) -> None:
        """Show these datasets, with one of them chosen."""
        self.model.show_datasets(datasets)
        self._search.setVisible(len(datasets) >= SEARCH_FROM)
        self._nothing_yet.setVisible(all(dataset.is_bundled for dataset in datasets))
        self.choose(chosen)

    def choose(self, name: str) -> None:
        """Mark a dataset as the one that is shown; "" marks none."""
        row = self.model.row_of(name)
        if row < 0:
            self.list.clearSelection()
            self.list.setCurrentIndex(QModelIndex())
        elif self.list.currentIndex().row() != row:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(self.model.index(row), flag)

    def chosen_name(self) -> str:
        dataset = self.model.dataset(self.list.currentIndex())
        return dataset.name if dataset else ""

    @Slot()
    def _on_add(self) -> None:
        self.add_requested.emit(self.sender().property("key"))

    @Slot(QModelIndex)
    def _on_index(self, index: QModelIndex) -> None:
        if (dataset := self.model.dataset(index)) is not None:
            self.chosen.emit(dataset.name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched is self.list:
            return self._on_key(event)
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._show_tip(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        name = self.chosen_name()
        if name and event.key() == Qt.Key.Key_Delete:
            self.remove_requested.emit(name)
        elif name and event.key() == Qt.Key.Key_F2:
            self.rename_requested.emit(name)
        else:
            return False
        return True

    def _show_tip(self, event: QHelpEvent) -> bool:
        dataset = self.model.dataset(self.list.indexAt(event.pos()))
        if dataset is None:
            return False
        lines = (dataset.label, facts_line(dataset), state_line(dataset), dataset.path)
        tip = as_plain_tooltip("\n".join(line for line in lines if line))
        QToolTip.showText(event.globalPos(), tip, self.list)
        return True


class _Delegate(QStyledItemDelegate):
    """Title, facts, and where there is one a third line: used in how many runs, or what is wrong."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        theme, row = current_theme(), index.data(DATASET_ROLE)
        caption = theme.pixels(TextStyle.CAPTION) + 5
        if isinstance(row, str):
            return QSize(160, caption + Space.MEDIUM)
        lines = bool(facts_line(row)) + bool(state_line(row))
        return QSize(160, theme.pixels(TextStyle.BODY) + 7 + lines * caption + Space.SMALL)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, theme = index.data(DATASET_ROLE), current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.adjusted(2, 1, -2, -1)
        if isinstance(row, str):
            painter.setFont(theme.font(TextStyle.CAPTION))
            painter.setPen(theme.colour(Role.QUIET_TEXT))
            painter.drawText(box.adjusted(Space.SMALL, Space.SMALL, 0, 0), _LINE, row)
        else:
            self._paint_ground(painter, option, box)
            self._paint_words(painter, row, box.adjusted(Space.SMALL, Space.HALF, -Space.SMALL, 0))
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, box: QRect) -> None:
        theme, state = current_theme(), option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_under_mouse = bool(state & QStyle.StateFlag.State_MouseOver)
        ground = Role.SELECTED if is_selected else Role.HOVER if is_under_mouse else None
        has_ring = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(theme.colour(Role.ACCENT), 1) if has_ring else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 6, 6)

    @staticmethod
    def _paint_words(painter: QPainter, dataset: StoredDataset, box: QRect) -> None:
        theme = current_theme()
        needs_look = dataset.state in ("changed", "missing")
        state = Role.WARNING_TEXT if needs_look else Role.QUIET_TEXT
        lines = (
            (dataset.label, TextStyle.BODY, Role.TEXT),
            (facts_line(dataset), TextStyle.CAPTION, Role.QUIET_TEXT),
            (state_line(dataset), TextStyle.CAPTION, state),
        )
        top = box.top()
        for text, style, role in lines:
            if not text:
                continue
            height = theme.pixels(style) + (7 if style == TextStyle.BODY else 5)
            painter.setFont(theme.font(style))
            painter.setPen(theme.colour(role))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(QRect(box.left(), top, box.width(), height), _LINE, shown)
            top += height


_LINE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
