"""The left bar: the ways to Home and to the datasets, and the runs with state, number and age."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.core.overview import RunOverview
from ptft_gui.core.rundir import LIVE_STATES
from ptft_gui.gui.icons import set_icon
from ptft_gui.gui.panels.runs.delegate import RunsDelegate, box_of, second_line
from ptft_gui.gui.panels.runs.model import RunsModel
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.clear_button import add_clear_button
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.restyle import set_style_property

WIDTH, LEAST_WIDTH, MOST_WIDTH, NARROW_WIDTH = 240, 200, 360, 56
SEARCH_FROM = 8
_AGES_MS = 30_000


class RunsPanel(QFrame):
    """Lists the runs. Enter or a click opens one, F2 renames, Del deletes, Alt+Up and Alt+Down move a waiting one.

    The space bar or a click on its box ticks a run; ``compare_requested`` carries the names of the ticked ones.
    """

    run_opened = Signal(str)
    run_delete_requested = Signal(str)
    run_rename_requested = Signal(str, str)
    queue_reordered = Signal(object)
    page_requested = Signal(str)
    compare_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runsPanel")
        self.setProperty("ground", "surface")
        self.model = RunsModel(self)
        self.model.queue_reordered.connect(self.queue_reordered)
        self.model.renamed.connect(self.run_rename_requested)
        self.model.ticked.connect(self._show_ticks)
        self._is_narrow = False
        self._is_read_only = False
        self._left_out = ""
        self._home = self._make_page_button("home", self.tr("Home"), "home")
        self._datasets = self._make_page_button("datasets", self.tr("Datasets"), "database")
        self._heading = PlainLabel(self.tr("RUNS"), TextStyle.CAPTION, Role.QUIET_TEXT)
        self._search = self._make_search()
        self._nothing_yet = PlainLabel(
            self.tr("Your runs will stand here."), TextStyle.CAPTION, Role.QUIET_TEXT
        )
        self._compare = SecondaryButton("")
        self._compare.setObjectName("compareButton")
        self._compare.clicked.connect(self.compare_ticked)
        self._one_more = PlainLabel(
            self.tr("Tick another run to compare."), TextStyle.CAPTION, Role.QUIET_TEXT
        )
        self._one_more.setObjectName("tickAnother")
        self._none_found = PlainLabel(
            self.tr("No run is called so, and none read such a text."), TextStyle.CAPTION, Role.QUIET_TEXT
        )
        self._none_found.setObjectName("noRunFound")
        self._none_found.hide()
        self._list = self._make_list()
        self._ages = QTimer(self, interval=_AGES_MS)  # a list in which nothing happens grows older too
        self._ages.timeout.connect(self._list.viewport().update)
        self._ages.start()
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.SMALL, Space.SMALL, Space.SMALL, Space.SMALL)
        column.setSpacing(Space.SMALL)
        for widget in (
            self._home,
            self._datasets,
            self._make_head(),
            self._search,
            self._nothing_yet,
            self._none_found,
            self._compare,
            self._list,
        ):
            column.addWidget(widget)
        for words in (self._nothing_yet, self._none_found):
            words.setContentsMargins(Space.SMALL, 0, 0, 0)
        self._count = 0
        self._arrange()

    # --- building ----------------------------------------------------------------------------------------------

    def _make_head(self) -> QWidget:
        """What to do after the first tick stands beside the heading: the list stays where it is under the pointer."""
        self._head = QWidget()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(Space.SMALL, Space.SMALL, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self._heading)
        row.addWidget(self._one_more, 1)
        self._heading.setWordWrap(False)
        return self._head

    def _make_page_button(self, key: str, text: str, icon: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"{key}Button")
        button.setAccessibleName(text)
        button.setProperty("kind", "fold")
        button.setProperty("key", key)
        set_icon(button, icon, Role.QUIET_TEXT)
        button.clicked.connect(self._on_page_clicked)
        return button

    def _make_search(self) -> QLineEdit:
        search = QLineEdit()
        search.setObjectName("runSearch")
        search.setAccessibleName(self.tr("Find a run"))
        search.setPlaceholderText(self.tr("Find a run"))
        add_clear_button(search)
        search.textChanged.connect(self._on_sought)
        return search

    def _make_list(self) -> QListView:
        view = QListView()
        view.setObjectName("runsList")
        view.setAccessibleName(self.tr("Runs"))
        view.setModel(self.model)
        self._delegate = RunsDelegate(view)
        view.setItemDelegate(self._delegate)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setMouseTracking(True)
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._on_context_menu)
        view.clicked.connect(self._on_opened)
        view.activated.connect(self._on_opened)
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        return view

    # --- showing -----------------------------------------------------------------------------------------------

    def show_runs(self, rows: Sequence[RunOverview], queue: Sequence[str]) -> None:
        """Show these runs; the chosen one stays chosen."""
        chosen = self.chosen_run() or self._left_out
        self.model.show_runs(rows, queue)
        self._count = len(rows)
        self._arrange()
        self.choose_run(chosen)

    def chosen_run(self) -> str:
        """The name of the chosen run, or ""."""
        overview = self.model.overview(self._list.currentIndex())
        return overview.name if overview else ""

    def choose_run(self, name: str) -> None:
        """Mark a run as the one on the page; "" marks none. One that a search leaves out is marked when it is back."""
        row = self.model.row_of(name)
        self._left_out = name if row < 0 else ""
        if row < 0:
            self._list.clearSelection()
            self._list.setCurrentIndex(QModelIndex())
        elif self._list.currentIndex().row() != row:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self._list.selectionModel().setCurrentIndex(self.model.index(row), flag)

    def mark_page(self, key: str) -> None:
        """Mark the entry of the page that is open; "" where it has none here."""
        for button in (self._home, self._datasets):
            is_open = button.property("key") == key
            set_style_property(button, "isOpen", is_open)
            button.setAccessibleDescription(self.tr("This page is open.") if is_open else "")

    def set_read_only(self, is_read_only: bool) -> None:
        """Only show; nothing can be renamed, moved or deleted."""
        self._is_read_only = is_read_only
        triggers = QAbstractItemView.EditTrigger
        self._list.setEditTriggers(triggers.NoEditTriggers if is_read_only else triggers.EditKeyPressed)
        self._list.setDragEnabled(not is_read_only)

    def set_narrow(self, is_narrow: bool) -> None:
        """Show only icons."""
        self._is_narrow = is_narrow
        self._delegate.is_narrow = is_narrow
        for button in (self._home, self._datasets):
            name = button.accessibleName()
            button.setText("" if is_narrow else name)
            button.setToolTip(name if is_narrow else "")
            set_style_property(button, "kind", "quiet" if is_narrow else "fold")  # centred over the shapes
        self._list.doItemsLayout()
        self._arrange()

    def focus_search(self) -> None:
        """Put the cursor where a run is looked for."""
        (self._search if self._search.isVisible() else self._list).setFocus()

    def _on_pointer(self, event: QMouseEvent) -> bool:
        """A click on the box of a run ticks it, and neither chooses nor opens it."""
        place = event.position().toPoint()
        index = self._list.indexAt(place)
        overview = self.model.overview(index)
        is_on_box = not self._is_narrow and box_of(self._list.visualRect(index)).contains(place)
        if overview is None or event.button() != Qt.MouseButton.LeftButton or not is_on_box:
            return False
        if event.type() == QEvent.Type.MouseButtonPress:
            self.model.tick(overview.name, not self.model.is_ticked(overview.name))
        return True

    # --- ticking -----------------------------------------------------------------------------------------------

    @Slot()
    def compare_ticked(self) -> None:
        """Ask for the ticked runs to be compared, if there are two or more."""
        names = self.model.ticked_runs()
        if len(names) > 1:
            self.compare_requested.emit(names)

    @Slot()
    def _show_ticks(self) -> None:
        self._delegate.has_boxes = bool(self.model.ticked_runs())
        self._arrange()
        self._list.viewport().update()

    def _arrange_ticks(self) -> None:
        count = len(self.model.ticked_runs())
        self._compare.setText(f"{count}" if self._is_narrow else self.tr("Compare {n} runs").format(n=count))
        self._compare.setAccessibleName(self.tr("Compare {n} runs").format(n=count))
        self._compare.setToolTip(self.tr("Hold the ticked runs against one another (Ctrl+K)"))
        self._compare.setVisible(count > 1)
        self._one_more.setVisible(count == 1 and not self._is_narrow)

    def _arrange(self) -> None:
        self._arrange_ticks()
        self._head.setVisible(not self._is_narrow)
        is_sought = self._count >= SEARCH_FROM or bool(self._search.text())  # what hides runs stays in sight
        self._search.setVisible(is_sought and not self._is_narrow)
        self._nothing_yet.setVisible(self._count == 0 and not self._is_narrow)

    # --- what a person does ------------------------------------------------------------------------------------

    @Slot(str)
    def _on_sought(self, text: str) -> None:
        chosen = self.chosen_run() or self._left_out
        self.model.seek(text)
        if chosen:
            self.choose_run(chosen)
        is_nowhere = bool(text.strip()) and not self.model.rowCount()
        self._none_found.setVisible(is_nowhere and not self._is_narrow)

    @Slot()
    def _on_page_clicked(self) -> None:
        self.page_requested.emit(self.sender().property("key"))

    @Slot(QModelIndex)
    def _on_opened(self, index: QModelIndex) -> None:
        if (overview := self.model.overview(index)) is not None:
            self.run_opened.emit(overview.name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched is self._list:
            return self._on_key(event)
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._show_tip(event)
        if isinstance(event, QMouseEvent) and watched is self._list.viewport():
            return self._on_pointer(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        name, has_alt = self.chosen_run(), event.modifiers() == Qt.KeyboardModifier.AltModifier
        if not name or self._is_read_only:
            return False
        if event.key() == Qt.Key.Key_Delete:
            self.run_delete_requested.emit(name)
        elif has_alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.model.move_in_queue(name, -1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            return False
        return True

    def _show_tip(self, event: QHelpEvent) -> bool:
        overview = self.model.overview(self._list.indexAt(event.pos()))
        if overview is None:
            return False
        tick = self.tr("Tick the box (space bar) to compare it with another run.")
        lines = (overview.title, second_line(overview), overview.headline, tick)
        escaped = (line.replace("&", "&amp;").replace("<", "&lt;") for line in lines)
        QToolTip.showText(event.globalPos(), "<qt>" + "<br>".join(escaped) + "</qt>", self._list)
        return True

    @Slot(QPoint)
    def _on_context_menu(self, position: QPoint) -> None:
        index = self._list.indexAt(position)
        overview = self.model.overview(index)
        if overview is None:
            return
        menu = self._make_menu(overview, index)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._list.viewport().mapToGlobal(position))

    def _make_menu(self, overview: RunOverview, index: QModelIndex) -> QMenu:
        menu = QMenu(self)
        name = overview.name
        self._add(menu, self.tr("Open"), "Return").triggered.connect(lambda: self.run_opened.emit(name))
        is_ticked = self.model.is_ticked(name)
        tick = self.tr("Take the tick away") if is_ticked else self.tr("Tick to compare")
        self._add(menu, tick, "Space").triggered.connect(lambda: self.model.tick(name, not is_ticked))
        if self._is_read_only:
            return menu
        self._add(menu, self.tr("Rename"), "F2").triggered.connect(lambda: self._list.edit(index))
        if name in self.model.waiting():
            up, down = (
                self._add(menu, self.tr("Earlier"), "Alt+Up"),
                self._add(menu, self.tr("Later"), "Alt+Down"),
            )
            up.triggered.connect(lambda: self.model.move_in_queue(name, -1))
            down.triggered.connect(lambda: self.model.move_in_queue(name, 1))
        menu.addSeparator()
        word = self.tr("Discard...") if overview.state in LIVE_STATES else self.tr("Delete...")
        delete = self._add(menu, word, "Del")
        delete.triggered.connect(lambda: self.run_delete_requested.emit(name))
        return menu

    @staticmethod
    def _add(menu: QMenu, text: str, key: str) -> QAction:
        action = menu.addAction(text)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        return action
