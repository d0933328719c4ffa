"""What a process does that trains together with others and does not lead."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

from ptft_gui.engine.device import has_graphics_card
from ptft_gui.engine.language.building import build_learner
from ptft_gui.engine.language.crew import Crew
from ptft_gui.engine.language.gradient import GradientOfBatch
from ptft_gui.engine.language.known import Known
from ptft_gui.engine.language.optimizers import Optimizers
from ptft_gui.engine.language.tokenizer import open_tokenizer, plan_from_record
from ptft_gui.engine.language.tokens import open_tokens


def follow_leader() -> None:
    """Join, build the same model, and take a share of every step until the leading process ends the work."""
    crew = Crew("cuda" if has_graphics_card() else "cpu")
    try:
        told = crew.tell()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)  # the leading process saves first, then ends the work
        _follow(crew, told)
    finally:
        crew.close()


def _follow(crew: Crew, told: dict[str, Any]) -> None:
    values = dict(told["values"])
    values["device"] = str(crew.device)
    tokenizer = open_tokenizer(Path(told["tokenizer"]), plan_from_record(values["tokenizer_plan"]))
    known = None if told["config"] is None else Known("", told["config"], None)
    learner = build_learner(told["family"], values, tokenizer, open_tokens(Path(told["tokens"])), known)
    crew.batch_size = int(values["global_batch_size"])
    optimizers = Optimizers(learner.model, values["optimizer"], float(values["weight_decay"]), learner.hidden)
    crew.align(learner.model, optimizers)
    gradient = GradientOfBatch(learner, values, crew, lambda size: None)
    learner.model.train()
    longest = float(values["clip"]) or float("inf")
    while (order := crew.next_order()) is not None:
        gradient(learner.batch("train", order.numbers, order.epoch), order.step)
        crew.clip(learner.model, longest)
        optimizers.step(order.rate)
