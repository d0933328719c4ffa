"""Runs of the engine in this process: a real run folder, a real log, small texts."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.eventlog import EventReader, EventWriter
from ptft_gui.core.events import AnyEvent
from ptft_gui.core.family.starts import glance_at
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.engine.registry import Outcome, TrainingRequest, trainer_of
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.vectors import WordVectors, load_word_vectors

TOPICS = {
    "sea": "ship wave sail harbour storm captain deck fish".split(),
    "farm": "cow barn milk hay plough field wheat hen".split(),
    "sky": "star moon comet planet orbit dawn cloud light".split(),
}


def write_text(path: Path, sentences: int = 600, seed: int = 0) -> Path:
    """A text of three topics whose words keep to themselves; one sentence a line."""
    rng = random.Random(seed)
    names = list(TOPICS)
    lines = []
    for _ in range(sentences):
        words = TOPICS[rng.choice(names)]
        lines.append(" ".join(rng.choices(words, k=rng.randint(4, 9))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@dataclass
class FinishedRun:
    """What a run of the engine left behind."""

    run: RunDir
    outcome: Outcome

    @property
    def events(self) -> list[AnyEvent]:
        return EventReader(self.run.events_file).read_all()

    def named(self, name: str) -> list[Any]:
        return [event for event in self.events if event.event == name]

    @property
    def vectors(self) -> WordVectors:
        return load_word_vectors(self.run.model)


Train = Callable[..., FinishedRun]


@pytest.fixture
def train_here(tmp_path: Path) -> Train:
    """``train_here(text, **settings)`` trains in this process and returns what came of it."""

    def train(
        text: Path | str,
        *,
        run: RunDir | None = None,
        request: dict[str, Any] | None = None,
        on_start: Callable[[Reporter], None] | None = None,
        watched: tuple[str, ...] = (),
        preset: str = "tiny",
        family: str = "word2vec",
        init: Path | None = None,
        **settings: Any,
    ) -> FinishedRun:
        if run is None:
            spec = new_spec(
                family,
                str(text),
                preset=preset,
                settings={"workers": 1, **settings},
                watched_words=watched,
                init_from=glance_at(init).init_from if init is not None else "scratch",
                init=str(init) if init is not None else None,
            )
            run = create_run(tmp_path / "runs", spec)
        writer = EventWriter(run.events_file)
        reporter = Reporter(writer)
        if on_start is not None:
            on_start(reporter)
        try:
            spec = run.read_spec()
            outcome = trainer_of(spec.family, spec.task)(TrainingRequest(run, **(request or {})), reporter)
            reporter.flush()
        finally:
            writer.close()
        return FinishedRun(run, outcome)

    return train
