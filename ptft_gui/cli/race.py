"""``ptft-gui train --race``: the same rows learned in several ways, one after the other, and what came of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace

from ptft_gui.cli.commands import BAD_INPUT, DONE, FAILED, say_problem
from ptft_gui.cli.follow import End, follow
from ptft_gui.cli.outcome import KEPT_STATES, outcome_problem, progress_stream
from ptft_gui.cli.output import print_json, print_table
from ptft_gui.cli.progress import make_display
from ptft_gui.core.errors import PtftError, SpecError
from ptft_gui.core.label_count import label_count, label_point, label_specs
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.queue import create_queued_run
from ptft_gui.core.race import (
    LABELS,
    LaneResult,
    RaceResult,
    can_race,
    check_lanes,
    possible_lanes,
    race_result,
    race_specs,
)
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import RunSpec, check_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.wording import bytes_text


def run_race(spec: RunSpec, options: argparse.Namespace) -> int:
    """All runs are queued at once, so that they go on when the terminal is closed; then they are followed in turn."""
    specs = _specs_of(spec, options.race)
    for each in specs:
        check_spec(each)
    runs = [create_queued_run(options.runs.resolve(), each) for each in specs]
    workers = [launch_worker(run) for run in runs]
    ends: list[End] = []
    for run, worker in zip(runs, workers, strict=True):
        display = make_display(progress_stream(options.json))
        display.say(f"{run.title()}: {run.path}")
        ends.append(follow(run, worker, display))
    _tell(runs, [end.summary for end in ends], options)
    return _say_failures(runs, ends)


def _say_failures(runs: Sequence[RunDir], ends: Sequence[End]) -> int:
    """Say which runs failed and why; returns the exit code, 2 where all were refused for what was asked."""
    failed = [(run, end) for run, end in zip(runs, ends, strict=True) if end.state not in KEPT_STATES]
    if not failed:
        return DONE
    for run, end in failed:
        why = outcome_problem(run, end)
        say_problem(PtftError(f"{run.title()} failed: {why.message}", why.detail, why.hint))
    names = ", ".join(run.title() for run, _ in failed)
    count = "1 run" if len(failed) == 1 else f"{len(failed)} runs"
    print(f"{count} of {len(runs)} failed: {names}.", file=sys.stderr)
    failures = [end.summary.failure for end in ends]
    are_refused = all(failure is not None and failure.kind == "input" for failure in failures)
    return BAD_INPUT if are_refused else FAILED


def _specs_of(spec: RunSpec, asked: Sequence[str]) -> list[RunSpec]:
    if not can_race(spec):
        raise SpecError(
            "Only language models that learn a task race.",
            hint="Add --family bert --stage finetune --task ...",
        )
    if list(asked) == [LABELS]:
        return label_specs(spec)
    check_lanes(spec, asked)
    return race_specs(spec, asked or [lane.key for lane in possible_lanes(spec)])


def _tell(runs: Sequence[RunDir], summaries: Sequence[RunSummary], options: argparse.Namespace) -> None:
    if list(options.race) == [LABELS]:
        _tell_labels(runs, summaries, options.json)
        return
    result = race_result(summaries)
    if options.json:
        lanes = [_as_data(lane) for lane in result.lanes]
        told = {"sentence": result.sentence, "length": result.length}
        print_json({"runs": [str(run.path) for run in runs], "race": lanes, **told})
        return
    print_table(_rows(result), right=(1, 2, 3, 4, 5))
    print(result.sentence)
    print(result.length)


def _as_data(lane: LaneResult) -> dict[str, object]:
    told = asdict(replace(lane, spec=None)) | {"lane": lane.lane.key}
    del told["spec"]
    return told


def _rows(result: RaceResult) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("", "score", "minutes", "memory", "trained", "file")]
    for lane in result.lanes:
        score = "-" if lane.score is None else f"{lane.score:.3f}"
        memory, file = bytes_text(lane.peak_memory_bytes), bytes_text(lane.file_bytes)
        rows.append(
            (lane.lane.title, score, f"{lane.minutes:.1f}", memory, f"{lane.trained_share:.2%}", file)
        )
    return rows


def _tell_labels(runs: Sequence[RunDir], summaries: Sequence[RunSummary], as_json: bool) -> None:
    points = [label_point(summary) for summary in summaries]
    found = [(point.rows, point.score) for point in points if point is not None]
    sentence = label_count(points).sentence
    if as_json:
        print_json({"labels": found, "runs": [str(run.path) for run in runs], "sentence": sentence})
        return
    table = [(f"{rows:,} rows", "-" if score is None else f"{score:.3f}") for rows, score in found]
    print_table(table, right=(0, 1))
    print(sentence)
