"""What a run that learns from labelled rows knows of them: its parts, classes, columns, decisions, corrections."""

from __future__ import annotations

from collections.abc import Mapping

from ptft_gui.core.summary import RunSummary

_MOST_CLASSES = 40
_PARTS = {
    "train": "Rows to train on",
    "val": "Rows that chose the best moment",
    "test": "Rows for the score, read once",
    "unlabelled": "Rows without a label, set aside",
}


def labelled_rows(summary: RunSummary) -> list[tuple[str, str]]:
    """Each fact with its name; none for a run that learns from plain text, and before the rows were read."""
    parts = _mapping(summary, "parts")
    rows = [(name, f"{parts[key]:,}") for key, name in _PARTS.items() if _is_count(parts.get(key))]
    counts = list(_mapping(summary, "label_counts").items())
    if counts:
        more = f", and {len(counts) - _MOST_CLASSES:,} more" if len(counts) > _MOST_CLASSES else ""
        told = ", ".join(f"{label} ({count:,})" for label, count in counts[:_MOST_CLASSES])
        rows.append(("Classes", told + more))
    decisions = summary.spec.data.decisions if summary.spec is not None else {}
    if decisions:
        told = "; ".join(f"{finding}: {choice}" for finding, choice in decisions.items())
        rows.append(("Decisions about the data", told.replace("_", " ").replace("-", " ")))
    if corrected := str(_mapping(summary, "corrections").get("sentence") or ""):
        rows.append(("Corrections by hand", corrected))
    return rows


def _mapping(summary: RunSummary, key: str) -> Mapping[str, object]:
    found = summary.resolved_value(key)
    return found if isinstance(found, Mapping) else {}


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
