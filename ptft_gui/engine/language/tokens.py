"""The tokens of a text in memory-mapped files: two or four bytes each, the documents of a part one after the other.

``cache_dir/language/tokens-<key>/`` holds ``train.bin``, ``val.bin`` and ``facts.json``. Reading them costs no memory
to speak of, however long the text is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.cache import build_whole
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress
from ptft_gui.engine.language.documents import RawText, read_pieces
from ptft_gui.engine.language.tokenizer import TextTokenizer

VERSION = 1
_PIECES_AT_ONCE = 64
_CHARACTERS_AT_ONCE = 1 << 20
_PIECE_CHARACTERS = 1 << 14
_MOST_IN_TWO_BYTES = 1 << 16

Ids = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class TokenFiles:
    """The tokens of a text. ``facts``: tokens and characters of both parts, ``bytes_each`` and ``unknown`` ones."""

    folder: Path
    facts: dict[str, Any]

    @property
    def train(self) -> Ids:
        """Shape (T,), mapped."""
        return self._mapped("train")

    @property
    def val(self) -> Ids:
        return self._mapped("val")

    def _mapped(self, part: str) -> Ids:
        kind = np.uint16 if self.facts["bytes_each"] == 2 else np.uint32
        path = self.folder / f"{part}.bin"
        return np.memmap(path, kind, "r") if path.stat().st_size else np.zeros(0, kind)

    @property
    def train_count(self) -> int:
        return int(self.facts["train_tokens"])

    @property
    def val_count(self) -> int:
        return int(self.facts["val_tokens"])

    @property
    def characters_per_token(self) -> float:
        """How many characters of text a token stands for, on average."""
        part = "val" if self.val_count else "train"
        return float(self.facts[f"{part}_characters"]) / max(float(self.facts[f"{part}_tokens"]), 1.0)


def prepare_tokens(
    text: RawText,
    tokenizer: TextTokenizer,
    cache_dir: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> TokenFiles:
    """The tokens of a text: from the cache, or made now. Raises StoppedByPerson, DataError."""
    key = hashlib.sha256(f"{VERSION} {text.folder.name} {tokenizer.stamp}".encode()).hexdigest()[:24]
    folder = cache_dir / "language" / f"tokens-{key}"
    if (cached := _open(folder)) is not None:
        return cached
    build_whole(
        folder,
        lambda target: _Writer(text, tokenizer, progress, should_stop).write(target),
        lambda present: _open(present) is not None,
    )
    built = _open(folder)
    if built is None:
        raise FileNotFoundError(folder)
    return built


def open_tokens(folder: Path) -> TokenFiles:
    """Tokens that another process has prepared. Raises DataError where they are not there."""
    found = _open(folder)
    if found is None:
        raise DataError(
            f"{folder} does not hold the tokens of the text.",
            "The leading process has put them there.",
            "Let all computers share the folder of the program's cache (PTFT_HOME).",
        )
    return found


def _open(folder: Path) -> TokenFiles | None:
    try:
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        is_whole = all(
            (folder / f"{part}.bin").stat().st_size == facts[f"{part}_tokens"] * facts["bytes_each"]
            for part in ("train", "val")
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return TokenFiles(folder, facts) if is_whole else None


class _Writer:
    """Turns the text of both parts into tokens, a megabyte at a time."""

    def __init__(
        self, text: RawText, tokenizer: TextTokenizer, progress: Progress, should_stop: ShouldStop
    ) -> None:
        self._text, self._tokenizer = text, tokenizer
        self._progress, self._should_stop = progress, should_stop
        self._done = 0
        self._total = max(text.train_characters + text.val_characters, 1)
        self._kind = np.uint16 if tokenizer.size <= _MOST_IN_TWO_BYTES else np.uint32
        self._counts = np.zeros(tokenizer.size, np.int64)

    def write(self, folder: Path) -> None:
        facts: dict[str, Any] = {"bytes_each": self._kind().itemsize}
        for part, path in (("val", self._text.val_path), ("train", self._text.train_path)):
            self._counts[:] = 0  # training comes last: its counts are the ones to keep
            with (folder / f"{part}.bin").open("wb") as out:
                facts[f"{part}_tokens"] = self._write_part(path, out)
            facts[f"{part}_characters"] = int(self._text.facts[part]["characters"])
        np.save(folder / "counts.npy", self._counts)
        unknown = self._tokenizer.plan.unknown
        facts["unknown"] = int(self._counts[self._tokenizer.special_id(unknown)]) if unknown else 0
        (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")

    def _write_part(self, path: Path, out: BinaryIO) -> int:
        count, end = 0, self._tokenizer.end_id
        for pieces in self._batches(path):
            found: list[int] = []
            encoded = self._tokenizer.encode_many([text for text, _ in pieces])
            for ids, (_, is_end) in zip(encoded, pieces, strict=True):
                found += ids
                if is_end:
                    found.append(end)
            array = np.array(found, self._kind)
            self._counts += np.bincount(array, minlength=len(self._counts))
            out.write(array.tobytes())
            count += len(array)
        return count

    def _batches(self, path: Path) -> Iterator[list[tuple[str, bool]]]:
        batch: list[tuple[str, bool]] = []
        size = 0
        for piece in read_pieces(path, _PIECE_CHARACTERS):
            batch.append(piece)
            size += len(piece[0])
            if (
                len(batch) >= _PIECES_AT_ONCE and size >= _CHARACTERS_AT_ONCE // 8
            ) or size >= _CHARACTERS_AT_ONCE:
                self._tell(size)
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _tell(self, size: int) -> None:
        if self._should_stop():
            raise StoppedByPerson
        self._done += size
        self._progress("Turning the text into tokens", min(1.0, self._done / self._total))


def token_counts(tokens: TokenFiles) -> NDArray[np.int64]:
    """Shape (V,): how often each token stands in the training text."""
    counts: NDArray[np.int64] = np.load(tokens.folder / "counts.npy")
    return counts


def entropy_of_frequencies(counts: NDArray[np.int64]) -> float:
    """What guessing by frequency alone costs, in nats a token: the line that a model must get under."""
    shares = counts[counts > 0] / max(counts.sum(), 1)
    return float(-(shares * np.log(shares)).sum())
