"""The card *While you were away*: how each run ended, its best score, before and after, and what may be done now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ptft_gui.core.away import AwayReport
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import IconButton, QuietButton, SecondaryButton
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.state_badge import StateBadge

MOST_ROWS, MOST_OPEN_ROWS = 2, 8
"""Folded, so that the page below keeps its room, and unfolded; what is more stands in the list at the left."""
_BADGE_WIDTH, _TITLE_WIDTH = 104, 160


class AwayCard(QFrame):
    """Stands above every page until it is closed or nothing is left in it.

    ``resume_requested`` carries a run's name, ``resume_all_requested`` a list of names; ``act_requested`` a run's name
    and the :class:`Action` to do on its page, or None to only open it. ``closed`` when a person has seen enough.
    """

    resume_requested = Signal(str)
    resume_all_requested = Signal(object)
    act_requested = Signal(str, object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("awayCard")
        self.setProperty("ground", "narrator")
        self._reports: list[AwayReport] = []
        self._is_read_only = self._is_unfolded = False
        self._title = PlainLabel("", TextStyle.STRONG)
        self._title.setObjectName("awayTitle")
        self._resume_all = SecondaryButton("")
        self._resume_all.setObjectName("resumeAllButton")
        self._resume_all.clicked.connect(self._on_resume_all)
        self._more = QuietButton("")
        self._more.setObjectName("awayMore")
        self._more.clicked.connect(self._on_more)
        close = IconButton("cross", self.tr("Close"))
        close.setObjectName("awayClose")
        close.clicked.connect(self._on_close)
        head = QHBoxLayout()
        head.setSpacing(Space.SMALL)
        head.addWidget(self._title, 1)
        for widget in (self._more, self._resume_all, close):
            head.addWidget(widget)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.SMALL)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        column.setSpacing(Space.SMALL)
        column.addLayout(head)
        column.addLayout(self._rows)
        self.hide()

    def reports(self) -> list[AwayReport]:
        """What the card shows, the newest end first."""
        return list(self._reports)

    def show_reports(self, reports: Sequence[AwayReport]) -> None:
        """Show these; none hides the card."""
        self._reports = list(reports)
        self._is_unfolded &= len(self._reports) > MOST_ROWS
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        most = MOST_OPEN_ROWS if self._is_unfolded else MOST_ROWS
        for report in self._reports[:most]:
            self._rows.addWidget(self._make_row(report))
        if self._is_unfolded and len(self._reports) > most:
            self._rows.addWidget(self._make_rest(len(self._reports) - most))
        self._show_head()
        self.setVisible(bool(self._reports))

    def set_read_only(self, is_read_only: bool) -> None:
        """Only show: what would change a run is not offered."""
        if is_read_only != self._is_read_only:
            self._is_read_only = is_read_only
            self.show_reports(self._reports)

    def _show_head(self) -> None:
        count = len(self._reports)
        words = (
            self.tr("While you were away, a run ended")
            if count == 1
            else self.tr("While you were away, {count} runs ended").format(count=count)
        )
        self._title.setText(words)
        self.setAccessibleName(words)
        more = len(self._reports) - MOST_ROWS
        self._more.setVisible(more > 0)
        self._more.setText(
            self.tr("Show fewer") if self._is_unfolded else self.tr("{count} more").format(count=more)
        )
        waiting = self._resumable()
        self._resume_all.setText(self.tr("Resume all {count}").format(count=len(waiting)))
        self._resume_all.setVisible(len(waiting) > 1)

    def _resumable(self) -> list[str]:
        if self._is_read_only:
            return []
        return [report.name for report in self._reports if report.can_resume]

    # --- rows --------------------------------------------------------------------------------------------------

    def _make_row(self, report: AwayReport) -> QWidget:
        row = QWidget()
        row.setObjectName("awayRow")
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.MEDIUM)
        badge = StateBadge(report.state)
        scale_with_type(badge, badge.setFixedWidth, _BADGE_WIDTH)
        title = ElidedLabel(report.title, TextStyle.STRONG)
        scale_with_type(title, title.setFixedWidth, _TITLE_WIDTH)
        line.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(self._make_sentences(report), 1)
        for button in self._make_buttons(report):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    @staticmethod
    def _make_sentences(report: AwayReport) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(PlainLabel(report.how, TextStyle.BODY))
        facts = "  ".join(part for part in (report.best, report.before_after) if part)
        if facts:
            column.addWidget(ElidedLabel(facts, TextStyle.CAPTION, Role.QUIET_TEXT))
        return column

    def _make_buttons(self, report: AwayReport) -> list[QWidget]:
        """What now: to go on, or the first thing that may be done with the result; and to look at the run."""
        buttons: list[QWidget] = []
        if report.can_resume:
            if not self._is_read_only:
                resume = self._button(SecondaryButton, self.tr("Resume"), f"resume_{report.name}")
                resume.clicked.connect(lambda: self.resume_requested.emit(report.name))
                buttons.append(resume)
        elif report.actions:
            first: Action = report.actions[0]
            act = self._button(SecondaryButton, self.tr(first.label), f"act_{report.name}")
            act.clicked.connect(lambda: self.act_requested.emit(report.name, first))
            buttons.append(act)
        look = self._button(QuietButton, self.tr("Open"), f"open_{report.name}")
        look.clicked.connect(lambda: self.act_requested.emit(report.name, None))
        return [*buttons, look]

    @staticmethod
    def _button(kind: type[SecondaryButton] | type[QuietButton], text: str, name: str) -> QPushButton:
        button = kind(text)
        button.setObjectName(name)
        return button

    def _make_rest(self, count: int) -> QWidget:
        words = self.tr("and {count} more, in the list at the left").format(count=count)
        return PlainLabel(words, TextStyle.CAPTION, Role.QUIET_TEXT)

    @Slot()
    def _on_more(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self.show_reports(self._reports)

    @Slot()
    def _on_resume_all(self) -> None:
        self.resume_all_requested.emit(self._resumable())

    @Slot()
    def _on_close(self) -> None:
        self.show_reports([])
        self.closed.emit()
