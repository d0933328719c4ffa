"""Small runs of GPT and BERT with real models, and an asker that answers as the companion does, in this process."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ptft_gui.core import events as ev
from ptft_gui.core.companion_protocol import Reply, Request
from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult
from ptft_gui.worker.companion_answers import Answers
from ptft_gui.worker.companion_language import LANGUAGE_ANSWERS
from ptft_gui.worker.companion_question import Question
from tests.inspection.language_models import SENTENCES

LanguageFamily = Literal["gpt", "bert"]
PROBES = {"gpt": "the queen wears", "bert": SENTENCES[1].replace("golden", "[MASK]")}


@dataclass
class LanguageAsker:
    """Answers questions to language models at once; those of the kinds in ``holds`` when they are let go."""

    answers: Answers = field(default_factory=lambda: Answers(60.0))
    asked: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    holds: set[str] = field(default_factory=set)
    progress: dict[str, OnProgress] = field(default_factory=dict)

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        self.asked.append((kind, arguments))
        number = str(len(self.asked))
        if kind not in LANGUAGE_ANSWERS:
            return number
        if kind in self.holds:
            if on_progress is not None:
                self.progress[kind] = on_progress
            return number
        replies: list[Reply] = []
        try:
            result = self.answers.answer(Question(Request(number, kind, dict(arguments)), replies.append))
        except PtftError as problem:
            on_problem(problem)
            return number
        for reply in replies:
            if on_progress is not None:
                on_progress(str(reply.value["text"]), reply.value["fraction"])
        on_result(json.loads(json.dumps(result)))  # as it arrives over a pipe
        return number

    def cancel(self, request_id: str) -> None:
        self.cancelled.append(request_id)

    def questions(self, kind: str) -> list[dict[str, object]]:
        return [arguments for asked, arguments in self.asked if asked == kind]


def make_language_run(
    runs: Path, family: LanguageFamily, model: Path | None, text: Path, init: Path | None = None
) -> RunDir:
    """A finished run whose model is a copy of the folder ``model``; without one it is still at step 40."""
    start = {"init_from": "folder", "init": str(init)} if init is not None else {}
    run = create_run(runs, new_spec(family, str(text), name=f"My {family}", **start))  # type: ignore[arg-type]
    text.write_text("\n".join(SENTENCES) + "\n", encoding="utf-8")
    values = {"characters_per_token": 4.0, "val_tokens": 300, "epochs": 1, "block_size": 32}
    events: list[ev.Event] = [
        ev.Started(attempt=1, versions={}),
        ev.Resolved(values=values),
        ev.Baseline(metric="val/loss", value=4.0),
        ev.Evaluated(step=0, epoch=0.0, metrics={"train/loss": 5.0, "val/loss": 5.0}),
        ev.Probe(step=0, name=PROBES[family], kind="fill" if family == "bert" else "continue", answer=[]),
        ev.Steps(step=[40], columns={"loss": [2.5], "progress": [0.5], "epoch": [0.5]}),
        ev.Evaluated(step=40, epoch=0.5, metrics={"train/loss": 2.0, "val/loss": 2.0}),
    ]
    if model is not None:
        shutil.copytree(model, run.model)
        events += [
            ev.Steps(step=[80], columns={"loss": [1.5], "progress": [1.0], "epoch": [1.0]}),
            ev.Evaluated(step=80, epoch=1.0, metrics={"train/loss": 1.5, "val/loss": 2.5}),
            ev.Finished(reason="length", step=80, seconds=2.0),
        ]
    else:
        events.append(ev.Running())
    writer = EventWriter(run.events_file)
    for event in events:
        writer.write(event)
    writer.close()
    return run
