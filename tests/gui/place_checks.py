"""What a page or dialog is held to, by what is really drawn: legible words, names, the round of Tab, room for words.

Each check gives sentences about what it finds wrong, and none where all is well.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QTableView,
    QTreeView,
    QWidget,
)

LEAST_CONTRAST, LEAST_RING = 4.5, 3.0
MOST_STOPS = 160
FINE = 3
"""How many dots a pixel is drawn with, so that thin strokes reach their full ink."""
_MOST_CELLS = 40

CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QComboBox,
    QPlainTextEdit,
    QAbstractItemView,
    QAbstractSpinBox,
    QSlider,
)
_HOLDERS = (QComboBox, QLineEdit, QAbstractSpinBox, QAbstractItemView, QDialogButtonBox)

_OF_COLUMNS = (QTableView, QTreeView)

Colours = NDArray[np.float64]


def called(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    return f"{type(widget).__name__} {widget.objectName() or widget.accessibleName() or words[:60]}"


def in_window(widget: QWidget, rect: QRect | None = None) -> QRect:
    rect = widget.rect() if rect is None else rect
    return rect.translated(widget.mapTo(widget.window(), QPoint()))


# --- names ---------------------------------------------------------------------------------------------------------


def is_named(widget: QWidget) -> bool:
    return bool(widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))


def is_inner(widget: QWidget) -> bool:
    """Whether it is a part of a control that has the name: the field of a choice, the scroll bar of a list."""
    parent = widget.parentWidget()
    grandparent = parent.parentWidget() if parent is not None else None
    return isinstance(parent, _HOLDERS) or isinstance(grandparent, _HOLDERS)


def nameless(place: QWidget) -> list[str]:
    controls = [w for w in place.findChildren(QWidget) if isinstance(w, CONTROLS) and w.isVisible()]
    return [f"nameless {called(w)}" for w in controls if not is_named(w) and not is_inner(w)]


# --- contrast ------------------------------------------------------------------------------------------------------


def picture_of(window: QWidget) -> Colours:
    """Rows, columns and (red, green, blue) from 0 to 1 of the whole window as it is drawn."""
    size = window.size() * FINE
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(FINE)
    window.render(image)
    return _colours(image)


def _colours(image: QImage) -> Colours:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return flat[:, : image.width(), 2::-1] / 255.0


def part_of(picture: Colours, rect: QRect) -> Colours:
    """The dots of a place of the window."""
    return picture[
        max(rect.top(), 0) * FINE : (rect.bottom() + 1) * FINE,
        max(rect.left(), 0) * FINE : (rect.right() + 1) * FINE,
    ]


def luminance(colours: Colours) -> Colours:
    """WCAG's relative luminance of (..., 3) colours."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def contrast_in(part: Colours) -> float:
    """Of the ink that stands out most against the commonest colour of a part of the picture."""
    flat = np.round(part.reshape(-1, 3) * 255).astype(np.int64) @ np.array([65_536, 256, 1])
    values, counts = np.unique(flat, return_counts=True)
    common = counts.argmax()
    shades = np.stack([values >> 16 & 255, values >> 8 & 255, values & 255], axis=1) / 255.0
    light = luminance(shades[counts > 2])
    ground = luminance(shades[common])
    ratios = (np.maximum(light, ground) + 0.05) / (np.minimum(light, ground) + 0.05)
    return float(ratios.max())


def texts_in(place: QWidget) -> Iterator[tuple[str, QRect]]:
    """What can be read there, and where in the window; what is switched off and says nothing is left out."""
    for widget in place.findChildren(QWidget):
        shown = widget.visibleRegion().boundingRect() if widget.isVisible() else QRect()
        if shown.height() < min(widget.height(), widget.fontMetrics().height()):
            continue  # scrolled away, but for a sliver
        seen = in_window(widget, shown)
        if isinstance(widget, QLabel) and widget.text().strip():
            yield called(widget), seen
        elif not widget.isEnabled():
            continue
        elif isinstance(widget, QAbstractButton) and widget.text().strip():
            yield called(widget), seen
        elif isinstance(widget, QLineEdit) and (widget.text() or widget.placeholderText()):
            yield called(widget), seen.adjusted(4, 4, -4, -4)
        elif isinstance(widget, QHeaderView):
            continue
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from _cells(widget)


