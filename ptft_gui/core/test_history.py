"""How often the test rows of a run were looked at, and what five runs that test a fifth each found together.

Both are read off the folders of runs beside it, those in the trash included: a number that was seen stays seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ptft_gui.core.data_request import FOLDS
from ptft_gui.core.rundir import EVALUATION_FILE, RunDir
from ptft_gui.core.trash import TRASH

_MOST_SPEC_BYTES = 1 << 22
_MOST_EVALUATION_BYTES = 8 << 20
_SAME_ROWS = ("dataset", "val", "test")
HEADLINES = {
    "multilabel": ("micro_f1", "macro_f1"),
    "pair-similarity": ("spearman", "pearson"),
    "tagging": ("entity_f1", "macro_f1"),
    "question-answering": ("exact_match", "f1"),
    "reply": ("perplexity",),
}
"""The scores of a task that are told first; of classes accuracy and macro F1."""
_OWN_TO_A_RUN = ("name", "watched_words", "probes")


def looks_at_test(run: RunDir) -> int:
    """How many runs have been scored on the test rows of the same data, this one included."""
    ours = _spec(run.path)
    if ours is None:
        return 1
    wanted = _test_rows(ours)
    return max(1, sum(_test_rows(spec) == wanted and _has_test(path) for path, spec in _runs(run)))


def folds_of(run: RunDir) -> dict[str, Any] | None:
    """What the runs of a five-fold test found, of which ``run`` is one or whose settings it has; None without any.

    ``done`` ``of`` ``rows`` (tested in all), of classes ``accuracy`` and ``macro_f1`` (mean over rows and over folds)
    and ``accuracy_range`` ``macro_f1_range``, of another task ``scores``: ``[[name, mean, low, high], ...]``.
    """
    ours = _spec(run.path)
    if ours is None:
        return None
    wanted = _settings(ours)
    newest: dict[int, dict[str, Any]] = {}
    for path, spec in sorted(_runs(run, with_trash=False), key=lambda each: each[0].name):
        fold = _data(spec).get("fold")
        if isinstance(fold, int) and _settings(spec) == wanted and (scores := _test_scores(path)) is not None:
            newest[fold] = scores
    if not newest:
        return None
    names = HEADLINES.get(str(ours.get("task")))
    return _together(list(newest.values())) if names is None else _side_by_side(list(newest.values()), names)


def _together(folds: list[dict[str, Any]]) -> dict[str, Any]:
    accuracies = [float(each["accuracy"]) for each in folds]
    f1s = [float(each["macro_f1"]) for each in folds]
    rows = [int(each["rows"]) for each in folds]
    right = sum(share * count for share, count in zip(accuracies, rows, strict=True))
    return {
        "done": len(folds),
        "of": FOLDS,
        "rows": sum(rows),
        "accuracy": right / max(sum(rows), 1),
        "accuracy_range": [min(accuracies), max(accuracies)],
        "macro_f1": sum(f1s) / len(f1s),
        "macro_f1_range": [min(f1s), max(f1s)],
    }


def _side_by_side(folds: list[dict[str, Any]], names: tuple[str, ...]) -> dict[str, Any]:
    scores = []
    for name in names:
        values = [float(each[name]) for each in folds if each.get(name) is not None]
        if values:
            scores.append([name, sum(values) / len(values), min(values), max(values)])
    rows = sum(int(each["rows"]) for each in folds)
    return {"done": len(folds), "of": FOLDS, "rows": rows, "scores": scores}


def _runs(run: RunDir, with_trash: bool = True) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The folders of the runs beside one, itself included, with their specs."""
    here = run.path.parent
    for folder in (here, here / TRASH) if with_trash else (here,):
        try:
            paths = list(folder.iterdir())
        except OSError:
            continue
        for path in paths:
            if (spec := _spec(path)) is not None:
                yield path, spec


def _spec(path: Path) -> dict[str, Any] | None:
    return _record(path / "spec.json", _MOST_SPEC_BYTES)


def _record(path: Path, most_bytes: int) -> dict[str, Any] | None:
    """What a file of a run holds; None where it is absent, damaged or far too long."""
    try:
        if path.stat().st_size > most_bytes:
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _data(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    data = spec.get("data")
    return data if isinstance(data, dict) else {}


def _test_rows(spec: Mapping[str, Any]) -> tuple[Any, ...]:
    """What decides which rows are tested; the shares that are cut off matter little to that."""
    data = _data(spec)
    roles = data.get("roles")
    split = roles.get("split") if isinstance(roles, dict) else None
    return (spec.get("task"), *(data.get(key) for key in (*_SAME_ROWS, "fold")), split)


def _settings(spec: Mapping[str, Any]) -> dict[str, Any]:
    """All that five runs of one test have in common."""
    kept = {key: value for key, value in spec.items() if key not in _OWN_TO_A_RUN}
    return {**kept, "data": {key: value for key, value in _data(spec).items() if key != "fold"}}


def _has_test(path: Path) -> bool:
    return _test_scores(path) is not None


def _test_scores(path: Path) -> dict[str, Any] | None:
    test = (_record(path / EVALUATION_FILE, _MOST_EVALUATION_BYTES) or {}).get("test")
    if not isinstance(test, dict) or not test.get("rows"):
        return None
    keys = next((names for names in HEADLINES.values() if names[0] in test), ("accuracy", "macro_f1"))
    is_whole = all(isinstance(test.get(key), int | float) for key in (*keys, "rows"))
    return test if is_whole else None
