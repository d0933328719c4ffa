"""What the program proposes where a person left an option of a fine-tuning *automatic*: pure functions of few facts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ptft_gui.core.family.definition import FROZEN, FULL
from ptft_gui.core.family.finetune import POOLED_TASKS
from ptft_gui.core.family.methods import LORA, TOP_LAYERS
from ptft_gui.core.proposals import Proposal, propose_workers

RATES = {FULL: 1e-4, TOP_LAYERS: 2e-4, LORA: 1e-3, FROZEN: 5e-4}
"""For a model of a width of 384. What is proposed falls with the square root of the width."""
RANDOM_RATE = 3e-4
_WIDTH_OF_RATES = 384
_EPOCHS = {"tiny": 1, "quick": 2, "balanced": 3, "best": 5}
_FROZEN_EPOCHS = {"tiny": 20, "quick": 20, "balanced": 40, "best": 60}
_FEWEST_FROZEN_STEPS, _MOST_FROZEN_EPOCHS = 2000, 100
_PATIENCE, _FROZEN_PATIENCE = 3, 8
_FEWEST_STEPS = {"tiny": 60, "quick": 150, "balanced": 300, "best": 600}
_MOST_EPOCHS = 30
_USUAL_BATCH, _SMALL_BATCH, _FEW_ROWS = 32, 16, 1000
_LENGTH_STEP, _LONGEST_USUAL = 8, 256


@dataclass(frozen=True)
class ExampleFacts:
    """``rows`` to learn from, and how many tokens they have: nearly all of them at most ``common_length``."""

    rows: int
    common_length: int


@dataclass(frozen=True)
class StartFacts:
    """``longest``: the most tokens that the start reads; ``width``: how many numbers describe a token in it."""

    longest: int
    width: int
    pooling: str
    pooling_reason: str
    is_random: bool = False


def propose_length(task: str, facts: ExampleFacts, start: StartFacts) -> Proposal:
    """As long as nearly all of the texts, at most what the start reads and what is usual."""
    usual = 384 if task == "question-answering" else _LONGEST_USUAL
    most = min(start.longest, usual)
    wanted = max(_LENGTH_STEP * 2, -(-facts.common_length // _LENGTH_STEP) * _LENGTH_STEP)
    if wanted <= most:
        return Proposal(wanted, f"Nearly all of the texts have {facts.common_length:,} tokens or fewer.")
    why = (
        f"the start reads no more than {most:,} at once"
        if most == start.longest
        else "twice as long takes more than twice"
    )
    return Proposal(most, f"Some texts have {facts.common_length:,} tokens and more; {why}.")


def propose_batch(facts: ExampleFacts) -> Proposal:
    if facts.rows < _FEW_ROWS:
        return Proposal(_SMALL_BATCH, f"With {facts.rows:,} rows small batches give enough corrections.")
    return Proposal(_USUAL_BATCH, "The usual number.")


def propose_rate(method: str, start: StartFacts) -> Proposal:
    """By the method: what is already known is moved carefully, what is new may move fast."""
    share = math.sqrt(_WIDTH_OF_RATES / max(start.width, 64))
    if start.is_random and method != FROZEN:
        return Proposal(_rounded(RANDOM_RATE * share), "Random numbers have far to go.")
    rate = RATES.get(method, RATES[FULL]) * (1.0 if method == FROZEN else share)
    reason = {
        FULL: "Usual where all of a model of this size learns.",
        TOP_LAYERS: "Usual where the upper layers alone learn.",
        LORA: "Usual for added pieces: ten times that of full fine-tuning.",
        FROZEN: "Usual where only the new layer learns.",
    }[method]
    return Proposal(_rounded(rate), reason)


def propose_epochs(preset: str, method: str, rows: int, batch: int) -> Proposal:
    """By the preset; few rows are gone through more often, or little would be learned from them."""
    if method == FROZEN:
        usual = _FROZEN_EPOCHS.get(preset, _FROZEN_EPOCHS["quick"])
        needed = math.ceil(_FEWEST_FROZEN_STEPS / max(1, math.ceil(rows / batch)))
        epochs = min(max(usual, needed), _MOST_FROZEN_EPOCHS)
        return Proposal(epochs, "An epoch takes a moment; the best one on held-out texts is kept.")
    usual = _EPOCHS.get(preset, _EPOCHS["quick"])
    steps = max(1, math.ceil(rows / batch))
    needed = math.ceil(_FEWEST_STEPS.get(preset, _FEWEST_STEPS["quick"]) / steps)
    if needed > usual:
        epochs = min(needed, _MOST_EPOCHS)
        return Proposal(epochs, f"{rows:,} rows are few, so they are gone through more often.")
    return Proposal(usual, "Usual; the best moment on held-out texts is kept.")


def _propose_patience(method: str) -> Proposal:
    if method == FROZEN:
        return Proposal(_FROZEN_PATIENCE, "An epoch takes a moment and moves little.")
    return Proposal(_PATIENCE, "The usual number of checks.")


def propose_tuning(
    preset: str, task: str, method: str, facts: ExampleFacts, start: StartFacts, batch: int | None = None
) -> dict[str, Proposal]:
    """Proposals for every automatic option but the precision, which is measured."""
    proposed_batch = propose_batch(facts)
    size = batch or int(proposed_batch.value)
    pooling = {"pooling": Proposal(start.pooling, start.pooling_reason)} if task in POOLED_TASKS else {}
    return {
        "block_size": propose_length(task, facts, start),
        "global_batch_size": proposed_batch,
        "learning_rate": propose_rate(method, start),
        "epochs": propose_epochs(preset, method, facts.rows, size),
        "early_stopping": _propose_patience(method),
        **pooling,
        "workers": propose_workers(),
    }


def _rounded(rate: float) -> float:
    return float(f"{rate:.2g}")
