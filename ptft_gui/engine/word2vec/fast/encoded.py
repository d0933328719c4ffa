"""The training text as numbers: the row of each word, -1 for a word that is not in the vocabulary.

Made once for a run. A text that is kept in memory stays there as numbers, too; a larger one goes into a file without a
name, so that it vanishes with the process, and is mapped.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import PtftError, Remedy

_WORDS_AT_ONCE = 200_000
_LARGEST_FILE_BUFFER = 1 << 20

NoticeWords = Callable[[int], None]


@dataclass(frozen=True)
class EncodedSentences:
    """Some consecutive sentences. ``ids``: int32, all after one another; ``ends``: int64, where each ends in them."""

    ids: NDArray[np.int32]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, part: slice) -> EncodedSentences:
        first, end, _ = part.indices(len(self))
        begin = int(self.ends[first - 1]) if first else 0
        stop = int(self.ends[end - 1]) if end else 0
        return EncodedSentences(self.ids[begin:stop], self.ends[first:end] - begin)

    @property
    def words(self) -> int:
        """How many, unknown ones included."""
        return int(self.ends[-1]) if len(self) else 0


class _KnownWords(dict[str, int]):
    """Rows of words; -1 for an unknown one."""

    def __missing__(self, _word: str) -> int:
        return -1


def encode(
    sentences: Iterable[list[str]],
    index: Mapping[str, int],
    folder: Path | None,
    notice_words: NoticeWords = lambda _words: None,
) -> EncodedSentences:
    """All sentences as numbers, in memory or, with ``folder``, mapped from files there that have no names.

    ``notice_words`` is told how many words are done, and may raise. Raises PtftError for a full disk.
    """
    pieces = _pieces(sentences, _KnownWords(index), notice_words)
    if folder is None:
        parts = list(pieces)
        ids = [piece for piece, _ in parts] or [np.empty(0, np.int32)]
        ends = [piece for _, piece in parts] or [np.empty(0, np.int64)]
        return EncodedSentences(np.concatenate(ids), np.concatenate(ends))
    try:
        return _in_files(pieces, folder)
    except OSError as problem:
        raise _disk_is_full(folder, problem) from problem


def _pieces(
    sentences: Iterable[list[str]], known: _KnownWords, notice_words: NoticeWords
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int64]]]:
    done = 0
    for some in _handfuls(sentences):
        lengths = np.fromiter(map(len, some), np.int64, len(some))
        words = int(lengths.sum())
        ids = np.fromiter(map(known.__getitem__, chain.from_iterable(some)), np.int32, words)
        yield ids, done + np.cumsum(lengths)
        done += words
        notice_words(done)


def _handfuls(sentences: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    """Consecutive sentences of some hundred thousand words together."""
    some: list[list[str]] = []
    words = 0
    for sentence in sentences:
        some.append(sentence)
        words += len(sentence)
        if words >= _WORDS_AT_ONCE:
            yield some
            some, words = [], 0
    if some:
        yield some


def _in_files(
    pieces: Iterator[tuple[NDArray[np.int32], NDArray[np.int64]]], folder: Path
) -> EncodedSentences:
    with (
        tempfile.TemporaryFile(dir=folder, buffering=_LARGEST_FILE_BUFFER) as ids_file,
        tempfile.TemporaryFile(dir=folder, buffering=_LARGEST_FILE_BUFFER) as ends_file,
    ):
        for ids, ends in pieces:
            ids_file.write(ids.data)
            ends_file.write(ends.data)
        return EncodedSentences(_mapped(ids_file, np.int32), _mapped(ends_file, np.int64))


def _mapped(file: IO[bytes], dtype: Any) -> NDArray[Any]:
    """What was written, mapped; the mapping holds the file."""
    file.flush()
    count = file.tell() // np.dtype(dtype).itemsize
    return np.memmap(file, dtype, "r", 0, (count,)) if count else np.empty(0, dtype)


def _disk_is_full(folder: Path, problem: OSError) -> PtftError:
    return PtftError(
        "The text as numbers does not fit on the disk.",
        f"{problem.strerror or problem} ({folder}).",
        "Make room there: four bytes a word are needed while the run trains. Nothing was left behind.",
        (Remedy("show_disk_use", "Show what uses space"),),
    )
