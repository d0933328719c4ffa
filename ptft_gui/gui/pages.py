"""The pages of the window and the turning between them; each is built when it is first needed, Home at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from ptft_gui.core.lessons import Lesson
from ptft_gui.core.runs_list import RunsSeen
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.data_pages import DataPages
from ptft_gui.gui.desks.compare import CompareDesk
from ptft_gui.gui.desks.disk import DiskDesk
from ptft_gui.gui.desks.model import ModelDesk
from ptft_gui.gui.desks.packing import PackingDesk
from ptft_gui.gui.desks.race import RaceDesk
from ptft_gui.gui.desks.report import ReportDesk
from ptft_gui.gui.desks.start import StartDesk
from ptft_gui.gui.desks.sweep import SweepDesk
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.frame import Frame
from ptft_gui.gui.menus import add_to_view_menu
from ptft_gui.gui.panels.home import HomePage
from ptft_gui.gui.recorded.desk import RecordedDesk
from ptft_gui.gui.recorded.played_run import PlayedRun
from ptft_gui.gui.settings import WindowSettings
from ptft_gui.gui.widgets.asker import Asker

if TYPE_CHECKING:  # loaded when it is first needed: charts take time to import
    from ptft_gui.gui.desks.run import RunDesk


class Pages(QObject):
    """Holds the pages, shows one of them, and keeps the frame around them true. ``told`` carries a Message.

    A further page is added to the frame's stack and shown by :meth:`turn_to`.
    """

    told = Signal(object)

    def __init__(
        self,
        frame: Frame,
        controller: RunController,
        asker: Asker,
        settings: WindowSettings,
        actions: dict[str, QAction],
        window: QWidget,
        lessons: Sequence[Lesson] = (),
    ) -> None:
        super().__init__(window)
        self._frame, self._controller, self._asker, self._actions = frame, controller, asker, actions
        self._window = window
        self._read_only_reason: str | None = None
        self.desk: RunDesk | None = None
        self.present_page: QWidget | None = None
        self._has_lesson = False
        self.home = HomePage(lessons)
        frame.pages.addWidget(self.home)
        self.data = DataPages(asker, settings, frame.pages, self)
        self.compare = CompareDesk(controller, asker, frame.pages, self)
        self.disk = DiskDesk(controller, frame.pages, window)
        self.models = ModelDesk(asker, frame.pages, window)
        self.recorded = RecordedDesk(window)
        self.start_desk = StartDesk(controller, window)
        self.packing = PackingDesk(controller, window)
        self.report = ReportDesk(window)
        self.sweep = SweepDesk(controller, self.start_desk, window)
        self.race = RaceDesk(controller, self.sweep, window)
        self._connect()

    def _connect(self) -> None:
        self._frame.pages.currentChanged.connect(self._on_page_changed)
        self._frame.runs_panel.page_requested.connect(self._on_page_requested)
        self._frame.runs_panel.run_opened.connect(self.open_run)
        self.home.new_run_requested.connect(self.show_new_run_with)
        self.home.run_opened.connect(self.open_run)
        self.home.recording_requested.connect(self.recorded.open_path)
        self.data.turned_to.connect(self._on_turned_to)
        self.data.run_requested.connect(self.start_desk.start)
        self.data.told.connect(self.told)
        self._connect_compare()
        self._connect_disk()
        self._connect_models()
        self._connect_packing()
        self.recorded.opened.connect(self.show_run)
        self.recorded.left.connect(self._on_recording_left)
        self.recorded.told.connect(self.told)
        self.recorded.failed.connect(self._controller.failed)

    def _connect_compare(self) -> None:
        panel = self._frame.runs_panel
        panel.compare_requested.connect(self.compare.compare)
        self.sweep.compare_requested.connect(self.compare.compare)
        self.race.compare_requested.connect(self.compare.compare)
        self.race.failed.connect(self._controller.failed)
        self.data.race_requested.connect(self.race.start_race)
        self._actions["compare"].triggered.connect(panel.compare_ticked)
        self.compare.turned_to.connect(self._on_turned_to)
        self.compare.word_requested.connect(self._on_word_of_run)
        self.compare.told.connect(self.told)
        self.compare.failed.connect(self._controller.failed)
        self._controller.runs_changed.connect(self._offer_runs)

    def _connect_disk(self) -> None:
        self._actions["disk_use"].triggered.connect(self.disk.show)
        self.disk.turned_to.connect(self._on_turned_to)
        self.disk.told.connect(self.told)
        self.disk.failed.connect(self._controller.failed)

    def _connect_models(self) -> None:
        """Models that no run made."""
        self._actions["open_vectors"].triggered.connect(self.models.ask_for_file)
        self._actions["open_model"].triggered.connect(self.models.ask_for_folder)
        self.models.turned_to.connect(self._on_turned_to)
        self.models.go_on_requested.connect(self.data.show_new_run_from)
        self.models.page_made.connect(self._offer_runs)
        self.models.told.connect(self.told)
        self.models.failed.connect(self._controller.failed)

    def _connect_packing(self) -> None:
        """Runs that come from elsewhere, and go there."""
        self._actions["open_run"].triggered.connect(self.packing.ask_for_folder)
        self._actions["open_pack"].triggered.connect(self.packing.ask_for_pack)
        self.packing.unpacked.connect(self.open_run)
        self.packing.elsewhere.connect(self.recorded.open_at_end)
        self.packing.told.connect(self.told)
        self.report.told.connect(self.told)
        self.report.failed.connect(self._controller.failed)
        self._controller.closed.connect(self.report.close)
        self.packing.failed.connect(self._controller.failed)

    @Slot(str, str)
    def _on_word_of_run(self, name: str, word: str) -> None:
        """A word of the Compare page is asked on the page of its run."""
        self.open_run(name)
        self.run_desk().page.explore.ask_word(name, word)

    def act(self, action: str) -> bool:
        """Carry out the action of a note; False when it is none of these."""
        return self.data.act(action) or self.report.act(action)

    @Slot(object)
    def _offer_runs(self, seen: RunsSeen | None = None) -> None:
        """The runs there are, to hold the shown one against."""
        tabs = [self.desk.page.explore] if self.desk is not None else []
        if self.models.page is not None:
            tabs.append(self.models.page.explore)
        for tab in tabs:
            rows = seen.rows if seen is not None else self._frame.runs_panel.model.all_rows()
            tab.show_runs(rows, self._controller.runs)

    # --- turning to a page -------------------------------------------------------------------------------------

    def current(self) -> QWidget:
        return self._frame.pages.currentWidget()

    @Slot()
    def show_home(self) -> None:
        self._on_turned_to(self.home)

    @Slot(object)
    def show_new_run_with(self, dataset: str | None) -> None:
        """The New run page, with a dataset chosen if one is given."""
        self.data.show_new_run() if dataset is None else self.data.show_new_run_with(str(dataset))

    def take_dropped(self, path: str) -> None:
        """Something was dropped on the window: a run is opened, anything else is data."""
        if self.packing.takes(path):
            self.packing.open_path(path)
        else:
            self.data.take_dropped(path)

    @Slot(str)
    def open_run(self, name: str) -> None:
        """Show a run, live or ended."""
        followed = self._controller.open(name)
        if followed is not None:
            self.show_run(followed)

    @Slot(str, object)
    def act_on_run(self, name: str, action: Action | None) -> None:
        """Show a run and do on its page what was asked for elsewhere."""
        self.open_run(name)
        if action is not None and self.is_seen(name):
            self.run_desk().page.act(action)

    @Slot(object)
    def show_run(self, followed: FollowedRun | PlayedRun) -> None:
        """Show a run; a recorded one is none of the list, an own one that is played back is."""
        if isinstance(followed, PlayedRun):
            followed.changed.connect(self.refresh)
            followed.went_back.connect(self.run_desk().tell_again)
        else:
            self.recorded.leave()
        desk = self.run_desk()
        desk.show_run(followed)
        name = followed.origin if isinstance(followed, PlayedRun) else followed.run.name
        self._frame.runs_panel.choose_run(name)
        self.turn_to(desk.page)

    @Slot(str)
    def _on_recording_left(self, origin: str) -> None:
        """A person has seen enough of a recording."""
        self.open_run(origin) if origin else self.show_home()

    def turn_to(self, page: QWidget) -> None:
        """Show a page; the focus goes to the page itself unless a person is walking through the list of runs."""
        self._frame.pages.setCurrentWidget(page)
        is_datasets = self.data.is_datasets(page)
        self._frame.runs_panel.mark_page("home" if page is self.home else "datasets" if is_datasets else "")
        if not self._frame.runs_panel.isAncestorOf(QApplication.focusWidget() or page):
            page.setFocus()

    @Slot(QWidget)
    def _on_turned_to(self, page: QWidget) -> None:
        """A page that belongs to no run."""
        self._frame.runs_panel.choose_run("")
        self.turn_to(page)

    @Slot(str)
    def _on_page_requested(self, key: str) -> None:
        self.data.show_datasets() if key == "datasets" else self.show_home()

    @Slot()
    def _on_page_changed(self) -> None:
        page = self.current()
        is_new_run = self.data.is_new_run(page)
        has_own = is_new_run or self.data.is_datasets(page) or self._has_lesson
        self._frame.top_bar.set_new_run_filled(not has_own)
        self._actions["start"].setEnabled(is_new_run)
        if self.desk is not None:
            self.desk.set_seen(page is self.desk.page)
            self._frame.top_bar.present_button.setVisible(page is self.desk.page)
            if not self.is_run_page_seen() and self.recorded.played is not None:
                self.recorded.played.pause()

    def set_has_lesson(self, has_lesson: bool) -> None:
        """Beside a lesson its Next is the filled button, not New run."""
        self._has_lesson = has_lesson
        self._on_page_changed()

    # --- the page of a run -------------------------------------------------------------------------------------

    def run_desk(self) -> RunDesk:
        if self.desk is None:
            from ptft_gui.gui.desks.run import RunDesk

            self.desk = RunDesk(self._controller, self._asker, self._actions, self._window)
            self.desk.new_run_like.connect(self.data.show_new_run_like)
            self.desk.told.connect(self.told)
            self.desk.pack_requested.connect(self.packing.ask_where_to_pack)
            self.desk.report_requested.connect(self.report.ask_where)
            self.desk.sweep_requested.connect(self.sweep.ask)
            self.desk.race_requested.connect(self.race.act)
            self.desk.race_wanted.connect(self.race.look_for_race)
            self.race.race_looked.connect(self.desk.on_race_looked)
            self.desk.play_back_requested.connect(self.recorded.play_back)
            self.desk.recording_requested.connect(self.recorded.ask_where_to_save)
            self.desk.page.add_below_header(self.recorded.bar())
            self.desk.page.set_read_only(self._read_only_reason)
            self._frame.pages.addWidget(self.desk.page)
            add_to_view_menu(self._actions, self.desk.page.view_actions)
            self._offer_runs()
        return self.desk

    def to_prepare(self) -> tuple[Callable[[], object], ...]:
        """What builds the pages that were left out to be quick at the start."""
        return self.data.new_run_page, self.run_desk

    def prepare(self) -> None:
        """Build them now."""
        for build in self.to_prepare():
            build()

    def set_read_only(self, reason: str | None) -> None:
        """With a reason nothing is changed here; the controls say why."""
        self._read_only_reason = reason
        self.data.set_read_only(reason)
        self.disk.set_read_only(reason)
        if self.desk is not None:
            self.desk.page.set_read_only(reason)

    @Slot(object)
    def refresh(self, followed: FollowedRun | PlayedRun) -> None:
        """Show what is new of a run, if its page is there."""
        if self.desk is not None:
            self.desk.refresh(followed)

    def is_seen(self, name: str) -> bool:
        """Whether the page of this run is the one that is shown."""
        return self.is_run_page_seen() and self.desk is not None and self.desk.shows(name)

    def is_run_page_seen(self) -> bool:
        """Whether a run is looked at, on its page or presented to a room."""
        return self.desk is not None and self.current() in (self.desk.page, self.present_page)

    def forget_run(self, name: str) -> None:
        """A run has gone: who looked at it is back at Home."""
        if self.desk is not None and self.desk.shows(name):
            if self.is_seen(name):
                self.show_home()
            self.desk.forget()
