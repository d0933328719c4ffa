"""One pass over a whole table, kept in the cache: its survey and its statistics.

``cache_dir/studies/<key>/`` holds a file of numbers for each array of the survey, ``lines.npy`` and ``facts.json``.
Another decision or split needs no second pass: both are made from the survey.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.cache import build_whole
from ptft_gui.data.examples.asking import Asked, as_mapping, key_of
from ptft_gui.data.examples.copies import Hashes
from ptft_gui.data.examples.later_label import LaterLabel
from ptft_gui.data.examples.number_files import NumberFile
from ptft_gui.data.examples.repeated_lines import RepeatedLines
from ptft_gui.data.examples.separators import LABEL_JOIN, find_separator
from ptft_gui.data.examples.statistics import Statistics
from ptft_gui.data.examples.survey import NUMBERS, Survey, take_survey
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress
from ptft_gui.data.tables.table import ROW, BadRow, PartKey

STUDY_VERSION = 11
KEPT_STUDIES = 12
KEPT_STUDY_BYTES = 1 << 30
_SAID_EVERY_S = 0.1


@dataclass(frozen=True)
class Study:
    """What one pass told: ``statistics`` is the record of :meth:`Statistics.result`."""

    survey: Survey
    statistics: dict[str, Any]


def study_table(
    asked: Asked,
    cache_dir: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Study:
    """The study of a table, from the cache or by one pass over it. Raises DataError, StoppedByPerson."""
    folder = cache_dir / "studies" / key_of(asked, STUDY_VERSION)
    if (known := open_study(folder)) is not None:
        mark_used(folder)
        return known
    made: list[Study] = []

    def build(temporary: Path) -> None:
        made.append(_pass(asked, temporary, progress, should_stop))
        _write(made[0], temporary)

    build_whole(folder, build, lambda present: open_study(present) is not None)
    keep_newest(folder.parent, KEPT_STUDIES, KEPT_STUDY_BYTES)
    return made[0]


def _pass(asked: Asked, folder: Path, progress: Progress, should_stop: ShouldStop) -> Study:
    fields = asked.fields
    statistics = Statistics(
        {role: role for role in fields.roles},
        asked.task,
        label_separator=_label_separator(asked),
        folder=folder,
    )

    def watch(part: PartKey, read: pl.DataFrame, hashes: Hashes | None) -> None:
        statistics.add(part, _as_texts(read), hashes)

    on_bytes = BytesProgress(asked, "Reading all rows", progress, should_stop)
    later = LaterLabel(asked)
    survey = take_survey(asked.table, fields, on_bytes, should_stop, watch, folder, later.add)
    told = {"later_label": later.found(), "reading": asked.table.late_notices()}
    return Study(survey, statistics.result() | told)


def _as_texts(read: pl.DataFrame) -> pl.DataFrame:
    if "answer_start" not in read.columns:
        return read
    return read.with_columns(pl.col("answer_start").cast(pl.List(pl.String)))


def _label_separator(asked: Asked) -> str | None:
    if "label" not in asked.fields.roles:
        return None
    labels = asked.fields.read(asked.head)["label"].drop_nulls()
    if labels.str.contains(LABEL_JOIN, literal=True).any():
        return LABEL_JOIN
    return find_separator(dict(labels.value_counts().iter_rows())) if asked.task == "multilabel" else None


class BytesProgress:
    """Turns the bytes that were read into progress, a few times a second, and hears a stop."""

    def __init__(self, asked: Asked, text: str, progress: Progress, should_stop: ShouldStop) -> None:
        self._total = sum(part.size_bytes for part in asked.table.parts) or 1
        self._text, self._progress, self._should_stop = text, progress, should_stop
        self._done = 0
        self._last = 0.0

    def __call__(self, count: int) -> None:
        self._done += count
        if self._should_stop():
            raise StoppedByPerson
        now = time.monotonic()
        if now - self._last >= _SAID_EVERY_S:
            self._last = now
            self._progress(self._text, min(self._done / self._total, 1.0))


def _write(study: Study, folder: Path) -> None:
    survey = study.survey
    np.save(folder / "lines.npy", survey.lines.hashes)
    facts = {
        "task": survey.task,
        "sizes": survey.sizes,
        "numbers": {name: file.facts() for name, file in _files_of(survey).items()},
        "labels": survey.labels,
        "has_said_parts": survey.has_said_parts,
        "bad_row_count": survey.bad_row_count,
        "bad_rows": [asdict(row) for row in survey.bad_rows],
        "lines": {name: getattr(survey.lines, name) for name in ("share", "count", "is_whole")},
        "statistics": study.statistics,
    }
    (folder / "facts.json").write_text(
        json.dumps(facts, ensure_ascii=False, allow_nan=False), encoding="utf-8"
    )


def _files_of(survey: Survey) -> dict[str, NumberFile]:
    files = {name: getattr(survey, name) for name in (*NUMBERS, "copies")}
    is_own = survey.groups[0] is not survey.copies
    return files | ({f"group{place}": each for place, each in enumerate(survey.groups)} if is_own else {})


def open_study(folder: Path) -> Study | None:
    """A study in the cache; None where it is absent or not whole."""
    try:
        facts = as_mapping(json.loads((folder / "facts.json").read_text(encoding="utf-8")))
        files = {name: NumberFile.reopen(folder, name, told) for name, told in facts["numbers"].items()}
        groups = tuple(files[name] for name in files if name.startswith("group"))
        first, second, third = facts["sizes"]
        survey = Survey(
            task=facts["task"],
            sizes=(first, second, third),
            copies=files["copies"],
            groups=groups or (files["copies"],),
            labels=facts["labels"],
            has_said_parts=facts["has_said_parts"],
            bad_row_count=facts["bad_row_count"],
            bad_rows=[BadRow(**row) for row in facts["bad_rows"]],
            lines=RepeatedLines(hashes=np.load(folder / "lines.npy", allow_pickle=False), **facts["lines"]),
            **{name: files[name] for name in NUMBERS},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Study(survey, facts["statistics"])


def mark_used(folder: Path) -> None:
    """The time of a folder says when it was used last."""
    with contextlib.suppress(OSError):
        os.utime(folder)


def keep_newest(parent: Path, count: int, most_bytes: int | None = None) -> None:
    """Remove the folders that were used longest ago, so that the cache stays small; each can be made again.

    The newest one stays, whatever ``most_bytes`` all may have together.
    """
    with contextlib.suppress(OSError):
        folders = [path for path in parent.iterdir() if not path.name.startswith(".")]
        reached = 0
        for place, path in enumerate(sorted(folders, key=lambda each: each.stat().st_mtime, reverse=True)):
            reached += sum(file.stat().st_size for file in path.iterdir())
            if place >= count or (place and most_bytes is not None and reached > most_bytes):
                shutil.rmtree(path, ignore_errors=True)


def check_same_rows(survey: Survey, first: int, read: pl.DataFrame, title: str) -> None:
    """Raise DataError where a second pass does not meet the rows of the first."""
    rows = read[ROW].to_numpy()
    if not np.array_equal(survey.row[first : first + len(rows)], rows):
        raise changed_while_read(title)


def changed_while_read(title: str) -> DataError:
    """A file that became another one between two passes, in words."""
    return DataError(
        f"{title} changed while it was read.",
        "Its rows are no longer those that were counted.",
        "Wait until nobody writes to it, and start again.",
    )
