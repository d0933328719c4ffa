"""The one scroll area of pages, folds and dialogs: as wide as its room, and taller where its content is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ptft_gui.gui.widgets.restyle import set_style_property

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class PageScroll(QScrollArea):
    """Holds ``content``.

    With a ``name`` (for screen readers) Tab comes to it and the arrow keys move it: for pages on which little else
    takes the focus. Its bar then shows that it has it, for a ring around a whole page says nothing; where all of the
    content is seen there is nothing to move, and Tab goes on. Without a name, what stands in it takes the focus and
    moves it. ``is_fitted``: the content follows the width, and a bar for going sideways is never shown; otherwise
    there is one where the content is wider.
    """

    def __init__(self, content: QWidget, name: str = "", *, is_fitted: bool = True) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)  # its content lines up with what stands above it
        self.setProperty("focusOn", "bar")
        if name:
            self.setAccessibleName(name)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if is_fitted:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        bar = self.verticalScrollBar()
        set_style_property(bar, "hasFocus", True)
        if bar.maximum() == bar.minimum() and event.reason() in _BY_KEY:
            self.focusNextPrevChild(event.reason() == Qt.FocusReason.TabFocusReason)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        set_style_property(self.verticalScrollBar(), "hasFocus", False)
