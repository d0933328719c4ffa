"""The page *What uses the disk* and what its buttons do, each asked about first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from ptft_gui.core.disk_use import DiskUse, clean_up, disk_use, empty_cache, empty_trash_now, remove_models
from ptft_gui.core.wording import bytes_text
from ptft_gui.gui.background import Background
from ptft_gui.gui.dialogs.questions import Choice, QuestionDialog
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.widgets.toast import Message

if TYPE_CHECKING:  # made when it is first asked for
    from ptft_gui.gui.panels.disk import DiskPage


class DiskDesk(QObject):
    """``turned_to`` carries the page, ``told`` a :class:`Message`, ``failed`` a :class:`PtftError`."""

    turned_to = Signal(QWidget)
    told = Signal(object)
    failed = Signal(object)

    def __init__(self, controller: RunController, pages: QStackedWidget, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._pages, self._window = controller, pages, window
        self._background = Background(self)
        self._page: DiskPage | None = None
        self._use: DiskUse | None = None
        self._read_only_reason: str | None = None
        self._seen: frozenset[str] = frozenset()
        controller.runs_changed.connect(self._on_runs_changed)
        controller.closed.connect(self._background.close)

    @property
    def page(self) -> DiskPage:
        if self._page is None:
            from ptft_gui.gui.panels.disk import DiskPage

            self._page = DiskPage()
            self._page.clean_requested.connect(self._on_clean_requested)
            self._page.restore_requested.connect(self._controller.restore)
            self._page.set_read_only(self._read_only_reason)
            self._pages.addWidget(self._page)
        return self._page

    @Slot()
    def show(self) -> None:
        """Turn to the page and look at the disk."""
        self.turned_to.emit(self.page)
        self._look()

    def set_read_only(self, reason: str | None) -> None:
        self._read_only_reason = reason
        if self._page is not None:
            self._page.set_read_only(reason)

    def _look(self) -> None:
        self.page.show_looking()
        self._background.do(lambda: disk_use(self._controller.runs), self._on_looked, self.failed.emit)

    @Slot(object)
    def _on_runs_changed(self, seen: object) -> None:
        """Look again when a run came, went or was brought back while a person looks at the page."""
        names = frozenset(row.name for row in getattr(seen, "rows", ()))
        is_other, self._seen = names != self._seen, names
        if is_other and self._page is not None and self._pages.currentWidget() is self._page:
            self._look()

    def _on_looked(self, use: DiskUse) -> None:
        self._use = use
        self.page.show_use(use)

    @Slot(str)
    def _on_clean_requested(self, way: str) -> None:
        """Ask once; what is deleted here cannot be brought back."""
        if self._use is None or self._read_only_reason:
            return
        question, detail = self._question(way)
        choices = (
            Choice("clean", self.tr("Delete"), "danger"),
            Choice("keep", self.tr("Keep it"), "default"),
        )
        dialog = QuestionDialog("cleanDialog", question, detail, choices, self._window)
        dialog.chosen.connect(lambda answer: self.clean(way) if answer == "clean" else None)
        dialog.open()

    def _question(self, way: str) -> tuple[str, str]:
        assert self._use is not None
        sizes = {
            "spare": (
                self._use.spare,
                self.tr("Delete all but the newest checkpoint of each ended run ({size})?"),
            ),
            "all_checkpoints": (
                self._use.all_checkpoints,
                self.tr("Delete all checkpoints of runs that have a result ({size})?"),
            ),
            "trash": (self._use.trash, self.tr("Delete for good what is in the trash ({size})?")),
            "cache": (self._use.cache, self.tr("Delete prepared texts and measurements ({size})?")),
            "models": (self._use.models, self.tr("Delete the models of the network ({size})?")),
        }
        size, words = sizes[way]
        return words.format(size=bytes_text(size)), self._what_it_costs(way)

    def _what_it_costs(self, way: str) -> str:
        """What is gone afterwards, and what stays."""
        stays = self.tr("This cannot be undone. What runs have learned, and their curves, stay.")
        costs = {
            "trash": self.tr(
                "This cannot be undone: the runs in it are gone with all that they have learned. The runs in the "
                "list stay."
            ),
            "cache": self.tr(
                "They are made anew when they are needed, which takes a while. All runs stay as they are."
            ),
            "models": self.tr(
                "To start from one of them again, it must be downloaded again. All runs stay as they are."
            ),
        }
        return costs.get(way, stays)

    def clean(self, way: str) -> None:
        """Give the room back; what became free is told."""
        runs = self._controller.runs
        names = [run.name for run in self._use.runs] if self._use is not None else []
        work: dict[str, Callable[[], int]] = {
            "spare": lambda: clean_up(runs, names),
            "all_checkpoints": lambda: clean_up(runs, names, keeps_newest=False),
            "trash": lambda: empty_trash_now(runs),
            "cache": empty_cache,
            "models": remove_models,
        }
        self._background.do(work[way], self._on_cleaned, self.failed.emit)

    def _on_cleaned(self, freed: int) -> None:
        self.told.emit(Message(self.tr("{size} are free again.").format(size=bytes_text(freed)), "good"))
        self._look()
