"""The runs that were thrown away, each with the way back."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.core.trash import TRASH_DAYS, ThrownAway
from ptft_gui.core.wording import age_text, bytes_text, duration_text
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel

_DAY = 86_400.0
_MOST = 30
"""Rows; those thrown away earlier follow when some of these are back."""


class TrashCard(Card):
    """Hidden while nothing lies there. ``restore_requested`` carries the name of a run in the trash."""

    restore_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("trashCard")
        self.set_title(self.tr("Thrown away"))
        self.set_caption(self.tr("Kept for seven days, then deleted for good when a window opens."))
        self._showing: object = None
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.SMALL)
        self.body.addLayout(self._rows)
        self.hide()

    def show_runs(self, runs: Sequence[ThrownAway], may_restore: bool) -> None:
        """Show these, the last one thrown away first; without ``may_restore`` they are only told."""
        self.setVisible(bool(runs))
        if (tuple(runs), may_restore) == self._showing:
            return
        self._showing = (tuple(runs), may_restore)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for run in runs[:_MOST]:
            self._rows.addWidget(self._make_row(run, may_restore))
        if len(runs) > _MOST:
            words = self.tr("{count} more were thrown away before.").format(count=len(runs) - _MOST)
            self._rows.addWidget(PlainLabel(words, TextStyle.CAPTION, Role.QUIET_TEXT))

    def _make_row(self, run: ThrownAway, may_restore: bool) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.MEDIUM)
        back = SecondaryButton(self.tr("Bring back"))
        back.setObjectName(f"restore_{run.name}")
        back.setAccessibleName(self.tr("Bring back {title}").format(title=run.title))
        back.setEnabled(may_restore)
        back.clicked.connect(lambda: self.restore_requested.emit(run.name))
        words = PlainLabel(self._told(run), TextStyle.CAPTION, Role.QUIET_TEXT)
        words.setWordWrap(False)
        line.addWidget(ElidedLabel(run.title, TextStyle.BODY), 1)
        line.addWidget(words)
        line.addWidget(back)
        return row

    def _told(self, run: ThrownAway) -> str:
        age = time.time() - run.moved
        left = max(TRASH_DAYS * _DAY - age, 0.0)
        words = self.tr("{size}, thrown away {age}, kept for {left} more")
        return words.format(size=bytes_text(run.size), age=age_text(age), left=_days(left))


def _days(seconds: float) -> str:
    """Whole days that are left or have begun; nobody plans such a thing by the minute."""
    return duration_text(max(math.ceil(seconds / _DAY), 1) * _DAY)
