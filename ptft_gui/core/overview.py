"""One run as one row of a list: read from the end of its log, so that a list of long runs appears at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.events import Baseline, Resolved
from ptft_gui.core.families import FAMILIES
from ptft_gui.core.headline import failure_in_four_words, headline, list_number
from ptft_gui.core.rundir import RunDir, State, events_from_end
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import RunSummary

_EVENTS_OF_A_ROW = 300
_BYTES_AT_THE_START = 1 << 17


@dataclass(frozen=True)
class RunOverview:
    """``number``: the one figure of the row; ``problem``: why it failed, in a few words; ``created``: Unix time."""

    name: str
    title: str
    family: str
    dataset: str
    state: State
    number: str
    headline: str
    problem: str
    created: float
    progress: float = 0.0


def overview(run: RunDir) -> RunOverview:
    """The row of a run from its folder; a folder that is damaged still gets one."""
    summary = RunSummary(spec=_spec_or_none(run))
    newest = list(islice(events_from_end(run.events_file), _EVENTS_OF_A_ROW))
    summary.fold(reversed(newest))
    if summary.resolved is None:
        _add_what_the_start_told(summary, run)
    return overview_of(run, summary, run.state())


def overview_of(run: RunDir, summary: RunSummary, state: State) -> RunOverview:
    """The row of a run that is being followed."""
    spec = summary.spec
    family = FAMILIES.get(spec.family) if spec else None
    return RunOverview(
        name=run.name,
        title=run.title(),
        family=family.title if family else "",
        dataset=spec.data.dataset if spec else "",
        state=state,
        number=list_number(summary, state),
        headline=headline(summary, state) if spec else "This run's settings cannot be read.",
        problem=failure_in_four_words(summary, state) if spec else "settings cannot be read",
        created=run.created.timestamp(),
        progress=summary.progress,
    )


def _add_what_the_start_told(summary: RunSummary, run: RunDir) -> None:
    """What the run decided and measured when it began stands near the beginning of its log."""
    for event in EventReader(run.events_file).read_new(_BYTES_AT_THE_START):
        if isinstance(event, Resolved):
            summary.resolved = event
        elif isinstance(event, Baseline):
            summary.baselines.setdefault(event.metric, event)


def _spec_or_none(run: RunDir) -> RunSpec | None:
    try:
        return run.read_spec()
    except PtftError:
        return None
