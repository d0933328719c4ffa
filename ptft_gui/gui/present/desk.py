"""Enters and leaves Present mode, and does what is asked there."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from ptft_gui.core.lessons import LessonStep
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.frame import Frame
from ptft_gui.gui.lessons.desk import LessonDesk
from ptft_gui.gui.pages import Pages
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.present.page import PresentPage
from ptft_gui.gui.recorded.played_run import PlayedRun
from ptft_gui.gui.theme import current_theme
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.toast import Message

_TICK_MS = 100


class PresentDesk(QObject):
    """Shows the run of the window to a room. ``told`` carries a :class:`Message`."""

    told = Signal(object)

    def __init__(
        self,
        pages: Pages,
        frame: Frame,
        lessons: LessonDesk,
        controller: RunController,
        asker: Asker,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._pages, self._frame, self._lessons = pages, frame, lessons
        self._controller, self._asker, self._window = controller, asker, window
        self._page: PresentPage | None = None
        self._summary: RunSummary | None = None
        self._focus: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._refresh)
        lessons.step_shown.connect(self._on_step_shown)
        lessons.ended.connect(self._on_lesson_ended)
        frame.pages.currentChanged.connect(self._on_page_changed)

    @property
    def is_presenting(self) -> bool:
        return self._timer.isActive()

    def page(self) -> PresentPage:
        if self._page is None:
            page = self._page = PresentPage(self._asker)
            page.next_requested.connect(self._on_next)
            page.back_requested.connect(self._on_back)
            page.pause_requested.connect(self._on_pause)
            page.action_requested.connect(self._lessons.act)
            page.probe_requested.connect(self._on_probe)
            page.leave_requested.connect(self.leave)
            self._frame.pages.addWidget(page)
            self._pages.present_page = page
        return self._page

    # --- entering and leaving ----------------------------------------------------------------------------------

    @Slot()
    def toggle(self) -> None:
        self.leave() if self.is_presenting else self.enter()

    @Slot()
    def enter(self) -> None:
        """Show the run that the window shows, on the screen that the window is on."""
        if not self._pages.is_run_page_seen() or self._shown() is None:
            self.told.emit(Message(self.tr("Open a run first; then it can be presented.")))
            return
        window, page = self._window, self.page()
        self._state, self._geometry = window.windowState(), window.geometry()
        self._focus = QApplication.focusWidget()
        self._had_status = not window.statusBar().isHidden()
        self._lessons.is_presenting = True
        current_theme().set_presenting(True, on=page)
        self._frame.set_bare(True)
        window.menuBar().hide()
        window.statusBar().hide()
        self._summary = None
        self._timer.start()
        self._frame.pages.setCurrentWidget(page)
        window.showFullScreen()
        page.setFocus()
        self._refresh()
        step = self._lessons.step
        page.choose((step.view if step else "") or page.views()[0])
        self._show_lesson()
        self._name_next()

    @Slot()
    def leave(self) -> None:
        """Give the window back as it was."""
        if not self.is_presenting:
            return
        self._timer.stop()
        window = self._window
        self._lessons.is_presenting = False
        current_theme().set_presenting(False)
        window.menuBar().show()
        window.statusBar().setVisible(self._had_status)
        self._frame.set_bare(False)
        if self._frame.pages.currentWidget() is self._page:
            self._pages.turn_to(self._pages.run_desk().page)
        window.setWindowState(self._state)
        if not (window.isMaximized() or window.isFullScreen()):
            window.setGeometry(self._geometry)
        self._frame.fit_left_bar(window.width())
        if self._focus is not None and self._focus.isVisible():
            self._focus.setFocus()
        self._focus = None

    @Slot()
    def _on_page_changed(self) -> None:
        """What the window wants to show: another run is shown here too, any other page ends the presentation."""
        if not self.is_presenting or self._frame.pages.currentWidget() is self._page:
            return
        if self._pages.is_run_page_seen():
            self._frame.pages.setCurrentWidget(self.page())
            self.page().setFocus()
        else:
            self.leave()

    # --- showing -----------------------------------------------------------------------------------------------

    def _shown(self) -> ShownRun | None:
        followed = self._pages.run_desk().shown()
        if followed is None:
            return None
        return ShownRun(
            followed.run, followed.summary, followed.state, followed.end_note, followed.is_recorded
        )

    @Slot()
    def _refresh(self) -> None:
        shown = self._shown()
        if shown is None:
            self.leave()
            return
        if shown.summary is not self._summary:  # another run, or an earlier moment of a recorded one
            self._summary = shown.summary
            self.page().show_run(shown)
            self._name_next()
        else:
            self.page().refresh(shown)
        self._show_pause(shown)
        if self._lessons.is_open:
            self._show_lesson()

    def _show_pause(self, shown: ShownRun) -> None:
        played = self._pages.recorded.played
        if shown.is_recorded and played is not None:
            words = (self.tr("Pause"), "pause") if played.is_playing else (self.tr("Play"), "play")
            self.page().show_pause(*words)
        elif shown.state == "paused":
            self.page().show_pause(self.tr("Resume"), "resume")
        else:
            self.page().show_pause(self.tr("Pause") if shown.state == "running" else "")

    def _show_lesson(self) -> None:
        step = self._lessons.step
        if step is None:
            self.page().say("")
            self.page().show_action("")
            return
        state = self._lessons.panel().state()
        self.page().say(f"{step.sentence} {state}".strip())
        action = self._lessons.panel().action
        self.page().show_action("" if action.isHidden() else action.text(), action.isEnabled())
        self.page().next.setText(self._lessons.panel().next_words())

    def _name_next(self) -> None:
        """What the large button leads to."""
        if self._lessons.is_open:
            return  # the lesson says how it goes on
        names = {
            "chart": self.tr("Next: chart"),
            "map": self.tr("Next: map"),
            "words": self.tr("Next: words"),
            "probes": self.tr("Next: answers"),
            "neighbours": self.tr("Next: neighbours"),
        }
        self.page().next.setText(names[self._neighbour_view(1)])

    def _neighbour_view(self, direction: int) -> str:
        views, view = self.page().views(), self.page().view()
        place = views.index(view) if view in views else 0
        return views[(place + direction) % len(views)]

    # --- what is asked for -------------------------------------------------------------------------------------

    @Slot()
    def _on_next(self) -> None:
        """The lesson's next step, or without a lesson the next view."""
        if self._lessons.is_open:
            self._lessons.go_on()
        else:
            self._turn(1)

    @Slot()
    def _on_back(self) -> None:
        if self._lessons.is_open:
            self._lessons.go_back()
        else:
            self._turn(-1)

    def _turn(self, direction: int) -> None:
        self.page().choose(self._neighbour_view(direction))
        self._name_next()

    @Slot()
    def _on_pause(self) -> None:
        followed = self._pages.run_desk().shown()
        if isinstance(followed, PlayedRun):
            followed.pause() if followed.is_playing else followed.play()
        elif followed is not None and followed.state == "paused":
            self._controller.go_on(followed.run.name)
        elif followed is not None and followed.state == "running":
            self._controller.pause(followed.run.name)

    @Slot(str)
    def _on_probe(self, text: str) -> None:
        """A room called out another beginning."""
        self._pages.run_desk().page.act(Action("add_probe", "", {"text": text}))

    @Slot(object)
    def _on_step_shown(self, step: LessonStep) -> None:
        if self.is_presenting:
            self._refresh()
            self.page().choose(step.view or self.page().view())
            self._show_lesson()

    @Slot()
    def _on_lesson_ended(self) -> None:
        if self.is_presenting:
            self._show_lesson()
            self._name_next()
