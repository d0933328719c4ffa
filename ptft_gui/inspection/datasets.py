"""Questions to a text before a run: what it holds, what the program would propose for it, which words to watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ptft_gui.core.datasets import bundled_dataset, dataset_title
from ptft_gui.core.family.registry import WORD2VEC
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.proposals import TextFacts, propose_min_count, propose_word_vector_options
from ptft_gui.core.spec import MAX_WATCHED_WORDS, DataSpec
from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.preview import inspect_text
from ptft_gui.data.request import CorpusRequest
from ptft_gui.data.sources import find_files
from ptft_gui.data.whole_request import corpus_request
from ptft_gui.engine.watched import propose_watched_words
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

COUNTED_BYTES = 30_000_000
"""Texts up to this size are prepared and counted at once, which a run then finds done; larger ones are estimated."""


COUNTED_CHINESE_BYTES = 3_000_000
"""The same for Chinese that is cut into words."""


def inspect_dataset(
    data: DataSpec,
    preset: str = WORD2VEC.default_preset,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> dict[str, Any]:
    """What the New run page and ``data inspect`` tell of a text; see :mod:`ptft_gui.core.companion_protocol`.

    Raises :class:`~ptft_gui.core.errors.DataError`, :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    dataset = data.dataset
    # What a run with the usual settings asks for, so that it finds the text prepared.
    request = corpus_request(data)
    corpus = counted_corpus(request, progress, should_stop)
    seen = inspect_text(request.dataset, cache_dir=cache_folder(), request=request)
    reaching = {int(limit): int(types) for limit, types in seen["types_reaching"].items()}
    facts = TextFacts(int(seen["words"]), reaching)
    proposals = propose_word_vector_options(preset, facts)
    card = bundled_dataset(dataset)
    is_exact = not seen["is_estimate"]
    return {
        "title": dataset_title(dataset),
        "sentence": card.sentence if card else _facts_sentence(seen, is_exact),
        "facts": _facts(seen, is_exact),
        "is_exact": is_exact,
        "preview": [" ".join(words) for words in seen["sentences"]],
        "preparation": dict(seen["preparation"]),
        "proposals": seen["automatic"] | {key: asdict(proposal) for key, proposal in proposals.items()},
        "notices": list(seen["notices"]),
        "watched_words": list(card.watched_words) if card else _telling_words(corpus, seen, facts),
    }


def suggest_words(
    data: DataSpec,
    limit: int = MAX_WATCHED_WORDS,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> dict[str, Any]:
    """Words worth watching in a text, with the sentence that says where they come from."""
    found = inspect_dataset(data, progress=progress, should_stop=should_stop)
    is_bundled = bundled_dataset(data.dataset) is not None
    sentence = (
        "These have clear neighbours in this text."
        if is_bundled
        else "Frequent words of this text that stand for its topics."
    )
    return {"words": found["watched_words"][:limit], "sentence": sentence}


def counted_corpus(
    request: CorpusRequest, progress: Progress, should_stop: ShouldStop
) -> PreparedCorpus | None:
    """The prepared text, made now where that takes a moment only; None for a large one."""
    path = Path(request.dataset).expanduser()
    size = find_files(path).work_bytes if path.exists() else 0
    if size > COUNTED_BYTES or (size > COUNTED_CHINESE_BYTES and _is_cut_slowly(request)):
        return None
    return prepare_corpus(request, cache_folder(), progress, should_stop)


def _is_cut_slowly(request: CorpusRequest) -> bool:
    """Whether Chinese words are told apart: that takes ten times as long as other text."""
    seen = inspect_text(request.dataset, request=request)
    return bool(seen["preparation"]["record"].get("chinese") == "words")


def _facts(seen: Mapping[str, Any], is_exact: bool) -> dict[str, Any]:
    """The numbers that are known; an estimate knows no number of sentences."""
    reaching = {str(limit): types for limit, types in seen["types_reaching"].items()}
    exact = seen.get("facts") or {}
    encodings = [file["encoding"] for file in exact.get("files", [])] or [seen["encoding"]]
    known = {
        "tokens": seen["words"],
        "types_reaching": reaching,
        "bytes": exact.get("bytes", seen.get("bytes")),
        "encodings": list(dict.fromkeys(encodings)),
        "documents": exact.get("documents"),
        "sentences": exact.get("sentences"),
        "types": exact.get("types") or (seen["types_reaching"].get(1) if is_exact else None),
    }
    return {key: value for key, value in known.items() if value is not None}


def _facts_sentence(seen: Mapping[str, Any], is_exact: bool) -> str:
    facts = seen.get("facts")
    if facts:
        return f"{facts['sentences']:,} sentences, {facts['tokens']:,} words, {facts['types']:,} different."
    return f"{'' if is_exact else 'About '}{seen['words']:,} words."


def _telling_words(corpus: PreparedCorpus | None, seen: Mapping[str, Any], facts: TextFacts) -> list[str]:
    """Words to watch in a text of a person's own, only such as the proposed minimum count keeps."""
    if corpus is None:
        return list(seen.get("telling_words", []))[:MAX_WATCHED_WORDS]
    limit, counts = int(propose_min_count(facts).value), corpus.word_counts()
    kept = [word for word in corpus.facts["telling_words"] if counts[word] >= limit]
    return kept[:MAX_WATCHED_WORDS] or propose_watched_words(
        [word for word, count in counts.most_common() if count >= limit]
    )
