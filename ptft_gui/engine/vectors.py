"""Word vectors as a folder that any program can open, without pickles.

::

    vectors.safetensors   tensor "vectors", float32, shape (V, d), row i belongs to line i of the vocabulary
    vocab.jsonl           one ["word", count] a line, the most frequent first
    rare_words.jsonl      the same for words seen too seldom to be learned; absent when there are none
    config.json           format version, family, preparation, settings: what is needed to ask the same way as trained
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import struct
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from ptft_gui.core.atomic import sync_file, sync_folder
from ptft_gui.core.errors import ModelError

VECTORS_FILE, VOCAB_FILE, CONFIG_FILE = "vectors.safetensors", "vocab.jsonl", "config.json"
RARE_FILE = "rare_words.jsonl"
FORMAT_VERSION = 1
MOST_RARE_WORDS = 500_000
_MAX_HEADER_BYTES = 1 << 20
_HINT = "Choose the model folder of a finished run, or train it again."

Floats32 = NDArray[np.float32]


@dataclass(frozen=True)
class WordVectors:
    """A vocabulary and its vectors.

    ``vectors``: float32, shape (V, d), possibly memory-mapped and read-only; ``counts``: int64, shape (V,), how often
    each word occurs in the text. ``config`` is the content of ``config.json``; ``rare_file`` lists the words that were
    seen too seldom to be learned.
    """

    words: Sequence[str]
    counts: NDArray[np.int64]
    vectors: Floats32
    config: dict[str, Any] = field(default_factory=dict)
    rare_file: Path | None = None

    @cached_property
    def index(self) -> dict[str, int]:
        """Row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    @cached_property
    def rare_counts(self) -> dict[str, int]:
        """How often the words occur that were left out; read when first asked for. Raises :class:`ModelError`."""
        if self.rare_file is None or not self.rare_file.is_file():
            return {}
        words, counts = _read_vocabulary(self.rare_file)
        return dict(zip(words, counts.tolist(), strict=True))

    def __len__(self) -> int:
        return len(self.words)


