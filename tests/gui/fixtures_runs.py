"""Run folders with the numbers of a real run, in every state a person can meet, written with the program's own writer.

``make_run(runs, "running")`` gives the folder; ``summary_of(run)`` folds its log as the window does. The lock of a
living worker is held only inside ``living(run)``: a process of its own holds it, as the worker would.
"""

from __future__ import annotations

import contextlib
import functools
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ptft_gui.core import events as ev
from ptft_gui.core.eventlog import EventReader, EventWriter
from ptft_gui.core.rundir import RunDir, State, create_run
from ptft_gui.core.spec import RunSpec, new_spec
from ptft_gui.core.stepbatch import coalesce
from ptft_gui.core.summary import RunSummary

Kind = Literal[
    "queued", "preparing", "early", "running", "paused", "stopping", "finished", "stopped", "memorising",
    "memorised", "failed", "start_failed", "lost", "nothing_held_out",
]  # fmt: skip
STATES: dict[Kind, State] = {
    "queued": "queued",
    "preparing": "running",
    "early": "running",
    "running": "running",
    "paused": "paused",
    "stopping": "stopping",
    "finished": "finished",
    "stopped": "stopped",
    "memorising": "running",
    "memorised": "finished",
    "failed": "failed",
    "start_failed": "start_failed",
    "lost": "lost",
    "nothing_held_out": "finished",
}
WATCHED = ("music", "film", "war", "water", "science", "language", "moon", "sea")
GUESSING = 6 * math.log(2)
"""Five negatives and one true neighbour, each told apart by a toss of a coin."""

EPOCHS, STEPS_AN_EPOCH, CHECKS_AN_EPOCH = 10, 44, 6
WORDS_A_STEP, WORDS_A_SECOND = 10_000, 318_000.0

_EVENTS_A_LOOK = 100

_PROGRESS: dict[Kind, float] = {
    "queued": 0.0, "preparing": 0.0, "early": 0.05, "running": 0.5, "paused": 0.41, "stopping": 0.62,
    "finished": 1.0, "stopped": 0.7, "memorising": 0.8, "memorised": 1.0, "failed": 0.3, "start_failed": 0.0,
    "lost": 0.55, "nothing_held_out": 1.0,
}  # fmt: skip

# What the neighbours of each word settle on, and what stands there while little is learned.
_LATE = {
    "music": "folk poetry dance musical songs literature artists jazz",
    "film": "movie documentary animated awards feature films award directed",
    "war": "civil wars army revolution navy victory ii battle",
    "water": "surface salt air heat waters steam liquid fresh",
    "science": "sciences biology economics sociology arts philosophy physics social",
    "language": "languages spoken dialects dialect english speakers alphabet grammar",
    "moon": "lunar orbit earth spacecraft apollo surface crew mission",
    "sea": "baltic waters caspian ocean adriatic coast shore gulf",
}
_EARLY = "the first more than other most used many also such time years".split()


@dataclass
class _Story:
    """A log being told: events with the second at which they happen."""

    events: list[tuple[float, ev.Event]]

    def tell(self, at: float, *events: ev.Event) -> None:
        self.events += [(at, event) for event in events]


def make_spec(kind: Kind = "running", dataset: str = "wikipedia") -> RunSpec:
    """The request such a run was started with."""
    settings: dict[str, int | float | bool | str | None] = {"window": 8, "seed": 7}
    if kind == "nothing_held_out":
        settings["val_fraction"] = 0.0
    return new_spec(
        "word2vec", dataset, settings=settings, watched_words=WATCHED, name="Wikipedia extract - Word2Vec"
    )


def make_run(runs: Path, kind: Kind, *, dataset: str = "wikipedia", started_ago: float = 90.0) -> RunDir:
    """Write a run folder of this kind; ``started_ago``: seconds before now at which its log begins."""
    run = create_run(runs, make_spec(kind, dataset))
    _write_log(run, kind, time.time() - started_ago)
    _write_worker_log(run, kind)
    run.worker_file.write_text(json.dumps({"pid": 4242, "attempt": 1}), encoding="utf-8")
    if kind in ("finished", "stopped", "memorised", "nothing_held_out"):
        write_model(run)
    return run


def summary_of(run: RunDir) -> RunSummary:
    """The run's events, folded as a window folds them that was open all the while: one look after the other."""
    summary = RunSummary(spec=run.read_spec())
    events = EventReader(run.events_file).read_all()
    for start in range(0, len(events), _EVENTS_A_LOOK):
        summary.fold(coalesce(events[start : start + _EVENTS_A_LOOK]))
    return summary


