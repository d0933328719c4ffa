"""One probe of a language model: what it was asked, and what it answered as it learned, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ptft_gui.core.probe_answers import Answered, shown_probe, thinned
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.candidate_bars import CandidateBars, share_text
from ptft_gui.gui.widgets.clamped_label import ClampedLabel
from ptft_gui.gui.widgets.labels import PlainLabel

_MARK = 3
"""Width of the stroke beside the newest answer."""
_SHORT_ROWS = 3
"""So many candidates stand in a row of an earlier moment."""


@dataclass(frozen=True)
class Room:
    """How many moments of a probe are shown, how many lines each has, how many bars the newest, and how many lines the
    probe itself."""

    moments: int
    lines: int = 1
    bars: int = 10
    head_lines: int = 1


class ProbeRow(QWidget):
    """One moment: the step at the left, the answer at the right; the newest on a ground of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_newest = False
        self.step = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.step.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.step.setWordWrap(False)
        self.step.setContentsMargins(0, 2, 0, 0)  # its smaller type on the line of the answer
        self.answer = ClampedLabel("", 2)
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bars = CandidateBars()
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.HALF, 2, Space.HALF, 2)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.step, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.answer, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.bars, 1)
        self.bars.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_answer(
        self, answer: Answered, before: Answered | None, end: str, lines: int, most_bars: int
    ) -> None:
        """``end``: the word below the step of the newest, "" for an earlier moment."""
        self._is_newest = bool(end)
        step = f"{answer.step:,}"
        self.step.setText(f"{step}\n{end}" if end else step)
        self.step.set_ink(Role.ACCENT if end else Role.QUIET_TEXT)
        has_bars = bool(end) and bool(answer.shares)
        self.bars.setVisible(has_bars)
        self.answer.setVisible(not has_bars)
        if has_bars:
            known = None if before is None else dict(before.shares)
            self.bars.show_shares(answer.shares[:most_bars], known)
        else:
            self.answer.set_lines(max(lines, 2) if end else lines)
            self.answer.setText(answer.text or _candidates(answer) or self.tr("(nothing)"))
            self.answer.set_ink(Role.TEXT if end else Role.QUIET_TEXT)
        self.update()

    def set_step_width(self, width: int) -> None:
        self.step.setFixedWidth(width)

    def is_newest(self) -> bool:
        return self._is_newest

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_newest:
            return
        painter, theme = QPainter(self), current_theme()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Role.SELECTED))
        painter.drawRect(self.rect())
        painter.setBrush(theme.colour(Role.ACCENT))
        painter.drawRect(QRectF(0, 0, _MARK, self.height()))
        painter.end()


class ProbeSection(QWidget):
    """``show_answers`` with the answers of one probe; a fixed number of moments, or all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ProbeRow] = []
        self._count = 0
        self.text = ClampedLabel("", 1, TextStyle.STRONG)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.text)
        self._column.addSpacing(Space.HALF)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_answers(
        self, name: str, answers: Sequence[Answered], end: str, room: Room, before: Answered | None
    ) -> None:
        """``end``: what the newest answer is called, "now" or "end"; ``before``: what its bars are held against."""
        self.text.set_lines(room.head_lines)
        self.text.setText(shown_probe(name))
        self.setAccessibleName(self.tr("Probe: {text}").format(text=shown_probe(name)))
        kept = thinned(answers, room.moments)
        self._have_rows(len(kept))
        width = self._step_width(answers, end)
        for row, answer in zip(self._rows, kept, strict=False):
            row.set_step_width(width)
            row.show_answer(answer, before, end if answer is kept[-1] else "", room.lines, room.bars)

    def rows(self) -> list[ProbeRow]:
        """The rows that are shown, the first moment first."""
        return self._rows[: self._count]

    def _have_rows(self, count: int) -> None:
        while len(self._rows) < count:
            row = ProbeRow()
            self._rows.append(row)
            self._column.addWidget(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < count)
        self._count = count

    @staticmethod
    def _step_width(answers: Sequence[Answered], end: str) -> int:
        """The same for all rows, so that the answers begin at one edge."""
        metrics = QFontMetrics(current_theme().font(TextStyle.CAPTION))
        words = [f"{answers[-1].step:,}" if answers else "0", end]
        return max(metrics.horizontalAdvance(word) for word in words) + Space.HALF


def _candidates(answer: Answered) -> str:
    """The likeliest tokens in a line: "the 12 % · of 8 %"."""
    return " · ".join(f"{token} {share_text(share)}" for token, share in answer.shares[:_SHORT_ROWS])
