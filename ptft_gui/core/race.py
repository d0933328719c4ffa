"""The race: the same rows, split and seed learned in several ways, and what pre-training was worth.

A race is nothing but runs: a spec for each lane, queued one after the other, and one result read out of what they left.
No run knows of its race: runs whose requests differ in nothing but the lane are lanes of one (:func:`race_key`), so a
race is found again for as long as its runs are there. ``gui/desks/race.py`` starts and shows one in the window.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.errors import PtftError, SpecError
from ptft_gui.core.family.definition import FINETUNE, FROZEN, FULL
from ptft_gui.core.family.finetune import POOLED_TASKS
from ptft_gui.core.family.methods import LORA, count_parameters
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.family.registry import family_of
from ptft_gui.core.intervals import wilson_interval
from ptft_gui.core.race_length import OWN_OF_LANE, length_sentence, own_options
from ptft_gui.core.rundir import FINAL_STATE_OF_EVENT, RunDir, State
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import RunSummary

SCORES = ("accuracy", "micro_f1", "spearman", "entity_f1", "f1")
_OF_THE_MACHINE = ("workers", "device", "precision", "micro_batch_size")
"""Options that change how fast a run learns, not what."""
_NOTEWORTHY_POINTS = 1.0


@dataclass(frozen=True)
class Lane:
    """One way to learn. ``changes``: its options."""

    key: str
    title: str
    method: str
    changes: Mapping[str, OptionValue]


LANES = (
    Lane("no-pretraining", "No pre-training", FULL, {"start_weights": "random"}),
    Lane(FROZEN, "Frozen", FROZEN, {}),
    Lane(LORA, "LoRA", LORA, {}),
    Lane(FULL, "Full", FULL, {}),
)
ALL_LANES = tuple(lane.key for lane in LANES)
"""For lessons."""
USUAL_LANES = ALL_LANES[1:]
"""For a person's own data: the lane without pre-training takes as long as Full and is seldom the one to use."""
LEAST_LANES = 2
LABELS = "labels"
"""In place of lanes on the command line: how many labels are needed."""


def lane_of(spec: RunSpec) -> Lane | None:
    """The lane that a run is in; None for a method that has none."""
    is_random = spec.options.get("start_weights") == "random"
    if is_random:
        return LANES[0] if spec.method == FULL else None
    return next((lane for lane in LANES[1:] if lane.method == spec.method), None)


def can_race(spec: RunSpec | None) -> bool:
    """Whether a run is one that learns a task in ways that can be held against one another."""
    return spec is not None and spec.stage == FINETUNE and len(possible_lanes(spec)) >= LEAST_LANES


def possible_lanes(spec: RunSpec) -> tuple[Lane, ...]:
    """The lanes that a run's family and task have; none where it is no language model, or learns no task."""
    methods = family_of(spec.family, spec.task).methods if spec.task is not None else ()
    return tuple(lane for lane in LANES if lane.method in methods) if LORA in methods else ()


def race_specs(spec: RunSpec, lanes: Iterable[str], name: str = "") -> list[RunSpec]:
    """A run for each lane, in the order of :data:`LANES`: data, split, start and seed are those of ``spec``."""
    chosen = set(lanes)
    return [_in_lane(spec, lane, name or race_title(spec)) for lane in LANES if lane.key in chosen]


def _in_lane(spec: RunSpec, lane: Lane, title: str) -> RunSpec:
    own = own_options(spec, lane.method)
    options = {**spec.options, "start_weights": "kept", **own, **lane.changes}
    return spec.model_copy(
        update={"name": f"{title} - {lane.title}", "method": lane.method, "options": options}
    )


def race_title(spec: RunSpec) -> str:
    """The name of a run without that of its lane, as the race is called."""
    endings = (f" - {lane.title}" for lane in LANES)
    ending = next((each for each in endings if spec.name.endswith(each)), "")
    return spec.name.removesuffix(ending)


def race_key(spec: RunSpec) -> str:
    """What all lanes of one race have in common, as text: equal for two runs that differ in nothing but the lane."""
    return _key(spec, {"method"}, {"start_weights", *OWN_OF_LANE})


def is_same_request(spec: RunSpec, other: RunSpec) -> bool:
    """Whether two runs were asked to learn the same in the same way, whatever they are called."""
    return _key(spec) == _key(other)


def label_key(spec: RunSpec) -> str:
    """The same for runs that differ in nothing but the share of the rows they learn from."""
    return _key(spec, set(), {"train_share"})


def _key(spec: RunSpec, fields: Iterable[str] = (), options: Iterable[str] = ()) -> str:
    told = spec.model_dump(mode="json", exclude={"name", "schema_version", *fields})
    without = {*_OF_THE_MACHINE, *options}
    told["options"] = {key: value for key, value in told["options"].items() if key not in without}
    return json.dumps(told, sort_keys=True)


