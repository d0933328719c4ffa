"""What is looked at while a language model trains: its loss on fixed text, and what it answers to the probes."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ptft_gui.core.errors import ModelError, PtftError, Remedy
from ptft_gui.core.events import Metrics
from ptft_gui.core.probes import LONGEST_PROBE, MOST_PROBES
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS
from ptft_gui.engine.language.batches import Numbers
from ptft_gui.engine.language.learner import Part, TextLearner
from ptft_gui.engine.language.looking import TRAIN_PART
from ptft_gui.engine.language.precision import autocast
from ptft_gui.engine.observation import ObservationBudget
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.scored_looks import ScoredLooks

PERPLEXITY, BITS = "perplexity", "bits_per_character"
_TRIAL_TOKENS = 2048
_MOST_PAIRS = 64
_LARGEST_EXPONENT = 50.0


class Watch(ScoredLooks):
    """Measures on fixed blocks, which ``looked_at_tokens`` of the values limits so that looking stays cheap."""

    def __init__(
        self,
        learner: TextLearner,
        probes: Sequence[str],
        reporter: Reporter,
        values: Mapping[str, Any],
        characters_per_token: float,
    ) -> None:
        self._learner, self._values = learner, values
        self._characters_per_token = characters_per_token
        tokens = int(values["looked_at_tokens"])
        most = max(1, tokens // int(values["block_size"]))
        self._numbers: dict[Part, Numbers] = {
            "train": learner.blocks["train"].spread(max(1, most // TRAIN_PART)),
            "val": learner.blocks["val"].spread(most),
        }
        super().__init__(reporter, probes, ObservationBudget(lambda: reporter.clock.seconds))

    @property
    def has_held_out(self) -> bool:
        return len(self._numbers["val"]) > 0

    def allows_look(self) -> bool:
        """Always: how many looks there are was planned by what they cost."""
        return True

    def start(self, guessing: float) -> None:
        """Say what guessing by frequency alone scores."""
        self._reporter.baseline(self.main_metric, guessing)

    def _measure(self, step: int) -> Metrics:
        metrics: Metrics = {}
        for part, numbers in self._numbers.items():
            if len(numbers):
                name = VAL_LOSS if part == "val" else TRAIN_LOSS
                loss = mean_loss(self._learner, part, numbers, self._values)
                if not math.isfinite(loss):
                    raise diverged(self._reporter, step, name, self._values)
                metrics[name] = loss
        main: Part = "val" if self.has_held_out else "train"
        loss = metrics[f"{main}/loss"] or 0.0
        metrics[f"{main}/{PERPLEXITY}"] = math.exp(min(loss, _LARGEST_EXPONENT))
        metrics |= {f"{main}/{name}": value for name, value in self._more(main).items()}
        if self._learner.probe_kind == "continue":
            metrics[f"{main}/{BITS}"] = loss / math.log(2) / max(self._characters_per_token, 1e-9)
        return metrics

    def _more(self, part: Part) -> dict[str, float]:
        """What the model tells beside its loss, on a part of what is looked at."""
        if not self._values.get("next_sentence"):
            return {}
        self._learner.model.eval()
        try:
            batch = self._learner.batch(part, self._numbers[part][:_MOST_PAIRS], None).to(
                self._learner.device
            )
            with torch.no_grad():
                return self._learner.more_metrics(batch)
        finally:
            self._learner.model.train()

    def _answer(self, step: int, epoch: float, probes: Sequence[str]) -> None:
        self._learner.model.eval()
        try:
            answers = self._learner.answers(probes)
        finally:
            self._learner.model.train()
        for probe, answer in zip(probes, answers, strict=True):
            self._reporter.probe(step, epoch, probe, answer, self._learner.probe_kind)

    def _check_probe(self, text: str) -> None:
        check_probe(text, self._probes, self._learner)


def check_probe(text: str, present: Sequence[str], learner: TextLearner) -> None:
    """Raise ModelError for a probe that cannot be added to those that are there."""
    if len(present) >= MOST_PROBES:
        raise ModelError(
            f"{MOST_PROBES} probes are the most.",
            f"These are followed: {', '.join(present)}.",
            "Ask the model itself, under Try it.",
        )
    told = "It is empty." if not text.strip() else None
    if len(text) > LONGEST_PROBE:
        told = f"It is longer than {LONGEST_PROBE:,} characters."
    told = told or learner.problem_of_probe(text)
    if told is not None:
        raise ModelError("This cannot be a probe.", told, "Give a sentence or the beginning of one.")


def mean_loss(learner: TextLearner, part: Part, numbers: Any, values: Mapping[str, Any]) -> float:
    """The loss a token that is guessed, on these blocks, in nats; without dropout."""
    size = max(1, int(values["micro_batch_size"]))
    learner.model.eval()
    total, count = 0.0, 0
    try:
        for start in range(0, len(numbers), size):
            batch = learner.batch(part, numbers[start : start + size], None).to(learner.device)
            with torch.no_grad(), autocast(learner.device, str(values["precision"])):
                total += float(learner.loss_sum(batch))
            count += batch.count
    finally:
        learner.model.train()
    return total / max(count, 1)


def reading_speed(learner: TextLearner, values: Mapping[str, Any]) -> float:
    """Tokens a second of processor time that a look reads, measured on a few blocks."""
    block = int(values["block_size"])
    numbers = learner.blocks["train"].spread(
        max(1, min(int(values["micro_batch_size"]), _TRIAL_TOKENS // block))
    )
    seconds = []
    for _ in range(3):
        begin = time.thread_time()
        mean_loss(learner, "train", numbers, values)
        seconds.append(time.thread_time() - begin)
    return len(numbers) * block / max(min(seconds), 1e-4)


def diverged(reporter: Reporter, step: int, metric: str, values: Mapping[str, Any]) -> PtftError:
    """Say so in the log; returns the failure to raise."""
    reporter.diverged(step, metric)
    rate = float(f"{float(values['learning_rate']) / 2:.3g}")
    return PtftError(
        f"The numbers exploded at step {step:,}.",
        "The learning rate was too big for this text and these settings; the last checkpoint is from before.",
        "Go on from it with half the learning rate, or start a new run with it.",
        (
            Remedy("resume_half_rate", "Go on with half the learning rate"),
            Remedy("new_run_with", "New run with half the learning rate", {"learning_rate": rate}),
        ),
    )
