"""The one scroll area of pages, folds and dialogs: as wide as its room, and taller where its content is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class PageScroll(QScrollArea):
    """Holds ``content``.

    With a ``name`` (for screen readers) Tab comes to it and the arrow keys move it: for pages on which little else
    takes the focus. Without one, what stands in it takes the focus and moves it. ``is_fitted``: the content follows
    the width, and a bar for going sideways is never shown; otherwise there is one where the content is wider.
    """

    def __init__(self, content: QWidget, name: str = "", *, is_fitted: bool = True) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        if name:
            self.setAccessibleName(name)
        else:
            self.setFrameShape(QFrame.Shape.NoFrame)
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if is_fitted:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
