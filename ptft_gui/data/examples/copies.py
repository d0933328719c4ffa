"""Texts that say the same: 64-bit hashes of texts after normalising, equal on every machine and in every version.

Two texts are copies of each other when they differ at most in case, in white space and in how their signs are composed
(Unicode form NFC). Splits keep copies on one side, statistics count them; both use these hashes. With a hundred million
different texts, the chance that any two share a hash is below one in three thousand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
import xxhash

from ptft_gui.core.family.tasks import get_task

Hashes = npt.NDArray[np.uint64]

_OTHER_SPACE = r"[\t-\r\x1c-\x1f]"
_MIX, _FINISH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_SPACE = re.compile(r"\s")
LONG_TEXT = 1 << 20
"""Texts of more characters are worked on in pieces."""
_NO_INPUT = frozenset({"label", "score", "answer", "answer_start", "tags", "split", "id"})


def fold_text(text: str) -> str:
    """A text as it is compared with others: form NFC, case folded, every run of white space one space."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return " ".join(folded.split())


def text_hashes(texts: pl.Series) -> Hashes:
    """XXH3 of the folded texts, shape (rows,).

    Takes ``pl.String``, or ``pl.List(pl.String)`` whose words are joined by spaces; an empty cell counts as the text
    without a sign, whose hash is :data:`EMPTY`.
    """
    joined = texts.list.join(" ", ignore_nulls=True) if isinstance(texts.dtype, pl.List) else texts
    frame = joined.cast(pl.String).fill_null("").alias("text").to_frame()
    text = pl.col("text")
    is_even = (text.str.len_bytes() == text.str.len_chars()) & ~_has_uneven_space(text)
    # Most texts are plain ASCII, whose case polars folds many times as fast; the rest goes one by one.
    frame = frame.with_columns(is_even=is_even)
    even, uneven = frame.filter("is_even"), frame.filter(~pl.col("is_even"))
    blobs: list[bytes] = even.select(text.str.to_lowercase().cast(pl.Binary)).to_series().to_list()
    hashes = np.empty(len(frame), np.uint64)
    mask = frame["is_even"].to_numpy()
    hashes[mask] = _hash_all(blobs)
    hashes[~mask] = [_hash_folded(text) for text in uneven["text"].to_list()]
    return hashes


def _has_uneven_space(text: pl.Expr) -> pl.Expr:
    """Whether an ASCII text has other white space than single spaces between words, which must be folded.

    Four simple questions are answered ten times as fast as one that has alternatives.
    """
    is_doubled = text.str.contains("  ", literal=True) | text.str.contains(_OTHER_SPACE)
    return is_doubled | text.str.starts_with(" ") | text.str.ends_with(" ")


def _hash_folded(text: str, piece: int = LONG_TEXT) -> int:
    """The hash of a text after `fold_text`; a long one is folded in pieces, or its words would fill the memory."""
    if len(text) <= piece:
        return xxhash.xxh3_64_intdigest(fold_text(text).encode())
    hasher = xxhash.xxh3_64()
    gap = ""
    start = 0
    while start < len(text):
        space = _SPACE.search(text, start + piece, start + 2 * piece)
        end = space.start() if space else start + 2 * piece
        if folded := fold_text(text[start:end]):
            hasher.update((gap if text[start].isspace() else "").encode() + folded.encode())
            gap = " "
        start = end
    return hasher.intdigest()


def _hash_all(blobs: list[bytes]) -> Hashes:
    return np.fromiter(map(xxhash.xxh3_64_intdigest, blobs), np.uint64, len(blobs))


EMPTY = np.uint64(xxhash.xxh3_64_intdigest(b""))


def input_roles(task: str) -> tuple[str, ...]:
    """The roles of a task that the model reads, as opposed to what it shall answer. Raises KeyError.

    A reply belongs to them: the same prompt with another reply is another example.
    """
    return tuple(role for role in get_task(task).roles if role not in _NO_INPUT)


def example_hashes(columns: Sequence[pl.Series]) -> Hashes:
    """One hash for each row over several columns, in which their order counts; of one column it is `text_hashes`.

    Rows whose cells are all empty give :data:`EMPTY`.
    """
    return together([text_hashes(column) for column in columns])


def together(parts: Sequence[Hashes]) -> Hashes:
    """`example_hashes` of columns whose `text_hashes` are known already."""
    hashes = parts[0]
    for part in parts[1:]:
        hashes = _mix(hashes, part)
    is_empty = np.logical_and.reduce([part == EMPTY for part in parts])
    return np.where(is_empty, EMPTY, hashes)


def _mix(first: Hashes, second: Hashes) -> Hashes:
    """Both in one; the multiplications wrap around, and the shift brings the high bits down."""
    mixed = first * _MIX + second
    mixed = (mixed ^ (mixed >> np.uint64(32))) * _FINISH
    return mixed ^ (mixed >> np.uint64(32))
