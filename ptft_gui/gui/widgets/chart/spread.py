"""Puts labels side by side without overlap, each as near as possible to where it wants to be."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions at least ``gap`` apart within ``low`` and ``high``, in the order of ``wanted``.

    Labels that would overlap form a group around the mean of what they want; a group is pushed inside the limits as a
    whole. Where there is not room for all, they start at ``low`` and go past ``high``.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    groups: list[list[int]] = []
    for index in order:
        groups.append([index])
        while len(groups) > 1 and _start(groups[-1], wanted, gap, low, high) < _end(
            groups[-2], wanted, gap, low, high
        ):
            groups[-2:] = [groups[-2] + groups[-1]]
    positions = [0.0] * len(wanted)
    for group in groups:
        start = _start(group, wanted, gap, low, high)
        for place, index in enumerate(group):
            positions[index] = start + place * gap
    return positions


def _start(group: list[int], wanted: Sequence[float], gap: float, low: float, high: float) -> float:
    """Where the first label of ``group`` stands."""
    length = (len(group) - 1) * gap
    centre = sum(wanted[i] for i in group) / len(group)
    return max(min(centre - length / 2, high - length), low)


def _end(group: list[int], wanted: Sequence[float], gap: float, low: float, high: float) -> float:
    """Where the next label after ``group`` may stand."""
    return _start(group, wanted, gap, low, high) + len(group) * gap
