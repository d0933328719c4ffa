"""What a run that learned a task leaves to be looked at: its scores, its confusion matrix, and single answers."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ptft_gui.core.corrections import fingerprint_of
from ptft_gui.core.errors import DataError, ModelError
from ptft_gui.core.rundir import PREDICTIONS_FILE, RunDir
from ptft_gui.inspection.corrected import text_of
from ptft_gui.inspection.evaluation_file import read_evaluation

MOST_ROWS = 500
_SHOWN_SIGNS = 2_000


def task_report(run: RunDir) -> dict[str, Any]:
    """The content of ``evaluation.json``; raises :class:`ModelError` for a run that left none, or a damaged one."""
    return read_evaluation(run, _check, "a run that sorts texts into classes")


def _check(report: dict[str, Any]) -> None:
    labels = report["labels"]
    if not isinstance(labels, list):
        raise ValueError("labels is no list")
    for part in ("val", "test"):
        if part in report and "matrix" in report[part]:  # several labels and numbers have none
            _check_matrix(report[part]["matrix"], len(labels))


def _check_matrix(matrix: Any, classes: int) -> None:
    if len(matrix) != classes or any(len(row) != classes for row in matrix):
        raise ValueError("the matrix has another size than the list of labels")


def answered_rows(
    run: RunDir, part: str, label: str | None = None, predicted: str | None = None, limit: int = 100
) -> dict[str, Any]:
    """Rows of one part: those of a true label that were answered so, else the mistakes it was surest of.

    ``rows``: ``[[row, text, label, predicted, score, key, fingerprint, was], ...]``, the surest first, at most
    ``limit``; key and fingerprint name the row in a correction, ``was`` is the label of the file. ``count``: how many
    there are. Raises :class:`ModelError`.
    """
    limit = max(1, min(limit, MOST_ROWS))
    count = 0
    kept: list[tuple[float, int, list[Any]]] = []
    for number, record in enumerate(_records(run)):
        if not _is_wanted(record, part, label, predicted):
            continue
        count += 1
        row = [record["row"], text_of(record)[:_SHOWN_SIGNS], record["label"], record["predicted"]]
        row += [float(record["score"]), *named_row(record), record.get("label_given", record["label"])]
        entry = (float(record["score"]), -number, row)
        heapq.heappush(kept, entry) if len(kept) < limit else heapq.heappushpop(kept, entry)
    return {"rows": [row for _, _, row in sorted(kept, reverse=True)], "count": count}


def named_row(record: dict[str, Any]) -> tuple[int | None, str]:
    """How a correction names the row of an answer: its key and the fingerprint of its texts."""
    return record.get("key"), fingerprint_of(record)


def all_answers(run: RunDir) -> Iterator[dict[str, Any]]:
    """The record of every answer of a run that sorts texts. Raises :class:`ModelError`."""
    return _records(run)


def surest_scores(run: RunDir, part: str) -> Iterator[tuple[float, bool]]:
    """Of each answer of a part how sure it was and whether it was right. Raises :class:`ModelError`."""
    for record in _records(run):
        if record["part"] == part:
            yield float(record["score"]), bool(record["label"] == record["predicted"])


def _is_wanted(record: dict[str, Any], part: str, label: str | None, predicted: str | None) -> bool:
    if record["part"] != part:
        return False
    if label is None:
        return bool(record["label"] != record["predicted"])
    return bool(record["label"] == label and record["predicted"] == predicted)


def _records(run: RunDir) -> Iterator[dict[str, Any]]:
    path: Path = run.path / PREDICTIONS_FILE
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                record = json.loads(line)
                if not {"part", "row", "text", "label", "predicted", "score"} <= set(record):
                    raise DataError(f"line {number} lacks a field")
                yield record
    except FileNotFoundError:
        raise ModelError(
            f"The rows on which {run.title()} was checked are not here.",
            f"There is no {PREDICTIONS_FILE} in its folder; a packed run leaves it out unless it is asked for.",
        ) from None
    except (OSError, ValueError, TypeError, DataError) as problem:
        raise ModelError(
            f"The answers of {run.title()} cannot be read.",
            f"{PREDICTIONS_FILE} is damaged: {str(problem)[:200]}.",
        ) from None
