"""What uses the disk: runs by size, and five ways to give room back, each with what it frees and what it costs."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ptft_gui.core.disk_use import DiskUse
from ptft_gui.core.wording import bytes_text
from ptft_gui.gui.panels.disk.trash_card import TrashCard
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.cell_table import CellTable
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.gui.widgets.state_badge import state_word

WAYS = ("spare", "all_checkpoints", "trash", "cache", "models")
_READ_BY_RUNS = ("cache", "models")
"""What stays while a run trains or waits, which may be reading it."""
_LEAST_OF_RUNS = 104
"""Height in pixels in which a few runs are seen; in a lower window the page scrolls."""


class DiskPage(QWidget):
    """``clean_requested`` carries one of :data:`WAYS`, ``restore_requested`` the name of a run in the trash."""

    clean_requested = Signal(str)
    restore_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("diskPage")
        self._reason = ""
        self._use: DiskUse | None = None
        self._where = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._where.setObjectName("diskRoom")
        self._ways = {way: self._make_way(way) for way in WAYS}
        self.table = CellTable(self.tr("Runs by size"))
        self.table.setObjectName("diskTable")
        ways = Card(
            self.tr("Give room back"),
            self.tr("What the runs in the list have learned, their curves and their settings always stay."),
        )
        for button, sentence in self._ways.values():
            row = QHBoxLayout()
            row.setSpacing(Space.MEDIUM)
            row.addWidget(sentence, 1)
            row.addWidget(button)
            ways.body.addLayout(row)
        self.trash = TrashCard()
        self.trash.restore_requested.connect(self.restore_requested)
        runs = Card(self.tr("Runs by size"))
        runs.body.addWidget(self.table, 1)
        self.table.setMinimumHeight(_LEAST_OF_RUNS)
        self.table.setSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored
        )  # it scrolls itself
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(PlainLabel(self.tr("What uses the disk"), TextStyle.HEADLINE))
        column.addWidget(self._where)
        for card in (ways, self.trash):
            column.addWidget(card)
        column.addWidget(runs, 1)
        self._add_scrolling(content)
        self.show_looking()

    def _add_scrolling(self, content: QWidget) -> None:
        scroll = PageScroll(content, is_fitted=False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _make_way(self, way: str) -> tuple[SecondaryButton, PlainLabel]:
        words = {
            "spare": (
                self.tr("Clean up checkpoints"),
                self.tr("Of each ended run only the newest checkpoint stays, from which it can go on."),
            ),
            "all_checkpoints": (
                self.tr("Remove all checkpoints"),
                self.tr(
                    "Runs that have a result keep it, but cannot be trained longer from where they ended."
                ),
            ),
            "trash": (
                self.tr("Empty the trash"),
                self.tr("What was deleted in the last seven days cannot be brought back then."),
            ),
            "cache": (
                self.tr("Empty the cache"),
                self.tr(
                    "Prepared texts are made anew when they are needed. Not while a run trains or waits."
                ),
            ),
            "models": (
                self.tr("Remove downloaded models"),
                self.tr(
                    "Runs that started from one keep their result; to start from it again, it must be downloaded "
                    "again. Not while a run trains or waits."
                ),
            ),
        }
        title, sentence = words[way]
        button = SecondaryButton(title)
        button.setObjectName(f"clean_{way}")
        button.setProperty("way", way)
        button.setAccessibleDescription(sentence)
        button.clicked.connect(self._on_clicked)
        return button, PlainLabel(sentence, TextStyle.BODY, Role.QUIET_TEXT)

    @Slot()
    def _on_clicked(self) -> None:
        self.clean_requested.emit(self.sender().property("way"))

    def show_looking(self) -> None:
        """The disk is being looked at."""
        self._where.setText(self.tr("Looking at the disk ..."))
        for button, _ in self._ways.values():
            button.setEnabled(False)

    def show_use(self, use: DiskUse) -> None:
        """Show what was found."""
        self._use = use
        total = sum(run.total for run in use.runs)
        count = len(use.runs)
        words = self.tr("{count} run takes {size}.") if count == 1 else self.tr("{count} runs take {size}.")
        words = words.format(count=count, size=bytes_text(total))
        if use.room is not None:
            words += " " + self.tr("{free} of {all} are free on this disk.").format(
                free=bytes_text(use.room.free), all=bytes_text(use.room.total)
            )
        if use.models:
            words += " " + self.tr("Models of the network take {size} beside them.").format(
                size=bytes_text(use.models)
            )
        self._where.setText(words)
        amounts = {
            "spare": use.spare,
            "all_checkpoints": use.all_checkpoints,
            "trash": use.trash,
            "cache": use.cache,
            "models": use.models,
        }
        for way, amount in amounts.items():
            is_in_use = use.is_busy and way in _READ_BY_RUNS
            self._ways[way][0].setEnabled(amount > 0 and not is_in_use and not self._reason)
            self._ways[way][0].setText(self._title_with(way, amount))
        self.trash.show_runs(use.thrown_away, may_restore=not self._reason)
        heads = (self.tr("Run"), self.tr("State"), self.tr("In all"), self.tr("Checkpoints"))
        self.table.show_cells(
            heads,
            [
                (
                    str(place),
                    run.title,
                    state_word(run.state),
                    bytes_text(run.total),
                    bytes_text(run.checkpoints),
                )
                for place, run in enumerate(use.runs, start=1)
            ],
        )

    def _title_with(self, way: str, amount: int) -> str:
        titles = {
            "spare": self.tr("Clean up checkpoints ({size})"),
            "all_checkpoints": self.tr("Remove all checkpoints ({size})"),
            "trash": self.tr("Empty the trash ({size})"),
            "cache": self.tr("Empty the cache ({size})"),
            "models": self.tr("Remove downloaded models ({size})"),
        }
        return titles[way].format(size=bytes_text(amount))

    def set_read_only(self, reason: str | None) -> None:
        """With a reason nothing is deleted here."""
        self._reason = reason or ""
        if self._use is not None:
            self.show_use(self._use)
