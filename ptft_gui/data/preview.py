"""A quick look at a text before a run: what it is, how it would be prepared, what to know about it."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from ptft_gui.data.bundled import bundled_ids, dataset_card, first_documents, is_bundled, source_stamp
from ptft_gui.data.bytesource import ByteSource
from ptft_gui.data.corpus import corpus_key, open_corpus, with_given_val
from ptft_gui.data.documents import read_passages, sniff_shape
from ptft_gui.data.encoding import ScannedFile, empty_file, scan_sample
from ptft_gui.data.preparation import choose_preparation, sample_of
from ptft_gui.data.preparing import types_reaching
from ptft_gui.data.reading import is_dump, read_blocks
from ptft_gui.data.request import CorpusRequest
from ptft_gui.data.sentences import SentenceMaker
from ptft_gui.data.sources import DataFiles, find_files
from ptft_gui.data.telling_words import telling_words

PREVIEW_LINES = 8
_HEAD_BYTES = 1 << 20
_PROBE_BYTES = 1 << 16
_CHINESE_SIGNS = 30_000
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
    look: str = ""  # of several files, for judging how it should be prepared


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


def _inspect_files(files: DataFiles, asked: CorpusRequest, max_seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + max_seconds / 2
    looked = list(_look_until(files.train, deadline))
    if not looked:
        raise empty_file(files.train[0])
    first, total = looked[0], sum(source.size_bytes for source in files.train)
    share = min(first.passed_bytes / max(total, 1), 1.0)
    found = _look(_Sample(first.text, share, sample_of(look.text for look in looked)), asked)
    notices = files.notices() + [notice for look in looked for notice in look.file.notices()]
    if len(looked) < len(files.train):
        notices.append(f"This preview looked at {len(looked):,} of {len(files.train):,} files.")
    return found | {
        "title": files.root.name,
        "encoding": first.file.encoding_name,
        "bytes": total,
        "files": [
            {"name": look.file.name, "bytes": look.file.source.size_bytes} for look in looked[:_LISTED_FILES]
        ],
        "number_of_files": len(files.train),
        "notices": notices,
    }


@dataclass(frozen=True)
class _Look:
    """A file judged by samples, and its beginning, which takes ``passed_bytes`` on disk."""

    file: ScannedFile
    text: str
    passed_bytes: int


def _look_until(sources: tuple[ByteSource, ...], deadline: float) -> Iterator[_Look]:
    """Judge files by samples, at least one, until the time is up; empty ones in between are passed over."""
    is_any = False
    for source in sources:
        if is_any and time.monotonic() > deadline:
            return
        blocks, passed = _probe(source, _HEAD_BYTES if not is_any else _PROBE_BYTES)
        if blocks[0]:
            is_any = True
            is_whole = passed >= source.size_bytes and len(blocks) == 1
            size = len(blocks[0]) if is_whole else (source.unpacked_bytes or len(blocks[0]) + 1)
            file = scan_sample(source, blocks, size)
            yield _Look(file, _beginning(file, blocks[0]), passed)


def _probe(source: ByteSource, count: int) -> tuple[list[bytes], int]:
    """The beginning of a file, and of a large plain one stretches from its middle and end; how far the first goes."""
    size = source.size_bytes
    with source.open() as stream:
        blocks, passed = [stream.read(count)], stream.passed_bytes
        if source.is_plain and stream.seekable() and size > count + 2 * _PROBE_BYTES:
            for place in (size // 2, size - _PROBE_BYTES):
                stream.seek(place)
                blocks.append(stream.read(_PROBE_BYTES))
    return blocks, min(passed, len(blocks[0])) if source.is_plain else passed


def _beginning(file: ScannedFile, raw: bytes) -> str:
    if is_dump(file.source):
        return _first_articles(file)
    with io.TextIOWrapper(io.BytesIO(raw), file.encoding, "replace") as text:
        return text.read().removesuffix("\ufffd").replace("\0", "\ufffd")


def _first_articles(file: ScannedFile) -> str:
    articles = read_blocks(file)
    text = ""
    while len(text) < _PROBE_BYTES and (article := next(articles, "")):
        text += article
    return text


def _look(sample: _Sample, asked: CorpusRequest) -> dict[str, Any]:
    """The first lines and sentences of a text, and an estimate of its size in words."""
    proposal = choose_preparation(
        asked.preparation, asked.switches, sample.look or sample_of([sample.text]), is_bundled(asked.dataset)
    )
    preparation = proposal.preparation
    if preparation.chinese == "words":
        sample = _shortened(sample)
    passages = read_passages([sample.text], sniff_shape(sample.text[:_PROBE_BYTES]), preparation.last_break)
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


def _shortened(sample: _Sample) -> _Sample:
    """A part of the sample, for Chinese, of which only some hundred thousand signs a second are cut into words."""
    text = sample.text[:_CHINESE_SIGNS]
    return _Sample(text, sample.share * len(text) / max(len(sample.text), 1))


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
