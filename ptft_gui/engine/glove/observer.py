"""The counts of a GloVe run, and the fixed pairs of them that it is measured on."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS
from ptft_gui.core.wording import bytes_text
from ptft_gui.engine.glove import pair_cache
from ptft_gui.engine.glove.counting import Window, count_pairs
from ptft_gui.engine.glove.loss import CostProbe, draw_probe, weighting_of
from ptft_gui.engine.glove.model import GloveModel
from ptft_gui.engine.glove.pair_cache import keep_pairs, key_of, open_pairs
from ptft_gui.engine.glove.pairs import TrainingPairs, gather_pairs
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.text import TrainingText
from ptft_gui.engine.vector_run import heed_stop
from ptft_gui.engine.vocabulary import no_neighbours

_BYTES_A_PAIR_ON_DISK = 40
"""Counted, dealt out and joined: 16 bytes and twice 12."""


def count_text(
    text: TrainingText,
    model: GloveModel,
    values: Mapping[str, Any],
    folder: Path,
    reporter: Reporter,
    is_held_out: bool = False,
) -> TrainingPairs:
    """Count the pairs of the training text, or of the held-out text, and shuffle them; or take those counted before.

    Raises PtftError for a budget that is too small and for a full disk, StoppedByPerson.
    """
    budget = int(values["memory_mb"]) << 20
    key = key_of(values, text.facts, model.words, is_held_out)
    if (kept := open_pairs(key)) is not None:
        return kept
    if not is_held_out:
        _tell_about_room(text.train_tokens, len(model.words), values, folder, reporter)
    begin = time.monotonic()
    pairs = _count(text, model, values, folder, reporter, is_held_out, budget)
    if time.monotonic() - begin >= pair_cache.LEAST_SECONDS:
        keep_pairs(key, pairs)
    return pairs


def _tell_about_room(
    tokens: int, words: int, values: Mapping[str, Any], folder: Path, reporter: Reporter
) -> None:
    """Say before counting that the disk could become full; at most so many pairs meet, mostly far fewer."""
    most = min(tokens * int(values["window"]), words * (words + 1) // 2)
    if most * _BYTES_A_PAIR_ON_DISK <= int(values["memory_mb"]) << 20:
        return
    free = shutil.disk_usage(folder).free
    if most * _BYTES_A_PAIR_ON_DISK > free:
        reporter.notice(
            "disk",
            "The counts of word pairs may not fit on the disk.",
            f"There are at most {most:,} pairs, which take up to {bytes_text(most * _BYTES_A_PAIR_ON_DISK)}; "
            f"{bytes_text(free)} are free.",
            "A smaller window or a higher minimum count leaves fewer pairs.",
            is_warning=True,
        )


def _count(
    text: TrainingText,
    model: GloveModel,
    values: Mapping[str, Any],
    folder: Path,
    reporter: Reporter,
    is_held_out: bool,
    budget: int,
) -> TrainingPairs:
    sentences = text.val_sentences() if is_held_out else text.train_sentences()
    whole = max(int(text.facts["tokens"]) - text.train_tokens if is_held_out else text.train_tokens, 1)
    told = (
        "Counting how often words meet in the held-out text"
        if is_held_out
        else "Counting how often words meet"
    )

    def progress(words: int) -> bool:
        reporter.phase("counting", told, min(1.0, words / whole))
        return reporter.hold_or_stop()

    index = {word: row for row, word in enumerate(model.words)}
    window = Window(values["window"], values["symmetric"])
    counts = count_pairs(sentences, index, window, budget, folder, values["workers"], progress)
    if counts is None:
        raise StoppedByPerson
    reporter.phase("shuffling", "Shuffling the counted pairs")
    is_reference = bool(values["reference"])
    return gather_pairs(counts, values["seed"], budget, folder, lambda: heed_stop(reporter), is_reference)


def draw_probes(
    pairs: TrainingPairs, held_out: TrainingPairs, text: TrainingText, values: Mapping[str, Any]
) -> dict[str, CostProbe]:
    """Fixed pairs of the training text and of the held-out text, if any. Raises DataError when there are none."""
    weighting = weighting_of(values)
    train = draw_probe(pairs, weighting)
    if train is None:
        raise no_neighbours()
    held_out_tokens = max(int(text.facts["tokens"]) - text.train_tokens, 1)
    val = draw_probe(held_out, weighting, text.train_tokens / held_out_tokens)
    return {TRAIN_LOSS: train} if val is None else {TRAIN_LOSS: train, VAL_LOSS: val}
