"""A command as it is shown: an option a line where they do not fit beside each other, as a shell reads it too."""

from __future__ import annotations

import shlex

_COLUMNS = 46
"""Signs a line: what stands beside the settings in the smallest window."""
_GOES_ON = " \\\n  "


def in_lines(command: str, columns: int = _COLUMNS) -> str:
    """``command`` broken before its options only, each line but the last ending in the sign that it goes on."""
    groups: list[str] = []
    for word in map(shlex.quote, shlex.split(command)):
        if word.startswith("-") or len(groups) == 0:
            groups.append(word)
        else:
            groups[-1] += f" {word}"
    lines: list[str] = []
    for group in groups:
        if lines and len(lines[-1]) + 1 + len(group) <= columns:
            lines[-1] += f" {group}"
        else:
            lines.append(group)
    return _GOES_ON.join(lines)
