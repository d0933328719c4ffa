"""*While you were away*: what the runs came to that ended unseen, and which of them can go on.

Everything is read from the run's folder, so it does not matter whether a window was open when a run ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.events import Probe
from ptft_gui.core.machine import boot_id
from ptft_gui.core.rundir import LIVE_STATES, RunDir, State, list_runs
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.stepbatch import coalesce
from ptft_gui.core.summary import VAL_LOSS, RunSummary
from ptft_gui.core.telling.headline import accuracy_text, headline, next_steps
from ptft_gui.core.telling.narrator import Action
from ptft_gui.core.wording import three_digits

MOST_REPORTS = 20
_READ_BYTES = 1 << 19
_PROBE_SIGNS = 60
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class AwayReport:
    """How one run ended. ``best`` and ``before_after`` are sentences, or empty where there is nothing to say.

    ``was_restart``: the computer was started anew meanwhile; ``can_resume``: the run has no end of its own and can go
    on; ``had_begun``: it was more than waiting for its turn. ``actions`` are what may be done with it now.
    """

    name: str
    title: str
    state: State
    ended_at: float
    how: str
    best: str = ""
    before_after: str = ""
    was_restart: bool = False
    can_resume: bool = False
    had_begun: bool = True
    actions: tuple[Action, ...] = ()


def reports_since(runs: Path, since: float, now: float) -> list[AwayReport]:
    """Reports of the runs that ended after ``since``, the newest end first, at most :data:`MOST_REPORTS`.

    A clock that was set back since then is no reason to leave anything out.
    """
    since = min(since, now)
    changed = sorted(
        ((when, run) for run in list_runs(runs) if (when := _last_change(run)) > since),
        key=lambda pair: pair[0],
        reverse=True,
    )
    reports: list[AwayReport] = []
    for _, run in changed:
        if run.state() in LIVE_STATES:
            continue
        report = report_of(run, now)
        if report.ended_at > since:
            reports.append(report)
        if len(reports) == MOST_REPORTS:
            break
    return reports


def _last_change(run: RunDir) -> float:
    try:
        return run.events_file.stat().st_mtime
    except OSError:
        return 0.0


def report_of(run: RunDir, now: float) -> AwayReport:
    """What came of an ended run, from its log."""
    summary = RunSummary(spec=_spec_or_none(run))
    reader = EventReader(run.events_file)
    while events := reader.read_new(_READ_BYTES):
        summary.fold(coalesce(events))
    return report_from(run, summary, run.state(), now)


def report_from(run: RunDir, summary: RunSummary, state: State, now: float) -> AwayReport:
    """The same of a run whose log was read already."""
    ended_at = summary.ended_at or summary.newest_time or 0.0
    was_restart = state == "lost" and _was_restarted(run)
    how = headline(summary, state)
    if state == "lost":
        how = interruption_sentence(summary, was_restart, ended_at, now)
    return AwayReport(
        name=run.name,
        title=run.title(),
        state=state,
        ended_at=ended_at,
        how=how,
        best=best_sentence(summary) if state in ("finished", "stopped") else "",
        before_after=before_and_after(summary),
        was_restart=was_restart,
        can_resume=state == "lost",
        had_begun=summary.started_at is not None,
        actions=next_steps(summary, state),
    )


def interruption_sentence(summary: RunSummary, was_restart: bool, ended_at: float, now: float) -> str:
    """ "Interrupted by a restart at 03:12, nothing up to step 41,000 is missing." """
    cause = "Interrupted by a restart" if was_restart else "Ended without a word"
    when = f"{cause} at {clock_text(ended_at, now)}"
    if summary.started_at is None:
        return f"{when} while it waited for its turn; it can begin again."
    if not summary.checkpoints:
        return f"{when}; no checkpoint had been written, so it begins again."
    return f"{when}, nothing up to step {summary.checkpoints[-1].step:,} is missing."


def clock_text(moment: float, now: float) -> str:
    """The time of day, with the day where it was not within the last one: "03:12", "24 Nov 03:12"."""
    local = datetime.fromtimestamp(moment)
    return local.strftime("%H:%M" if abs(now - moment) < _DAY_SECONDS else "%d %b %H:%M")


def best_sentence(summary: RunSummary) -> str:
    """The best score of a run, and what guessing would have scored."""
    if score := accuracy_text(summary):
        return f"Best: {score}."
    best = summary.best()
    if best is None:
        return ""
    kind = "held-out" if summary.main_metric == VAL_LOSS else "training"
    where = f" at epoch {best.epoch:.3g}" if best.epoch else f" at step {best.step:,}"
    guessing = summary.guessing()
    compared = f" (guessing: {three_digits(guessing)})" if guessing is not None else ""
    return f"Best {kind} loss {three_digits(best.value)}{where}{compared}."


def before_and_after(summary: RunSummary) -> str:
    """What the first watched word or probe was answered at the beginning and at the end."""
    for row in summary.probes.values():
        first, last = row[0], row[-1]
        if last.step > first.step:
            before, after = _answer_text(first), _answer_text(last)
            if before and after and before != after:
                asked = f'"{_cut(first.input or first.name)}"'
                what = f"Nearest to {asked}" if first.kind == "similar" else asked
                return f"{what}: first {before}; now {after}"
    return ""


def _answer_text(probe: Probe) -> str:
    """The first three of a list of answers, or the beginning of a text."""
    answer = probe.answer
    if isinstance(answer, str):
        return _cut(answer)
    if isinstance(answer, Sequence):
        names = (entry[0] for entry in answer[:3] if isinstance(entry, Sequence) and entry)
        return ", ".join(str(name).strip() for name in names)
    return ""


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _PROBE_SIGNS else plain[: _PROBE_SIGNS - 1] + "…"


def _was_restarted(run: RunDir) -> bool:
    """Whether the computer was started anew since the worker of this run began."""
    written = run.read_worker().get("boot_id")
    return bool(written) and written != boot_id()


def _spec_or_none(run: RunDir) -> RunSpec | None:
    try:
        return run.read_spec()
    except PtftError:
        return None


def to_resume_by_itself(reports: Sequence[AwayReport], queue: Sequence[str] = ()) -> list[str]:
    """Which runs a restart interrupted, in the order in which they had their turn; see :func:`in_turn`.

    A run that ended in another way is not resumed without a person: it may end the same way again.
    """
    return in_turn([report for report in reports if report.was_restart and report.can_resume], queue)


def in_turn(reports: Sequence[AwayReport], queue: Sequence[str] = ()) -> list[str]:
    """Names of these runs: those that had begun before those that waited, the waiting ones as the queue had them."""
    places = {name: place for place, name in enumerate(queue)}
    ordered = sorted(reports, key=lambda r: (not r.had_begun, places.get(r.name, len(places)), r.name))
    return [report.name for report in ordered]
