"""The beginning of any text or table, at once however large it is."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ptft_gui.data.bytesource import ByteSource
from ptft_gui.data.encoding import ScannedFile, candidates, empty_file, scan_sample
from ptft_gui.data.preparation import sample_of
from ptft_gui.data.reading import is_dump, read_articles
from ptft_gui.data.request import CorpusRequest
from ptft_gui.data.sources import DataFiles
from ptft_gui.data.texts import RowTexts, is_table, open_rows

HEAD_BYTES = 1 << 20
PROBE_BYTES = 1 << 16
_LISTED_FILES = 100
_FEWEST_ROWS = 1000


@dataclass(frozen=True)
class Beginning:
    """The beginning of a text: ``share`` is the part of all bytes that it stands for.

    ``sample`` is of several files, for judging how it should be prepared; ``told`` is what else a person sees of it.
    """

    text: str
    share: float
    sample: str
    told: dict[str, Any] = field(default_factory=dict)


def beginning_of(files: DataFiles, asked: CorpusRequest, max_seconds: float) -> Beginning:
    """Look at no more files than ``max_seconds`` allow, but at one. Raises DataError."""
    deadline = time.monotonic() + max_seconds / 2
    return (
        _of_rows(files, asked, max_seconds) if is_table(files, asked) else _of_files(files, asked, deadline)
    )


def _of_rows(files: DataFiles, asked: CorpusRequest, max_seconds: float) -> Beginning:
    train, _ = open_rows(asked, files)
    text, share = _first_rows(
        train, time.monotonic() + max_seconds / 2
    )  # opening the first table loads its readers
    return Beginning(
        text,
        share,
        sample_of([text]),
        {
            "title": files.root.name,
            "encoding": train.encoding_name,
            "bytes": train.size_bytes,
            "files": _listed(files.train),
            "number_of_files": len(files.train),
            "notices": list(dict.fromkeys([*files.notices(), *train.notices()])),
            "text_column": " + ".join(train.columns),
            "columns": [column.name for column in train.table.columns],
        },
    )


def _first_rows(train: RowTexts, deadline: float) -> tuple[str, float]:
    """The first texts, and the share of the file that they stand for.

    Readers take the file in large blocks: the texts of the last block are counted to its end.
    """
    texts: list[str] = []
    taken = counted = passed = passed_at_end = 0

    def on_bytes(count: int) -> None:
        nonlocal passed
        passed += count

    for text in train.blocks(on_bytes):
        if passed_at_end and passed != passed_at_end:
            share = taken / max(counted, 1) * passed_at_end / max(train.size_bytes, 1)
            return "".join(texts), min(share, 0.99)
        counted += len(text)
        if not passed_at_end:
            texts.append(text)
            taken = counted
            is_late = len(texts) > _FEWEST_ROWS and time.monotonic() > deadline
            passed_at_end = passed if taken > HEAD_BYTES or is_late else 0
    return "".join(texts), taken / max(counted, 1)


def _of_files(files: DataFiles, asked: CorpusRequest, deadline: float) -> Beginning:
    looked = list(_look_until(files.train, asked.read.encoding, deadline))
    if not looked:
        raise empty_file(files.train[0])
    first, total = looked[0], sum(source.size_bytes for source in files.train)
    notices = files.notices() + [notice for look in looked for notice in look.file.notices()]
    if len(looked) < len(files.train):
        notices.append(f"This preview looked at {len(looked):,} of {len(files.train):,} files.")
    return Beginning(
        first.text,
        min(first.passed_bytes / max(total, 1), 1.0),
        sample_of(look.text for look in looked),
        {
            "title": files.root.name,
            "encoding": first.file.encoding_name,
            "encoding_choices": _choices(looked),
            "bytes": total,
            "files": _listed(tuple(look.file.source for look in looked)),
            "number_of_files": len(files.train),
            "notices": notices,
        },
    )


def _listed(sources: tuple[ByteSource, ...]) -> list[dict[str, Any]]:
    return [{"name": source.name, "bytes": source.size_bytes} for source in sources[:_LISTED_FILES]]


@dataclass(frozen=True)
class _Look:
    """A file judged by samples, and its beginning, which takes ``passed_bytes`` on disk."""

    file: ScannedFile
    raw: bytes
    text: str
    passed_bytes: int


def _choices(looked: list[_Look]) -> list[dict[str, str]]:
    """The encodings that could be right, from the file where that is least sure; each with what it makes of it."""
    doubtful = next((look for look in looked if look.file.is_assumed or look.file.is_chosen), looked[0])
    return [
        {"encoding": found.encoding, "name": found.name, "beginning": found.beginning}
        for found in candidates(doubtful.raw)
    ]


def _look_until(sources: tuple[ByteSource, ...], encoding: str | None, deadline: float) -> Iterator[_Look]:
    """Judge files by samples, at least one, until the time is up; empty ones in between are passed over."""
    is_any = False
    for source in sources:
        if is_any and time.monotonic() > deadline:
            return
        look = _look(source, encoding, PROBE_BYTES if is_any else HEAD_BYTES)
        if look is not None:
            is_any = True
            yield look


def _look(source: ByteSource, encoding: str | None, count: int) -> _Look | None:
    """Judge a file by its beginning and, where it is large and plain, stretches from its middle and end."""
    with source.open() as stream:
        blocks, passed = [stream.read(count)], stream.passed_bytes
        is_whole = len(blocks[0]) < count
        if not is_whole and stream.seekable() and source.size_bytes > count + 2 * PROBE_BYTES:
            for place in (source.size_bytes // 2, source.size_bytes - PROBE_BYTES):
                stream.seek(place)
                blocks.append(stream.read(PROBE_BYTES))
    if not blocks[0]:
        return None
    passed = len(blocks[0]) if source.is_plain else passed
    size = len(blocks[0]) if is_whole else (source.unpacked_bytes or len(blocks[0]) + 1)
    file = scan_sample(source, blocks, size, encoding)
    if is_dump(source):
        text, markup_bytes = _first_articles(source)
        return _Look(file, blocks[0], text, round(markup_bytes * passed / len(blocks[0])))
    with io.TextIOWrapper(io.BytesIO(blocks[0]), file.encoding, "replace") as decoded:
        beginning = decoded.read().removesuffix("\ufffd").replace("\0", "\ufffd")
    return _Look(file, blocks[0], beginning, source.size_bytes if is_whole else passed)


def _first_articles(source: ByteSource) -> tuple[str, int]:
    """Some readable articles of an export, and how many bytes of markup they were."""
    text, markup_bytes = "", 0
    for markup, article in read_articles(source):
        text += article
        markup_bytes += len(markup.encode("utf-8", "replace"))
        if len(text) >= PROBE_BYTES:
            break
    return text, markup_bytes
