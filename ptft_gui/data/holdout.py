"""Chooses the text that is held out of training, and divides prepared text accordingly, with flat memory.

Documents are ranked by a seeded hash of their words: the choice does not depend on their order, and equal documents
fall on the same side. Sentences that stand on both sides after that are given back to training.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
MOST_SENTENCES = 5_000
MOST_TOKENS = 1_000_000
AUTOMATIC_FRACTION = 0.1
FEWEST_DOCUMENTS = 20
FEWEST_SENTENCES = 200
FEWEST_TOKENS = 2_000
_RECORD = struct.Struct("<HIIQ")
_BLOCK_BYTES = 1 << 20

Hashes = NDArray[np.int64]
ByteRange = tuple[int, int]


class Document(NamedTuple):
    """One document of prepared text: where its hash fell, and how much it holds."""

    bucket: int
    sentences: int
    tokens: int
    size_bytes: int

    def pack(self) -> bytes:
        return _RECORD.pack(*self)


def document_hash(seed: int) -> hashlib.blake2b:
    """An empty hash for the words of one document; see :func:`bucket_of`."""
    return hashlib.blake2b(digest_size=8, key=str(seed).encode())


def bucket_of(words_hash: hashlib.blake2b) -> int:
    """The place of a document in the seeded ranking, 0 to BUCKETS - 1."""
    return int.from_bytes(words_hash.digest()[:2], "little")


def read_documents(records: Path) -> Iterator[Document]:
    """The documents written one after the other by :meth:`Document.pack`."""
    with open(records, "rb") as stream:
        while block := stream.read(_RECORD.size * 4096):
            yield from map(Document._make, _RECORD.iter_unpack(block))


@dataclass(frozen=True)
class Target:
    """The most that may be held out."""

    sentences: float
    tokens: float


def target(sentences: int, tokens: int, fraction: float | None) -> Target:
    """What to hold out of a text: the fraction, or a tenth capped at 5,000 sentences or a million tokens."""
    if fraction is not None:
        return Target(fraction * sentences, fraction * tokens)
    return Target(
        min(AUTOMATIC_FRACTION * sentences, MOST_SENTENCES), min(AUTOMATIC_FRACTION * tokens, MOST_TOKENS)
    )


def choose_buckets(documents: Iterable[Document], wanted: Target) -> NDArray[np.bool_]:
    """Which places of the ranking are held out: those that fit, in rank order; the smallest one if none fits."""
    sentences, tokens = np.zeros(BUCKETS, np.int64), np.zeros(BUCKETS, np.int64)
    for document in documents:
        sentences[document.bucket] += document.sentences
        tokens[document.bucket] += document.tokens
    chosen, filled = np.zeros(BUCKETS, bool), np.flatnonzero(sentences)
    free_sentences, free_tokens = wanted.sentences, wanted.tokens
    for bucket in filled:
        if sentences[bucket] <= free_sentences and tokens[bucket] <= free_tokens:
            chosen[bucket] = True
            free_sentences -= sentences[bucket]
            free_tokens -= tokens[bucket]
    if not chosen.any() and len(filled) > 1:
        chosen[filled[np.argmin(tokens[filled])]] = True
    return chosen


def document_ranges(
    documents: Iterable[Document], chosen: NDArray[np.bool_]
) -> Iterator[tuple[bool, ByteRange]]:
    """Stretches of the prepared text, in order, each with whether it is held out; neighbours are joined."""
    start = end = 0
    is_held = False
    for document in documents:
        if bool(chosen[document.bucket]) != is_held:
            if end > start:
                yield is_held, (start, end)
            start, is_held = end, not is_held
        end += document.size_bytes
    if end > start:
        yield is_held, (start, end)


def tail_ranges(text: Path, wanted: Target, sentences: int, tokens: int) -> Iterator[tuple[bool, ByteRange]]:
    """The same for a cut at a sentence end near the end of the text; ``sentences`` and ``tokens`` are its totals."""
    end = text.stat().st_size
    cut, held_sentences, held_tokens = 0, float(sentences), float(tokens)
    for lines in read_lines(text, [(0, end)]):
        for line in lines:
            if held_sentences <= wanted.sentences and held_tokens <= wanted.tokens:
                break
            held_sentences -= 1
            held_tokens -= count_tokens(line)
            cut += len(line) + 1
        else:
            continue
        break
    yield False, (0, cut)
    yield True, (cut, end)


def read_lines(text: Path, ranges: Iterable[ByteRange]) -> Iterator[list[bytes]]:
    """Whole lines of some stretches of a file, without their ends, in batches."""
    batch: list[bytes] = []
    batch_bytes = 0
    with open(text, "rb") as stream:
        for start, end in ranges:
            stream.seek(start)
            for block in _blocks(stream, end - start):
                batch += block.split(b"\n")[:-1]
                batch_bytes += len(block)
                if batch_bytes >= _BLOCK_BYTES:
                    yield batch
                    batch, batch_bytes = [], 0
    if batch:
        yield batch


def _blocks(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """A stretch of a stream in blocks that end at line ends."""
    while size > 0:
        block = stream.read(min(size, _BLOCK_BYTES))
        if size > len(block):
            block += stream.readline()
        size -= len(block)
        yield block


def count_tokens(line: bytes) -> int:
    """Tokens of a prepared line: they are joined by one space each."""
    return line.count(b" ") + 1


def line_hashes(lines: list[bytes]) -> Hashes:
    """A 64-bit hash a line; equal lines have equal hashes within this process."""
    return np.fromiter(map(hash, lines), np.int64, len(lines))


def all_hashes(batches: Iterable[list[bytes]]) -> Hashes:
    """The sorted distinct hashes of many lines: eight bytes a line, however long it is."""
    found = [line_hashes(lines) for lines in batches]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def members(hashes: Hashes, among: Hashes) -> NDArray[np.bool_]:
    """Which of ``hashes`` occur in the sorted array ``among``."""
    if not len(among):
        return np.zeros(len(hashes), bool)
    places = np.searchsorted(among, hashes)
    places[places == len(among)] = 0
    found: NDArray[np.bool_] = among[places] == hashes
    return found
