"""The main window: the one knot. It knows all panels and connects them with the controller and the companion."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
    QSessionManager,
    QShowEvent,
)
from PySide6.QtWidgets import QFileDialog, QMainWindow, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.registry import family_of
from ptft_gui.core.lessons import bundled_lessons
from ptft_gui.core.runs_list import RunsSeen
from ptft_gui.gui.announce import announce
from ptft_gui.gui.desks.away import AwayDesk
from ptft_gui.gui.desks.help import HelpDesk
from ptft_gui.gui.dialogs.questions import close_dialog
from ptft_gui.gui.first_place import FRAMED_AFTER_MS, leave_room_for_frame
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.frame import Frame, StatusLine
from ptft_gui.gui.lessons.desk import LessonDesk
from ptft_gui.gui.lessons.reset import LessonReset
from ptft_gui.gui.menus import build_menus
from ptft_gui.gui.only_shows import OnlyShows
from ptft_gui.gui.pages import Pages
from ptft_gui.gui.settings import WindowSettings
from ptft_gui.gui.theme import Preference, current_theme
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.toast import Message, ToastArea

if TYPE_CHECKING:  # loaded when it is first needed: charts take time to import
    from ptft_gui.gui.present.desk import PresentDesk

FIRST_SIZE, LEAST_SIZE = (1280, 800), (1024, 700)


class MainWindow(QMainWindow):
    """One window on one folder of runs. ``closed`` when it has gone for good; ``other_folder_chosen`` carries a
    :class:`~pathlib.Path` that a person wants to work in instead."""

    closed = Signal()
    other_folder_chosen = Signal(object)

    def __init__(self, controller: RunController, asker: Asker, settings: WindowSettings) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("ptft")
        self.setAcceptDrops(True)
        self.setMinimumSize(*LEAST_SIZE)
        self._controller, self._settings = controller, settings
        self._may_close = self._was_shown = self._has_first_size = False
        self._is_closing_when_stopped = False
        self._frame = Frame()
        self.setCentralWidget(self._frame)
        self._status = StatusLine(controller.runs)
        self.setStatusBar(self._status)
        self.toasts = ToastArea(self._frame, self._frame.top_bar.free_room)
        lessons, self._lesson_problems = bundled_lessons()
        self._actions = build_menus(self, lessons)
        self.pages = Pages(self._frame, controller, asker, settings, self._actions, self, lessons)
        self.lessons = LessonDesk(lessons, controller, self.pages, self._frame, self)
        self._asker = asker
        self._present: PresentDesk | None = None
        self._lesson_reset = LessonReset(controller, self)
        self._help = HelpDesk(self, controller.runs, settings)
        self._only_shows = OnlyShows(controller, self._frame, self)
        self.away = AwayDesk(self._frame.away, controller, settings, self)
        self._connect()
        self._place_on_screen()
        self.show_home()

    # --- connecting --------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._frame.top_bar.new_run_requested.connect(self.show_new_run)
        self._frame.top_bar.help_requested.connect(self._help.show_glossary)
        self._help.network_changed.connect(self._status.show_network)
        self._help.failed.connect(self.tell_failure)
        self._only_shows.told.connect(self.pages.set_read_only)
        self._only_shows.told.connect(self.lessons.set_read_only)
        self._only_shows.other_folder_chosen.connect(self.other_folder_chosen)
        self.pages.told.connect(self.tell)
        self._connect_lessons()
        self._connect_runs_panel()
        self._connect_controller()
        self._connect_actions()
        self.away.act_requested.connect(self.pages.act_on_run)
        self.away.told.connect(self.tell)
        self.toasts.action_requested.connect(self._on_note_action)
        QGuiApplication.instance().commitDataRequest.connect(self._on_session_ends)  # type: ignore[union-attr]

    def _connect_lessons(self) -> None:
        self.pages.home.lesson_requested.connect(self.lessons.begin)
        self.pages.recorded.opened.connect(self.lessons.on_recording_opened)
        self.lessons.failed.connect(self.tell_failure)
        for lesson in self.lessons.lessons:
            begin = partial(self.lessons.begin, lesson.id)
            self._actions[f"lesson/{lesson.id}"].triggered.connect(begin)
        self._actions["play_recording"].triggered.connect(self.pages.recorded.ask_for_recording)
        self._actions["reset_lessons"].triggered.connect(self._lesson_reset.reset)
        self._lesson_reset.told.connect(self.tell)
        self._lesson_reset.failed.connect(self.tell_failure)
        self._lesson_reset.done.connect(self.lessons.leave)
        for problem in self._lesson_problems:
            self.tell_failure(problem)

        self._frame.top_bar.present_requested.connect(self.present)
        self._actions["present"].triggered.connect(self.present)
        self.addAction(self._actions["present"])  # its key answers also while the menu bar is hidden

    @Slot()
    def present(self) -> None:
        """Show the run to a room, or give the window back."""
        if self._present is None:
            from ptft_gui.gui.present.desk import PresentDesk

            self._present = PresentDesk(
                self.pages, self._frame, self.lessons, self._controller, self._asker, self
            )
            self._present.told.connect(self.tell)
        self._present.toggle()

    def _connect_runs_panel(self) -> None:
        panel = self._frame.runs_panel
        panel.run_delete_requested.connect(self._on_delete_requested)
        panel.run_rename_requested.connect(self._controller.rename)
        panel.queue_reordered.connect(self._controller.reorder_queue)

    def _connect_controller(self) -> None:
        self._controller.runs_changed.connect(self._on_runs_changed)
        self._controller.run_changed.connect(self._on_run_changed)
        self._controller.run_started.connect(self._on_run_started)
        self._controller.run_ended.connect(self._on_run_ended)
        self._controller.run_gone.connect(self._on_run_gone)
        self._controller.told.connect(self.tell)
        self._controller.failed.connect(self.tell_failure)

    def _connect_actions(self) -> None:
        theme = current_theme()
        slots = {
            "new_run": self.show_new_run,
            "open_data": self._on_open_data,
            "quit": self.close,
            "start": self.pages.data.start,
            "home": self.show_home,
            "datasets": self.show_datasets,
            "find": self._on_find,
            "left_bar": self._frame.toggle_left_bar,
            "larger": self._on_larger,
            "smaller": self._on_smaller,
            "full_screen": self._on_full_screen,
            "theme_light": lambda: self._set_theme("light"),
            "theme_dark": lambda: self._set_theme("dark"),
            "theme_system": lambda: self._set_theme("system"),
            "preferences": self._help.show_preferences,
            "explain": self._help.explain,
            "glossary": self._help.show_glossary,
            "doctor": self._help.show_doctor,
            "about": self._help.show_about,
        }
        for key, slot in slots.items():
            self._actions[key].triggered.connect(slot)
        self._actions[f"theme_{theme.preference}"].setChecked(True)

    # --- pages -------------------------------------------------------------------------------------------------

    @Slot()
    def show_home(self) -> None:
        self.pages.show_home()

    @Slot()
    def show_new_run(self) -> None:
        self.pages.data.show_new_run()

    @Slot(object)
    def show_new_run_with(self, dataset: str | None) -> None:
        """The New run page, with a dataset chosen if one is given."""
        self.pages.show_new_run_with(dataset)

    @Slot()
    def show_datasets(self) -> None:
        self.pages.data.show_datasets()

    @Slot(str)
    def open_run(self, name: str) -> None:
        """Show a run, live or ended."""
        self.pages.open_run(name)

    def prepare_pages(self) -> None:
        """Build what was left out to be quick at the start."""
        self.pages.prepare()

    # --- what runs do ------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_runs_changed(self, seen: RunsSeen) -> None:
        self._frame.runs_panel.show_runs(seen.rows, seen.queue)
        self.pages.home.show_recent(seen.rows[:5])

    @Slot(object)
    def _on_run_changed(self, followed: FollowedRun) -> None:
        self.pages.refresh(followed)

    @Slot(object)
    def _on_run_started(self, followed: FollowedRun) -> None:
        self.pages.data.forget_new_run()
        self.pages.show_run(followed)

    @Slot(object)
    def _on_run_ended(self, followed: FollowedRun) -> None:
        row = followed.overview()
        speed = followed.summary.speed()
        spec = followed.summary.spec
        family = family_of(spec.family, spec.task) if spec else None
        if speed and family is not None and family.reads_text_each_epoch:
            self._settings.keep_speed(speed, followed.summary.resolved_value("trainer", "gensim"))
        if not self.pages.is_seen(row.name):  # whoever looks at the run reads it in its header
            is_well = row.state in ("finished", "stopped")
            self.tell(Message(f"{row.title}: {row.headline}", "good" if is_well else "bad"))
        announce(self, row.title, row.headline)
        if self._is_closing_when_stopped and not self._controller.live_runs():
            self.close_for_good()

    @Slot(str)
    def _on_run_gone(self, name: str) -> None:
        self.pages.forget_run(name)

    @Slot(str)
    def _on_delete_requested(self, name: str) -> None:
        self.pages.run_desk().ask_to_delete(name)

    # --- telling -----------------------------------------------------------------------------------------------

    @Slot(object)
    def tell(self, message: Message) -> None:
        """Say something to the person, in the one place for it."""
        self.toasts.tell(message)
        self._status.say(message.text)

    @Slot(str)
    def _on_note_action(self, action: str) -> None:
        if not (self.pages.act(action) or self._lesson_reset.act(action)):
            self._controller.act(action)

    @Slot(object)
    def tell_failure(self, problem: PtftError) -> None:
        """Say what went wrong and what to do."""
        detail = " ".join(part for part in (problem.detail, problem.hint) if part)
        self.tell(Message(problem.message, "bad", detail))

    def set_read_only(self, is_read_only: bool, problem: PtftError | None = None) -> None:
        """Only show, because another window has this folder or for ``problem``; or work again."""
        self._only_shows.set_read_only(is_read_only, problem)

    # --- menu --------------------------------------------------------------------------------------------------

    @Slot()
    def _on_open_data(self) -> None:
        dialog = FileDialog(self, self.tr("Open data"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.show_new_run_with)
        dialog.open()

    @Slot()
    def _on_find(self) -> None:
        """A word on the page of a run, elsewhere a run."""
        if self.pages.is_run_page_seen():
            self.pages.run_desk().page.find_word()
        else:
            self._frame.runs_panel.focus_search()

    @Slot()
    def _on_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def _set_theme(self, preference: Preference) -> None:
        current_theme().set_preference(preference)
        self._settings.keep_look(current_theme())

    @Slot()
    def _on_larger(self) -> None:
        current_theme().make_text_larger()
        self._settings.keep_look(current_theme())

    @Slot()
    def _on_smaller(self) -> None:
        current_theme().make_text_smaller()
        self._settings.keep_look(current_theme())

    # --- the window itself -------------------------------------------------------------------------------------

    def _place_on_screen(self) -> None:
        geometry = self._settings.geometry()
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(*FIRST_SIZE)
            self._has_first_size = True

    @Slot()
    def _leave_room_for_frame(self) -> None:
        leave_room_for_frame(self)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            QTimer.singleShot(0, self._begin_looking)
            if self._has_first_size:
                QTimer.singleShot(FRAMED_AFTER_MS, self._leave_room_for_frame)

    @Slot()
    def _begin_looking(self) -> None:
        self.away.begin(self.isActiveWindow())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self._was_shown:
            self.away.set_looked_at(self.isActiveWindow())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._frame.fit_left_bar(event.size().width())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.pages.home.set_drop_target(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.pages.home.set_drop_target(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.pages.home.set_drop_target(False)
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.pages.take_dropped(paths[0])
        if len(paths) > 1:
            text = self.tr("Only the first of {count} was taken.").format(count=len(paths))
            self.tell(Message(text, detail=self.tr("To use several files, drop the folder they are in.")))

    def closeEvent(self, event: QCloseEvent) -> None:
        live = self._controller.live_runs()
        if live and not self._may_close and not self._controller.is_read_only:
            event.ignore()
            self._ask_before_closing(live)
            return
        if self._present is not None:
            self._present.leave()
        self.pages.recorded.close()
        self._lesson_reset.close()
        self._settings.keep_geometry(self.saveGeometry())
        event.accept()
        self.closed.emit()

    def _ask_before_closing(self, live: list[FollowedRun]) -> None:
        if self.findChild(QWidget, "closeDialog") is None:
            dialog = close_dialog(live, self)
            dialog.chosen.connect(self._on_close_chosen)
            dialog.open()

    @Slot(str)
    def _on_close_chosen(self, answer: str) -> None:
        if answer == "keep_training":
            self.close_for_good()
        elif answer == "stop_and_keep":
            self._is_closing_when_stopped = True
            for followed in self._controller.live_runs():
                self._controller.stop(followed.run.name)
            self.tell(Message(self.tr("Stopping. The window closes when everything is saved.")))
        else:
            self._is_closing_when_stopped = False

    def close_for_good(self) -> None:
        """Close without a question: somebody has answered it, or nobody is there who could."""
        self._may_close = True
        self.close()

    @Slot(QSessionManager)
    def _on_session_ends(self, _: QSessionManager) -> None:
        """The desktop is logging out: no time for a question; a run goes on as long as the system lets it."""
        self._may_close = True
