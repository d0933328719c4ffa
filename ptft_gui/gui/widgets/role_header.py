"""The heads of a table's columns: name and role, in the role's colour, with a menu of the roles there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from ptft_gui.gui.icons import icon_pixmap
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.role_look import role_colour, role_sentence, role_title

_STRIP, _ARROW = 4, 12


class RoleHeader(QHeaderView):
    """A click, or the arrow keys and Enter, open the menu of a column. ``role_chosen`` carries column and role.

    The role is "" when a person wants the column not to be used.
    """

    role_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("roleHeader")
        self.setSectionsClickable(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._roles: dict[str, str] = {}
        self._offered: tuple[str, ...] = ()
        self._at = 0
        current_theme().theme_changed.connect(self._on_theme_changed)
        self._describe()

    def show_roles(self, roles: Mapping[str, str], offered: Sequence[str]) -> None:
        """``roles``: column to role; ``offered``: the roles that the menu offers, in order. None: no menu at all."""
        self._roles, self._offered = dict(roles), tuple(offered)
        self._at = min(self._at, max(self.count() - 1, 0))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if offered else Qt.FocusPolicy.NoFocus)
        self._describe()
        self.updateGeometry()
        self.viewport().update()

    def column_name(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")

    def open_menu(self, section: int) -> None:
        """Open the menu of a column, where there is anything to choose."""
        if not self._offered or not 0 <= section < self.count():
            return
        self._at = section
        menu = self.make_menu(self.column_name(section))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(
            self.viewport().mapToGlobal(
                QPoint(self.sectionViewportPosition(section), self.viewport().height())
            )
        )

    def make_menu(self, column: str) -> QMenu:
        """The roles that a column may have, the one it has ticked."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        for role in (*self._offered, ""):
            action = menu.addAction(role_title(role))
            action.setCheckable(True)
            action.setChecked(self._roles.get(column, "") == role)
            action.setProperty("column", column)
            action.setProperty("role", role)
            action.setToolTip(role_sentence(role))
            group.addAction(action)
        group.triggered.connect(self._on_action)
        return menu

    @Slot(QAction)
    def _on_action(self, action: QAction) -> None:
        column, role = action.property("column"), action.property("role")
        if self._roles.get(column, "") != role:
            self.role_chosen.emit(column, role)

    # --- mouse and keyboard ------------------------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        x = event.position().toPoint().x()
        section = self.logicalIndexAt(x)
        edge = self.sectionViewportPosition(section) + self.sectionSize(section)
        if event.button() == Qt.MouseButton.LeftButton and section >= 0 and edge - x > Space.HALF:
            self.open_menu(section)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._at = min(max(self._at + step, 0), max(self.count() - 1, 0))
            self._describe()
            self.viewport().update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Down):
            self.open_menu(self._at)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _describe(self) -> None:
        self.setAccessibleName(self.tr("What the columns are for"))
        if self.count():
            column = self.column_name(self._at)
            self.setAccessibleDescription(f"{column}: {role_title(self._roles.get(column, ''))}")

    # --- drawing -----------------------------------------------------------------------------------------------

    def sectionSizeFromContents(self, section: int) -> QSize:
        metrics, theme = self.fontMetrics(), current_theme()
        column = self.column_name(section)
        titles = (column, role_title(self._roles.get(column, "")))
        width = max(metrics.horizontalAdvance(title) for title in titles) + 4 * Space.SMALL + _ARROW
        second = theme.pixels(TextStyle.CAPTION) + Space.SMALL if self._offered else 0
        return QSize(width, theme.pixels(TextStyle.BODY) + second + 2 * Space.SMALL)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        theme = current_theme()
        column = self.column_name(section)
        role = self._roles.get(column, "")
        colour = theme.colour(role_colour(role))
        painter.save()
        painter.fillRect(rect, theme.colour(Role.HOVER if role else Role.SURFACE))
        if role:
            painter.fillRect(QRect(rect.left(), rect.top(), _STRIP, rect.height()), colour)
        painter.setPen(QPen(theme.colour(Role.BORDER), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        box = rect.adjusted(_STRIP + Space.SMALL, Space.HALF, -Space.SMALL, -Space.HALF)
        self._paint_words(painter, box, column, role)
        if self.hasFocus() and section == self._at:
            painter.setPen(QPen(theme.colour(Role.ACCENT), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -2))
        painter.restore()

    def _paint_words(self, painter: QPainter, box: QRect, column: str, role: str) -> None:
        theme = current_theme()
        top = QRect(box.left(), box.top(), box.width(), theme.pixels(TextStyle.BODY) + 6)
        below = QRect(box.left(), top.bottom(), box.width(), theme.pixels(TextStyle.CAPTION) + 6)
        painter.setFont(theme.font(TextStyle.STRONG))
        painter.setPen(theme.colour(Role.TEXT))
        painter.drawText(top, _LINE, painter.fontMetrics().elidedText(column, _ELIDE, top.width()))
        if not self._offered:
            return
        painter.setFont(theme.font(TextStyle.CAPTION))
        painter.setPen(theme.colour(role_colour(role)))
        title = painter.fontMetrics().elidedText(role_title(role), _ELIDE, below.width() - _ARROW - 2)
        painter.drawText(below, _LINE, title)
        ratio = self.devicePixelRatioF()
        arrow = icon_pixmap("chevron-down", theme.hex(Role.QUIET_TEXT), round(_ARROW * ratio))
        arrow.setDevicePixelRatio(ratio)
        right = below.left() + painter.fontMetrics().horizontalAdvance(title) + Space.HALF
        painter.drawPixmap(right, below.center().y() - _ARROW // 2 + 1, arrow)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.resizeSections()
        self.viewport().update()


_LINE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_ELIDE = Qt.TextElideMode.ElideRight
