"""The event protocol: everything a run reports, one typed record each.

A run's ``events.jsonl`` is append-only; only the run's worker writes it. One line is one JSON object::

    {"event": NAME, "seq": N, "time": T, ...fields}

``seq`` counts from 0 over all attempts, ``time`` is Unix time in seconds. Non-finite numbers never reach JSON:
they are null, and a ``diverged`` event says so. Unknown events and fields are skipped, so that an older program
can read a newer log of the same format.

==================  ================================================================================================
event               meaning; fields
==================  ================================================================================================
format              first record of a log: ``version`` of this protocol
queued              waits for the device: ``device``
starting            the worker process lives and has imported nothing heavy: ``attempt pid``
started             the attempt begins: ``attempt pid argv versions host``
resumed             follows ``started`` of a later attempt: ``attempt from_step from_epoch``; what earlier attempts
                    reported for later steps no longer counts
phase               a stage of the work: ``name`` (preparing, vocabulary, phrases, training, saving ...), ``text`` for
                    people, ``fraction`` done of it or null
resolved            all that was decided or measured for this attempt: ``values``, ``reasons``, and ``why`` when it
                    changes an earlier one (a halved learning rate)
steps               columns of equal length: ``step`` and any of ``lr words_per_second epoch words``, or of
                    ``lr pairs_per_second epoch pairs cost``, or of
                    ``lr tokens_per_second epoch tokens loss gradient``; a record covers at most 256 steps or half
                    a second
evaluated           measured on fixed examples: ``step epoch metrics`` (``{"train/loss": 2.1, "val/loss": 2.3}``),
                    ``seconds`` it took
baseline            what a model that has learned nothing scores: ``metric value label``
probe               an input fixed at the start and its present answer: ``step name kind input answer``; kind
                    ``similar`` answers ``[[word, cosine], ...]``, ``continue`` the text that follows, ``fill``
                    ``[[token, probability], ...]`` for the first blank
checkpoint          a whole resumable state exists: ``step epoch path bytes is_best``
checkpoint_failed   it could not be written: ``step message detail hint``; training goes on
snapshot            word vectors to look back at: ``step path``
notice              something a person should know: ``key level`` (info, warning) ``message detail hint``
resources           ``rss_bytes available_bytes disk_free_bytes cpu_percent``, every few seconds
running             goes on after ``paused``
paused              holds still, keeping process and memory: ``step``
stopping            was asked to stop: ``reason`` (person, signal, early_stopping ...), ``keep`` (last, best)
diverged            a number is no longer finite: ``step metric``
command_done        answers one command: ``id ok message``
answer              answers a question put to the running run: ``id answer``
finished            the run came to its planned end: ``reason`` (length, early_stopping), ``step metrics`` and the
                    ``seconds`` it trained in all its attempts
stopped             ended by a person: ``step metrics``; the model was kept, or ``discarded`` with the run
failed              ended by a fault: ``message detail hint remedies kind``
start_failed        nothing could be started: ``message detail hint remedies kind``; ``kind`` tells whose turn it is:
                    ``input`` (the request must change), ``trouble`` (the computer, or numbers that exploded), ``fault``
                    (the program); empty in logs of earlier versions
==================  ================================================================================================
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

PROTOCOL_VERSION = 1

Metrics = dict[str, float | None]
FailureKind = Literal["input", "trouble", "fault"]


class Event(BaseModel):
    """What all records share."""

    # Built when it is first needed: the window starts without waiting for it.
    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_inf_nan="null", defer_build=True)

    seq: int = -1
    time: float = 0.0


class Format(Event):
    event: Literal["format"] = "format"
    version: int = PROTOCOL_VERSION


class Queued(Event):
    event: Literal["queued"] = "queued"
    device: str = "cpu"


class Starting(Event):
    event: Literal["starting"] = "starting"
    attempt: int = 1
    pid: int = 0


class Started(Event):
    event: Literal["started"] = "started"
    attempt: int = 1
    pid: int = 0
    argv: list[str] = []
    versions: dict[str, str] = {}
    host: dict[str, Any] = {}


class Resumed(Event):
    event: Literal["resumed"] = "resumed"
    attempt: int
    from_step: int
    from_epoch: float = 0.0


class Phase(Event):
    event: Literal["phase"] = "phase"
    name: str
    text: str = ""
    fraction: float | None = None


class Resolved(Event):
    event: Literal["resolved"] = "resolved"
    values: dict[str, Any]
    reasons: dict[str, str] = {}
    why: str = ""


class Steps(Event):
    event: Literal["steps"] = "steps"
    step: list[int]
    columns: dict[str, list[float | None]] = {}


class Evaluated(Event):
    event: Literal["evaluated"] = "evaluated"
    step: int
    epoch: float = 0.0
    metrics: Metrics
    seconds: float = 0.0


class Baseline(Event):
    event: Literal["baseline"] = "baseline"
    metric: str
    value: float
    label: str = "guessing"


class Probe(Event):
    event: Literal["probe"] = "probe"
    step: int
    epoch: float = 0.0
    name: str
    kind: str = "similar"
    input: str = ""
    answer: Any = None


class Checkpoint(Event):
    event: Literal["checkpoint"] = "checkpoint"
    step: int
    epoch: float = 0.0
    path: str
    bytes: int = 0
    is_best: bool = False


class CheckpointFailed(Event):
    event: Literal["checkpoint_failed"] = "checkpoint_failed"
    step: int
    message: str
    detail: str = ""
    hint: str = ""


class Snapshot(Event):
    event: Literal["snapshot"] = "snapshot"
    step: int
    path: str


class Notice(Event):
    event: Literal["notice"] = "notice"
    key: str
    level: Literal["info", "warning"] = "info"
    message: str
    detail: str = ""
    hint: str = ""


class Resources(Event):
    event: Literal["resources"] = "resources"
    rss_bytes: int = 0
    available_bytes: int = 0
    disk_free_bytes: int = 0
    cpu_percent: float = 0.0


class Running(Event):
    event: Literal["running"] = "running"


class Paused(Event):
    event: Literal["paused"] = "paused"
    step: int = 0


class Stopping(Event):
    event: Literal["stopping"] = "stopping"
    reason: str = "person"
    keep: Literal["last", "best"] = "last"


class Diverged(Event):
    event: Literal["diverged"] = "diverged"
    step: int
    metric: str


class CommandDone(Event):
    event: Literal["command_done"] = "command_done"
    id: str
    ok: bool = True
    message: str = ""


class Answer(Event):
    event: Literal["answer"] = "answer"
    id: str
    answer: Any = None


class Finished(Event):
    event: Literal["finished"] = "finished"
    reason: Literal["length", "early_stopping"] = "length"
    step: int = 0
    seconds: float = 0.0
    metrics: Metrics = {}


class Stopped(Event):
    event: Literal["stopped"] = "stopped"
    step: int = 0
    seconds: float = 0.0
    metrics: Metrics = {}
    discarded: bool = False


class Failed(Event):
    event: Literal["failed"] = "failed"
    message: str
    detail: str = ""
    hint: str = ""
    remedies: list[dict[str, Any]] = []
    kind: str = ""


class StartFailed(Event):
    event: Literal["start_failed"] = "start_failed"
    message: str
    detail: str = ""
    hint: str = ""
    remedies: list[dict[str, Any]] = []
    kind: str = ""


AnyEvent = (
    Format | Queued | Starting | Started | Resumed | Phase | Resolved | Steps | Evaluated | Baseline | Probe
    | Checkpoint | CheckpointFailed | Snapshot | Notice | Resources | Running | Paused | Stopping | Diverged
    | CommandDone | Answer | Finished | Stopped | Failed | StartFailed
)  # fmt: skip

FINAL_EVENTS = ("finished", "stopped", "failed", "start_failed")

_adapter: TypeAdapter[AnyEvent] | None = None


def decode_event(line: bytes | str) -> AnyEvent | None:
    """The event on one line of a log, or None when the line holds none that this program knows."""
    global _adapter
    if _adapter is None:
        _adapter = TypeAdapter(Annotated[AnyEvent, Field(discriminator="event")])
    try:
        return _adapter.validate_json(line)
    except ValidationError:
        return None
