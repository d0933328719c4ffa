"""Numbers in words: three digits that matter, units always, never "NaN" and never "0.0000"."""

from __future__ import annotations

import math

UNKNOWN = "unknown"


def three_digits(value: float | None) -> str:
    """A measured value: 0.853, 0.000023, 2.11, 45.2, 1,240; what is not finite is "unknown"."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    if size >= 1:
        return f"{value:.2f}"
    if size >= 0.001:
        return f"{value:.3f}"
    if size >= 0.000_000_1:
        return f"{value:.{1 - math.floor(math.log10(size))}f}".rstrip("0")
    return "0" if value == 0 else f"{value:.2g}"


_SCORE_WORDS = {"accuracy": "accuracy", "spearman": "the order of the pairs"}


def score_word(name: str) -> str:
    """What a score by which a moment is kept is called in a sentence: accuracy, F1; all kinds of F1 are F1."""
    return _SCORE_WORDS.get(name, "F1" if name.endswith("f1") else name.replace("_", " "))


def sure_text(share: float) -> str:
    """How sure a model is, a share of 1, never as nothing at all."""
    return "< 0.01" if share < 0.01 else f"{share:.2f}"


def count_text(value: float | None) -> str:
    """A number of things, short: 950, 12.4 k, 912 k, 3.1 M, 2.2 G."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= limit:
            scaled = value / {"G": 1e9, "M": 1e6, "k": 1e3}[unit]
            return f"{scaled:.0f} {unit}" if scaled >= 100 else f"{scaled:.1f} {unit}"
    return f"{value:,.0f}"


def bytes_text(value: float | None) -> str:
    """A size: 812 bytes, 4.1 kB, 1.2 GB (powers of 1000)."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    for limit, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= limit:
            return f"{value / limit:.1f} {unit}" if value < 100 * limit else f"{value / limit:.0f} {unit}"
    return f"{value:.0f} bytes"


def duration_text(seconds: float | None) -> str:
    """A length of time with its two largest units: 8 s, 2 min 10 s, 3 h 5 min, 2 days 4 h; at least 1 s."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    whole = max(1 if seconds > 0 else 0, round(seconds))
    for size, name, smaller_size, smaller in (
        (86_400, "day", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= size:
            large, rest = whole // size, whole % size // smaller_size
            name = "days" if name == "day" and large > 1 else name
            return f"{large} {name} {rest} {smaller}" if rest else f"{large} {name}"
    return f"{whole} s"


def age_text(seconds: float) -> str:
    """How long ago: just now, 5 min ago, 3 h ago, 2 days ago."""
    if seconds < 60:
        return "just now"
    for size, name in ((86_400, "day"), (3600, "h"), (60, "min")):
        if seconds >= size:
            large = int(seconds // size)
            return f"{large} {'days' if name == 'day' and large > 1 else name} ago"
    return "just now"


def percent_text(fraction: float | None) -> str:
    """A share: 41 %. Never 100 % before the end."""
    if fraction is None or not math.isfinite(fraction):
        return UNKNOWN
    return f"{100 if fraction >= 1 else min(99, math.floor(max(fraction, 0.0) * 100))} %"