@contextlib.contextmanager
def living(run: RunDir) -> Iterator[int]:
    """Hold the run's lock in another process, so that its state is that of a living worker."""
    hold = (
        "import sys; from pathlib import Path; from ptft_gui.core.locks import try_lock\n"
        "lock = try_lock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, str(run.lock_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process.pid
        finally:
            process.stdin.close()


def write_model(run: RunDir) -> None:
    """A small model in the form in which the engine saves one: safetensors, vocabulary, config."""
    words = [*WATCHED, *(word for near in _LATE.values() for word in near.split())]
    words = list(dict.fromkeys(words))
    vectors = np.random.default_rng(1).normal(size=(len(words), 16)).astype("<f4")
    run.model.mkdir(parents=True, exist_ok=True)
    header = json.dumps(
        {"vectors": {"dtype": "F32", "shape": vectors.shape, "data_offsets": [0, vectors.nbytes]}}
    ).encode()
    (run.model / "vectors.safetensors").write_bytes(
        len(header).to_bytes(8, "little") + header + vectors.tobytes()
    )
    lines = [json.dumps([word, 900 - 9 * i], ensure_ascii=False) for i, word in enumerate(words)]
    (run.model / "vocab.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (run.model / "config.json").write_text(json.dumps({"family": "word2vec"}), encoding="utf-8")


# --- the story of a run ------------------------------------------------------------------------------------------


def _story(kind: Kind) -> _Story:
    story = _Story([])
    if kind == "queued":
        story.tell(0.0, ev.Queued(device="cpu"))
        return story
    story.tell(0.1, ev.Starting(attempt=1, pid=4242))
    if kind == "start_failed":
        story.tell(0.4, _start_failure())
        return story
    story.tell(0.2, ev.Started(attempt=1, pid=4242, versions={"python": "3.11.7", "gensim": "4.4.0"}))
    story.tell(0.3, ev.Phase(name="preparing", text="cutting the text into words", fraction=0.41))
    if kind == "preparing":
        return story
    _tell_training(story, kind)
    _tell_end(story, kind)
    return story


def _tell_training(story: _Story, kind: Kind) -> None:
    has_val = kind != "nothing_held_out"
    story.tell(1.2, ev.Phase(name="vocabulary", text="counting the words", fraction=1.0), _resolved(has_val))
    if not has_val:
        story.tell(1.2, _nothing_held_out())
    story.tell(1.3, ev.Phase(name="training", text="training", fraction=None))
    for metric in ("train/loss", "val/loss") if has_val else ("train/loss",):
        story.tell(1.3, ev.Baseline(metric=metric, value=GUESSING))
    story.tell(1.3, _check(0, kind, has_val), *_probes(0, 0.0))
    for step in range(1, round(_PROGRESS[kind] * EPOCHS * STEPS_AN_EPOCH) + 1):
        _tell_step(story, step, kind, has_val)


def _tell_step(story: _Story, step: int, kind: Kind, has_val: bool) -> None:
    total = EPOCHS * STEPS_AN_EPOCH
    second = 1.4 + step * WORDS_A_STEP / WORDS_A_SECOND
    speed = WORDS_A_SECOND * (1 + 0.02 * math.sin(step / 31) + 0.02 * math.sin(12.9898 * step * step))
    columns: dict[str, list[float | None]] = {
        "lr": [0.025 - 0.0249 * step / total], "words_per_second": [round(speed)], "epoch": [step / STEPS_AN_EPOCH],
        "words": [float(step * WORDS_A_STEP)], "progress": [step / total],
    }  # fmt: skip
    story.tell(second, ev.Steps(step=[step], columns=columns))
    if step % (STEPS_AN_EPOCH // CHECKS_AN_EPOCH) == 0 or step % STEPS_AN_EPOCH == 0:
        story.tell(second, _check(step, kind, has_val), *_probes(step, step / STEPS_AN_EPOCH))
    if step % STEPS_AN_EPOCH == 0:
        place = f"checkpoints/step-{step:08d}"
        story.tell(second, ev.Checkpoint(step=step, epoch=step / STEPS_AN_EPOCH, path=place, bytes=7_203_012))
        story.tell(second, _resources())


def _check(step: int, kind: Kind, has_val: bool) -> ev.Evaluated:
    """Losses as they fall: quickly at first; a memorising run rises again on text it has not seen."""
    epoch = step / STEPS_AN_EPOCH
    noise = 0.012 * math.sin(7.3 * step) * (step > 0)
    train = 2.02 + (GUESSING - 2.02) * math.exp(-1.1 * epoch) * (0.7 + 0.3 * math.exp(-3 * epoch)) + noise
    late = 0.035 * max(0.0, epoch - 4) if kind in ("memorising", "memorised") else 0.0
    val = train + 0.11 * (1 - math.exp(-epoch)) + late + 0.4 * noise
    train -= 1.2 * late
    metrics: dict[str, float | None] = {"train/loss": round(train, 5)}
    if has_val:
        metrics["val/loss"] = round(val, 5)
    return ev.Evaluated(step=step, epoch=epoch, metrics=metrics, seconds=0.04)


def _probes(step: int, epoch: float) -> list[ev.Event]:
    return [
        ev.Probe(step=step, epoch=epoch, name=word, input=word, answer=_neighbours(word, step, epoch))
        for word in WATCHED
    ]


def _neighbours(word: str, step: int, epoch: float) -> list[list[object]]:
    """Eight neighbours: frequent words at first, then one true neighbour after another."""
    true = _LATE[word].split()
    known = min(len(true), round(len(true) * (1 - math.exp(-0.7 * epoch)) + 0.3))
    turn = (step // 7 + len(word)) % len(_EARLY)
    fillers = [w for w in _EARLY[turn:] + _EARLY[:turn] if w not in true][: len(true) - known]
    start = 0.31 + 0.42 * (1 - math.exp(-0.6 * epoch))
    words = true[:known] + fillers
    if known > 3 and step % 3 == 0:
        words[1], words[2] = words[2], words[1]
    return [[w, round(start - 0.024 * rank - 0.003 * len(word), 4)] for rank, w in enumerate(words)]


def _resolved(has_val: bool) -> ev.Resolved:
    values = {
        "epochs": EPOCHS, "vocabulary_size": 8599, "vector_size": 100, "min_count": 5, "sample": 0.001, "workers": 2,
        "preparation": "words", "val_fraction": 0.1 if has_val else 0.0, "total_words": 433_985, "dtype": "float32",
        "train_sentences": 17_204, "val_sentences": 1_911 if has_val else 0,
    }  # fmt: skip
    reasons = {
        "epochs": "The text has 433,985 words; this reads 4,339,850 in all.",
        "min_count": "The usual limit; it leaves 8,599 different words.",
        "vector_size": "Fits a text of 433,985 words.",
        "sample": "The usual value.",
        "workers": "This computer has 2 processor cores.",
        "preparation": "The text is ordinary sentences with capitals and punctuation.",
    }
    return ev.Resolved(values=values, reasons=reasons)


def _resources() -> ev.Resources:
    return ev.Resources(
        rss_bytes=412_000_000,
        available_bytes=9_800_000_000,
        disk_free_bytes=88_000_000_000,
        cpu_percent=187.0,
    )


def _nothing_held_out() -> ev.Notice:
    return ev.Notice(key="nothing_held_out", message="No text is held out.", detail="The share was set to 0.")


def _start_failure() -> ev.StartFailed:
    return ev.StartFailed(
        message="No word occurs often enough.",
        detail="The text has 312 words; none occurs 5 times.",
        hint="Lower the minimum count to 1, or add more text.",
        remedies=[
            {
                "action": "new_run_with",
                "label": "Lower the minimum count to 1",
                "argument": {"min_count": 1},
            }
        ],
    )


def _tell_end(story: _Story, kind: Kind) -> None:
    last, step = story.events[-1][0] + 0.1, round(_PROGRESS[kind] * EPOCHS * STEPS_AN_EPOCH)
    if kind == "paused":
        story.tell(last, ev.Paused(step=step))
    elif kind == "stopping":
        story.tell(last, ev.Stopping(reason="person", keep="last"))
    elif kind in ("finished", "memorised", "nothing_held_out"):
        story.tell(last, ev.Finished(step=step, metrics={"val/loss": 2.13}))
    elif kind == "stopped":
        story.tell(last, ev.Stopping(), ev.Stopped(step=step, metrics={"val/loss": 2.2}))
    elif kind == "failed":
        story.tell(last, _disk_full())


def _disk_full() -> ev.Failed:
    return ev.Failed(
        message="The disk is full.",
        detail="0 bytes free where runs are kept; the last checkpoint is step 132 and whole.",
        hint="Free some space on that disk, then resume.",
        remedies=[{"action": "resume", "label": "Resume from step 132", "argument": {}}],
    )


def _write_log(run: RunDir, kind: Kind, began: float) -> None:
    """The records of such a run, each with the second at which it happened."""
    lines = [
        json.dumps(
            {**record, "time": round(began + record["time"], 3)}, ensure_ascii=False, separators=(",", ":")
        )
        for record in _records(kind)
    ]
    run.events_file.write_text("\n".join(lines) + "\n", encoding="utf-8")


@functools.cache
def _records(kind: Kind) -> list[dict[str, Any]]:
    """What the program's own writer makes of the story, with the seconds since its beginning."""
    story = _story(kind)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "events.jsonl"
        writer = EventWriter(log)
        for _, event in story.events:
            writer.write(event)
        writer.close()
        records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    for record, at in zip(records, [0.0, *(at for at, _ in story.events)], strict=True):
        record["time"] = at
    return records


def _write_worker_log(run: RunDir, kind: Kind) -> None:
    lines = [
        "ptft-gui worker, attempt 1",
        "reading wikipedia: 99 documents",
        "8,599 words occur 5 times or more",
    ]
    lines += [f"epoch {n} of {EPOCHS}" for n in range(1, 1 + math.ceil(_PROGRESS[kind] * EPOCHS))]
    run.log_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
