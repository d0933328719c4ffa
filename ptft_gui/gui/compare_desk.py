"""The Compare page and what it shows: the ticked runs, followed as long as a person looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.overview import RunOverview
from ptft_gui.core.rundir import RunDir, is_run
from ptft_gui.gui.followed_run import FollowedRun
from ptft_gui.gui.run_controller import RunController
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.toast import Message

if TYPE_CHECKING:  # loaded when it is first needed: charts take time to import
    from ptft_gui.gui.panels.compare import ComparedRun, ComparePage

_REFRESH_MS = 200
_LEAST = 2


class CompareDesk(QObject):
    """Shows two or more runs on one page. An ended run is read once; a live one is followed while the page is seen.

    ``turned_to`` carries the page, ``word_requested`` the name of a run and a word to ask it, ``told`` a
    :class:`Message`, ``failed`` a :class:`PtftError`.
    """

    turned_to = Signal(QWidget)
    word_requested = Signal(str, str)
    told = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        controller: RunController,
        asker: Asker,
        pages: QStackedWidget,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller, self._asker, self._pages = controller, asker, pages
        self._followed: list[FollowedRun] = []
        self._page: ComparePage | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        pages.currentChanged.connect(self._on_page_changed)
        controller.runs_changed.connect(self._on_runs_changed)
        controller.closed.connect(self.close)

    @property
    def page(self) -> ComparePage:
        """The page, made when it is first needed."""
        if self._page is None:
            from ptft_gui.gui.panels.compare import ComparePage

            self._page = ComparePage(self._asker)
            self._page.said.connect(self._on_said)
            self._page.failed.connect(self.failed)
            self._page.word_requested.connect(self.word_requested)
            self._pages.addWidget(self._page)
        return self._page

    def is_compare(self, page: QWidget) -> bool:
        return page is self._page

    # --- showing -----------------------------------------------------------------------------------------------

    @Slot(object)
    def compare(self, names: Sequence[str]) -> None:
        """Show these runs against one another, the earliest first."""
        from ptft_gui.gui.panels.compare.compared_run import MOST_RUNS

        runs = [RunDir(self._controller.runs / name) for name in names]
        runs = sorted((run for run in runs if is_run(run.path)), key=lambda run: (run.created, run.name))
        if len(runs) < _LEAST:
            self.failed.emit(_too_few())
            return
        if len(runs) > MOST_RUNS:
            words = self.tr("{most} runs are compared at a time; the first {most} are shown.")
            self.told.emit(Message(words.format(most=MOST_RUNS)))
        self._show(runs[:MOST_RUNS])
        self.turned_to.emit(self.page)

    def _show(self, runs: Sequence[RunDir]) -> None:
        self._leave()
        for run in runs:
            followed = FollowedRun(run, self)
            followed.changed.connect(self._on_changed)
            followed.ended.connect(self._on_changed)
            self._followed.append(followed)
            followed.follow()
        self._refresh()

    @Slot(object)
    def _on_changed(self, _followed: FollowedRun) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _refresh(self) -> None:
        if self._page is not None or self._followed:
            self.page.show_runs([compared(followed) for followed in self._followed])

    @Slot()
    def _on_page_changed(self) -> None:
        """A page that nobody sees follows nothing; coming back, it reads on from the beginning."""
        if self._page is None:
            return
        if self._pages.currentWidget() is not self._page:
            self._leave_live()
        else:
            for followed in self._followed:
                if followed.is_live and not followed.is_followed:
                    followed.follow()

    @Slot(object)
    def _on_runs_changed(self, seen: object) -> None:
        """A compared run that was deleted leaves the page; with fewer than two it says so."""
        rows: Sequence[RunOverview] = getattr(seen, "rows", ())
        there = {row.name for row in rows}
        gone = [followed for followed in self._followed if followed.run.name not in there]
        if not gone or self._page is None:
            return
        for followed in gone:
            self._followed.remove(followed)
            followed.leave()
            followed.deleteLater()
        if len(self._followed) >= _LEAST:
            self._refresh()
        elif self._pages.currentWidget() is self._page:
            self.failed.emit(_too_few())

    def _leave_live(self) -> None:
        self._timer.stop()
        for followed in self._followed:
            if followed.is_live:
                followed.leave()

    def _leave(self) -> None:
        self._timer.stop()
        for followed in self._followed:
            followed.leave()
            followed.deleteLater()
        self._followed.clear()

    @Slot()
    def close(self) -> None:
        """Follow nothing any more."""
        self._leave()

    @Slot(str)
    def _on_said(self, sentence: str) -> None:
        self.told.emit(Message(sentence))


def compared(followed: FollowedRun) -> ComparedRun:
    """A followed run as the page sees it at this moment."""
    from ptft_gui.gui.panels.compare import ComparedRun, Setting
    from ptft_gui.gui.panels.run.settings_words import setting_rows

    run, summary, state = followed.run, followed.summary, followed.state
    settings = tuple(Setting(row.key, row.label, row.value) for row in setting_rows(summary))
    has_vectors = state in ("finished", "stopped") and run.model.is_dir()
    return ComparedRun(run.name, run.title(), run.path, summary, state, settings, has_vectors)


def _too_few() -> PtftError:
    translate = QCoreApplication.translate
    return PtftError(
        translate("Compare", "Two runs are needed to compare."),
        translate("Compare", "Fewer than two of the ticked runs are still there."),
        translate("Compare", "Tick two runs in the list."),
    )
