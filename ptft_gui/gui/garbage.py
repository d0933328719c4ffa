"""Collects Python's garbage in the GUI thread only.

The collector runs in whatever thread happens to allocate; in the thread that follows a run it would delete Qt objects
there, which crashes sooner or later. So it is off, and a timer of the GUI thread does its work in small portions.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

from ptft_gui.gui.widgets.layout_items import forget_layout_items

_INTERVAL_MS = 1_000


class GarbageCollector(QObject):
    """Does what the interpreter would have done by itself, at most once a second."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()

    @Slot()
    def freeze(self) -> None:
        """What the start made stays; later collections need not look at it, which keeps them short."""
        gc.collect()
        gc.freeze()

    @Slot()
    def collect_if_due(self) -> None:
        """Collect the oldest generation whose count is over its threshold, and what PySide keeps too long."""
        counts = gc.get_count()
        due = [
            generation for generation in (2, 1, 0) if counts[generation] > self._thresholds[generation] > 0
        ]
        if due:
            gc.collect(due[0])
        forget_layout_items()

    def end(self) -> None:
        """Hand the work back to the interpreter."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
