"""Lines of a chart as SVG text: no library, no program inside, readable when printed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ptft_gui.core.wording import count_text, three_digits

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 170, 20, 44
_MOST_POINTS = 600
_TICKS = 5
_NAME_GAP = 14
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """One curve: its name, the class that colours it in the page's style, and its points."""

    name: str
    style: str
    x: Floats
    y: Floats


@dataclass(frozen=True)
class Chart:
    """``level``: a dashed line with its name; ``mark``: a point with its word."""

    title: str
    x_title: str
    y_title: str
    lines: tuple[Line, ...]
    level: tuple[str, float] | None = None
    mark: tuple[str, float, float] | None = None


def line_of(name: str, style: str, x: ArrayLike, y: ArrayLike) -> Line:
    """A line without what is not finite, thinned to what a page can show: lows and highs of each stretch stay."""
    steps, values = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    is_there = np.isfinite(steps) & np.isfinite(values)
    return Line(name, style, *_thinned(steps[is_there], values[is_there]))


def _thinned(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if len(x) <= _MOST_POINTS:
        return x, y
    edges = np.linspace(0, len(x), _MOST_POINTS // 2 + 1).astype(int)
    kept: list[int] = []
    for begin, end in pairwise(edges):
        part = y[begin:end]
        kept += sorted({begin + int(part.argmin()), begin + int(part.argmax())})
    kept = sorted({0, *kept, len(x) - 1})
    return x[kept], y[kept]


def chart_svg(chart: Chart) -> str:
    """The chart as one ``<svg>`` element; "" when no line has two points."""
    lines = [line for line in chart.lines if len(line.x) > 1]
    if not lines:
        return ""
    place = _Place(_x_range(lines), _y_range(lines, chart.level))
    level = chart.level if chart.level is not None and place.holds(chart.level[1]) else None
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(_spoken(chart, lines), quote=True)}">',
        *_axes(chart, place),
        *(_level(level, place) if level else ()),
        *(_polyline(line, place) for line in lines),
        *_names(lines, level, place),
        *(_mark(chart.mark, place) if chart.mark else ()),
        "</svg>",
    ]
    return "\n".join(parts)


@dataclass(frozen=True)
class _Place:
    """From values to the page."""

    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def holds(self, value: float) -> bool:
        """Whether a value lies within the chart."""
        return self.y_range[0] <= value <= self.y_range[1]

    def x(self, value: float) -> float:
        low, high = self.x_range
        return _LEFT + (value - low) / (high - low) * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        low, high = self.y_range
        share = min(max((value - low) / (high - low), -0.05), 1.05)
        return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)


def _x_range(lines: Sequence[Line]) -> tuple[float, float]:
    low, high = min(float(line.x[0]) for line in lines), max(float(line.x[-1]) for line in lines)
    return (low, high) if high > low else (low, low + 1.0)


def _y_range(lines: Sequence[Line], level: tuple[str, float] | None) -> tuple[float, float]:
    """Set by the curves after their first spike; a level is shown where it does not squeeze them."""
    values = np.concatenate([line.y for line in lines])
    low, high = float(values.min()), float(np.quantile(values, 0.99))
    high = max(high, *(float(line.y[-1]) for line in lines))
    if level is not None and math.isfinite(level[1]):
        spread = max(high - low, 1e-12)
        if low - spread <= level[1] <= high + spread:
            low, high = min(low, level[1]), max(high, level[1])
    margin = 0.06 * (high - low) or max(abs(high), 1.0) * 0.06
    return low - margin, high + margin


def ticks_between(low: float, high: float, count: int = _TICKS) -> list[float]:
    """Round numbers between two values, about ``count`` of them."""
    rough = (high - low) / count
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _axes(chart: Chart, place: _Place) -> list[str]:
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    parts = []
    ticks = ticks_between(*place.y_range)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    for value in ticks:
        y, text = place.y(value), tick_text(value, step)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{text}</text>')
    for value in ticks_between(*place.x_range):
        x = place.x(value)
        parts.append(
            f'<text class="tick" x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{count_text(value)}</text>'
        )
    parts.append(f'<line class="axis" x1="{_LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>')
    middle = (_LEFT + right) / 2
    parts.append(
        f'<text class="name" x="{middle:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(chart.x_title)}</text>'
    )
    parts.append(f'<text class="name" x="0" y="{_TOP - 8}">{escape(chart.y_title)}</text>')
    return parts


def tick_text(value: float, step: float) -> str:
    """A round number with as many digits as tell it from the next one."""
    digits = max(0, -math.floor(math.log10(step)))
    digits += digits > 0 and round(step * 10**digits, 6) % 1 != 0
    return f"{0.0 if abs(value) < step / 1e6 else value:,.{digits}f}"


def _polyline(line: Line, place: _Place) -> str:
    points = " ".join(f"{place.x(x):.1f},{place.y(y):.1f}" for x, y in zip(line.x, line.y, strict=True))
    return f'<polyline class="curve {escape(line.style, quote=True)}" points="{points}"/>'


def _level(level: tuple[str, float], place: _Place) -> list[str]:
    y = place.y(level[1])
    return [f'<line class="level" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>']


def _names(lines: Sequence[Line], level: tuple[str, float] | None, place: _Place) -> list[str]:
    """Each curve's name at its end, moved apart where two ends are close."""
    wanted = [(place.y(float(line.y[-1])), line.name, line.style) for line in lines]
    if level is not None:
        wanted.append((place.y(level[1]), level[0], "level-name"))
    parts, lowest = [], float("-inf")
    for y, name, style in sorted(wanted):
        lowest = max(y, lowest + _NAME_GAP)
        parts.append(
            f'<text class="end {escape(style, quote=True)}" x="{WIDTH - _RIGHT + 8}" y="{lowest + 4:.1f}">'
            f"{escape(name)}</text>"
        )
    return parts


def _mark(mark: tuple[str, float, float], place: _Place) -> list[str]:
    word, x, y = mark[0], place.x(mark[1]), place.y(mark[2])
    anchor = "end" if x > (WIDTH - _RIGHT) * 0.8 else "start"
    shift = -8 if anchor == "end" else 8
    return [
        f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="4"/>',
        f'<text class="tick" x="{x + shift:.1f}" y="{y - 10:.1f}" text-anchor="{anchor}">{escape(word)}</text>',
    ]


def _spoken(chart: Chart, lines: Sequence[Line]) -> str:
    ends = ", ".join(
        f"{line.name} from {three_digits(line.y[0])} to {three_digits(line.y[-1])}" for line in lines
    )
    return f"{chart.title}: {ends}"
