"""A place to drop a file or a folder on."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.restyle import set_style_property


def dropped_paths(data: QMimeData) -> list[str]:
    """The files and folders of this computer that are being dragged."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]


class DropArea(QFrame):
    """A dashed frame that takes one file or folder; what is in it goes into ``body``, a vertical layout.

    ``path_dropped`` carries the path. ``many_dropped`` tells that several were dropped at once, which is not taken.
    """

    path_dropped = Signal(str)
    many_dropped = Signal()

    def __init__(self, accessible_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setProperty("ground", "drop")
        self.setAccessibleName(accessible_name)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        self.body.setSpacing(Space.SMALL)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            set_style_property(self, "isTarget", True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        set_style_property(self, "isTarget", False)

    def dropEvent(self, event: QDropEvent) -> None:
        set_style_property(self, "isTarget", False)
        paths = dropped_paths(event.mimeData())
        event.acceptProposedAction()
        if len(paths) == 1:
            self.path_dropped.emit(paths[0])
        else:
            self.many_dropped.emit()
