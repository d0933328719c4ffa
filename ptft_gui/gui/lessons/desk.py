"""Leads through a lesson: opens the page a step speaks of, starts its runs, asks its questions, checks the answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.lessons import Lesson, LessonStep
from ptft_gui.core.rundir import LIVE_STATES, RunDir, State
from ptft_gui.core.wording import percent_text
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.frame import Frame
from ptft_gui.gui.lessons.own_runs import OwnRuns
from ptft_gui.gui.lessons.panel import LessonPanel
from ptft_gui.gui.lessons.questions import QuestionAsker, judged
from ptft_gui.gui.lessons.spotlight import Spotlight
from ptft_gui.gui.pages import Pages
from ptft_gui.gui.theme import Role

_EXPLORE_VIEWS = ("analogy", "map", "axes")
_TABS = ("train", "try_it", "evaluate")
_DATA_COLUMN = 1


class LessonDesk(QObject):
    """Knows which step of which lesson is shown. ``step_shown`` carries the LessonStep, ``ended`` nothing."""

    step_shown = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(
        self,
        lessons: Sequence[Lesson],
        controller: RunController,
        pages: Pages,
        frame: Frame,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._controller, self._pages, self._frame, self._window = controller, pages, frame, window
        self.lessons = tuple(lessons)
        self.lesson: Lesson | None = None
        self.place = 0
        self._starting = ""
        self._runs: OwnRuns | None = None
        self._read_only_reason = ""
        self.is_presenting = False
        """While a room looks on, only runs are shown: no page that is there to be operated."""
        self._panel: LessonPanel | None = None
        self._spotlight: Spotlight | None = None
        self._questions = QuestionAsker(window)
        controller.closed.connect(self._questions.close)
        controller.run_started.connect(self._on_run_started)
        controller.run_changed.connect(self._on_run_changed)
        controller.run_ended.connect(self._on_run_changed)

    # --- what holds now ----------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self.lesson is not None

    @property
    def step(self) -> LessonStep | None:
        return self.lesson.steps[self.place] if self.lesson else None

    def panel(self) -> LessonPanel:
        if self._panel is None:
            panel = self._panel = LessonPanel()
            panel.back_requested.connect(self.go_back)
            panel.next_requested.connect(self.go_on)
            panel.action_requested.connect(self.act)
            panel.close_requested.connect(self.leave)
            self._frame.add_side(panel)
            self._spotlight = Spotlight(self._window)
        return self._panel

    # --- walking through it ------------------------------------------------------------------------------------

    @Slot(str)
    def begin(self, lesson_id: str) -> None:
        """Open a lesson at its first step."""
        lesson = next((lesson for lesson in self.lessons if lesson.id == lesson_id), None)
        if lesson is not None:
            self.lesson = lesson
            self._runs = OwnRuns(lesson, self._controller.runs, self._recorded_run)
            self.panel()
            self._frame.show_side(True)
            self._pages.set_has_lesson(True)
            self._go_to(0)

    @Slot()
    def go_on(self) -> None:
        """The next step; after the last one the lesson is over."""
        if self.lesson is None:
            return
        if self.place + 1 < len(self.lesson.steps):
            self._go_to(self.place + 1)
        else:
            self.leave()

    @Slot()
    def go_back(self) -> None:
        if self.lesson is not None and self.place > 0:
            self._go_to(self.place - 1)

    @Slot()
    def leave(self) -> None:
        """Close the lesson; its runs stay, the page stays."""
        if self.lesson is None:
            return
        self.lesson = self._runs = None
        self._pages.data.forget_new_run()  # the lesson's settings are nobody's own
        self._questions.drop()
        if self._spotlight is not None:
            self._spotlight.mark(())
        self._frame.show_side(False)
        self._pages.set_has_lesson(False)
        self.ended.emit()

    def set_read_only(self, reason: str | None) -> None:
        """With a reason no training is started from here."""
        self._read_only_reason = reason or ""
        if self.lesson is not None:
            self._show_action()

    def _go_to(self, place: int) -> None:
        assert self.lesson is not None
        assert self._runs is not None
        self.place = place
        step = self.lesson.steps[place]
        self._runs.look()
        self._questions.drop()
        self.panel().show_step(self.lesson, place)
        self.panel().show_state("")
        self._open_page(step)
        self._show_action()
        if self._spotlight is not None:
            self._spotlight.mark(step.highlight)
        self.step_shown.emit(step)

    # --- pages -------------------------------------------------------------------------------------------------

    def _open_page(self, step: LessonStep) -> None:
        run = self._run_of(step)
        if self.is_presenting and (run is None or step.show in ("", "home", "new_run")):
            return
        if step.show == "home":
            self._pages.show_home()
        elif step.show == "new_run":
            self._show_settings(step)
        elif step.show == "compare" and self._show_race():
            return
        elif run is not None:
            self._open_run(run)
            self._open_tab(step)
        elif step.show and step.do == "start":
            self._show_settings(step)

    def _show_settings(self, step: LessonStep) -> None:
        if self.lesson is None or not step.run:
            return
        run, data = self.lesson.runs[step.run], self._pages.data
        if run.missing():  # its text can be looked at all the same
            data.show_new_run_with(run.dataset)
        else:
            spec = run.spec()
            data.show_new_run_like(spec, {})
            data.new_run_page().footer.show_name(spec.name)  # it is no repetition of a run that was
        data.new_run_page().columns.open_step(_DATA_COLUMN)

    def _show_race(self) -> bool:
        """The lesson's runs side by side; False where fewer than two were trained."""
        trained = self._runs.trained() if self._runs is not None else {}
        if len(trained) < 2:
            return False
        self._pages.compare.compare([run.name for run in trained.values()])
        return True

    def _open_run(self, run: RunDir) -> None:
        desk = self._pages.run_desk()
        shown = desk.shown()
        is_shown = shown is not None and shown.run.path == run.path
        if not is_shown or self._pages.current() is not desk.page:
            recording = self._recording_for(self.step)
            if recording is not None and run.path == recording:
                self._pages.recorded.open_path(recording)
            else:
                self._pages.open_run(run.name)

    def _open_tab(self, step: LessonStep) -> None:
        page = self._pages.run_desk().page
        is_explore = step.show in ("explore", *_EXPLORE_VIEWS)
        page.show_tab("explore" if is_explore else step.show if step.show in _TABS else "train")
        if not is_explore:
            self._make_map_large(step.view == "map")
        else:
            choice = page.findChild(QWidget, "exploreChoice")
            choice.set_value(step.show if step.show in _EXPLORE_VIEWS else "map")  # type: ignore[union-attr]

    def _make_map_large(self, is_large: bool) -> None:
        """The map in the place of the chart, where the step speaks of it."""
        motion = self._pages.run_desk().page.train.motion
        if motion.is_large != is_large:
            motion.size_requested.emit(is_large)
            if self._panel is not None:
                self._panel.setFocus()

    # --- the step's run ----------------------------------------------------------------------------------------

    def _run_of(self, step: LessonStep | None) -> RunDir | None:
        return self._runs.of(step) if self._runs is not None else None

    def _recording_for(self, step: LessonStep | None) -> Path | None:
        return self._runs.recording(step) if self._runs is not None else None

    def _recorded_run(self) -> RunDir | None:
        played = self._pages.recorded.played
        return played.run if played is not None else None

    def _state_of(self, run: RunDir) -> State:
        shown = self._pages.run_desk().shown()
        return shown.state if shown is not None and shown.run.path == run.path else run.state()

    # --- what its button does ----------------------------------------------------------------------------------

    def _show_action(self) -> None:
        """Offer what the step does, as far as its run allows it now."""
        step, panel = self.step, self.panel()
        panel.set_next_filled(step is not None and step.show != "new_run" and not self._needs_run(step))
        if step is None:
            return
        if self._needs_run(step):
            self._offer_a_run(step)
        elif step.do == "start":
            self._show_training(step)
        elif self._came_without_model(step):
            reason = self._read_only_reason or self._missing(step)
            panel.show_action(self.tr("Train it here"), "play", reason)
            panel.show_state(self.tr("The recorded run came without its model, so it cannot be asked."))
        elif step.do == "ask":
            reason = self._why_not_asked(step)
            panel.show_action(step.label, "search", reason)
            panel.show_state(reason)
        else:
            panel.show_action("")
            panel.show_state(self._missing(step))

    def _why_not_asked(self, step: LessonStep) -> str:
        """Why the step's question cannot be asked now, in a sentence; "" where it can."""
        if step.ask is not None and step.ask.kind == "race":
            trained = self._runs.trained().values() if self._runs is not None else ()
            is_live = any(run.state() in LIVE_STATES for run in trained)
            return self.tr("They are still learning. Ask when the last one has ended.") if is_live else ""
        run = self._run_of(step)
        if run is None:
            return ""
        if self._state_of(run) in LIVE_STATES and not self._is_recorded(run):
            return self.tr("It is still learning. It can be asked when it has ended.")
        return ""

    def _came_without_model(self, step: LessonStep) -> bool:
        """Whether a model is to be asked of which only the recording is there."""
        run = self._run_of(step)
        return step.show == "try_it" and run is not None and self._is_recorded(run) and not run.model.is_dir()

    def _missing(self, step: LessonStep) -> str:
        """Why the step's run cannot be trained here, in a sentence; "" where it can, or none is spoken of."""
        return self.lesson.runs[step.run].missing() if self.lesson is not None and step.run else ""

    def _needs_run(self, step: LessonStep) -> bool:
        needs = step.show in (*_TABS, "explore", *_EXPLORE_VIEWS) or step.do == "start"
        return bool(step.run) and needs and self._run_of(step) is None and not self._starting

    def _offer_a_run(self, step: LessonStep) -> None:
        """Nothing was trained yet: start it, or look at the recorded run."""
        panel, reason = self.panel(), self._read_only_reason or self._missing(step)
        if step.do == "start" and not reason:
            panel.show_action(step.label)
            panel.show_state("")
        elif self._recording_for(step) is not None:
            panel.show_action(self.tr("Play the recorded run"))
            panel.show_state(reason or self.tr("Nothing was trained yet. The recorded run will do."))
        else:
            panel.show_action(self.tr("Start the training"), "play", reason)
            panel.show_state(reason or self.tr("Nothing was trained yet."))

    def _show_training(self, step: LessonStep) -> None:
        panel, run = self.panel(), self._run_of(step)
        state = self._state_of(run) if run is not None else "starting"
        if state in LIVE_STATES:
            panel.show_action("")
            panel.show_state(self._training_sentence())
        else:
            reason = self._read_only_reason or self._missing(step)
            panel.show_action(self.tr("Train it once more"), "play", reason)
            is_well = state in ("finished", "stopped")
            said = self.tr("It has learned. Go on.") if is_well else self.tr("It did not get to its end.")
            panel.show_state(said, Role.GOOD_TEXT if is_well else Role.WARNING_TEXT)

    def _training_sentence(self) -> str:
        shown = self._pages.run_desk().shown()
        share = shown.summary.progress if shown is not None and shown.summary.step else None
        if share is None:
            return self.tr("It is getting ready.")
        return self.tr("It learns: {share}.").format(share=percent_text(share))

    def _is_recorded(self, run: RunDir) -> bool:
        played = self._pages.recorded.played
        return played is not None and played.run.path == run.path

    @Slot()
    def act(self) -> None:
        """Do what the step's button says."""
        step = self.step
        if step is None:
            return
        needs_run = self._needs_run(step)
        recording = self._recording_for(step)
        reason = self._read_only_reason or self._missing(step)
        if needs_run and recording is not None and (step.do != "start" or reason):
            self._pages.recorded.open_path(recording)
        elif needs_run or step.do == "start" or self._came_without_model(step):
            self._start(step)
        elif step.ask is not None:
            self._open_page(step)
            played = self._pages.recorded.played
            if step.ask.kind == "probe" and played is not None:
                played.seek(played.seconds)  # the answer is that of the end
            self.panel().show_state(self.tr("It is looking."))
            if step.ask.kind == "race" and self._runs is not None:
                self._questions.ask_race(step.ask, self._runs.ended_or_recorded(), self._say_answer)
            else:
                self._questions.ask(step.ask, self._on_answered)

    def _start(self, step: LessonStep) -> None:
        assert self.lesson is not None
        try:
            spec = self.lesson.runs[step.run].spec()
        except PtftError as problem:
            self.failed.emit(problem)
            return
        self._starting = step.run
        self.panel().show_action("")
        self.panel().show_state(self.tr("It is getting ready."))
        self._controller.start(spec)

    def _on_answered(self, words: list[str]) -> None:
        if self.step is not None and self.step.ask is not None:
            self._say_answer(*judged(self.step.ask, words))

    def _say_answer(self, sentence: str, is_as_expected: bool) -> None:
        self.panel().show_state(sentence, Role.GOOD_TEXT if is_as_expected else Role.WARNING_TEXT)

    # --- what runs do ------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_run_started(self, followed: FollowedRun) -> None:
        """The run that the lesson asked for is marked as its own."""
        key = self._runs.key_of(followed.summary.spec) if self._runs is not None else ""
        if self._runs is None or not key:
            return
        self._starting = ""
        self._runs.take(key, followed.run)
        self._show_action()
        QTimer.singleShot(0, self._on_run_shown)  # the window turns to the run's page first

    @Slot()
    def _on_run_shown(self) -> None:
        step = self.step
        if step is not None and step.show and step.run and self._run_of(step) is not None:
            self._open_page(step)

    @Slot(object)
    def _on_run_changed(self, followed: FollowedRun) -> None:
        step = self.step
        run = self._run_of(step)
        if step is None or run is None or run.path != followed.run.path:
            return
        was_waiting = step.do == "ask" and not self.panel().action.isEnabled()
        if step.do == "start" or was_waiting:
            self._show_action()

    @Slot(object)
    def on_recording_opened(self, _: object) -> None:
        """A recorded run is shown: the step may speak of it."""
        if self.step is not None and self._run_of(self.step) is not None:
            self._open_tab(self.step)
            self._show_action()
