"""Run folders of GPT and BERT with numbers and answers as real ones have, in the states a person meets."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Literal

from ptft_gui.core import events as ev
from ptft_gui.core.eventlog import EventReader, EventWriter
from ptft_gui.core.rundir import RunDir, State, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.core.stepbatch import coalesce
from ptft_gui.core.summary import RunSummary

Kind = Literal["preparing", "early", "running", "paused", "finished", "memorising", "failed"]
STATES: dict[Kind, State] = {
    "preparing": "running", "early": "running", "running": "running", "paused": "paused", "finished": "finished",
    "memorising": "running", "failed": "failed",
}  # fmt: skip
_PROGRESS: dict[Kind, float] = {
    "preparing": 0.0, "early": 0.05, "running": 0.5, "paused": 0.5, "finished": 1.0, "memorising": 0.83, "failed": 0.3,
}  # fmt: skip
STEPS, CHECKS = 300, 12
GUESSING = 3.312
GPT_PROBES = ("ROMEO:", "The king is")
BERT_PROBES = ("The capital of France is [MASK].", "He was ___ in the town.")
_WRITTEN = (
    ":::A3KzV \n,.YrzZGFDfXcBT3elPTJJJ", "\nTheervemsenqerorcorgenis we nor", ":\nAnd, thot V that, ling, a tis ",
    "\nI that your ned you ben is tare", "\nWhose core Go you, low will me ", "\nI hat and hath spormon!\n\nHARTIO",
    "\nThe so ore seem, and my my heart ",
)  # fmt: skip
_GUESSED = ("the", ",", "of", "paris", "town", "born", "city", "france", "and", "##ing")


def make_language_run(
    runs: Path, kind: Kind, family: str = "gpt", probes: tuple[str, ...] | None = None
) -> RunDir:
    """Write a run folder of this kind."""
    asked = probes if probes is not None else (GPT_PROBES if family == "gpt" else BERT_PROBES)
    spec = new_spec(family, "plays.txt", preset="tiny", probes=asked, name=f"{family.upper()} of plays")
    run = create_run(runs, spec)
    writer = EventWriter(run.events_file)
    for event in _story(kind, family, asked):
        writer.write(event)
    writer.close()
    run.worker_file.write_text(json.dumps({"pid": 4242, "attempt": 1}), encoding="utf-8")
    if kind == "finished":
        run.model.mkdir()
        (run.model / "config.json").write_text("{}", encoding="utf-8")
    return run


def language_summary(run: RunDir) -> RunSummary:
    summary = RunSummary(spec=run.read_spec())
    summary.fold(coalesce(EventReader(run.events_file).read_all()))
    return summary


def _story(kind: Kind, family: str, probes: tuple[str, ...]) -> list[ev.Event]:
    told: list[ev.Event] = [
        ev.Starting(attempt=1, pid=4242),
        ev.Started(attempt=1, pid=4242, versions={"torch": "2.13.0"}),
        ev.Phase(name="preparing", text="Learning which tokens the text is made of", fraction=0.6),
    ]
    if kind == "preparing":
        return told
    told += [_resolved(family), ev.Phase(name="training", text="Training")]
    told.append(ev.Baseline(metric="val/loss", value=GUESSING))
    last, every = round(_PROGRESS[kind] * STEPS), STEPS // CHECKS
    for step in range(last + 1):
        if step:
            told.append(_step(step))
        if step % every == 0:
            told += [
                _check(step, kind),
                *(_answer(step, place, name, family) for place, name in enumerate(probes)),
            ]
            told += [_checkpoint(step, kind)] if step else []
    return told + _ending(kind, last)


def _resolved(family: str) -> ev.Resolved:
    is_gpt = family == "gpt"
    values: dict[str, Any] = {
        "model_size": "tiny", "tokenizer": "characters" if is_gpt else "wordpiece", "vocab_size": 8192,
        "block_size": 64, "epochs": 1, "max_steps": STEPS, "global_batch_size": 16, "learning_rate": 0.012,
        "optimizer": "muon", "dropout": 0.0, "workers": 2, "batch_tokens": 1024, "limited_by": "steps",
        "planned_steps": STEPS, "tokens_in_vocabulary": 67 if is_gpt else 2000, "characters": 1_115_394,
        "documents": 7_222, "train_tokens": 1_003_854, "val_tokens": 111_540, "parameters": 824_064,
        "characters_per_token": 1.0 if is_gpt else 3.18,
        "split_sentence": "Whole documents or paragraphs are held out, drawn by the seed.",
    }  # fmt: skip
    return ev.Resolved(values=values, reasons={"optimizer": "It needs fewer steps to the same loss."})


def _step(step: int) -> ev.Steps:
    rate = 0.012 * min(step / 15, 0.5 + 0.5 * math.cos(math.pi * step / STEPS))
    columns: dict[str, list[float | None]] = {
        "lr": [rate], "tokens_per_second": [9_000 + 600 * math.sin(step / 9)], "epoch": [step / 980],
        "tokens": [1024.0 * step], "progress": [step / STEPS],
        "loss": [_loss(step) + 0.06 * math.sin(12.9898 * step * step)], "gradient": [0.8],
    }  # fmt: skip
    return ev.Steps(step=[step], columns=columns)


def _loss(step: int) -> float:
    return 1.88 + 3.0 * math.exp(-step / 14) + 0.62 * math.exp(-step / 110) - 0.62 * math.exp(-step / 3)


def _check(step: int, kind: Kind) -> ev.Evaluated:
    late = 0.004 * max(0, step - 120) if kind == "memorising" else 0.0
    train, val = _loss(step) - late, _loss(step) + 0.05 * (step > 0) + late
    metrics: dict[str, float | None] = {
        "train/loss": train, "val/loss": val, "val/perplexity": math.exp(val),
        "val/bits_per_character": val / math.log(2),
    }  # fmt: skip
    return ev.Evaluated(step=step, epoch=step / 980, metrics=metrics, seconds=0.2)


def _answer(step: int, place: int, name: str, family: str) -> ev.Probe:
    look = round(step / STEPS * CHECKS)
    if family == "gpt":
        text = _WRITTEN[min(look // 2, len(_WRITTEN) - 1)]
        return ev.Probe(step=step, name=name, input=name, kind="continue", answer=text)
    share = 0.02 + 0.05 * look
    tokens = [_GUESSED[(place + rank + look // 3) % len(_GUESSED)] for rank in range(5)]
    answer = [[token, round(share / (1 + rank), 4)] for rank, token in enumerate(tokens)]
    return ev.Probe(step=step, name=name, input=name, kind="fill", answer=answer)


def _checkpoint(step: int, kind: Kind) -> ev.Checkpoint:
    is_best = kind != "memorising" or step <= 125
    return ev.Checkpoint(step=step, path=f"checkpoints/step-{step:08d}", bytes=6_687_620, is_best=is_best)


def _ending(kind: Kind, last: int) -> list[ev.Event]:
    if kind == "paused":
        return [ev.Paused(step=last)]
    if kind == "finished":
        return [ev.Finished(step=last, seconds=71.0, metrics={"val/loss": 1.94})]
    if kind == "failed":
        failure = ev.Failed(
            message=f"The numbers exploded at step {last:,}.",
            detail="The learning rate was too big for this text; the last checkpoint is from before.",
            hint="Go on from it with half the learning rate, or start a new run with it.",
            remedies=[
                {"action": "resume_half_rate", "label": "Go on with half the learning rate", "argument": {}}
            ],
        )
        return [ev.Diverged(step=last, metric="train/loss"), failure]
    return []