def are_one_race(specs: Sequence[RunSpec | None]) -> bool:
    """Whether these runs are two or more different lanes of one race."""
    known = [spec for spec in specs if spec is not None and can_race(spec)]
    lanes = {lane.key for spec in known if (lane := lane_of(spec)) is not None}
    if len(specs) < LEAST_LANES or not len(known) == len(specs) == len(lanes):
        return False
    return len({race_key(spec) for spec in known}) == 1


def race_of(run: RunDir, runs: Iterable[RunDir]) -> list[RunDir]:
    """The lanes of the race that ``run`` is in, itself among them, in the order of :data:`LANES`.

    ``runs``: those there are, the newest first; of two in one lane the newer counts, but for ``run`` itself. Fewer than
    two where there was no race. Raises :class:`SpecError` for a run whose settings cannot be read.
    """
    spec = run.read_spec()
    own = lane_of(spec)
    if own is None or not can_race(spec):
        return [run]
    key, found = race_key(spec), {own.key: run}
    for other in runs:
        asked = spec_or_none(other, spec)
        lane = lane_of(asked) if asked is not None and asked.family == spec.family else None
        if asked is not None and lane is not None and lane.key not in found and race_key(asked) == key:
            found[lane.key] = other
    return [found[lane.key] for lane in LANES if lane.key in found]


def spec_or_none(run: RunDir, like: RunSpec) -> RunSpec | None:
    """A run's request; None where it cannot be read, or plainly learns from other data than ``like``: of thousands of
    requests only few are decoded."""
    try:
        text = run.spec_file.read_text(encoding="utf-8")
        if json.dumps(like.data.dataset, ensure_ascii=False) not in text:
            return None
        return run.read_spec()
    except (OSError, UnicodeDecodeError, PtftError):
        return None


def check_lanes(spec: RunSpec, lanes: Iterable[str]) -> None:
    """Raise :class:`SpecError` for a run that cannot race, and for lanes that it does not have."""
    possible = [lane.key for lane in possible_lanes(spec)]
    if not can_race(spec):
        raise SpecError(
            "Only language models that learn a task race.",
            hint="Choose BERT or GPT, and Fine-tune for a task.",
            key="method",
        )
    unknown = next((lane for lane in lanes if lane not in possible), None)
    if unknown is not None:
        raise SpecError(
            f'There is no lane "{unknown}" for this task.', hint=f"There are {', '.join(possible)}."
        )


@dataclass(frozen=True)
class LaneResult:
    """``score`` is called ``score_name``, on test rows where there are any. ``minutes`` of work; 0 where unknown.

    ``interval``: where the score may lie, 95 %; ``problem``: why the lane failed, in one sentence. While the lane is on
    its way its score is that of the held-out rows.
    """

    lane: Lane
    score: float | None
    score_name: str
    minutes: float
    peak_memory_bytes: int
    trained: int
    total: int
    file_bytes: int
    state: State = "finished"
    interval: tuple[float, float] | None = None
    is_test: bool = False
    problem: str = ""
    progress: float = 0.0
    spec: RunSpec | None = None

    @property
    def trained_share(self) -> float:
        return self.trained / max(self.total, 1)

    @property
    def has_ended(self) -> bool:
        return self.state in FINAL_STATE_OF_EVENT.values() or self.state == "lost"

    @property
    def final_score(self) -> float | None:
        """The score of a lane that came to its end or was stopped and kept."""
        return self.score if self.state in ("finished", "stopped") else None