def _cells(view: QAbstractItemView) -> Iterator[tuple[str, QRect]]:
    shown = view.viewport().visibleRegion().boundingRect()
    model, root = view.model(), view.rootIndex()
    found = 0
    for row in range(model.rowCount(root)):
        for column in range(model.columnCount(root) if isinstance(view, _OF_COLUMNS) else 1):
            index = model.index(row, column, root)
            rect = view.visualRect(index)
            if (
                found >= _MOST_CELLS
                or not _is_written(index)
                or not shown.contains(rect)
                or rect.height() < 12
            ):
                continue
            found += 1
            yield (
                f"{called(view)}: {index.data()}",
                in_window(view.viewport(), rect.adjusted(2, 2, -2, -2)),
            )


def _is_written(index: QModelIndex) -> bool:
    return isinstance(index.data(), str) and bool(index.data().strip())


def faint(place: QWidget) -> list[str]:
    """Texts whose ink is too near to what is drawn behind them."""
    picture = picture_of(place.window())
    found = []
    for name, rect in texts_in(place):
        part = part_of(picture, rect)
        if part.size and (ratio := contrast_in(part)) < LEAST_CONTRAST:
            found.append(f"contrast {ratio:.2f}: {name}")
    return found


# --- Tab -----------------------------------------------------------------------------------------------------------


def stops(window: QWidget, key: Qt.Key, start: QWidget) -> list[QWidget]:
    """What has the focus after each press of ``key``, until the first comes round again."""
    start.setFocus()
    found: list[QWidget] = []
    for _ in range(MOST_STOPS):
        QTest.keyClick(QApplication.focusWidget() or window, key)
        widget = QApplication.focusWidget()
        assert widget is not None, (
            f"after {called(found[-1]) if found else 'the start'} nothing has the focus"
        )
        if found and widget is found[0]:
            return found
        assert widget not in found, f"{key.name} does not get past {called(widget)}"
        found.append(widget)
    raise AssertionError(f"{key.name} does not come round: {[called(w) for w in found[-5:]]}")


def badly_reached(place: QWidget) -> list[str]:
    """Tab and Backtab make the same round, by name, past every control, in reading order, and the focus is seen."""
    window = place.window()
    window.activateWindow()
    QTest.qWaitForWindowActive(window, 30_000)
    try:
        forward = stops(window, Qt.Key.Key_Tab, place)
        backward = stops(window, Qt.Key.Key_Backtab, place)
    except AssertionError as problem:
        return [str(problem)]
    there = {id(w) for w in forward}
    found = [f"only backwards: {called(w)}" for w in backward if id(w) not in there]
    found += [f"nameless stop: {called(w)}" for w in forward if not is_named(w) and not is_inner(w)]
    found += [f"hidden stop: {called(w)}" for w in forward if not w.isVisible()]
    found += [f"never reached: {called(w)}" for w in _controls_of(place) if not _is_reached(w, forward)]
    found += against_reading([w for w in forward if place.isAncestorOf(w)])
    return found + [f"no ring: {called(w)} {ring_of(w)}" for w in forward if not has_ring(w)]


def _controls_of(place: QWidget) -> list[QWidget]:
    return [
        w
        for w in place.findChildren(QWidget)
        if isinstance(w, CONTROLS)
        and w.isVisible()
        and w.isEnabled()
        and not is_inner(w)
        and not isinstance(w, QHeaderView)
        and not w.visibleRegion().isEmpty()
    ]


def _is_reached(widget: QWidget, reached: list[QWidget]) -> bool:
    """Itself, the widget that takes the focus for it, or of a group of choices one: arrows do the rest."""
    proxy = widget.focusProxy() or widget
    if any(w is proxy or widget.isAncestorOf(w) for w in reached):
        return True
    if isinstance(widget, QAbstractButton) and (widget.autoExclusive() or widget.group() is not None):
        holder = widget.parentWidget() or widget
        group = widget.group().buttons() if widget.group() else holder.findChildren(QAbstractButton)
        return any(w in group for w in reached)
    return False


def against_reading(reached: list[QWidget]) -> list[str]:
    """Steps upwards within a column, or to the left within a row."""
    return [
        f"against reading: {called(before)} -> {called(after)}"
        for before, after in pairwise(reached)
        if _goes_back(before, after)
    ]


def _goes_back(before: QWidget, after: QWidget) -> bool:
    """By the two parts, of the smallest thing that holds both, in which they lie."""
    line = {before, *_above(before)}
    shared = next(w for w in _above(after) if w in line) if after not in line else after
    if shared in (before, after):
        return False
    first, second = _part(before, shared), _part(after, shared)
    is_above = second.bottom() <= first.top() and second.left() < first.right()
    in_row = second.top() < first.bottom() and first.top() < second.bottom()
    return is_above or (in_row and second.right() <= first.left())


