"""The layouts of vector files: word2vec's text and binary, GloVe's text, the projector's pair of TSV files.

Each reader takes an open stream and fills a :class:`VectorTable`. A header is believed only as far as the file bears
it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from ptft_gui.core.errors import ModelError
from ptft_gui.engine.vector_files.table import (
    LONGEST_TOKEN_BYTES,
    Floats,
    VectorTable,
    cut_short,
    not_vectors,
)

LONGEST_LINE_BYTES = 4 << 20
_CHUNK_BYTES = 1 << 20
_MOST_WORDS = 1 << 31
_LONGEST_NUMBER = 40


class ByteStream(Protocol):
    """What is needed of an open file."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, limit: int, /) -> bytes: ...


class Header(NamedTuple):
    """The first line of a word2vec file: how many words, how many numbers each."""

    words: int
    dimensions: int


def parse_header(line: bytes) -> Header | None:
    """``b"3000000 300"`` -> Header; None for any other line."""
    fields = line.split()
    if len(fields) != 2 or not all(field.isdigit() and len(field) < _LONGEST_NUMBER for field in fields):
        return None
    return Header(int(fields[0]), int(fields[1]))


def check_header(path: Path, header: Header, least_bytes_a_number: int, size_bytes: int) -> None:
    """Raise :class:`ModelError` when a file is too short for what its header promises.

    A number takes at least two bytes in text ("0 ") and four in binary, a word at least two ("a ").
    """
    needed = header.words * (header.dimensions * least_bytes_a_number + 2)
    if header.words > _MOST_WORDS or header.words < 1 or header.dimensions < 1:
        raise not_vectors(
            path, f"Its first line says {header.words:,} words of {header.dimensions:,} numbers."
        )
    if needed > size_bytes:
        raise ModelError(
            f"{path.name} is not whole.",
            f"Its first line promises {header.words:,} words of {header.dimensions:,} numbers, which take at least "
            f"{needed:,} bytes; the file has {size_bytes:,}.",
            "The copy or download probably broke off: fetch the file again.",
        )


def parse_numbers(fields: Sequence[bytes]) -> Floats | None:
    """The fields as float32, infinite where they are too large for it; None when one of them is no number."""
    try:
        numbers = [float(field) for field in fields]
    except ValueError:
        return None
    with np.errstate(over="ignore"):
        return np.array(numbers, np.float32)


def count_numbers(line: bytes) -> int:
    """How many numbers follow the word on a line of GloVe's text; 0 when it is no such line.

    A word may itself hold spaces or be a number, so of a line of numbers alone the first is the word.
    """
    fields = line.split()
    count = 0
    while count < len(fields) - 1 and parse_numbers(fields[-count - 1 :][:1]) is not None:
        count += 1
    return count


def read_lines(path: Path, stream: ByteStream) -> Iterator[tuple[int, bytes]]:
    """(line number, line without its end); LF, CRLF and CR end a line, also mixed.

    Raises :class:`ModelError` for a line that no vector file has.
    """
    number = 0
    while line := stream.readline(LONGEST_LINE_BYTES):
        if len(line) == LONGEST_LINE_BYTES:
            raise not_vectors(path, "It holds a line of more than four million bytes.")
        for piece in line.replace(b"\t", b" ").rstrip(b" \r\n").split(b"\r"):
            number += 1
            yield number, piece.rstrip(b" ")


def first_line(start: bytes) -> tuple[bytes, bytes]:
    """The beginning of a file as its first line, without its end, and what follows."""
    line, _, rest = start.partition(b"\n")
    line, is_more, next_line = line.rstrip(b"\r").partition(b"\r")
    return (line, next_line + b"\n" + rest) if is_more else (line, rest)


def fill_from_text(
    path: Path, stream: ByteStream, table: VectorTable, promised: int | None, has_header: bool = False
) -> bool:
    """Read ``word number number ...`` lines; returns whether lines were left over after ``promised`` words."""
    for number, line in read_lines(path, stream):
        if has_header and number == 1:
            continue
        if promised is not None and len(table) == promised:
            return bool(line)
        if line:
            table.add(*_split_line(path, number, line, table))
    if promised is not None and len(table) < promised:
        raise cut_short(path, len(table), promised)
    return False


def _split_line(path: Path, number: int, line: bytes, table: VectorTable) -> tuple[bytes, Floats]:
    # From the end, because a word may hold spaces.
    token, *fields = line.rsplit(None, table.dimensions)
    values = parse_numbers(fields) if len(fields) == table.dimensions else None
    if values is None or _ends_in_fraction(token):
        found = count_numbers(line)
        word = line.split(None, 1)[0][:80].decode("utf-8", "replace")
        raise ModelError(
            f"{path.name} cannot be used as word vectors.",
            f'Line {number:,} ("{word}") holds {found:,} number{"" if found == 1 else "s"}; '
            f"the others hold {table.dimensions:,}.",
            "The copy or download may be damaged: fetch the file again.",
        )
    return token, values


def _ends_in_fraction(token: bytes) -> bool:
    """Whether a word of several parts ends in a number with a point: then it is one number of the vector too many."""
    *parts, last = token.split(b" ")
    return bool(parts) and b"." in last and parse_numbers([last]) is not None


def fill_from_binary(path: Path, stream: ByteStream, table: VectorTable, promised: int) -> None:
    """Read ``promised`` times a word, a space and little-endian float32 numbers; line ends between are skipped."""
    size = 4 * table.dimensions
    buffer, position = b"", 0
    while len(table) < promised:
        space = buffer.find(b" ", position, position + LONGEST_TOKEN_BYTES + 2)
        end = space + 1 + size
        if space < 0 or end > len(buffer):
            if space < 0 and len(buffer) - position > LONGEST_TOKEN_BYTES:
                raise not_vectors(path, f"Word number {len(table) + 1:,} has no end.")
            more = stream.read(max(_CHUNK_BYTES, size))
            if not more:
                raise cut_short(path, len(table), promised)
            buffer, position = buffer[position:] + more, 0
            continue
        table.add(
            buffer[position:space].lstrip(b"\r\n"), np.frombuffer(buffer, "<f4", table.dimensions, space + 1)
        )
        position = end


def fill_from_projector(vectors: Path, stream: ByteStream, words: list[bytes], table: VectorTable) -> None:
    """Read rows of numbers; the words come from the metadata file beside it."""
    for number, line in enumerate(line for _, line in read_lines(vectors, stream) if line):
        values = parse_numbers(line.split())
        if values is None or len(values) != table.dimensions:
            raise not_vectors(
                vectors, f"Row {number + 1:,} has not {table.dimensions:,} numbers as the first does."
            )
        if number >= len(words):
            raise not_vectors(vectors, f"It has more rows than its metadata has words ({len(words):,}).")
        table.add(words[number], values)
    if len(table) < len(words):
        raise cut_short(vectors, len(table), len(words))


def projector_words(metadata: Path, stream: ByteStream) -> list[bytes]:
    """The words of a metadata file: its only column, or the first of several, which then have a line of titles."""
    lines = []
    while line := stream.readline(LONGEST_LINE_BYTES):
        lines.append(line.rstrip(b"\r\n"))
    if lines and b"\t" in lines[0]:
        return [line.partition(b"\t")[0] for line in lines[1:]]
    return lines
