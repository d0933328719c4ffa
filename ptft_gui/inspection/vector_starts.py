"""What the New run page asks of a start: what it is, and how much of a text's words it knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ptft_gui.core.family.starts import ENOUGH_KNOWN, glance_at
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.spec import DataSpec
from ptft_gui.core.wording import percent_text
from ptft_gui.data.preview import inspect_text
from ptft_gui.data.whole_request import corpus_request
from ptft_gui.engine.initial_plan import data_like_model, share_in
from ptft_gui.engine.vector_files.table import Progress, ShouldStop, never_stop, no_progress
from ptft_gui.inspection.datasets import counted_corpus
from ptft_gui.inspection.model import OpenedModel


def start_facts(
    model: OpenedModel,
    data: DataSpec | None,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> dict[str, Any]:
    """Facts of a start and, with ``data``, how well it fits that text; see :mod:`ptft_gui.core.companion_protocol`.

    A text that is too long to be counted at once is judged by its beginning.
    """
    start = glance_at(model.source)
    facts: dict[str, Any] = {
        "name": start.name,
        "kind": start.kind,
        "family": start.family,
        "words": len(model.vectors),
        "size": int(model.vectors.vectors.shape[1]),
        "dataset_title": start.dataset_title,
        "read_words": start.read_words,
        "notices": list(model.notices),
        "known_share": None,
        "fits": True,
        "sentence": "",
    }
    if data is None:
        return facts
    counts, is_whole = _words_of(data_like_model(data, model.vectors.config), progress, should_stop)
    share = share_in(model.vectors.index, counts)
    fits = share >= ENOUGH_KNOWN
    return {**facts, "known_share": share, "fits": fits, "sentence": _sentence(facts, share, fits, is_whole)}


def _words_of(data: DataSpec, progress: Progress, should_stop: ShouldStop) -> tuple[Mapping[str, int], bool]:
    """How often each word occurs, and whether all of the text was counted."""
    request = corpus_request(data)
    corpus = counted_corpus(request, progress, should_stop)
    if corpus is not None:
        return corpus.word_counts(), True
    seen = inspect_text(request.dataset, cache_dir=cache_folder(), request=request)
    return Counter(word for words in seen["sentences"] for word in words), False


def _sentence(facts: Mapping[str, Any], share: float, fits: bool, is_whole: bool) -> str:
    of = "this text's words" if is_whole else "the words at the beginning of this text"
    known = f"{percent_text(share)} of {of}"
    if fits:
        return f"Fits: it knows {known}; {facts['words']:,} words of {facts['size']:,} numbers come along."
    return (
        f"This start knows {known}. Expect little help from it; better: From nothing, or a start in the language of "
        "your text."
    )
