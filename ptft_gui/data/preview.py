"""A quick look at a text before a run: what it is, how it would be prepared, what to know about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path
from typing import Any

from ptft_gui.data.beginnings import PROBE_BYTES, Beginning, beginning_of
from ptft_gui.data.bundled import (
    bundled_ids,
    bundled_table,
    dataset_card,
    first_documents,
    is_bundled,
    source_stamp,
)
from ptft_gui.data.corpus import corpus_key, open_corpus, with_given_val
from ptft_gui.data.documents import read_passages, sniff_shape
from ptft_gui.data.preparation import choose_preparation, sample_of
from ptft_gui.data.preparing import types_reaching
from ptft_gui.data.request import CorpusRequest
from ptft_gui.data.sentences import SentenceMaker
from ptft_gui.data.sources import DataFiles, find_files
from ptft_gui.data.telling_words import telling_words

PREVIEW_LINES = 8
_CHINESE_SIGNS = 100_000
_LINE_CHARACTERS = 400
_SENTENCE_WORDS = 60
_FIRST_DOCUMENTS = {"wikipedia": 1}  # an article is long, the others are a few words
_THRESHOLDS = (1, 2, 3, 5)


def inspect_text(
    dataset: str,
    max_seconds: float = 1.0,
    cache_dir: Path | None = None,
    request: CorpusRequest | None = None,
) -> dict[str, Any]:
    """What a person wants to see of a text at once; plain data, ready for JSON.

    ``raw_lines`` and ``sentences`` are the first lines as they stand and as they would be prepared, cut where they
    are long; ``preparation`` is the proposal with its reason. ``words``, ``types_reaching`` and ``telling_words`` come
    from a sample (``is_estimate``). When the corpus that ``request`` asks for is in ``cache_dir``, the numbers are
    exact and ``facts`` holds all facts of it. Files of text tell ``encoding_choices`` (the encodings they could be in,
    each with what it makes of the text), a table its ``columns`` and the ``text_column``. Looks at the beginning,
    middle and end of a file only, and at no more files of a folder than ``max_seconds`` allow. Raises DataError.
    """
    asked = replace(request or CorpusRequest(dataset), dataset=dataset)
    if not Path(dataset).expanduser().exists() and dataset in bundled_ids():
        return _inspect_bundled(dataset, asked, cache_dir)
    files = with_given_val(find_files(bundled_table(dataset) or Path(dataset).expanduser()), asked.val)
    seen = beginning_of(files, asked, max_seconds)
    return _with_facts(_look(seen, asked) | seen.told, asked, files, cache_dir)


def _inspect_bundled(dataset: str, asked: CorpusRequest, cache_dir: Path | None) -> dict[str, Any]:
    card = dataset_card(dataset)
    text = "\n".join(first_documents(dataset, _FIRST_DOCUMENTS.get(dataset, PREVIEW_LINES)))
    found = _look(Beginning(text, 1.0, sample_of([text])), asked)
    found |= {"title": card["title"], "encoding": "UTF-8", "notices": [], "is_estimate": False}
    found |= {"words": card["words"], "types_reaching": _thresholds(card["types_reaching"])}
    folder = cache_dir / "bundled" / source_stamp(dataset) if cache_dir else None
    files = find_files(folder) if folder and folder.is_dir() else None
    return _with_facts(found, asked, files, cache_dir)


def _look(sample: Beginning, asked: CorpusRequest) -> dict[str, Any]:
    """The first lines and sentences of a text, and an estimate of its size in words."""
    proposal = choose_preparation(asked.preparation, asked.switches, sample.sample, is_bundled(asked.dataset))
    preparation = proposal.preparation
    if preparation.chinese == "words":
        sample = _shortened(sample)
    passages = read_passages([sample.text], sniff_shape(sample.text[:PROBE_BYTES]), preparation.last_break)
    sentences = list(chain.from_iterable(map(SentenceMaker(preparation).feed, passages)))
    counts = Counter(chain.from_iterable(sentences))
    lines = (line for line in sample.text.split("\n") if line.strip())
    return {
        "raw_lines": [line[:_LINE_CHARACTERS] for line, _ in zip(lines, range(PREVIEW_LINES), strict=False)],
        "sentences": [words[:_SENTENCE_WORDS] for words in sentences[:PREVIEW_LINES]],
        "preparation": proposal.to_facts() | asdict(proposal.automatic["preparation"]),
        "automatic": {key: asdict(found) for key, found in proposal.automatic.items()},
        "words": round(counts.total() / sample.share),
        "types_reaching": types_reaching(counts, _THRESHOLDS),
        "telling_words": telling_words(counts, sentences),
        "is_estimate": sample.share < 1,
    }


def _shortened(sample: Beginning) -> Beginning:
    """A part of the sample, for Chinese, of which only some hundred thousand signs a second are cut into words."""
    text = sample.text[:_CHINESE_SIGNS]
    return replace(sample, text=text, share=sample.share * len(text) / max(len(sample.text), 1))


def _with_facts(
    found: dict[str, Any], asked: CorpusRequest, files: DataFiles | None, cache_dir: Path | None
) -> dict[str, Any]:
    """Put exact facts in the place of estimates where the corpus has been prepared before."""
    if files is None or cache_dir is None:
        return found
    corpus = open_corpus(cache_dir / corpus_key(asked, files))
    if corpus is None:
        return found
    facts = corpus.facts
    exact = {"words": facts["tokens"], "types_reaching": _thresholds(facts["types_reaching"])}
    return found | exact | {"is_estimate": False, "facts": facts, "notices": facts["notices"]}


def _thresholds(written: dict[str, int]) -> dict[int, int]:
    """JSON turns the keys into strings; the rest of the program counts with numbers."""
    return {limit: written[str(limit)] for limit in _THRESHOLDS}
