"""What a run will cost, computed from the settings, the text and a measured speed; never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.proposals import Proposal
from ptft_gui.gui.panels.new_run.facts import DatasetFacts

Values = Mapping[str, OptionValue]


@dataclass(frozen=True)
class Estimate:
    """``words_read``: words trained on in all; ``vocabulary``: words kept, at most. None is "not known"."""

    epochs: int | None = None
    words_read: int | None = None
    seconds: float | None = None
    vocabulary: int | None = None


def estimate(
    options: Values,
    proposals: Mapping[str, Proposal],
    facts: DatasetFacts,
    words_per_second: float | None,
    now: datetime,
    reads_text_each_epoch: bool = True,
) -> Estimate:
    """The cost of a run with ``options``, where "automatic" is what ``proposals`` say.

    Of a family that does not read the text in each epoch no number of words and, from the words, no time is told.
    """
    values = {**options, **{k: p.value for k, p in proposals.items() if options.get(k) is None}}
    limit = time_limit_seconds(options, now)
    is_limited_otherwise = limit is not None or options.get("max_steps") is not None
    epochs = _whole((options if is_limited_otherwise else values).get("epochs"))
    lengths = _lengths_in_words(epochs, _whole(options.get("max_steps")), values, facts.tokens)
    if limit is not None and words_per_second:
        lengths.append(round(limit * words_per_second))
    words = min(lengths, default=None) if reads_text_each_epoch else None
    seconds = words / words_per_second if words and words_per_second else limit
    min_count = _whole(values.get("min_count"))
    vocabulary = facts.types_with(min_count) if min_count else None
    return Estimate(None if is_limited_otherwise else epochs, words, seconds, vocabulary)


def measured_speed(options: Values, speeds: Mapping[str, float]) -> float | None:
    """The words a second of the trainer that these settings lead to, of those that have been measured here."""
    is_gensim = options.get("trainer") == "gensim" or bool(options.get("hs"))
    return speeds.get("gensim" if is_gensim else "fast")


def time_limit_seconds(options: Values, now: datetime) -> float | None:
    """How long the run may last by *Minutes* or *Finish by*; None where neither is set."""
    minutes, finish_by = options.get("max_minutes"), options.get("finish_by")
    if isinstance(minutes, int | float):
        return float(minutes) * 60
    if isinstance(finish_by, str) and (end := next_time_of_day(finish_by, now)) is not None:
        return (end - now).total_seconds()
    return None


def next_time_of_day(text: str, now: datetime) -> datetime | None:
    """When it will next be ``text`` o'clock, as in 08:00; None for what is no time of day."""
    try:
        clock = datetime.strptime(text.strip(), "%H:%M").time()
    except ValueError:
        return None
    end = datetime.combine(now.date(), clock)
    return end if end > now else end + timedelta(days=1)


def _lengths_in_words(epochs: int | None, steps: int | None, values: Values, tokens: int) -> list[int]:
    batch = _whole(values.get("batch_words"))
    lengths = [epochs * tokens] if epochs and tokens else []
    return [*lengths, steps * batch] if steps and batch else lengths


def _whole(value: OptionValue) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
