"""Answers about meaning for tests of pages: a small map, axes, an analogy's plane, two models compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from ptft_gui.core.errors import ModelError, UnknownWordError

WORDS = [
    "music",
    "folk",
    "poetry",
    "dance",
    "musical",
    "songs",
    "war",
    "army",
    "navy",
    "king",
    "queen",
    "man",
    "woman",
]


def answer_map(arguments: dict[str, Any]) -> dict[str, Any]:
    """A cloud of a few words; those that are wished for are always in it."""
    words = list(dict.fromkeys([*WORDS, *arguments["words"]]))
    n, dimensions = len(words), int(arguments["dimensions"])
    seed = {"pca": 1, "tsne": 2, "umap": 3}[arguments["method"]]
    places = np.random.default_rng(seed).normal(size=(n, dimensions)).astype(np.float32)
    return {
        "words": words,
        "positions": places,
        "counts": np.arange(n, 0, -1, dtype=np.int64) * 10,
        "clusters": (np.arange(n) % 2).astype(np.int32),
        "cluster_names": [["music", "folk", "songs"], ["war", "army", "navy"]],
        "shown": n,
        "of": 8599,
        "sentence": f"{n} of 8,599 words, your words always included.",
        "method": arguments["method"],
        "dimensions": dimensions,
        "explained": 0.31 if arguments["method"] == "pca" else None,
        "seconds": 0.1,
    }


def answer_axes(arguments: dict[str, Any]) -> dict[str, Any]:
    axes = arguments["axes"]
    for axis in axes:
        for word in (*axis["negative"], *axis["positive"]):
            if word == "kingg":
                raise UnknownWordError(
                    '"kingg" is not among the 8,599 words this model knows.',
                    word="kingg",
                    suggestions=("king",),
                )
    words = arguments["words"] or WORDS
    known = [word for word in words if word in WORDS]
    values = np.stack(
        [np.linspace(-0.6, 0.7, len(known)), np.linspace(0.5, -0.4, len(known))], axis=1
    ).astype(np.float32)
    return {
        "words": known,
        "values": values[:, : len(axes)],
        "counts": np.full(len(known), 100, dtype=np.int64),
        "names": [[" ".join(a["negative"]), " ".join(a["positive"])] for a in axes],
        "unknown": [word for word in words if word not in WORDS],
        "sentence": f"{len(known)} words.",
    }


def answer_plane(arguments: dict[str, Any]) -> dict[str, Any]:
    if "kingg" in arguments["text"]:
        raise UnknownWordError('"kingg" is not among the 8,599 words this model knows.', word="kingg")
    points = [
        ["man", 0.0, 0.0, "asked"], ["king", 0.0, 1.0, "asked"], ["woman", 1.0, 0.1, "asked"],
        ["queen", 1.0, 1.0, "answer"], ["prince", 0.3, 0.8, "near"],
    ]  # fmt: skip
    return {
        "points": points,
        "target": [1.0, 1.1],
        "arrows": [[0, 1], [2, 3]],
        "share": 0.82,
        "sentence": "This plane holds 82 % of the distances between these words.",
    }


def answer_compare_models(arguments: dict[str, Any]) -> dict[str, Any]:
    _check_is_there(arguments["other"])
    here = [["folk", 0.71, 88], ["poetry", 0.69, 120], ["dance", 0.67, 64]]
    there: list[list[Any]] = [["songs", 0.81, 51], ["folk", 0.75, 88], ["jazz", 0.7, 22]]
    missing = "there" if arguments["text"] == "sea" else None
    return {
        "words": [arguments["text"]],
        "here": here,
        "there": [] if missing else there,
        "shared": 0 if missing else 1,
        "missing": missing,
        "sentence": "1 of 3 nearest words is the same.",
    }


def answer_changes(arguments: dict[str, Any]) -> dict[str, Any]:
    _check_is_there(arguments["other"])
    near = [["folk", 0.7], ["dance", 0.6]]
    rows = [
        ["war", 0.82, 1320, [["army", 0.6]], [["star", 0.7]]],
        ["music", 0.31, 812, near, near],
        ["=cell", 0.1, 12, near, near],
    ]
    if arguments["sort"] == "least":
        rows.reverse()
    return {
        "rows": rows,
        "common": 8000,
        "only_here": 599,
        "only_there": 12,
        "new_words": ["laptop", "website"],
        "sentence": "8,000 words are in both models.",
    }


def answer_word_column(arguments: dict[str, Any]) -> dict[str, Any]:
    """A file with a rating and a group beside five words."""
    if arguments["path"].endswith("empty.csv"):
        raise ModelError(
            "empty.csv holds words, but no value beside them.", hint="Choose a file with two columns."
        )
    column = arguments.get("column", "rating")
    is_group = column == "group"
    return {
        "words": ["music", "folk", "war", "army", "king"],
        "values": np.array([0, 0, 1, 1, 1] if is_group else [4.5, 4.0, 1.5, 1.0, 2.5], dtype=np.float32),
        "kind": "category" if is_group else "number",
        "categories": ["art", "power"] if is_group else [],
        "columns": ["rating", "group"],
        "word_column": "word",
        "column": column,
        "found": 5,
        "of": 7,
        "sentence": "5 of the 7 words in mine.csv have a value and are in this vocabulary.",
    }


def _check_is_there(other: str) -> None:
    if "gone" in other:
        raise ModelError(f"{other} does not exist.", "Nothing is there any more.", "Choose another model.")


MEANING_ANSWERS = {
    "map": answer_map,
    "warm_maps": lambda _arguments: {"is_done": True},
    "axes": answer_axes,
    "plane": answer_plane,
    "compare_models": answer_compare_models,
    "changes": answer_changes,
    "word_column": answer_word_column,
}
