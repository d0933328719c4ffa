"""``ptft-gui resume``: go on with a run from its last whole checkpoint."""

from __future__ import annotations

from collections.abc import Sequence

from ptft_gui.cli.commands import COMMANDS
from ptft_gui.cli.follow import follow
from ptft_gui.cli.outcome import progress_stream, tell_outcome
from ptft_gui.cli.parser import PlainParser
from ptft_gui.cli.progress import make_display
from ptft_gui.core.crew import check_trains_together, rank_of
from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.rundir import LIVE_STATES, RunDir, find_run


def main(arguments: Sequence[str]) -> int:
    """Resume a run and follow it."""
    parser = PlainParser("resume", f"{COMMANDS['resume'].capitalize()}.", ("ptft-gui resume wikipedia",))
    parser.add_argument("run", metavar="RUN", help="a run's folder or name")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    options = parser.read(arguments)
    run = find_run(options.runs, options.run)
    _check_can_resume(run)
    spec = run.read_spec()  # a damaged one is told before anything is started
    check_trains_together(spec.family, spec.task, spec.stage)
    if rank_of() > 0:
        from ptft_gui.worker.crew_member import main as follow_leader

        follow_leader()
    display = make_display(progress_stream(options.json))
    display.say(f"{run.title()}: {run.path}")
    earlier = run.attempt()
    return tell_outcome(run, follow(run, launch_worker(run, resume=True), display, earlier), options.json)


def _check_can_resume(run: RunDir) -> None:
    state = run.state()
    if run.worker_pid() is not None or state in LIVE_STATES:
        raise RunFolderError(
            f"{run.title()} is being trained already.",
            f"It is {state}.",
            "Wait for its end, or stop it first.",
        )
    if state == "finished":
        raise RunFolderError(
            f"{run.title()} has come to its end.",
            hint=f"Train longer with a new run, or ask it: ptft-gui ask {run.name} --similar WORD",
        )
    if not any(run.checkpoints.glob("step-*")):
        raise RunFolderError(
            f"{run.title()} has no checkpoint to go on from.",
            f"It ended ({state.replace('_', ' ')}) before one was written.",
            f"Start it anew: ptft-gui train {run.spec_file}",
        )
