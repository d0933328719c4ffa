"""A quick look at a text before a run: what it is, how it would be prepared, what to know about it."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from ptft_gui.data.bundled import bundled_ids, dataset_card, first_documents, source_stamp
from ptft_gui.data.corpus import corpus_key, open_corpus, with_given_val
from ptft_gui.data.documents import read_passages, sniff_shape
from ptft_gui.data.encoding import ScannedFile, empty_file, scan_sample, unreadable
from ptft_gui.data.preparation import Preparation, propose_preparation
from ptft_gui.data.preparing import types_reaching
from ptft_gui.data.request import CorpusRequest
from ptft_gui.data.sentences import SentenceMaker
from ptft_gui.data.sources import TextFiles, find_files
from ptft_gui.data.telling_words import telling_words

PREVIEW_LINES = 8
_HEAD_BYTES = 1 << 20
_PROBE_BYTES = 1 << 16
_LINE_CHARACTERS = 400
_SENTENCE_WORDS = 60
_FIRST_DOCUMENTS = {"wikipedia": 1}  # an article is long, the others are a few words
_LISTED_FILES = 100
_THRESHOLDS = (1, 2, 3, 5)


@dataclass(frozen=True)
class _Sample:
    """The beginning of a text: ``share`` is the part of all bytes that it stands for."""

    text: str
    share: float


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
    exact and ``facts`` holds all facts of it. Looks at the beginning, middle and end of a file only, and at no more
    files of a folder than ``max_seconds`` allow. Raises DataError.
    """
    asked = replace(request or CorpusRequest(dataset), dataset=dataset)
    if not Path(dataset).expanduser().exists() and dataset in bundled_ids():
        return _inspect_bundled(dataset, asked, cache_dir)
    files = with_given_val(find_files(Path(dataset).expanduser()), asked.val)
    return _with_facts(_inspect_files(files, asked, max_seconds), asked, files, cache_dir)


def _inspect_bundled(dataset: str, asked: CorpusRequest, cache_dir: Path | None) -> dict[str, Any]:
    card = dataset_card(dataset)
    found = _look(
        _Sample("\n".join(first_documents(dataset, _FIRST_DOCUMENTS.get(dataset, PREVIEW_LINES))), 1.0), asked
    )
    found |= {"title": card["title"], "encoding": "UTF-8", "notices": [], "is_estimate": False}
    found |= {"words": card["words"], "types_reaching": _thresholds(card["types_reaching"])}
    folder = cache_dir / "bundled" / source_stamp(dataset) if cache_dir else None
    files = find_files(folder) if folder and folder.is_dir() else None
    return _with_facts(found, asked, files, cache_dir)


def _inspect_files(files: TextFiles, asked: CorpusRequest, max_seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + max_seconds / 2
    total = sum(path.stat().st_size for path in files.train)
    scanned = list(_scan_until(files.train, deadline))
    if not scanned:
        raise empty_file(files.root)
    first = scanned[0]
    found = _look(_Sample(_beginning(first), min(first.size_bytes, _HEAD_BYTES) / total), asked)
    notices = files.notices() + [notice for file in scanned for notice in file.notices()]
    if len(scanned) < len(files.train):
        notices.append(f"This preview looked at {len(scanned):,} of {len(files.train):,} files.")
    return found | {
        "title": files.root.name,
        "encoding": first.encoding_name,
        "bytes": total,
        "files": [{"name": file.path.name, "bytes": file.size_bytes} for file in scanned[:_LISTED_FILES]],
        "number_of_files": len(files.train),
        "notices": notices,
    }


def _scan_until(paths: tuple[Path, ...], deadline: float) -> Iterator[ScannedFile]:
    """Judge files by samples, at least one, until the time is up; empty ones in between are passed over."""
    is_any = False
    for path in paths:
        if is_any and time.monotonic() > deadline:
            return
        size = path.stat().st_size
        if size:
            is_any = True
            yield scan_sample(path, _probe(path, size), size)


def _probe(path: Path, size: int) -> list[bytes]:
    """The beginning of a file, and for a large one stretches from its middle and end."""
    places = [size // 2, size - _PROBE_BYTES] if size > _HEAD_BYTES + 2 * _PROBE_BYTES else []
    try:
        with open(path, "rb") as stream:
            blocks = [stream.read(_HEAD_BYTES)]
            for place in places:
                stream.seek(place)
                blocks.append(stream.read(_PROBE_BYTES))
    except OSError as problem:
        raise unreadable(path, problem) from problem
    return blocks


def _beginning(file: ScannedFile) -> str:
    with open(file.path, "rb") as stream:
        raw = stream.read(_HEAD_BYTES)
    with io.TextIOWrapper(io.BytesIO(raw), file.encoding, "replace") as text:
        return text.read().removesuffix("\ufffd")


def _look(sample: _Sample, asked: CorpusRequest) -> dict[str, Any]:
    """The first lines and sentences of a text, and an estimate of its size in words."""
    proposal = propose_preparation(sample.text[:_PROBE_BYTES])
    preparation = Preparation(proposal.value if asked.preparation == "auto" else asked.preparation)
    passages = read_passages([sample.text], sniff_shape(sample.text[:_PROBE_BYTES]), preparation.last_break)
    sentences = list(chain.from_iterable(map(SentenceMaker(preparation).feed, passages)))
    counts = Counter(chain.from_iterable(sentences))
    lines = (line for line in sample.text.split("\n") if line.strip())
    return {
        "raw_lines": [line[:_LINE_CHARACTERS] for line, _ in zip(lines, range(PREVIEW_LINES), strict=False)],
        "sentences": [words[:_SENTENCE_WORDS] for words in sentences[:PREVIEW_LINES]],
        "preparation": {"value": proposal.value, "reason": proposal.reason},
        "words": round(counts.total() / sample.share),
        "types_reaching": types_reaching(counts, _THRESHOLDS),
        "telling_words": telling_words(counts, sentences),
        "is_estimate": sample.share < 1,
    }


def _with_facts(
    found: dict[str, Any], asked: CorpusRequest, files: TextFiles | None, cache_dir: Path | None
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
