"""How long a run lasts, by the speed that a trial measured: to the end of its epochs or steps, or of its time."""

from __future__ import annotations

import time
from collections.abc import Mapping

from ptft_gui.core.family.options import OptionValue
from ptft_gui.engine.schedule import next_time_of_day


def length_of(
    options: Mapping[str, OptionValue], units: float, epochs: float | None, units_per_second: float
) -> tuple[float, float | None]:
    """Minutes of training, and the epochs that pass in them; None where steps are counted instead.

    ``units``: words, tokens, texts or pairs that the epochs or steps come to, chosen or proposed; ``epochs``: those
    epochs. A limit of time takes the place of a proposal; beside a number that was chosen, what comes first counts.
    """
    needed = units / units_per_second / 60
    allowed = _minutes_allowed(options)
    is_chosen = options.get("epochs") is not None or options.get("max_steps") is not None
    if allowed is None or (is_chosen and needed <= allowed):
        return needed, epochs
    return allowed, None if epochs is None else float(f"{epochs * allowed / needed:.2g}")


def _minutes_allowed(options: Mapping[str, OptionValue]) -> float | None:
    """What *Minutes* and *Finish by* leave; None where neither is set."""
    minutes, time_of_day = options.get("max_minutes"), options.get("finish_by")
    limits = [float(minutes)] if isinstance(minutes, int | float) else []
    if isinstance(time_of_day, str):
        limits.append((next_time_of_day(time_of_day) - time.time()) / 60)
    return min(limits, default=None)
