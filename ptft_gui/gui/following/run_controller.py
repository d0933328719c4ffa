"""Start, queue, stop, re-attach: the one place of the window that acts on runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from ptft_gui.core.errors import PtftError, RunFolderError
from ptft_gui.core.overview import RunOverview
from ptft_gui.core.queue import create_queued_run, reorder
from ptft_gui.core.rundir import LIVE_STATES, RunDir, is_run
from ptft_gui.core.runs_list import RunsList, RunsSeen, finish_discards
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.trash import TRASH, empty_trash, restore_run, trash_run
from ptft_gui.gui.background import Background
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.following.run_commands import RunCommands
from ptft_gui.gui.following.run_thread import Launch
from ptft_gui.gui.following.stop_ladder import PATIENCE_MS
from ptft_gui.gui.widgets.toast import Message

_LOOK_MS = 2_000
_SHOW_MS = 500


class RunController(QObject):
    """Knows the runs of one folder, follows those that live and the one that is open, and carries out requests.

    All requests return at once; what comes of them arrives by signal. ``told`` carries a note, ``failed`` a
    :class:`PtftError`. Note actions (``restore/NAME``, ``terminate/NAME``, ``kill/NAME``) come back to :meth:`act`.
    """

    runs_changed = Signal(object)
    run_changed = Signal(object)
    run_started = Signal(object)
    run_ended = Signal(object)
    run_gone = Signal(str)
    run_renamed = Signal(str, str)
    told = Signal(object)
    failed = Signal(object)
    closed = Signal()

    def __init__(
        self,
        runs: Path,
        launch: Launch,
        patience_ms: int = PATIENCE_MS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.runs = runs
        self.is_read_only = False
        self.unwritable: PtftError | None = None
        self._launch = launch
        self._background = Background(self)
        self._list = RunsList(runs)
        self._rows: dict[str, RunOverview] = {}
        self._queue: tuple[str, ...] = ()
        self._shown = RunsSeen()
        self._followed: dict[str, FollowedRun] = {}
        self._opened = ""
        self._discarding: set[str] = set()
        self._resuming: dict[str, dict[str, float]] = {}
        self._commands = RunCommands(patience_ms, self)
        self._commands.told.connect(self.told)
        self._commands.failed.connect(self.failed)
        self._is_looking = self._must_look_again = self.has_looked = False
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self.look)
        self._look_timer = self._timer(_LOOK_MS, self._look_quietly)
        self._show_timer = self._timer(_SHOW_MS, self._show)

    def _timer(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer

    # --- the life of the controller ----------------------------------------------------------------------------

    def begin(self) -> None:
        """Find the runs, re-attach to those that live, tidy up, and keep looking."""
        self._watcher.addPath(str(self.runs))
        self.look()
        if not self.is_read_only:  # after the look: of thousands of runs each log's end is read
            self._do(self._tidy_up, self._on_tidied)
        self._look_timer.start()
        self._show_timer.start()

    def _tidy_up(self) -> int:
        moved = finish_discards(self.runs)
        empty_trash(self.runs)
        return moved

    def _on_tidied(self, moved: int) -> None:
        if moved:
            self.look()

    def close(self) -> None:
        """Stop following; no run is ended by this."""
        self._look_timer.stop()
        self._show_timer.stop()
        for followed in self._followed.values():
            followed.leave()
        self.closed.emit()
        self._background.close()

    # --- what is there -----------------------------------------------------------------------------------------

    def live_runs(self) -> list[FollowedRun]:
        """The runs that train, wait or pause now."""
        return [followed for followed in self._followed.values() if followed.is_live]

    def opened(self) -> FollowedRun | None:
        return self._followed.get(self._opened)

    def open(self, name: str) -> FollowedRun | None:
        """Follow a run because a person looks at it; an ended one that was looked at before is let go."""
        run = RunDir(self.runs / name)
        if not is_run(run.path):
            self.failed.emit(_gone(name))
            self.look()
            return None
        before, self._opened = self._opened, name
        if before and before != name:
            self._let_go_if_ended(before)
        return self._followed.get(name) or self._follow(run)

    def _let_go_if_ended(self, name: str) -> None:
        followed = self._followed.get(name)
        if followed is not None and not followed.is_live:
            self._let_go(name)

    def _let_go(self, name: str) -> None:
        followed = self._followed.pop(name, None)
        if followed is not None:
            followed.leave()
            followed.deleteLater()

    def _followed_run(self, run: RunDir) -> FollowedRun:
        followed = self._followed.get(run.name)
        if followed is None:
            followed = self._followed[run.name] = FollowedRun(run, self)
            followed.changed.connect(self._on_run_changed)
            followed.ended.connect(self._on_run_ended)
        return followed

    def _follow(self, run: RunDir) -> FollowedRun:
        followed = self._followed_run(run)
        followed.follow()
        return followed

    @Slot()
    def look(self) -> None:
        """Read the runs folder again, soon."""
        if self._is_looking:
            self._must_look_again = True
        else:
            self._look(is_thorough=True)

    @Slot()
    def _look_quietly(self) -> None:
        """Nothing is known to have changed."""
        if not self._is_looking:
            self._look(is_thorough=False)

    def _look(self, is_thorough: bool) -> None:
        self._is_looking, self._must_look_again = True, False
        followed = frozenset(name for name, f in self._followed.items() if f.is_live)
        self._do(lambda: self._list.read(followed, is_thorough), self._on_seen, self._on_look_failed)

    def _on_look_failed(self, problem: PtftError) -> None:
        self._is_looking, self.has_looked = False, True
        self.failed.emit(problem)

    def _on_seen(self, seen: RunsSeen) -> None:
        self._is_looking, self.has_looked = False, True
        self._rows = {row.name: row for row in seen.rows}
        self._queue = seen.queue
        for row in seen.rows:
            if row.state in LIVE_STATES and row.name not in self._followed:
                self._follow(RunDir(self.runs / row.name))
        for name in [n for n in self._followed if n not in self._rows and not is_run(self.runs / n)]:
            self._forget(name)
        self._show()
        if self._must_look_again:
            self.look()
        elif not seen.is_whole:
            self._look_quietly()

    def _forget(self, name: str) -> None:
        """The folder of a run has gone."""
        self._let_go(name)
        self._rows.pop(name, None)
        self._discarding.discard(name)
        if self._opened == name:
            self._opened = ""
        self.run_gone.emit(name)

    @Slot()
    def _show(self) -> None:
        rows = {**self._rows, **{n: f.overview() for n, f in self._followed.items() if f.is_whole}}
        ordered = tuple(rows[name] for name in sorted(rows, reverse=True))
        waiting = (name for name in self._queue if name in rows and rows[name].state in LIVE_STATES)
        seen = RunsSeen(ordered, tuple(waiting))
        if seen != self._shown:
            self._shown = seen
            self.runs_changed.emit(seen)

    # --- requests ----------------------------------------------------------------------------------------------

    def start(self, spec: RunSpec) -> None:
        """Create the run's folder and launch its worker; a run that finds the computer in use waits its turn."""
        if self._may_change():
            self._do(lambda: create_queued_run(self.runs, spec), self._on_created)

    def _on_created(self, run: RunDir) -> None:
        followed = self._followed_run(run)
        followed.follow(self._launch)
        self._opened = run.name
        self.look()
        self.run_started.emit(followed)

    def queue(self, specs: Iterable[RunSpec]) -> None:
        """Create several runs and launch their workers, which wait their turn; what is shown stays."""
        if self._may_change():
            for spec in specs:
                self._do(partial(create_queued_run, self.runs, spec), self._on_queued)

    def _on_queued(self, run: RunDir) -> None:
        self._followed_run(run).follow(self._launch)
        self.look()

    def resume_from_checkpoint(self, name: str, changes: Mapping[str, float] | None = None) -> None:
        """Go on with a run from its last whole checkpoint; one that lives is stopped first.

        ``changes``: ``{"learning_rate_factor": 0.5}``, ``{"length_factor": 1.5}``.
        """
        followed = self._followed.get(name) or self.open(name)
        if followed is None or not self._may_change():
            return
        if followed.is_live:
            if self._commands.end_run(followed, "stop", {"keep": "last"}):
                self._resuming[name] = dict(changes or {})
            return
        followed.follow(self._launch, is_resuming=True, changes=changes)
        self.run_started.emit(followed)

    def pause(self, name: str) -> None:
        if (followed := self._live(name)) is not None:
            self._commands.send(followed, "pause")

    def go_on(self, name: str) -> None:
        if (followed := self._live(name)) is not None:
            self._commands.send(followed, "resume")

    def save(self, name: str) -> None:
        if (followed := self._live(name)) is not None:
            self._commands.send(followed, "save")

    def add_probe(self, name: str, text: str) -> None:
        if (followed := self._live(name)) is not None:
            self._commands.send(followed, "add_probe", {"text": text})

    def stop(self, name: str, keep: str = "last") -> None:
        """Stop and keep: the model of the last step, or of the best moment."""
        if (followed := self._live(name)) is not None:
            self._commands.end_run(followed, "stop", {"keep": keep})

    def discard(self, name: str) -> None:
        """Throw a run away: a living one is stopped first, then the folder goes to the trash."""
        followed = self._followed.get(name)
        if followed is None or not followed.is_live:
            self.delete(name)
        elif self._may_change() and self._commands.end_run(followed, "discard"):
            self._discarding.add(name)

    def delete(self, name: str) -> None:
        """Move an ended run to the trash, from where it can be brought back."""
        run = RunDir(self.runs / name)
        if not self._may_change():
            return
        if run.worker_pid() is not None:
            self.failed.emit(RunFolderError(f"{run.title()} is still running.", hint="Stop it first."))
            return
        title = run.title()
        self._let_go(name)
        self._do(lambda: trash_run(run), lambda trashed: self._on_trashed(title, name, trashed))

    def _on_trashed(self, title: str, name: str, trashed: Path) -> None:
        self._forget(name)
        self._show()
        self.told.emit(
            Message(
                self.tr("{title} was thrown away.").format(title=title),
                detail=self.tr("It is kept for seven days."),
                action=f"restore/{trashed.name}",
                action_label=self.tr("Undo"),
            )
        )

    def restore(self, trashed: str) -> None:
        """Bring a run back from the trash."""
        if self._may_change():
            self._do(lambda: restore_run(self.runs / TRASH / trashed), self._on_restored)

    def _on_restored(self, run: RunDir) -> None:
        self.look()
        self.told.emit(Message(self.tr("{title} is back.").format(title=run.title()), "good"))

    def rename(self, name: str, title: str) -> None:
        """Call a run something else."""
        title = title.strip()
        if title and self._may_change():
            run = RunDir(self.runs / name)
            self._do(lambda: run.rename(title), lambda _: self._on_renamed(name, title))

    def _on_renamed(self, name: str, title: str) -> None:
        self.look()
        self.run_renamed.emit(name, title)

    def reorder_queue(self, names: Iterable[str]) -> None:
        """Bring the waiting runs into this order."""
        if self._may_change():
            order = list(names)
            self._do(lambda: reorder(self.runs, order), lambda _: self.look())

    def act(self, action: str) -> bool:
        """Carry out the action of a note; False when it is none of these."""
        verb, _, name = action.partition("/")
        if verb == "restore":
            self.restore(name)
        elif verb in ("terminate", "kill"):
            if (followed := self._live(name)) is not None:
                self._commands.take_rung(followed, verb)
        else:
            return False
        return True

    def _may_change(self) -> bool:
        if self.is_read_only:
            in_use = RunFolderError(
                self.tr("Another window is using this runs folder."),
                hint=self.tr("Do this in the other window, or close it."),
            )
            self.failed.emit(self.unwritable or in_use)
        return not self.is_read_only

    def _live(self, name: str) -> FollowedRun | None:
        """The run if it lives and may be told something."""
        followed = self._followed.get(name)
        return followed if followed is not None and followed.is_live and self._may_change() else None

    # --- what runs do ------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_run_changed(self, followed: FollowedRun) -> None:
        self._commands.hear(followed)
        self.run_changed.emit(followed)

    @Slot(object)
    def _on_run_ended(self, followed: FollowedRun) -> None:
        name = followed.run.name
        self._commands.forget(name)
        if name in self._discarding:
            self._discarding.discard(name)
            self.delete(name)
            return
        if name in self._resuming:
            self.resume_from_checkpoint(name, self._resuming.pop(name))
            return
        self.run_ended.emit(followed)
        self.look()
        if name != self._opened:
            self._let_go(name)

    # --- background --------------------------------------------------------------------------------------------

    def _do(
        self,
        work: Callable[[], Any],
        on_done: Callable[[Any], None],
        on_problem: Callable[[PtftError], None] | None = None,
    ) -> None:
        self._background.do(work, on_done, on_problem or self.failed.emit)


def _gone(name: str) -> RunFolderError:
    return RunFolderError(f"The run {name} is not there any more.", detail="Its folder was moved or deleted.")
