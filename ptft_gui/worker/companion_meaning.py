"""What the companion answers about meaning: maps, axes, planes, and what differs between two models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import PtftError
from ptft_gui.inspection.axes import USUAL_WORDS, Axis, place_on_axes
from ptft_gui.inspection.changes import find_changes
from ptft_gui.inspection.comparison import compare_neighbours
from ptft_gui.inspection.embedding import warm_up
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.neighbours import Neighbour
from ptft_gui.inspection.plane import plane_of_sum, plane_of_words
from ptft_gui.inspection.projection import METHODS, MapRequest, map_words
from ptft_gui.inspection.word_column import read_word_column
from ptft_gui.worker.companion_arguments import Arguments
from ptft_gui.worker.companion_files import Lines

Result = dict[str, Any]
Open = Callable[[str], OpenedModel]
"""Opens the model that an argument names."""


def answer_map(open_model: Open, arguments: Arguments) -> Result:
    question = arguments.question
    request = MapRequest(
        arguments.choice("method", METHODS),  # type: ignore[arg-type]
        arguments.number("dimensions", 2),
        tuple(arguments.optional_texts("words") or ()),
        arguments.optional_number("sample"),
        arguments.number("clusters", 8),
        arguments.number("seed", 1),
    )
    found = map_words(open_model("model"), request, question.progress, question.should_stop)
    drawn = found.drawn
    return {
        "words": Lines(found.words),
        "positions": drawn.positions,
        "counts": found.counts,
        "clusters": drawn.clusters,
        "cluster_names": drawn.names,
        "shown": len(found.words),
        "of": found.of,
        "sentence": found.sentence,
        "method": drawn.method,
        "dimensions": request.dimensions,
        "explained": drawn.explained,
        "seconds": drawn.seconds,
        "unknown": found.unknown,
    }


def answer_warm_maps(_: Open, arguments: Arguments) -> Result:
    """Compile UMAP while nobody waits for it: the first map of that kind takes half a minute less then."""
    return {"is_done": warm_up(arguments.question.should_stop)}


def answer_axes(open_model: Open, arguments: Arguments) -> Result:
    axes = [_axis(record) for record in arguments.records("axes")]
    model = open_model("model")
    placed = place_on_axes(
        model, axes, arguments.optional_texts("words"), arguments.number("topn", USUAL_WORDS)
    )
    words = [model.vectors.words[row] for row in placed.rows]
    return {
        "words": words if len(words) <= MOST_WORDS_IN_A_LINE else Lines(words),
        "values": placed.values,
        "counts": model.vectors.counts[placed.rows],
        "names": [axis.names for axis in axes],
        "ends": placed.ends,
        "unknown": placed.unknown,
        "sentence": placed.sentence,
    }


MOST_WORDS_IN_A_LINE = 1_000


def _axis(record: dict[str, Any]) -> Axis:
    ends = [record.get(key) for key in ("negative", "positive")]
    for end in ends:
        if not isinstance(end, list) or not all(isinstance(word, str) for word in end):
            raise PtftError('An axis needs "negative" and "positive", each a list of words.')
    return Axis(tuple(ends[0] or ()), tuple(ends[1] or ()))


def answer_plane(open_model: Open, arguments: Arguments) -> Result:
    words = arguments.optional_texts("words")
    model = open_model("model")
    plane = plane_of_words(model, words) if words else plane_of_sum(model, arguments.text("text"))
    return {
        "points": [list(point) for point in plane.points],
        "target": plane.target,
        "arrows": plane.arrows,
        "share": round(plane.share, 4),
        "unknown": plane.unknown,
        "sentence": plane.sentence,
    }


def answer_compare_models(open_model: Open, arguments: Arguments) -> Result:
    text, topn = arguments.text("text"), arguments.number("topn", 10)
    found = compare_neighbours(open_model("model"), open_model("other"), text, topn)
    return {
        "words": list(found.words),
        "here": as_rows(found.here),
        "there": as_rows(found.there),
        "shared": found.shared,
        "missing": found.missing,
        "sentence": found.sentence,
    }


def answer_changes(open_model: Open, arguments: Arguments) -> Result:
    question = arguments.question
    found = find_changes(
        open_model("model"),
        open_model("other"),
        min(arguments.number("topn", 100), MOST_WORDS_IN_A_LINE),
        arguments.optional_number("min_count"),
        arguments.choice("sort", ("most", "least")),
        question.progress,
        question.should_stop,
    )
    return {
        "rows": [[row.word, row.change, row.count, row.before, row.after] for row in found.rows],
        "common": found.common,
        "judged": found.judged,
        "only_here": found.only_after,
        "only_there": found.only_before,
        "new_words": found.new_words,
        "min_count": found.min_count,
        "usual": round(found.usual, 4),
        "sentence": found.sentence,
    }


def answer_word_column(open_model: Open, arguments: Arguments) -> Result:
    question = arguments.question
    model = open_model("model")
    found = read_word_column(
        model,
        Path(arguments.text("path")).expanduser(),
        arguments.optional_text("column"),
        arguments.optional_text("word_column"),
        question.progress,
        question.should_stop,
    )
    return {
        "words": Lines([model.vectors.words[row] for row in found.rows.tolist()]),
        "values": found.values,
        "kind": found.kind,
        "categories": found.categories,
        "columns": found.columns,
        "word_column": found.word_column,
        "column": found.column,
        "found": len(found.rows),
        "of": found.of,
        "sentence": found.sentence,
    }


MEANING_ANSWERS: dict[str, Callable[[Open, Arguments], Result]] = {
    "map": answer_map,
    "warm_maps": answer_warm_maps,
    "axes": answer_axes,
    "plane": answer_plane,
    "compare_models": answer_compare_models,
    "changes": answer_changes,
    "word_column": answer_word_column,
}


def as_rows(neighbours: list[Neighbour]) -> list[list[Any]]:
    """Neighbours as plain data, the cosine with four digits."""
    return [[found.word, round(found.similarity, 4), found.count] for found in neighbours]
