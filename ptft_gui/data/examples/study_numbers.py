"""The numbers of a table as the window and ``ptft-gui data inspect`` show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST_CLASSES = 200
"""Of a column of names there may be thousands; nobody looks at more than the most frequent ones."""


def study_numbers(result: Mapping[str, Any]) -> dict[str, Any]:
    """What ``study_data`` answers of the record that :meth:`Statistics.result` gives: ``rows tokens types
    length_histogram classes language empty suspicious`` (see :mod:`ptft_gui.core.companion_protocol`)."""
    languages = result.get("language", {"languages": [], "sentence": "", "needs_word_cutting": False})
    first = languages["languages"][0] if languages["languages"] else {"code": "", "name": ""}
    lengths = result.get("lengths", {})
    classes = result.get("classes") or result.get("entities") or {}
    return {
        "rows": dict(result["rows"]),
        "tokens": sum(result.get("tokens", {}).values()),
        "types": result.get("distinct_words", {}).get("count", 0),
        "length_histogram": {key: value for key, value in lengths.items() if key != "quantiles"},
        "classes": {part: counts[:MOST_CLASSES] for part, counts in classes.items()},
        "language": {"code": first["code"], "name": first["name"]} | languages,
        "empty": sum(found["count"] for found in result["empty"].values()),
        "suspicious": result.get("suspicious_rows", {}).get("count", 0),
    }
