"""The Compare page and what it shows: the ticked runs, followed as long as a person looks at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.registry import family_of
from ptft_gui.core.overview import RunOverview
from ptft_gui.core.rundir import RunDir, is_run
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.following.run_controller import RunController
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
        self._gone: dict[str, str] = {}
        self._evaluations: dict[str, Mapping[str, Any]] = {}
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
            self._follow(run)
        self._refresh()

    def _follow(self, run: RunDir) -> None:
        followed = FollowedRun(run, self)
        followed.changed.connect(self._on_changed)
        followed.ended.connect(self._on_changed)
        self._followed.append(followed)
        followed.follow()

    @Slot(object)
    def _on_changed(self, _followed: FollowedRun) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _refresh(self) -> None:
        if self._page is not None or self._followed:
            runs = [compared(followed, self._evaluation_of(followed)) for followed in self._followed]
            self.page.show_runs(runs, tuple(self._gone.values()))

    def _evaluation_of(self, followed: FollowedRun) -> Mapping[str, Any]:
        """The scores that a run left with their intervals, read once when it has ended."""
        spec, name = followed.summary.spec, followed.run.name
        if spec is None or spec.task is None or followed.is_live:
            return {}
        if name not in self._evaluations:
            from ptft_gui.core.report.facts import read_evaluation

            self._evaluations[name] = read_evaluation(followed.run)
        return self._evaluations[name]

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
        """A compared run that was deleted leaves the page, and is back when it is restored; fewer than two are told."""
        rows: Sequence[RunOverview] = getattr(seen, "rows", ())
        there = {row.name for row in rows}
        gone = [followed for followed in self._followed if followed.run.name not in there]
        back = [name for name in self._gone if name in there]
        if not (gone or back) or self._page is None:
            return
        for name in back:
            del self._gone[name]
            self._follow(RunDir(self._controller.runs / name))
        for followed in gone:
            self._gone[followed.run.name] = (
                followed.run.title() if is_run(followed.run.path) else followed.summary.name
            )
            self._followed.remove(followed)
            followed.leave()
            followed.deleteLater()
        self._followed.sort(key=lambda followed: (followed.run.created, followed.run.name))
        if self._followed:
            self._refresh()
        if len(self._followed) < _LEAST and gone and self._pages.currentWidget() is self._page:
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
        self._gone.clear()
        self._evaluations.clear()

    @Slot()
    def close(self) -> None:
        """Follow nothing any more."""
        self._leave()

    @Slot(str)
    def _on_said(self, sentence: str) -> None:
        self.told.emit(Message(sentence))


def compared(followed: FollowedRun, evaluation: Mapping[str, Any] | None = None) -> ComparedRun:
    """A followed run as the page sees it at this moment."""
    from ptft_gui.gui.panels.compare import ComparedRun, Setting
    from ptft_gui.gui.panels.run.details.settings_words import setting_rows

    run, summary, state = followed.run, followed.summary, followed.state
    settings = tuple(Setting(row.key, row.label, row.value) for row in setting_rows(summary))
    has_model = state in ("finished", "stopped") and run.model.is_dir()
    spec = summary.spec
    has_vectors = has_model and (spec is None or family_of(spec.family, spec.task).saves_word_vectors)
    return ComparedRun(
        run.name, run.title(), run.path, summary, state, settings, has_vectors, evaluation or {}
    )


def _too_few() -> PtftError:
    translate = QCoreApplication.translate
    return PtftError(
        translate("Compare", "Two runs are needed to compare."),
        translate("Compare", "Fewer than two of the ticked runs are still there."),
        translate("Compare", "Tick two runs in the list."),
    )