def _above(widget: QWidget) -> Iterator[QWidget]:
    while (parent := widget.parentWidget()) is not None:
        yield parent
        widget = parent


def _part(widget: QWidget, shared: QWidget) -> QRect:
    return next(w for w in (widget, *_above(widget)) if w.parentWidget() is shared).geometry()


def has_ring(widget: QWidget) -> bool:
    drawn, needed = ring_of(widget)
    return drawn >= needed


def ring_of(widget: QWidget) -> tuple[int, int]:
    """How many pixels stand out at least threefold from before when the focus comes, and how many it should be."""
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    target = _ring_place(widget)
    with_focus = _colours(target.grab().toImage())
    widget.clearFocus()
    without = _colours(target.grab().toImage())
    if with_focus.shape != without.shape:
        return 1, 1
    first, second = luminance(with_focus), luminance(without)
    ratios = (np.maximum(first, second) + 0.05) / (np.minimum(first, second) + 0.05)
    height, width = first.shape
    return int((ratios >= LEAST_RING).sum()), min(width, height)


def _ring_place(widget: QWidget) -> QWidget:
    """Where the ring of a part is drawn: around its control."""
    parent = widget.parentWidget()
    return parent if parent is not None and is_inner(widget) else widget


# --- room for words ------------------------------------------------------------------------------------------------

_AIR = 2


def without_room(place: QWidget) -> list[str]:
    """Words that are cut without a tooltip, that leave what holds them, or that lie on others."""
    seen = [w for w in place.findChildren(QWidget) if w.isVisible() and not is_inner(w)]
    found = [f"cut: {called(w)}" for w in seen if _is_cut(w) and not _tells_all(w)]
    found += [f"outside: {called(w)}" for w in seen if isinstance(w, QLabel | QPushButton) and _is_outside(w)]
    return found + [f"{called(a)} lies on {called(b)}" for a, b in _overlapping(seen)]


def _tells_all(widget: QWidget) -> bool:
    return bool(widget.toolTip())


def _is_cut(widget: QWidget) -> bool:
    measure = widget.fontMetrics()
    if isinstance(widget, QLabel):
        words = widget.text()
        if not words or not widget.pixmap().isNull():
            return False
        if widget.wordWrap():
            return widget.height() + _AIR < widget.heightForWidth(widget.width())
        return words.endswith("\u2026") or widget.width() + _AIR < widget.minimumSizeHint().width()
    if isinstance(widget, QAbstractButton) and widget.text():
        return widget.width() + _AIR < widget.minimumSizeHint().width() or widget.text().endswith("\u2026")
    if isinstance(widget, QComboBox):
        edit = widget.lineEdit()
        room = edit.width() if edit is not None else widget.width() - 28
        return measure.horizontalAdvance(widget.currentText()) > room + _AIR
    if isinstance(widget, QLineEdit):
        return not widget.text() and measure.horizontalAdvance(widget.placeholderText()) > widget.width() - 8
    return False


def _is_outside(widget: QWidget) -> bool:
    """Whether it reaches beyond something that holds it; what can be scrolled holds as much as it needs."""
    if isinstance(widget, QLabel) and not widget.text():
        return False
    held = widget
    for holder in _above(widget):
        if isinstance(holder.parentWidget(), QAbstractScrollArea) or held.isWindow():
            return False
        inner = widget.rect().translated(widget.mapTo(holder, QPoint()))
        if not holder.rect().adjusted(-_AIR, -_AIR, _AIR, _AIR).contains(inner):
            return True
        held = holder
    return False


def _overlapping(seen: list[QWidget]) -> list[tuple[QWidget, QWidget]]:
    """Pairs of words and controls beside each other in one holder that share room."""
    by_holder: dict[int, list[QWidget]] = {}
    for widget in seen:
        written = isinstance(widget, QLabel) and bool(widget.text())
        if (written or isinstance(widget, CONTROLS)) and widget.parentWidget() is not None:
            by_holder.setdefault(id(widget.parentWidget()), []).append(widget)
    return [
        (first, second)
        for group in by_holder.values()
        for place, first in enumerate(group)
        for second in group[place + 1 :]
        if _share_room(first.geometry(), second.geometry())
    ]


def _share_room(first: QRect, second: QRect) -> bool:
    shared = first.intersected(second)
    return shared.width() > _AIR and shared.height() > _AIR
