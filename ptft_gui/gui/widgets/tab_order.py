"""The order of the Tab key."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QTableView, QWidget

from ptft_gui.gui.widgets.layout_items import forget_layout_items


def order_tab_stops(root: QWidget) -> None:
    """Let Tab go through ``root`` as its layouts place things; what was made later would come last by itself."""
    for before, after in pairwise(tab_stops(root)):
        QWidget.setTabOrder(before, after)
    forget_layout_items()  # they were asked for one by one


def tab_stops(widget: QWidget) -> Iterator[QWidget]:
    """Whatever Tab may stop at in ``widget``, shown or hidden, as the layouts read."""
    if isinstance(widget, QTableView):  # its heads stand above its cells, in no layout
        yield from tab_stops(widget.horizontalHeader())
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    inner = widget.widget() if isinstance(widget, QScrollArea) else None
    if inner is not None:
        yield from tab_stops(inner)
    elif (layout := widget.layout()) is not None:
        yield from _stops_of_layout(layout)


def _stops_of_layout(layout: QLayout) -> Iterator[QWidget]:
    for index in range(layout.count()):
        item = layout.itemAt(index)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield from tab_stops(widget)
        elif (nested := item.layout()) is not None:
            yield from _stops_of_layout(nested)