def save_word_vectors(
    folder: Path,
    vectors: WordVectors,
    rare_counts: Mapping[str, int] | None = None,
    write_more: Callable[[Path], None] | None = None,
) -> None:
    """Write the folder as a whole: built beside it, synced, renamed; what was there before is replaced.

    ``rare_counts``: words that were left out, with their counts; the half million most frequent are kept.
    ``write_more`` puts further files into the folder that is being built. Raises :class:`OSError` when the disk is full
    or not writable; ``folder`` is then as it was.
    """
    token = uuid.uuid4().hex[:8]
    building = folder.with_name(f".{folder.name}.{token}.tmp")
    try:
        building.mkdir(parents=True)
        if write_more is not None:
            write_more(building)
        _write_files(building, vectors, rare_counts or {})
        sync_folder(building)
        _take_place(building, folder, token)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _write_files(folder: Path, vectors: WordVectors, rare_counts: Mapping[str, int]) -> None:
    array = np.ascontiguousarray(vectors.vectors, dtype=np.float32)
    write_tensors({"vectors": array}, folder / VECTORS_FILE)
    _write_words(folder / VOCAB_FILE, zip(vectors.words, vectors.counts.tolist(), strict=True))
    if rare_counts:
        by_count = sorted(rare_counts.items(), key=lambda pair: -pair[1])
        _write_words(folder / RARE_FILE, by_count[:MOST_RARE_WORDS])
    config = {
        "format_version": FORMAT_VERSION,
        **vectors.config,
        "words": len(vectors.words),
        "size": array.shape[1],
    }
    (folder / CONFIG_FILE).write_text(
        json.dumps(config, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    for path in folder.iterdir():
        sync_file(path)


def _write_words(path: Path, pairs: Iterable[tuple[str, int]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps([word, count], ensure_ascii=False) + "\n" for word, count in pairs)


def write_tensors(
    tensors: dict[str, NDArray[Any]], path: Path, metadata: dict[str, str] | None = None
) -> None:
    """Like safetensors' own ``save_file``, but a full disk is the OSError that it is, number and all.

    And an array with gaps between its rows is written as its numbers, which ``save_file`` does not do.
    """
    whole = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    try:
        save_file(whole, path, metadata)
    except OSError:
        raise
    except Exception as problem:  # safetensors wraps the system's error in one of its own
        told = re.search(r"os error (\d+)", str(problem))
        number = int(told[1]) if told else errno.EIO
        raise OSError(number, os.strerror(number), os.fspath(path)) from problem


def _take_place(building: Path, folder: Path, token: str) -> None:
    """Rename into place. A folder that is not empty cannot be replaced by a rename, so it steps aside first."""
    old = folder.with_name(f".{folder.name}.{token}.old")
    if folder.exists():
        folder.rename(old)
    try:
        building.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    sync_folder(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def load_word_vectors(folder: Path) -> WordVectors:
    """Open a folder of word vectors; the vectors are memory-mapped, so this is quick at any size.

    Raises :class:`ModelError` when a part is missing, damaged or does not fit the others.
    """
    config = _read_config(folder)
    words, counts = _read_vocabulary(folder / VOCAB_FILE)
    array = map_tensor(folder / VECTORS_FILE, "vectors")
    if array.ndim != 2 or array.dtype != np.float32 or len(array) != len(words):
        raise _damaged(
            folder / VECTORS_FILE,
            f"It holds {array.dtype} numbers of shape {array.shape} for a vocabulary of {len(words):,} words.",
        )
    extremes = (array.min(), array.max()) if array.size else ()  # a nan would be both
    if not np.isfinite(extremes).all():
        raise _damaged(folder / VECTORS_FILE, "It holds numbers that are not finite.")
    return WordVectors(words, counts, array, config, folder / RARE_FILE)


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG_FILE
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{folder} holds no word vectors.", f"{CONFIG_FILE} is missing.", _HINT) from None
    except (OSError, ValueError) as problem:
        raise _damaged(path, f"{problem}.") from None
    if not isinstance(config, dict):
        raise _damaged(path, "It is not a JSON object.")
    version = config.get("format_version", 1)
    if not isinstance(version, int):
        raise _damaged(path, f"Its format is {version!r}.")
    if version > FORMAT_VERSION:
        raise ModelError(
            f"{folder} was written by a newer ptft-gui.",
            f"Its format is {version}.",
            "Update this one.",
        )
    return config


def _read_vocabulary(path: Path) -> tuple[list[str], NDArray[np.int64]]:
    words: list[str] = []
    counts: list[int] = []
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                word, count = json.loads(line)
                words.append(str(word))
                counts.append(int(count))
    except (OSError, ValueError, TypeError) as problem:
        raise _damaged(path, f"Line {len(words) + 1}: {problem}.") from None
    if len(set(words)) != len(words):
        raise _damaged(path, "A word stands in it twice.")
    return words, np.asarray(counts, dtype=np.int64)


_DTYPES = {
    "F32": np.float32,
    "F16": np.float16,
    "F64": np.float64,
    "I64": np.int64,
    "I32": np.int32,
    "U32": np.uint32,
}


def map_tensor(path: Path, name: str) -> NDArray[Any]:
    """One tensor of a safetensors file, memory-mapped and read-only.

    The layout is that of the safetensors format: eight bytes with the length of a JSON header, the header, the data.
    Raises :class:`ModelError` when the file does not hold what its header says.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > min(size, _MAX_HEADER_BYTES):
                raise ValueError("its header is longer than the file")
            entry = json.loads(file.read(length))[name]
        dtype, shape = np.dtype(_DTYPES[entry["dtype"]]), tuple(int(n) for n in entry["shape"])
        start, end = (int(n) + 8 + length for n in entry["data_offsets"])
        if end > size or end - start != dtype.itemsize * int(np.prod(shape, dtype=object)):
            raise ValueError("it is shorter than its header says")
        if start == end:
            return np.empty(shape, dtype)
        return np.memmap(path, dtype=dtype, mode="r", offset=start, shape=shape)
    except FileNotFoundError:
        raise _damaged(path, "It is missing.") from None
    except (OSError, ValueError, KeyError, TypeError, struct.error) as problem:
        raise _damaged(path, f"{problem}.") from None


def _damaged(path: Path, detail: str) -> ModelError:
    return ModelError(f"{os.path.join(*path.parts[-2:])} cannot be used as word vectors.", detail, _HINT)
