"""``ptft-gui train --dry-run``: what a run would take, in words or as one line of JSON."""

from __future__ import annotations

from ptft_gui.cli.output import print_json
from ptft_gui.core.fit import Estimate
from ptft_gui.core.wording import bytes_text, count_text, duration_text
from ptft_gui.inspection.dry_run import dry_run as dry_run


def print_estimate(estimate: Estimate, as_json: bool) -> None:
    """The estimate in words, or as one line of JSON."""
    if as_json:
        print_json(estimate.as_dict())
        return
    epochs = f", {estimate.epochs:g} epochs" if estimate.epochs else ""
    speeds = {
        "words": estimate.words_per_second,
        "pairs": estimate.pairs_per_second,
        "texts": estimate.texts_per_second,
        "tokens": estimate.tokens_per_second,
    }
    unit, speed = next(((unit, speed) for unit, speed in speeds.items() if speed), ("words", 0.0))
    size = round(estimate.seconds_per_step * speed)
    counted = "tokens" if unit == "tokens" else "words"
    print(
        f"About {duration_text(estimate.minutes * 60)} of training{epochs}, at "
        f"{count_text(speed)} {unit} a second ({estimate.seconds_per_step:.2g} s a step of "
        f"{size:,} {unit})."
    )
    print(
        f"{estimate.vocabulary_size:,} {counted}, {count_text(estimate.parameters)} numbers to learn, "
        f"{bytes_text(estimate.peak_memory_bytes)} of memory. Measured on {estimate.measured_steps} steps."
    )
