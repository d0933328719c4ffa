"""One numbered column of the page, and the row of three that becomes three steps where there is little room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.restyle import set_style_property
from ptft_gui.gui.widgets.scroll_area import PageScroll

COLUMN_WIDTH = 320
_SCROLL_BAR_WIDTH = 12
_GAP = Space.LARGE - _SCROLL_BAR_WIDTH
"""Between two columns, where each keeps room for its scroll bar; with it the gap is 24."""
_WIDE = 3 * 300 + 2 * Space.LARGE + 2 * Space.MEDIUM
"""From this width on the three columns stand side by side."""


class Section(QWidget):
    """A strong label, what it names below it, and a quiet place for what is wrong with it."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PlainLabel(title, TextStyle.STRONG)
        self._title.setBuddy(content)
        self._problem = PlainLabel("", TextStyle.CAPTION, Role.BAD_TEXT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        for widget in (self._title, content, self._problem):
            column.addWidget(widget)
        self.show_problem("")

    def show_problem(self, message: str) -> None:
        self._problem.setText(message)
        self._problem.setVisible(bool(message))

    def problem(self) -> str:
        return self._problem.text()


class Column(QWidget):
    """A number, a title and a scrolling ``body``. ``summary`` is what the closed step says."""

    summary_changed = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self.title, self.summary = number, "", ""
        self.header = PlainLabel("", TextStyle.TITLE)
        self._content = QWidget()
        self._content.setProperty("isPage", True)
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, 0, 0, Space.SMALL)
        self.body.setSpacing(Space.MEDIUM)
        self._scroll = self._make_scroll_area()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.header)
        column.addWidget(self._scroll, 1)
        self._on_scroll_range(0, 0)

    def _make_scroll_area(self) -> QScrollArea:
        area = PageScroll(self._content)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = area.verticalScrollBar()
        bar.setStyleSheet("QScrollBar::handle:disabled { background: transparent; }")
        bar.rangeChanged.connect(self._on_scroll_range)
        return area

    def set_title(self, title: str) -> None:
        self.title = title
        self.header.setText(f"{self.number}  {title}")
        self.setAccessibleName(f"{self.number} {title}")

    @Slot(int, int)
    def _on_scroll_range(self, low: int, high: int) -> None:
        """The bar always has its place, so that nothing moves when it comes; without use it is not seen."""
        self._scroll.verticalScrollBar().setEnabled(high > low)

    def scroll_to(self, widget: QWidget) -> None:
        """Scroll so far that ``widget`` stands at the top."""
        layout = self._content.layout()
        if layout is not None:
            layout.activate()
        self._scroll.verticalScrollBar().setValue(widget.mapTo(self._content, QPoint(0, 0)).y())

    def bring_into_view(self, widget: QWidget) -> None:
        """Scroll no further than it takes to see all of ``widget``."""
        self._scroll.ensureWidgetVisible(widget, 0, Space.SMALL)

    def scroll_to_top(self) -> None:
        self._scroll.verticalScrollBar().setValue(0)

    def set_summary(self, text: str) -> None:
        self.summary = text
        self.summary_changed.emit()


class ColumnRow(QWidget):
    """Three columns side by side, or, below about a thousand pixels, a row of steps of which one is open."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = list(columns)
        self._group = QButtonGroup(self)
        self._steps = QWidget()
        step_row = QHBoxLayout(self._steps)
        step_row.setContentsMargins(0, 0, _SCROLL_BAR_WIDTH, 0)
        step_row.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        for index, column in enumerate(self._columns):
            step_row.addWidget(self._make_step(index, column), 1)
            row.addWidget(column, 1)
            column.summary_changed.connect(self._name_steps)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM - _SCROLL_BAR_WIDTH, 0)
        outer.setSpacing(Space.MEDIUM)
        outer.addWidget(self._steps)
        outer.addLayout(row, 1)
        self._group.idToggled.connect(self._on_step_toggled)
        self._group.button(0).setChecked(True)
        self._name_steps()
        current_theme().theme_changed.connect(self._arrange)
        self._arrange()

    def _make_step(self, index: int, column: Column) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"step_{column.number}")
        button.setProperty("kind", "segment")
        button.setProperty("place", {0: "first", len(self._columns) - 1: "last"}.get(index, "middle"))
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setMinimumWidth(1)
        self._group.addButton(button, index)
        return button

    @property
    def is_wide(self) -> bool:
        return self.width() >= _WIDE * max(current_theme().text_scale, 1.0)

    def open_step(self, index: int) -> None:
        """Open one step; side by side all are open."""
        self._group.button(index).setChecked(True)

    def begin(self) -> None:
        """Open the first step, with every column at its top."""
        for column in self._columns:
            column.scroll_to_top()
        self.open_step(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @Slot(int, bool)
    def _on_step_toggled(self, _index: int, _is_checked: bool) -> None:
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        self._steps.setVisible(not self.is_wide)
        for index, column in enumerate(self._columns):
            column.header.setVisible(self.is_wide)
            column.setVisible(self.is_wide or self._group.checkedId() == index)

    @Slot()
    def _name_steps(self) -> None:
        for index, column in enumerate(self._columns):
            button = self._group.button(index)
            name = f"{column.number}  {column.title}"
            button.setText(f"{name}: {column.summary}" if column.summary else name)
            set_style_property(button, "kind", "segment")
