"""What settings that are fine alone must not be together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ptft_gui.core.errors import SpecError

if TYPE_CHECKING:
    from ptft_gui.core.spec import RunSpec

MAX_WATCHED_WORDS = 10
MOST_WITH_ADDED = 15
"""So many words are watched at most when some were added to a running run."""
_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


def problems_between_options(spec: RunSpec) -> list[SpecError]:
    """Values that contradict each other."""
    problems = []
    options = spec.options
    if options.get("negative") == 0 and options.get("hs") is False:
        problems.append(
            SpecError(
                "With no negative samples and no hierarchical softmax the model has nothing to learn from.",
                hint="Set Negative samples to 5, or turn Hierarchical softmax on.",
                key="negative",
            )
        )
    low, high = options.get("min_learning_rate"), options.get("learning_rate")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        problems.append(
            SpecError(
                f"The last learning rate ({low:g}) is above the learning rate ({high:g}).",
                hint="Make it smaller; a usual value is 0.0001.",
                key="min_learning_rate",
            )
        )
    finish_by = options.get("finish_by")
    if isinstance(finish_by, str) and not _TIME_OF_DAY.fullmatch(finish_by):
        problems.append(
            SpecError(
                f'"{finish_by}" is not a time of day.', hint="Write it as 08:00 or 17:30.", key="finish_by"
            )
        )
    if options.get("early_stopping") and spec.data.val_fraction == 0:
        problems.append(
            SpecError(
                "Stopping early needs held-out text, and none is held out.",
                hint="Set the held-out share above 0, or turn stopping early off.",
                key="early_stopping",
            )
        )
    return problems


def problems_of_watched_words(spec: RunSpec) -> list[SpecError]:
    """Too many of them."""
    if len(spec.watched_words) <= MAX_WATCHED_WORDS:
        return []
    return [
        SpecError(
            f"{len(spec.watched_words)} words are watched; {MAX_WATCHED_WORDS} is the most.",
            hint="Take some away.",
            key="watched_words",
        )
    ]
