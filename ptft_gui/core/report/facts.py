"""What a report is made of, read from the folder of a run."""

from __future__ import annotations

import heapq
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.rundir import EVALUATION_FILE, PREDICTIONS_FILE, RunDir, State
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.stepbatch import coalesce
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.test_history import folds_of, looks_at_test

MOST_MISTAKES = 10
_READ_BYTES = 1 << 19
_MOST_EVALUATION_BYTES = 64 << 20
_MOST_PREDICTION_LINES = 2_000_000
_TEXT_SIGNS = 400


@dataclass(frozen=True)
class Mistake:
    """A row that was answered wrongly: the surest answers are the most telling."""

    text: str
    label: str
    predicted: str
    score: float


@dataclass(frozen=True)
class ReportFacts:
    """``evaluation``: the content of ``evaluation.json`` or nothing, with ``looks`` and ``folds`` where test rows were
    scored; ``mistakes``: only where sentences are shown."""

    title: str
    state: State
    summary: RunSummary
    evaluation: Mapping[str, Any] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    shows_sentences: bool = False

    @property
    def spec(self) -> RunSpec | None:
        return self.summary.spec


def shows_sentences_by_default(spec: RunSpec | None) -> bool:
    """Sentences of a set that comes with the program may be shown; a person's own only when they ask for it."""
    return spec is not None and bundled_dataset(spec.data.dataset) is not None


def read_facts(run: RunDir, shows_sentences: bool | None = None) -> ReportFacts:
    """All that a report tells of a run. ``shows_sentences``: None for what fits its data."""
    summary = RunSummary(spec=_spec_or_none(run))
    reader = EventReader(run.events_file)
    while events := reader.read_new(_READ_BYTES):
        summary.fold(coalesce(events))
    shown = shows_sentences_by_default(summary.spec) if shows_sentences is None else shows_sentences
    return ReportFacts(
        title=run.title(),
        state=run.state(),
        summary=summary,
        evaluation=_with_history(run, read_evaluation(run)),
        mistakes=_read_mistakes(run) if shown else (),
        shows_sentences=shown,
    )


def _spec_or_none(run: RunDir) -> RunSpec | None:
    try:
        return run.read_spec()
    except PtftError:
        return None


def read_evaluation(run: RunDir) -> Mapping[str, Any]:
    """The scores; damaged ones are left out, the rest of the report is still worth reading."""
    path = run.path / EVALUATION_FILE
    try:
        if path.stat().st_size > _MOST_EVALUATION_BYTES:
            return {}
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _with_history(run: RunDir, evaluation: Mapping[str, Any]) -> Mapping[str, Any]:
    """How often these test rows were looked at, and what the five runs of a five-fold test found together."""
    if not isinstance(evaluation.get("test"), dict):
        return evaluation
    return {**evaluation, "looks": looks_at_test(run), "folds": folds_of(run)}


def _read_mistakes(run: RunDir) -> tuple[Mistake, ...]:
    """The wrong answers on test rows that the model was surest of, the surest first."""
    found: list[tuple[float, int, Mistake]] = []
    try:
        with (run.path / PREDICTIONS_FILE).open(encoding="utf-8") as file:
            for number, line in zip(range(_MOST_PREDICTION_LINES), file, strict=False):
                if (mistake := _mistake_in(line)) is not None:
                    entry = (mistake.score, -number, mistake)
                    is_full = len(found) == MOST_MISTAKES
                    heapq.heappushpop(found, entry) if is_full else heapq.heappush(found, entry)
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple(mistake for _, _, mistake in sorted(found, reverse=True))


def _mistake_in(line: str) -> Mistake | None:
    try:
        record = json.loads(line)
        if record["part"] != "test" or record["label"] == record["predicted"]:
            return None
        text, label, predicted = (str(record[key])[:_TEXT_SIGNS] for key in ("text", "label", "predicted"))
        return Mistake(text, label, predicted, float(record["score"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
