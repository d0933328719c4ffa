"""One run as one row of a list: read from the end of its log, so that a list of long runs appears at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from ptft_gui.core.errors import PtftError
from ptft_gui.core.events import AnyEvent, Baseline, Resolved, decode_event
from ptft_gui.core.family.registry import FAMILIES
from ptft_gui.core.logtail import event_name, lines_from_end, lines_from_start
from ptft_gui.core.rundir import RunDir, State
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.headline import failure_in_four_words, headline, list_number

_EVENTS_OF_A_ROW, _STEPS_OF_A_ROW = 80, 12
_BYTES_AT_THE_START = 1 << 17
_SAYS_NOTHING_HERE = {"probe", "resources", "snapshot", "command_done", "answer", "phase"}
"""Events that no word of a row comes from, and of which a log may be full."""


READING = cast(State, "reading")
"""What stands for the state of a run as long as nobody has looked; only a row can be in it, never a run."""


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
    summary.fold(reversed(_newest_events(run)))
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


def placeholder(run: RunDir) -> RunOverview:
    """The row of a run that is still to be read."""
    created = run.created.timestamp()
    return RunOverview(run.name, run.name, "", "", READING, "", "", "", created)


def _newest_events(run: RunDir) -> list[AnyEvent]:
    """What the end of the log tells of a row, the newest first; of its many steps only the last."""
    found: list[AnyEvent] = []
    steps = 0
    for line in lines_from_end(run.events_file):
        name = event_name(line)
        steps += name == "steps"
        if name in _SAYS_NOTHING_HERE or (name == "steps" and steps > _STEPS_OF_A_ROW):
            continue
        if (event := decode_event(line)) is not None:
            found.append(event)
        if len(found) == _EVENTS_OF_A_ROW:
            break
    return found


def _add_what_the_start_told(summary: RunSummary, run: RunDir) -> None:
    """What the run decided and measured when it began stands near the beginning of its log."""
    for line in lines_from_start(run.events_file, _BYTES_AT_THE_START):
        if event_name(line) not in ("resolved", "baseline", ""):
            continue
        event = decode_event(line)
        if isinstance(event, Resolved):
            summary.resolved = event
        elif isinstance(event, Baseline):
            summary.baselines.setdefault(event.metric, event)


def _spec_or_none(run: RunDir) -> RunSpec | None:
    try:
        return run.read_spec()
    except PtftError:
        return None
