"""Keeps PySide from mistaking a widget for an item of a layout that lay in the same place before.

PySide makes a wrapper for each item of a layout that is added to another one or asked for its items, and keeps it as
long as the layout lives. Qt deletes the item earlier, when its widget goes, and gives its memory to something else.
Where that is a widget, PySide finds the old wrapper at its address when the widget dies, and reads the widget's own
wrapper once more after it has freed it: a crash that comes and goes (PySide 6.10.3; ``tests/gui/test_layout_items.py``
brings it about).
"""

from __future__ import annotations

import shiboken6
from PySide6.QtWidgets import QSpacerItem, QWidgetItem

from ptft_gui.gui.widgets.flow_layout import FlowLayout

_MADE_BY_QT = (QWidgetItem, QSpacerItem)


def forget_layout_items() -> None:
    """Drop the wrappers of layout items that nothing in this program holds; takes about two milliseconds."""
    wrappers = shiboken6.getAllValidWrappers()
    held = {id(item) for wrapper in wrappers if isinstance(wrapper, FlowLayout) for item in wrapper.items()}
    for wrapper in wrappers:
        if (
            type(wrapper) in _MADE_BY_QT
            and id(wrapper) not in held
            and not shiboken6.createdByPython(wrapper)
        ):
            shiboken6.invalidate(wrapper)
