"""What came of a run, in words or as one line of JSON."""

from __future__ import annotations

import shlex
import sys
from typing import Any

from ptft_gui.cli.commands import BAD_INPUT, DONE, FAILED, say_problem
from ptft_gui.cli.follow import End
from ptft_gui.cli.output import print_json, print_table
from ptft_gui.core.errors import PtftError
from ptft_gui.core.paths import runs_folder
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.telling.headline import headline

KEPT_STATES = ("finished", "stopped")
_SHOWN_SIGNS = 100
_SHOWN_NEIGHBOURS = 6
_LOG_TAIL_BYTES = 4096
_QUESTIONS = {
    "similar": ("--similar", "WORD"),
    "continue": ("--generate", "PROMPT"),
    "fill": ("--fill", "TEXT WITH [MASK]"),
}
"""Kind of a probe to the option that asks in the same way, and what to put there."""
_TASK_QUESTIONS = {
    "tagging": '--tag "a text of yours"',
    "question-answering": '--question "your question" --context "the text that may answer it"',
    "reply": '--reply "a prompt of yours"',
    "pair-classification": '--pair "one text" "another text"',
    "pair-similarity": '--pair "one text" "another text"',
}


def tell_outcome(run: RunDir, end: End, as_json: bool) -> int:
    """Print what came of the run; returns the exit code: a request that was refused while preparing is bad input."""
    is_good = end.state in KEPT_STATES
    if as_json:
        final = end.summary.final
        print_json({"run": str(run.path), "state": end.state, "metrics": final.metrics if final else {}})
    elif is_good:
        _print_success(run, end)
    if is_good:
        return DONE
    say_problem(outcome_problem(run, end))
    failure = end.summary.failure
    return BAD_INPUT if failure is not None and failure.kind == "input" else FAILED


def _print_success(run: RunDir, end: End) -> None:
    print(headline(end.summary, end.state))
    _print_watched(end)
    if not run.model.is_dir():
        print(f"It was stopped before there was a model. Its folder: {run.path}")
        return
    print(f"Model: {run.model}")
    print(f"Ask it: ptft-gui ask {shlex.quote(named(run))} {_question(end)}")


def _question(end: End) -> str:
    """A question that suits the model, as the command line puts it."""
    if task := end.summary.resolved_value("task"):
        return _TASK_QUESTIONS.get(str(task), '--classify "a text of yours"')
    probe = next(iter(end.summary.watched().values()), None)
    option, usual = _QUESTIONS[probe.kind if probe is not None else "similar"]
    return f"{option} {shlex.quote(probe.input if probe is not None else usual)}"


def _print_watched(end: End) -> None:
    """What the model answers now to what was watched."""
    probes = list(end.summary.watched().values())
    if not probes:
        return
    titles = {"similar": "Nearest words:", "continue": "It goes on:", "fill": "It fills the blank:"}
    print(titles.get(probes[0].kind, "It answers:"))
    if probes[0].kind == "continue":
        for probe in probes:
            print(f"  {' '.join(probe.input.split())} | {' '.join(str(probe.answer).split())}")
        return
    print_table([(f"  {' '.join(probe.input.split())}", _shown(probe.answer)) for probe in probes])


def _shown(answer: Any) -> str:
    """The likeliest words or classes with their shares; of a job's own kind of answer what it says, cut short."""
    if isinstance(answer, list) and all(isinstance(each, list | tuple) and len(each) == 2 for each in answer):
        told = (f"{name} {share:.2f}" for name, share in answer if isinstance(share, int | float))
        return ", ".join(list(told)[:_SHOWN_NEIGHBOURS])
    return "" if answer is None else " ".join(str(answer).split())[:_SHOWN_SIGNS]


def named(run: RunDir) -> str:
    """How to name the run in the next command: its name, or its path when it lies in another folder."""
    return run.name if run.path.parent == runs_folder().resolve() else str(run.path)


def outcome_problem(run: RunDir, end: End) -> PtftError:
    """Why a run has no result, in words."""
    failure = end.summary.failure
    if end.state in ("failed", "start_failed") and failure is not None:
        return PtftError(failure.message, failure.detail, failure.hint)
    how = f"signal {-end.exit_code}" if end.exit_code < 0 else f"exit code {end.exit_code}"
    last = last_line(run)
    seen = f"Its process ended with {how}." + (f' Its last line was: "{last}"' if last else "")
    if end.summary.checkpoints:
        hint = f"Go on from the last checkpoint: ptft-gui resume {shlex.quote(named(run))}"
    else:
        hint = f"What it printed is in {run.log_file}."
    return PtftError("The run ended without a word.", seen, hint)


def last_line(run: RunDir) -> str:
    """The last line that the worker printed; empty when there is none."""
    try:
        with run.log_file.open("rb") as log:
            log.seek(max(0, run.log_file.stat().st_size - _LOG_TAIL_BYTES))
            lines = log.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")[:300]


def progress_stream(as_json: bool) -> Any:
    """Where progress goes: beside the answer, so that with ``--json`` standard output holds one line."""
    return sys.stderr if as_json else sys.stdout
