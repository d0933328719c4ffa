"""The run page and what its buttons and the Run menu do."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.race import can_race
from ptft_gui.core.run_corrections import request_to_repeat
from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.desks.race import RACE_ACTIONS, SHOW_RACE
from ptft_gui.gui.desks.run_actions import changes_for, corrected_run, fold_specs
from ptft_gui.gui.dialogs.export import ExportDialog
from ptft_gui.gui.dialogs.longer_question import TRAIN_CORRECTED, TRAIN_LONGER, ask_of_corrections
from ptft_gui.gui.dialogs.questions import QuestionDialog, delete_dialog, discard_dialog
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.panels.run import RunPage
from ptft_gui.gui.recorded.played_run import PlayedRun
from ptft_gui.gui.top_bar import use_sentence
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.toast import Message

_ON_OWN_RUNS = ("play_back", "save_recording", "add_probe", "train_corrected")


class RunDesk(QObject):
    """Shows one run on its page and carries out what a person asks of it.

    ``new_run_like`` carries a RunSpec and the values to change in it; ``told`` a :class:`Message`;
    ``play_back_requested``, ``recording_requested`` and ``race_wanted`` (was it in a race?) a :class:`RunDir`. A
    recorded run is shown the same way, and nothing is asked of it that would change it.
    """

    new_run_like = Signal(object, object)
    told = Signal(object)
    sweep_requested = Signal(object, object)
    race_requested = Signal(str, object)
    race_wanted = Signal(object)
    report_requested = Signal(object)
    pack_requested = Signal(object)
    play_back_requested = Signal(object)
    recording_requested = Signal(object)

    def __init__(
        self, controller: RunController, asker: Asker, actions: dict[str, QAction], window: QWidget
    ) -> None:
        super().__init__(window)
        self._controller, self._asker, self._window = controller, asker, window
        controller.run_renamed.connect(self.on_renamed)
        controller.run_ended.connect(self._on_run_ended)
        self._actions = actions
        self._followed: FollowedRun | PlayedRun | None = None
        self._is_seen = self._is_introduced = self._has_race = False
        self.page = RunPage(asker)
        self._connect_page()
        self._connect_actions()
        self._update_actions()

    def _connect_page(self) -> None:
        page = self.page
        page.pause_requested.connect(self._on_pause)
        page.resume_requested.connect(self._on_pause)
        page.said.connect(self._on_said)
        page.failed.connect(self._controller.failed)
        page.stop_requested.connect(self._on_stop)
        page.save_requested.connect(self._on_save)
        page.discard_requested.connect(self._on_discard)
        page.duplicate_requested.connect(self._on_duplicate)
        page.train_longer_requested.connect(self._on_train_longer)
        page.resume_run_requested.connect(self._on_resume_run)
        page.export_requested.connect(self._on_export)
        page.show_folder_requested.connect(self._on_show_folder)
        page.rename_requested.connect(self._on_rename)
        page.page_action_requested.connect(self.act)

    def _connect_actions(self) -> None:
        for key, slot in (
            ("export", self._on_export),
            ("sweep", self._on_sweep),
            ("report", self._on_report),
            ("pack", self._on_pack),
            ("show_folder", self._on_show_folder),
            ("pause", self._on_pause),
            ("save", self._on_save),
            ("discard", self._on_discard),
        ):
            self._actions[key].triggered.connect(slot)
        for key in RACE_ACTIONS:
            self._actions[key].triggered.connect(partial(self._on_race, key))
        self._actions["stop"].triggered.connect(lambda: self._on_stop("last"))
        self._actions["resume"].triggered.connect(lambda: self._on_resume_run({}))
        self._actions["train_longer"].triggered.connect(lambda: self._on_train_longer(1.5))
        self._actions["duplicate"].triggered.connect(lambda: self._on_duplicate({}))
        self._actions["delete"].triggered.connect(self._on_discard)

    # --- showing -----------------------------------------------------------------------------------------------

    def show_run(self, followed: FollowedRun | PlayedRun) -> None:
        """Show another run."""
        self._followed, self._has_race = followed, False
        self._introduce(followed)
        self._update_actions()

    def _introduce(self, followed: FollowedRun | PlayedRun) -> None:
        """Show the run from its beginning; of an ended one whose log is still being read only the name."""
        self._is_introduced = followed.is_whole
        if not followed.is_whole and not followed.is_live and not followed.is_recorded:
            self.page.expect_run(followed.run, followed.summary, followed.state)
        else:
            self.page.show_run(followed.run, followed.summary, followed.state, followed.is_recorded)
        self._look_for_race()

    def _look_for_race(self) -> None:
        own = self._own
        if self._is_seen and own is not None and can_race(own.summary.spec):
            self.race_wanted.emit(own.run)

    @Slot(str, bool)
    def on_race_looked(self, name: str, has_race: bool) -> None:
        """A run was raced, or was not."""
        if self.shows(name):
            self._has_race = has_race
            self.page.set_has_race(has_race)
            self._update_actions()

    def refresh(self, followed: FollowedRun | PlayedRun) -> None:
        """Show what is new of the run, while it is seen."""
        if followed is not self._followed:
            return
        if followed.is_whole and not self._is_introduced:
            self._introduce(followed)
        if self._is_seen:
            self.page.refresh(followed.summary, followed.state, followed.end_note)
        self._update_actions()

    def set_seen(self, is_seen: bool) -> None:
        """Whether the page is the one on the screen; unseen it is not drawn."""
        self._is_seen = is_seen
        if is_seen and self._followed is not None:
            self.refresh(self._followed)
            self._look_for_race()
        self._update_actions()

    def tell_again(self) -> None:
        """The recorded run that is shown went to an earlier moment."""
        if self._followed is not None:
            self.page.tell_again(self._followed.summary, self._followed.state)

    def shown(self) -> FollowedRun | PlayedRun | None:
        """What the page shows."""
        return self._followed

    def shows(self, name: str) -> bool:
        """Whether the page shows the run of this name, live, ended or played back."""
        shown = self._followed
        if isinstance(shown, PlayedRun):
            return shown.origin == name
        return shown is not None and shown.run.name == name

    @property
    def _own(self) -> FollowedRun | None:
        """The run that is shown, if it is one that may be changed."""
        return self._followed if isinstance(self._followed, FollowedRun) else None

    def forget(self) -> None:
        """The shown run has gone."""
        self._followed = None
        self._update_actions()

    def _update_actions(self) -> None:
        followed = self._followed if self._is_seen else None
        is_own = followed is not None and not followed.is_recorded
        is_live = is_own and followed is not None and followed.is_live
        is_ended = is_own and followed is not None and not followed.is_live
        state = followed.state if followed else ""
        has_model = followed is not None and followed.run.model.is_dir()
        has_checkpoint = followed is not None and bool(followed.summary.checkpoints)
        enabled = {
            "export": has_model,
            "sweep": followed is not None and followed.summary.spec is not None,
            **dict.fromkeys(
                RACE_ACTIONS, is_own and followed is not None and can_race(followed.summary.spec)
            ),
            SHOW_RACE: is_own and self._has_race,
            "report": is_ended,
            "pack": is_ended,
            "show_folder": followed is not None,
            "pause": is_own and state in ("running", "paused"),
            "stop": is_live and state != "stopping",
            "save": is_own and state in ("running", "paused"),
            "resume": is_ended and state != "finished" and has_checkpoint,
            "train_longer": is_ended,
            "duplicate": followed is not None and followed.summary.spec is not None,
            "discard": is_live,
            "delete": is_ended,
        }
        for key, is_enabled in enabled.items():
            self._actions[key].setEnabled(is_enabled)
        self._actions["pause"].setText(self.tr("&Resume") if state == "paused" else self.tr("&Pause"))

    @Slot(str, str)
    def on_renamed(self, name: str, title: str) -> None:
        """A run is called otherwise now."""
        if self.shows(name):
            self.page.show_name(title)

    @Slot(object)
    def _on_run_ended(self, ended: FollowedRun) -> None:
        """Another run read the test rows of the one that is shown, or a fifth of its rows: its scores say so."""
        shown, other = self._followed, ended.summary.spec
        spec = shown.summary.spec if shown is not None and shown is not ended else None
        if spec is None or other is None or spec.task is None:
            return
        if (spec.data.dataset, spec.task) == (other.data.dataset, other.task):
            self.page.measure_again()

    @Slot(str)
    def _on_said(self, sentence: str) -> None:
        self.told.emit(Message(sentence))

    # --- requests ----------------------------------------------------------------------------------------------

    @Slot()
    def _on_pause(self) -> None:
        if self._own is not None:
            name = self._own.run.name
            is_paused = self._own.state == "paused"
            self._controller.go_on(name) if is_paused else self._controller.pause(name)

    @Slot(str)
    def _on_stop(self, keep: str = "last") -> None:
        if self._own is not None:
            self._controller.stop(self._own.run.name, keep)

    @Slot()
    def _on_save(self) -> None:
        if self._own is not None:
            self._controller.save(self._own.run.name)

    @Slot()
    def _on_discard(self) -> None:
        if self._own is not None:
            self.ask_to_delete(self._own.run.name)

    def ask_to_delete(self, name: str) -> None:
        """Ask before a run is thrown away: a living one is discarded, an ended one deleted."""
        run = RunDir(self._controller.runs / name)
        is_live = run.worker_pid() is not None
        dialog: QuestionDialog = (discard_dialog if is_live else delete_dialog)(run, self._window)
        dialog.chosen.connect(lambda answer: self._on_delete_answered(name, answer))
        dialog.open()

    def _on_delete_answered(self, name: str, answer: str) -> None:
        if answer in ("discard", "delete"):
            self._controller.discard(name)

    @Slot(object)
    def _on_duplicate(self, changes: dict[str, Any]) -> None:
        followed = self._followed
        if followed is None or followed.summary.spec is None:
            return
        spec = followed.summary.spec.model_copy(update={"name": followed.run.title()})
        if spec.task is not None:
            try:
                spec = request_to_repeat(followed.run)
            except PtftError as problem:
                # corrections that cannot be read are told; the run is repeated without
                self.told.emit(Message(problem.as_sentence()))
        self.new_run_like.emit(spec, dict(changes or {}))

    @Slot(float)
    def _on_train_longer(self, factor: float) -> None:
        """Go on from where the run ended; without a checkpoint, a longer new run."""
        if self._own is None:
            return
        run = self._own.run

        def answered(answer: str) -> None:
            if answer == TRAIN_CORRECTED:
                self._train_corrected(run)
            elif answer == TRAIN_LONGER:
                self._controller.resume_from_checkpoint(run.name, {"length_factor": factor})

        if not self._own.summary.checkpoints:
            self.act("train_longer", {"factor": factor})
        elif not ask_of_corrections(run, self._window, answered):
            answered(TRAIN_LONGER)

    @Slot(object)
    def _on_resume_run(self, changes: dict[str, float]) -> None:
        if self._own is not None:
            self._controller.resume_from_checkpoint(self._own.run.name, changes)

    @Slot()
    def _on_export(self) -> None:
        if self._followed is not None:
            ExportDialog(self._followed.run, self._asker, self._window).open()

    @Slot()
    def _on_sweep(self) -> None:
        followed = self._followed
        if followed is not None and followed.summary.spec is not None:
            spec = followed.summary.spec.model_copy(update={"name": followed.run.title()})
            self.sweep_requested.emit(spec, followed.summary)

    def _on_race(self, action: str, _is_checked: bool = False) -> bool:
        """Ask for what has to do with a race; False for another action."""
        if action in RACE_ACTIONS and self._own is not None:
            self.race_requested.emit(action, self._own.run)
        return action in RACE_ACTIONS

    @Slot()
    def _on_report(self) -> None:
        if self._own is not None:
            self.report_requested.emit(self._own.run)

    @Slot()
    def _on_pack(self) -> None:
        if self._own is not None:
            self.pack_requested.emit(self._own.run)

    @Slot()
    def _on_show_folder(self) -> None:
        if self._followed is None:
            return
        path = self._followed.run.path
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.told.emit(Message(self.tr("The folder is {path}.").format(path=path)))

    @Slot(str)
    def _on_rename(self, title: str) -> None:
        if self._own is not None:
            self._controller.rename(self._own.run.name, title)

    def _on_classify_unlabelled(self) -> None:
        """Ask where the answers to the rows without a label go, where a whole file is classified."""
        self.page.show_try_it(is_file=True)
        buttons = self.page.findChildren(QAbstractButton, "classifyUnlabelledButton")
        button = next((button for button in buttons if button.isVisible()), None)
        if button is not None:
            button.click()

    def _act_on(self, run: RunDir, action: str, argument: dict[str, Any]) -> None:
        if action == "play_back":
            self.play_back_requested.emit(run)
        elif action == "save_recording":
            self.recording_requested.emit(run)
        elif action == "add_probe":
            self._controller.add_probe(run.name, str(argument.get("text", "")))
        else:
            self._train_corrected(run)

    def _train_corrected(self, run: RunDir) -> None:
        try:
            self._controller.start(corrected_run(run))
        except PtftError as problem:
            self.told.emit(Message(problem.as_sentence()))

    @Slot(str, object)
    def act(self, action: str, argument: dict[str, Any]) -> None:
        """Carry out a button that the page leaves to the window."""
        followed = self._followed
        if followed is None or self._on_race(action):
            return
        if action == "report":
            self._on_report()
        elif action in _ON_OWN_RUNS:
            if self._own is not None:
                self._act_on(self._own.run, action, argument or {})
        elif action == "repeat_folds":
            if followed.summary.spec is not None:
                self._controller.queue(fold_specs(followed.summary.spec, followed.run.title()))
                self.told.emit(
                    Message(self.tr("Five runs are queued: each tests another fifth of the rows."))
                )
        elif action == "classify_unlabelled":
            self._on_classify_unlabelled()
        elif action == "tell":
            self.told.emit(Message(str(argument.get("text", ""))))
        elif action == "show_use":
            self.told.emit(Message(use_sentence()))
        elif (changes := changes_for(action, argument or {}, followed.summary)) is not None:
            self._on_duplicate(changes)
