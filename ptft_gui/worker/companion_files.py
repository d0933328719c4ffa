"""What is too much for a line of JSON travels as files in the companion's private folder."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

_LINE_ENDS = str.maketrans("\r\n", "  ")


@dataclass(frozen=True)
class Lines:
    """Words that travel as a UTF-8 file, one a line, each line ended by a line feed alone."""

    words: list[str]


def with_files(value: Any, folder: Path) -> Any:
    """``value`` with every array and list of words as a file: ``{"npy": PATH}``, ``{"lines": PATH}``."""
    if isinstance(value, np.ndarray):
        path = folder / f"{uuid.uuid4().hex}.npy"
        np.save(path, value, allow_pickle=False)
        return {"npy": str(path)}
    if isinstance(value, Lines):
        path = folder / f"{uuid.uuid4().hex}.txt"
        with path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.writelines(f"{word.translate(_LINE_ENDS)}\n" for word in value.words)
        return {"lines": str(path)}
    if isinstance(value, dict):
        return {key: with_files(item, folder) for key, item in value.items()}
    return [with_files(item, folder) for item in value] if isinstance(value, list | tuple) else value


def clear_files(value: Any) -> None:
    """Remove the files that ``value``, as :func:`with_files` gave it, speaks of."""
    if isinstance(value, dict) and set(value) in ({"npy"}, {"lines"}):
        Path(str(*value.values())).unlink(missing_ok=True)
    elif isinstance(value, dict):
        for item in value.values():
            clear_files(item)
    elif isinstance(value, list):
        for item in value:
            clear_files(item)
