"""Draws one run of the runs list: shape and word of its state, title, one number, age."""

from __future__ import annotations

import time

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ptft_gui.core.overview import RunOverview
from ptft_gui.core.rundir import LIVE_STATES
from ptft_gui.core.wording import age_text
from ptft_gui.gui.icons import icon_pixmap
from ptft_gui.gui.panels.runs.model import OVERVIEW_ROLE
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme, text_role
from ptft_gui.gui.widgets.state_badge import STATE_LOOKS, state_word

_ICON, _BOX = 16, 16
_NEAR = QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected


class RunsDelegate(QStyledItemDelegate):
    """Two lines a run; while ``is_narrow`` only the shape of its state.

    A box to tick stands at the right of a run under the pointer, of the chosen one, and of all while one is ticked.
    """

    is_narrow = False
    has_boxes = False
    """Whether every run shows its box."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        theme = current_theme()
        height = theme.pixels(TextStyle.BODY) + theme.pixels(TextStyle.CAPTION) + 2 * Space.SMALL + 10
        return QSize(40 if self.is_narrow else 160, height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        overview = index.data(OVERVIEW_ROLE)
        if not isinstance(overview, RunOverview):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.adjusted(2, 1, -2, -1)
        self._paint_ground(painter, option, box)
        self._paint_icon(painter, overview, box)
        if not self.is_narrow:
            room = box.adjusted(_ICON + 2 * Space.SMALL, 0, -Space.SMALL, 0)
            has_box = self.has_boxes or bool(option.state & _NEAR)
            self._paint_words(painter, overview, room, _BOX + Space.SMALL if has_box else 0)
            if has_box:
                self._paint_box(painter, option, index)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """The space bar ticks a run."""
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if is_space and event.type() == QEvent.Type.KeyPress:
            is_ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            new = Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked
            model.setData(index, new, Qt.ItemDataRole.CheckStateRole)
        return is_space

    @staticmethod
    def _paint_box(
        painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = current_theme()
        is_ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        box = box_of(option.rect)
        box = QRect(box.center().x() - _BOX // 2, box.center().y() - _BOX // 2, _BOX, _BOX)
        painter.setPen(QPen(theme.colour(Role.ACCENT if is_ticked else Role.CONTROL_BORDER), 1))
        painter.setBrush(theme.colour(Role.ACCENT if is_ticked else Role.SURFACE))
        painter.drawRoundedRect(box, 4, 4)
        if is_ticked:
            ratio = painter.device().devicePixelRatioF()
            pixmap = icon_pixmap("check", theme.hex(Role.ON_ACCENT), round(12 * ratio))
            pixmap.setDevicePixelRatio(ratio)
            painter.drawPixmap(box.center().x() - 5, box.center().y() - 5, pixmap)

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, box: QRect) -> None:
        theme, state = current_theme(), option.state
        ground = None
        if state & QStyle.StateFlag.State_Selected:
            ground = Role.SELECTED
        elif state & QStyle.StateFlag.State_MouseOver:
            ground = Role.HOVER
        has_ring = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(theme.colour(Role.ACCENT), 1) if has_ring else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 6, 6)

    def _paint_icon(self, painter: QPainter, overview: RunOverview, box: QRect) -> None:
        look, theme = STATE_LOOKS[overview.state], current_theme()
        ratio = painter.device().devicePixelRatioF()
        pixmap = icon_pixmap(look.icon, theme.hex(look.role), round(_ICON * ratio))
        pixmap.setDevicePixelRatio(ratio)
        left = box.left() + ((box.width() - _ICON) // 2 if self.is_narrow else Space.SMALL)
        top = box.center().y() - _ICON // 2 if self.is_narrow else box.top() + Space.SMALL + 1
        painter.drawPixmap(left, top, pixmap)

    @staticmethod
    def _paint_words(painter: QPainter, overview: RunOverview, box: QRect, beside_title: int) -> None:
        theme = current_theme()
        upper = QRect(box.left(), box.top() + Space.SMALL - 1, box.width(), theme.pixels(TextStyle.BODY) + 5)
        lower = QRect(box.left(), upper.bottom() + 2, box.width(), theme.pixels(TextStyle.CAPTION) + 5)
        font = theme.font(TextStyle.BODY)
        title_box = upper.adjusted(0, 0, -beside_title, 0)
        title = title_within(title_box.width(), overview.title, QFontMetrics(font))
        _write(painter, font, theme.colour(Role.TEXT), title_box, title)
        caption = theme.font(TextStyle.CAPTION)
        painter.setFont(caption)
        words = second_line(overview)
        room = lower.width() - Space.SMALL - painter.fontMetrics().horizontalAdvance(words)
        age = age_within(room, age_text(time.time() - overview.created), painter.fontMetrics())
        if not age and overview.problem:  # why it failed is cut anyway
            age = _short(age_text(time.time() - overview.created))
        age_width = painter.fontMetrics().horizontalAdvance(age)
        colour = theme.colour(Role.QUIET_TEXT)
        _write(painter, caption, colour, lower, age, Qt.AlignmentFlag.AlignRight)
        role = text_role(STATE_LOOKS[overview.state].role)
        _write(painter, caption, theme.colour(role), lower.adjusted(0, 0, -age_width - Space.SMALL, 0), words)


def title_within(room: int, title: str, metrics: QFontMetrics) -> str:
    """A long title loses its middle: runs of one race or sweep differ at their ends."""
    return metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, room)


def age_within(room: int, age: str, metrics: QFontMetrics) -> str:
    """The age as long as there is room for it beside the number, which says more; "" where there is none."""
    fitting = (text for text in (age, _short(age)) if metrics.horizontalAdvance(text) <= room)
    return next(fitting, "")


def _short(age: str) -> str:
    return age.removesuffix(" ago")


def box_of(row: QRect) -> QRect:
    """Where a click ticks the run drawn in ``row``."""
    return QRect(row.right() - Space.SMALL - _BOX - 6, row.top(), _BOX + Space.MEDIUM, row.height() // 2 + 4)


def second_line(overview: RunOverview) -> str:
    """The word of the state, then the one number, or why it failed."""
    if overview.problem:
        return f"{state_word(overview.state)}: {overview.problem}"
    word = state_word(overview.state)
    if not overview.number:
        return word
    is_amount = overview.state in LIVE_STATES and overview.state != "queued"
    return f"{word} {overview.number}" if is_amount else f"{word}, {overview.number}"


def _write(
    painter: QPainter,
    font: QFont,
    colour: QColor,
    box: QRect,
    text: str,
    alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, alignment | Qt.AlignmentFlag.AlignVCenter, shown)
