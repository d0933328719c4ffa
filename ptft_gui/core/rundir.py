"""A run is a folder: the names of everything in it, how it is created, opened and listed, and the state it is in.

The state is derived, never stored: whether the worker lives is the lock's word, what it was doing is the log's.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import psutil

from ptft_gui.core.atomic import sync_folder, write_text_atomically
from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.events import AnyEvent, Starting, decode_event
from ptft_gui.core.locks import lock_holder
from ptft_gui.core.logtail import event_name, lines_from_end
from ptft_gui.core.spec import RunSpec, read_spec

State = Literal[
    "queued",
    "starting",
    "running",
    "paused",
    "stopping",
    "finished",
    "stopped",
    "failed",
    "start_failed",
    "lost",
]
LIVE_STATES: tuple[State, ...] = ("queued", "starting", "running", "paused", "stopping")
LIVE_STATE_OF_EVENT: dict[str, State] = {
    "queued": "queued",
    "starting": "starting",
    "started": "running",
    "running": "running",
    "paused": "paused",
    "stopping": "stopping",
}
FINAL_STATE_OF_EVENT: dict[str, State] = {
    "finished": "finished",
    "stopped": "stopped",
    "failed": "failed",
    "start_failed": "start_failed",
}
START_GRACE_SECONDS = 20.0
"""How long a new run folder may stand without a worker before its start counts as failed."""

EVALUATION_FILE, PREDICTIONS_FILE = "evaluation.json", "predictions.jsonl"
"""Of a run that learned a task: its scores, and its answer to each row they were measured on."""
_STAMP = re.compile(r"\d{8}-\d{6}-")


@dataclass(frozen=True)
class RunDir:
    """The folder of one run and the names in it."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def spec_file(self) -> Path:
        return self.path / "spec.json"

    @property
    def title_file(self) -> Path:
        return self.path / "title.txt"

    @property
    def events_file(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def commands_file(self) -> Path:
        return self.path / "commands.jsonl"

    @property
    def worker_file(self) -> Path:
        return self.path / "worker.json"

    @property
    def launch_file(self) -> Path:
        return self.path / "launch.json"

    @property
    def lock_file(self) -> Path:
        return self.path / "worker.lock"

    @property
    def exit_file(self) -> Path:
        return self.path / "exit.json"

    @property
    def log_file(self) -> Path:
        return self.path / "worker.log"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def snapshots(self) -> Path:
        return self.path / "snapshots"

    @property
    def model(self) -> Path:
        return self.path / "model"

    @property
    def curves_file(self) -> Path:
        return self.path / "curves.npz"

    def read_spec(self) -> RunSpec:
        """The run's request; raises :class:`~ptft_gui.core.errors.SpecError`."""
        return read_spec(self.spec_file)

    def title(self) -> str:
        """What the run is called: the name a person gave it later, else the one in its spec."""
        try:
            return self.title_file.read_text(encoding="utf-8").strip() or self.name
        except OSError:
            pass
        try:
            return self.read_spec().name or self.name
        except Exception:  # an unreadable spec must not hide the run from the list
            return self.name

    def rename(self, title: str) -> None:
        """Call the run something else; the folder and the spec stay as they are."""
        or_problem(lambda: write_text_atomically(self.title_file, title.strip() + "\n"), self.title_file)

    def read_worker(self) -> dict[str, Any]:
        """What the worker wrote of itself (pid, create_time, boot_id, attempt), or an empty dict."""
        return _read_json(self.worker_file)

    def worker_pid(self) -> int | None:
        """The pid of the living worker, or None."""
        return lock_holder(self.lock_file)

    def attempt(self) -> int:
        """The number of the latest attempt; 0 before the first."""
        written = self.read_worker().get("attempt")
        return written if isinstance(written, int) else last_attempt(self.events_file)

    @cached_property
    def created(self) -> datetime:
        """When the run was asked for, by its folder's name, else by the file system."""
        try:
            return datetime.strptime(self.name[:15], "%Y%m%d-%H%M%S")
        except ValueError:
            return datetime.fromtimestamp(self.path.stat().st_mtime)

    def note_launch(self, pid: int) -> None:
        """Record the process that was started for this run, before it can speak for itself."""
        try:
            record = {"pid": pid, "create_time": psutil.Process(pid).create_time()}
            write_text_atomically(self.launch_file, json.dumps(record) + "\n")
        except (OSError, psutil.Error):
            pass  # without it, a start that fails at once is noticed a little later

    def age_seconds(self) -> float:
        """How long this run may have been starting: nothing while its launched process lives, for ever once it died."""
        launched = _read_json(self.launch_file)
        if launched:
            return 0.0 if _is_alive(launched) else float("inf")
        try:
            return time.time() - self.spec_file.stat().st_mtime
        except OSError:
            return float("inf")

    def state(self) -> State:
        """The state now, from lock and log."""
        # The lock first: a worker that ends between the two looks has written its final event by then.
        is_alive = self.worker_pid() is not None
        return derive_state(is_alive, last_state_event(self.events_file), self.age_seconds())


def derive_state(is_alive: bool, last: str | None, age_seconds: float) -> State:
    """The state of a run.

    ``is_alive``: the worker's lock is held. ``last``: name of the last state or final event of the log, None when
    there is none. ``age_seconds``: how long it may have been starting, see :meth:`RunDir.age_seconds`.
    """
    if last in FINAL_STATE_OF_EVENT:  # also while the process that said so is still on its way out
        return FINAL_STATE_OF_EVENT[last]
    if is_alive:
        return LIVE_STATE_OF_EVENT.get(last or "", "starting")
    if last is None:
        return "starting" if age_seconds < START_GRACE_SECONDS else "start_failed"
    return "lost"


def last_state_event(log: Path) -> str | None:
    """The name of the last state or final event in a log, read from its end; None when there is none."""
    names = LIVE_STATE_OF_EVENT.keys() | FINAL_STATE_OF_EVENT.keys()
    # A line that does not begin with its event's name was not written by this program: it is read to its end.
    telling = (line for line in lines_from_end(log) if (event_name(line) or "queued") in names)
    events = (decode_event(line) for line in telling)
    return next((event.event for event in events if event is not None and event.event in names), None)


def last_attempt(log: Path) -> int:
    """The number of the latest attempt by the log, for a run whose ``worker.json`` is lost; 0 before the first."""
    return next((event.attempt for event in events_from_end(log) if isinstance(event, Starting)), 0)


def events_from_end(log: Path) -> Iterator[AnyEvent]:
    """The events of a log, the newest first, reading only as far back as is asked for."""
    for line in lines_from_end(log):
        if (event := decode_event(line)) is not None:
            yield event


def create_run(runs: Path, spec: RunSpec) -> RunDir:
    """Make the folder of a new run with its ``spec.json``; from here on the run exists.

    Raises :class:`RunFolderError` when the folder cannot be written.
    """
    or_problem(lambda: runs.mkdir(parents=True, exist_ok=True), runs)
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    stem = f"{stamp}-{spec.family}-{slug(Path(spec.data.dataset).stem)}".rstrip("-")
    for number in range(1, 1000):
        path = runs / (stem if number == 1 else f"{stem}-{number}")
        if or_problem(lambda p=path: _make_new(p), runs):
            break
    run = RunDir(path)
    try:
        write_text_atomically(run.spec_file, spec.to_json())
        sync_folder(runs)
    except OSError as problem:
        shutil.rmtree(path, ignore_errors=True)
        raise _folder_problem(runs, problem) from problem
    return run


def _make_new(path: Path) -> bool:
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return False
    return True


def slug(text: str) -> str:
    """``text`` as part of a folder's name: small letters, digits and hyphens, at most 40 signs."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40].strip("-")


def is_run(path: Path) -> bool:
    return (path / "spec.json").is_file() and not path.is_symlink()


def list_runs(runs: Path) -> list[RunDir]:
    """All runs of a folder, the newest first; a missing folder holds none."""
    try:
        paths = [path for path in runs.iterdir() if not path.name.startswith(".") and is_run(path)]
    except OSError:
        return []
    return [RunDir(path) for path in sorted(paths, key=lambda path: path.name, reverse=True)]


def find_run(runs: Path, wanted: str) -> RunDir:
    """The run that ``wanted`` names: a path, a folder's name, a title, or the beginning of a name if it is unique.

    Raises :class:`RunFolderError`.
    """
    path = Path(wanted).expanduser()
    if is_run(path):
        return RunDir(path.resolve())
    known = list_runs(runs)
    exact = [run for run in known if wanted in (run.name, run.title())]
    partial = [run for run in known if run.name.startswith(wanted) or wanted in run.name[15:]]
    found = exact or partial
    if len(found) == 1 or (found and exact):
        return found[0]
    if found:
        names = ", ".join(run.name for run in found[:5])
        raise RunFolderError(f'"{wanted}" could be several runs.', detail=names, hint="Give the whole name.")
    raise RunFolderError(
        f'There is no run "{wanted}" in {runs}.', hint="See which there are with: ptft-gui runs"
    )


def check_runs_folder(runs: Path) -> None:
    """Raise :class:`RunFolderError` unless runs can be created and written there."""
    probe = runs / f".write-test-{os.getpid()}"
    try:
        runs.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"ptft")
        probe.unlink()
    except OSError as problem:
        with contextlib.suppress(OSError):  # on a full disk it was made, and stays empty
            probe.unlink()
        raise (_folder_problem if runs.exists() else _missing)(runs, problem) from problem


def may_only_read(runs: Path) -> bool:
    """Whether a folder that cannot be written can still be looked at: read-only, not merely full."""
    return runs.is_dir() and os.access(runs, os.R_OK | os.X_OK) and not os.access(runs, os.W_OK)


def folder_bytes(path: Path) -> int:
    """Bytes used by the files under a folder; what vanishes meanwhile counts as nothing."""
    total = 0
    for base, _, names in os.walk(path):
        for name in names:
            try:
                total += os.lstat(os.path.join(base, name)).st_size
            except OSError:
                continue
    return total


def _is_alive(record: dict[str, Any]) -> bool:
    """Whether the process of a record still lives; its number may have been given to another one since."""
    try:
        process = psutil.Process(int(record["pid"]))
        is_same = abs(process.create_time() - float(record["create_time"])) < 1.0
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, KeyError, TypeError, ValueError):
        return False


def _read_json(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def or_problem(work: Any, path: Path) -> Any:
    """The result of ``work``, which changes something at ``path``; an OSError becomes a :class:`RunFolderError`."""
    try:
        return work()
    except OSError as problem:
        raise _folder_problem(path, problem) from problem


def _missing(runs: Path, problem: OSError) -> RunFolderError:
    return RunFolderError(
        f"The folder {runs} is not there and cannot be made.",
        detail=f"{problem.strerror or problem}. If it lies on another disk or on the network, connect that first.",
        hint="Choose another folder for runs (--runs DIR, or PTFT_RUNS).",
    )


def _folder_problem(path: Path, problem: OSError) -> RunFolderError:
    return RunFolderError(
        f"The folder {path} cannot be written.",
        detail=f"{problem.strerror or problem}.",
        hint="Free some space there, or choose another folder for runs (--runs DIR, or PTFT_RUNS).",
    )
