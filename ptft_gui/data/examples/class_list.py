"""A file beside a dataset that names its classes: ``classes.txt`` with one name a line says what label 3 means."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ptft_gui.core.errors import DataError
from ptft_gui.data.bytesource import source_of
from ptft_gui.data.naming import is_class_list
from ptft_gui.data.tables.origin import Origin, decoded

_MOST_ENTRIES = 10_000
_MOST_BYTES = 1 << 16
_MOST_NAMES = 1_000
_LONGEST_NAME = 100
_SHOWN_NAMES = 3


class ClassList(NamedTuple):
    """The names in the order of their numbers, and the file they stand in."""

    file: str
    names: tuple[str, ...]


def find_class_list(dataset: Path) -> ClassList | None:
    """The list of classes in a folder, or in the folder that a file lies in; None where there is none."""
    folder = dataset if dataset.is_dir() else dataset.parent
    try:
        with os.scandir(folder) as entries:
            paths = [Path(entry.path) for entry in islice(entries, _MOST_ENTRIES) if _is_list(entry)]
    except OSError:
        return None
    for path in sorted(path for path in paths if path != dataset):
        if names := _names(path):
            return ClassList(path.name, names)
    return None


def _is_list(entry: os.DirEntry[str]) -> bool:
    stem, suffix = os.path.splitext(entry.name)
    is_named = is_class_list(stem) and suffix.lower() in ("", ".txt", ".names")
    return is_named and entry.is_file() and entry.stat().st_size <= _MOST_BYTES


def _names(path: Path) -> tuple[str, ...]:
    """The lines of a file, where each is a name of its own; else none."""
    try:
        origin = Origin(source_of(path))
        samples = origin.samples()
        text = "".join(decoded(samples, origin.scan(samples).encoding))
    except (DataError, OSError):
        return ()
    names = tuple(line.strip() for line in text.splitlines() if line.strip())
    is_list = 2 <= len(names) <= _MOST_NAMES and len(set(names)) == len(names)
    is_list = is_list and max(map(len, names)) <= _LONGEST_NAME and not all(name.isdigit() for name in names)
    return names if is_list else ()


def name_numbers(labels: Iterable[str], names: Sequence[str]) -> dict[str, str]:
    """Labels that are numbers -> the names they stand for; nothing where they do not fit.

    They fit where the first number is 0 or 1 and the last one that of the last name.
    """
    numbers = {label: int(label) for label in labels if label.isascii() and label.isdigit()}
    if not numbers or any(not label.isdigit() for label in labels):
        return {}
    first, last = min(numbers.values()), max(numbers.values())
    if first not in (0, 1) or last - first != len(names) - 1:
        return {}
    return {label: names[number - first] for label, number in numbers.items()}


def named_sentence(file: str, named: dict[str, str]) -> str:
    """ "classes.txt names the labels: 1 is World, 2 is Sports, 3 is Business and 1 more." """
    ordered = sorted(named.items(), key=lambda pair: int(pair[0]))
    shown = ", ".join(f"{label} is {name}" for label, name in ordered[:_SHOWN_NAMES])
    more = f" and {len(ordered) - _SHOWN_NAMES:,} more" if len(ordered) > _SHOWN_NAMES else ""
    return f"{file} names the labels: {shown}{more}."