@dataclass(frozen=True)
class RaceResult:
    """``lanes`` in the order of :data:`LANES`."""

    lanes: tuple[LaneResult, ...]

    def lane(self, key: str) -> LaneResult | None:
        return next((each for each in self.lanes if each.lane.key == key), None)

    @property
    def best(self) -> LaneResult | None:
        """The best lane with pre-training."""
        scored = [each for each in self.lanes if each.final_score is not None and each.lane is not LANES[0]]
        return max(scored, key=lambda each: each.score or 0.0, default=None)

    @property
    def without(self) -> LaneResult | None:
        """The lane without pre-training, if it has a score."""
        lane = self.lane(LANES[0].key)
        return lane if lane is not None and lane.final_score is not None else None

    @property
    def is_over(self) -> bool:
        return all(lane.has_ended for lane in self.lanes)

    @property
    def sentence(self) -> str:
        """What pre-training was worth, in points of the score; which lane did best where that was not raced."""
        told = self._sentence()
        if self.is_over or (self.best is None and self.without is None):
            return told
        done = sum(lane.has_ended for lane in self.lanes)
        return f"{done} of {len(self.lanes)} lanes have ended. So far: {told[0].lower()}{told[1:]}"

    def _sentence(self) -> str:
        without, best = self.without, self.best
        if best is None or best.score is None:
            return self._without_best()
        if without is None or without.score is None:
            return f"{best.lane.title} did best: {best.score:.2f}."
        points = 100 * (best.score - without.score)
        if abs(points) < _NOTEWORTHY_POINTS:
            return f"Pre-training was worth nothing here: {without.score:.2f} without, {best.score:.2f} with."
        if points < 0:
            return f"Pre-training did harm here: {without.score:.2f} without, {best.score:.2f} with."
        return f"Pre-training was worth +{points:.0f} points: {without.score:.2f} without, {best.score:.2f} with."

    def _without_best(self) -> str:
        if self.without is not None and self.without.score is not None:
            return f"Without pre-training it is {self.without.score:.2f}."
        if self.lanes and self.is_over:
            return "No lane reached a score."
        return "No lane has reached its end yet."

    @property
    def length(self) -> str:
        """How long the lanes learned: as suits each, or as a person said."""
        return length_sentence(lane.spec for lane in self.lanes if lane.spec is not None)

    @property
    def caution(self) -> str:
        """Why the gap may be chance, where there are so few rows that the two intervals overlap; else empty."""
        without, best = self.without, self.best
        if without is None or best is None or without.interval is None or best.interval is None:
            return ""
        (_, high), (low, _) = without.interval, best.interval
        is_above = (best.score or 0.0) - (without.score or 0.0) >= _NOTEWORTHY_POINTS / 100
        if not is_above or low > high:
            return ""
        return "The two intervals overlap: with so few rows part of this may be chance."


def race_result(summaries: Iterable[RunSummary]) -> RaceResult:
    """What the runs of a race came to; runs that are in no lane are passed over, of two in one the later counts."""
    return result_of_lanes(lane_result(summary) for summary in summaries)


def result_of_lanes(lanes: Iterable[LaneResult | None]) -> RaceResult:
    """Lanes in their order; what is in none is passed over, of two in one the later counts."""
    found = {each.lane.key: each for each in lanes if each is not None}
    return RaceResult(tuple(found[lane.key] for lane in LANES if lane.key in found))


def lane_result(
    summary: RunSummary, state: State | None = None, evaluation: Mapping[str, Any] | None = None
) -> LaneResult | None:
    """What became of one run; None for one in no lane. ``evaluation``: the content of its ``evaluation.json``."""
    lane = lane_of(summary.spec) if summary.spec is not None else None
    if lane is None:
        return None
    part, name, score = score_of(summary)
    trained, total = (int(summary.resolved_value(key) or 0) for key in ("trained_parameters", "parameters"))
    return LaneResult(
        lane,
        score,
        name,
        summary.active_seconds / 60,
        summary.peak_rss_bytes,
        trained,
        total,
        4 * (trained if lane.method in (FROZEN, LORA) else total),
        state or FINAL_STATE_OF_EVENT.get(summary.last_state_event or "", "running"),
        score_interval(summary, part, name, evaluation or {}),
        part == "test",
        summary.failure.message if summary.failure is not None else "",
        summary.progress,
        summary.spec,
    )


def score_of(summary: RunSummary) -> tuple[str, str, float | None]:
    """Part, name and value of the main score: of test rows where there are any, else of held-out ones."""
    for part in ("test", "val"):
        for name in SCORES:
            value = summary.last(f"{part}/{name}")
            if value is not None:
                return part, name, value
    return "val", SCORES[0], None


def score_interval(
    summary: RunSummary, part: str, name: str, evaluation: Mapping[str, Any]
) -> tuple[float, float] | None:
    """The 95 % interval of the main score, as the run measured it, or counted anew where it is a share of rows."""
    told = evaluation.get(part)
    pair = told.get(f"{name}_interval") if isinstance(told, Mapping) else None
    if isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(x, int | float) for x in pair):
        return float(pair[0]), float(pair[1])
    rows, value = rows_of(summary, part), summary.last(f"{part}/{name}")
    counts_rows = name == "accuracy" and summary.spec is not None and summary.spec.task in POOLED_TASKS
    if not counts_rows or part != "test" or value is None or not rows:
        return None
    return wilson_interval(round(value * rows), rows)


def rows_of(summary: RunSummary, part: str) -> int:
    """How many rows a part of the data has, as far as the run has told."""
    parts = summary.resolved_value("parts")
    rows = parts.get(part) if isinstance(parts, Mapping) else None
    return rows if isinstance(rows, int) else 0


def foretold(config: Mapping[str, OptionValue], lanes: Iterable[str], outputs: int) -> dict[str, int]:
    """About how many bytes each lane takes to train, before the race."""
    found = {}
    for lane in LANES:
        if lane.key in set(lanes):
            anatomy = count_parameters(config, lane.method, outputs=outputs)
            found[lane.key] = anatomy.memory_bytes if anatomy is not None else 0
    return found
