"""The raw text of a run: whole documents as they were written, divided once and kept in the cache, memory flat.

A language model reads text as it stands, with capitals, marks and line breaks. ``cache_dir/<key>/`` holds ``train.txt``
and ``val.txt`` (UTF-8; documents end with :data:`DOCUMENT_END`) and ``facts.json``. A folder appears whole or not at
all, and an edited file makes a new one.

What a document is follows :mod:`ptft_gui.data.documents`, with one difference: the paragraphs of a file stay one text
and keep their blank lines, for a model shall learn where a paragraph ends; what is held out of it are whole paragraphs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.core.fingerprints import print_file
from ptft_gui.data import holdout
from ptft_gui.data.cache import build_whole
from ptft_gui.data.corpus import corpus_key, resolve_dataset, with_given_val
from ptft_gui.data.corpus_inputs import open_inputs
from ptft_gui.data.documents import read_passages, sniff_shape
from ptft_gui.data.preparing import are_documents
from ptft_gui.data.request import CorpusRequest, Progress, ShouldStop, never_stop, no_progress
from ptft_gui.data.sources import DataFiles, find_files
from ptft_gui.data.texts import Texts, blocks_are_documents, read_texts

DOCUMENT_END = "\0"
VERSION = 1
MOST_HELD_CHARACTERS = 4_000_000
FEWEST_CHARACTERS = 10_000
"""A text shorter than this is learned from whole: a part of it would tell nothing."""
_SAMPLE_CHARACTERS = 1 << 18
_BLOCK_BYTES = 1 << 20
_FOLDER = "language"


@dataclass(frozen=True)
class RawText:
    """A divided text on disk; ``facts`` is the content of ``facts.json``."""

    folder: Path
    facts: dict[str, Any]

    @property
    def train_path(self) -> Path:
        return self.folder / "train.txt"

    @property
    def val_path(self) -> Path:
        return self.folder / "val.txt"

    @property
    def train_characters(self) -> int:
        return int(self.facts["train"]["characters"])

    @property
    def val_characters(self) -> int:
        return int(self.facts["val"]["characters"])


def prepare_raw_text(
    request: CorpusRequest,
    cache_dir: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> RawText:
    """Find the text in the cache, or read and divide it.

    Raises DataError for text that cannot be read, StoppedByPerson; both leave the cache clean.
    """
    request.check()
    root = resolve_dataset(request.dataset, cache_dir, progress, should_stop)
    files = with_given_val(find_files(root), request.val)
    key = hashlib.sha256(f"raw {VERSION} {corpus_key(request, files)}".encode()).hexdigest()[:24]
    folder = cache_dir / _FOLDER / key
    if (cached := open_raw_text(folder)) is not None:
        return cached
    build_whole(
        folder,
        _Builder(request, files, progress, should_stop).build,
        lambda present: open_raw_text(present) is not None,
    )
    built = open_raw_text(folder)
    if built is None:
        raise DataError(
            "The text vanished from the cache.",
            f"Looked for {folder}.",
            "Start again; if it happens twice, check the disk.",
        )
    return built


def open_raw_text(folder: Path) -> RawText | None:
    """A text of the cache, or None when it is absent or not whole."""
    try:
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        sizes = {name: (folder / name).stat().st_size for name in facts["cache_bytes"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return RawText(folder, facts) if sizes == facts["cache_bytes"] else None


def read_pieces(path: Path, most_characters: int = 1 << 16) -> Iterator[tuple[str, bool]]:
    """The text of one part in pieces, each with whether its document ends there.

    Documents of up to ``most_characters`` come whole; longer ones are cut at line ends, else at spaces.
    """
    held = ""
    with path.open(encoding="utf-8", newline="") as stream:
        while block := stream.read(1 << 20):
            *ended, held = (held + block).split(DOCUMENT_END)
            for document in ended:
                yield from _cut(document, most_characters, is_whole=True)
            while len(held) > 2 * most_characters:
                cut = _last_break(held, most_characters)
                yield held[:cut], False
                held = held[cut:]
    if held:
        yield from _cut(held, most_characters, is_whole=True)


def _cut(document: str, most: int, is_whole: bool) -> Iterator[tuple[str, bool]]:
    while len(document) > most:
        cut = _last_break(document, most)
        yield document[:cut], False
        document = document[cut:]
    yield document, is_whole


def _last_break(text: str, most: int) -> int:
    """Where to cut at most ``most`` characters from the beginning: after a line end, else before a space."""
    line = text.rfind("\n", most // 2, most) + 1
    space = text.rfind(" ", most // 2, most)
    return line or (space if space > 0 else most)


@dataclass
class _Side:
    characters: int = 0
    documents: int = 0
    size_bytes: int = 0


@dataclass
class _Whole:
    """All text in one file, and what is known of it."""

    text: Path
    records: Path
    characters: int = 0
    units: int = 0
    has_text: bool = False
    files: list[dict[str, object]] = field(default_factory=list)


class _Builder:
    """Reads, writes and divides the text of one request."""

    def __init__(
        self, request: CorpusRequest, files: DataFiles, progress: Progress, should_stop: ShouldStop
    ) -> None:
        self._request, self._files = request, files
        self._progress, self._should_stop = progress, should_stop
        self._bytes_done = 0
        self._bytes_total = 2 * sum(source.size_bytes for source in (*files.train, *files.val)) or 1

    def build(self, folder: Path) -> None:
        inputs = open_inputs(self._request, self._files, self._on_bytes, self._should_stop)
        notices = [note for note in inputs.notices if "word vectors" not in note]
        whole = self._gather(inputs.train, folder / "all.txt")
        if not whole.has_text:
            raise DataError(
                f"{self._files.root.name} holds no text.",
                "There is not one character in it that could be learned from.",
                "Choose a file or folder with sentences.",
            )
        fingerprint = print_file(whole.text).sha256
        if inputs.val:
            given = self._gather(inputs.val, folder / "held.txt")
            whole.text.rename(folder / "train.txt")
            given.text.rename(folder / "val.txt")
            given.records.unlink()
            kind, sentence = "given", "The held-out text was given."
        else:
            kind, sentence = self._divide(whole, folder)
        whole.records.unlink(missing_ok=True)
        sides = {name: _measure(folder / f"{name}.txt") for name in ("train", "val")}
        facts = {
            "dataset": self._request.dataset,
            "files": whole.files,
            "characters": sum(side.characters for side in sides.values()),
            "documents": sum(side.documents for side in sides.values()),
            "fingerprint": fingerprint,
            "split": {"kind": kind, "sentence": sentence, "seed": self._request.seed},
            "notices": list(dict.fromkeys(notices)),
            **{n: {"characters": s.characters, "documents": s.documents} for n, s in sides.items()},
            "cache_bytes": {f"{name}.txt": side.size_bytes for name, side in sides.items()},
        }
        (folder / "facts.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")

    def _on_bytes(self, count: int) -> None:
        if self._should_stop():
            raise StoppedByPerson
        self._bytes_done += count
        self._progress("Reading the text", min(self._bytes_done / self._bytes_total, 1.0))

    # --- gathering ---------------------------------------------------------------------------------------------

    def _gather(self, texts: list[Texts], target: Path) -> _Whole:
        """Write all documents one after the other, and a record for each piece that may be held out as a whole."""
        whole = _Whole(target, target.with_suffix(".records"))
        each_file = are_documents(texts, self._files.is_folder)
        with target.open("wb") as out, whole.records.open("wb") as records:
            for file in texts:
                before = whole.characters
                for unit in self._units(file, each_file):
                    self._write_unit(unit, whole, out, records)
                whole.files.append(
                    {
                        "name": file.name,
                        "bytes": file.size_bytes,
                        "encoding": file.encoding_name,
                        "characters": whole.characters - before,
                    }
                )
        return whole

    def _write_unit(self, unit: Iterator[str], whole: _Whole, out: BinaryIO, records: BinaryIO) -> None:
        """One piece, streamed: it may be as long as a whole file."""
        digest, characters, size = holdout.document_hash(self._request.seed), 0, 0
        for text in unit:
            if self._should_stop():
                raise StoppedByPerson
            data = text.encode("utf-8", "replace")
            whole.has_text = whole.has_text or bool(text.replace(DOCUMENT_END, "").strip())
            digest.update(data)
            characters += len(text) - text.count(DOCUMENT_END)
            size += len(data)
            out.write(data)
        if size:
            # sizes of a record are 32 bits wide; what is larger is never held out whole
            told = min(characters, (1 << 32) - 1)
            records.write(holdout.Document(holdout.bucket_of(digest), 1, told, size).pack())
            whole.characters += characters
            whole.units += 1

    def _units(self, file: Texts, is_document: bool) -> Iterator[Iterator[str]]:
        """The pieces of a file that may be held out as a whole, each as a stream of text."""
        blocks = (block.replace(DOCUMENT_END, "\ufffd") for block in read_texts(file, self._on_bytes))
        if blocks_are_documents(file):
            yield from (iter((block.rstrip("\n"), DOCUMENT_END)) for block in blocks if block.strip())
            return
        first = next(blocks, "")
        shape = "whole" if is_document else sniff_shape(first[:_SAMPLE_CHARACTERS])
        stream = chain([first], blocks)
        if shape == "whole" or self._request.split == "tail":
            yield chain(stream, [DOCUMENT_END])
            return
        end = DOCUMENT_END if shape == "lines" else "\n\n"
        held: list[str] = []
        for passage in read_passages(stream, shape):
            held.append(passage.text)
            if passage.ends_document:
                text = "".join(held).strip("\n")
                held = []
                if text.strip():
                    yield iter((text, end))
        if shape != "lines":
            yield iter((DOCUMENT_END,))

    # --- dividing ----------------------------------------------------------------------------------------------

    def _divide(self, whole: _Whole, folder: Path) -> tuple[str, str]:
        """Hold a part out; returns the kind of the split and a sentence about it."""
        fraction = self._request.val_fraction
        if fraction == 0:
            return self._keep_all(
                whole, folder, "Nothing is held out, as you chose: there is no held-out curve."
            )
        if fraction is None and whole.characters < FEWEST_CHARACTERS:
            told = f"The text is too small to hold a part out ({whole.characters:,} characters)."
            return self._keep_all(whole, folder, told)
        self._progress("Holding out a part of the text", None)
        fewest = 2 if self._request.split == "documents" else holdout.FEWEST_DOCUMENTS
        if self._request.split != "tail" and whole.units >= fewest:
            return self._hold_documents(whole, folder)
        return self._hold_end(whole, folder)

    def _keep_all(self, whole: _Whole, folder: Path, sentence: str) -> tuple[str, str]:
        whole.text.rename(folder / "train.txt")
        (folder / "val.txt").touch()
        return "none", sentence

    def _wanted_characters(self, whole: _Whole) -> float:
        fraction = self._request.val_fraction
        if fraction is not None:
            return fraction * whole.characters
        return min(holdout.AUTOMATIC_FRACTION * whole.characters, MOST_HELD_CHARACTERS)

    def _hold_documents(self, whole: _Whole, folder: Path) -> tuple[str, str]:
        target = holdout.Target(float("inf"), self._wanted_characters(whole))
        chosen = holdout.choose_buckets(holdout.read_documents(whole.records), target)
        with (
            whole.text.open("rb") as source,
            (folder / "train.txt").open("wb") as train,
            (folder / "val.txt").open("wb") as val,
        ):
            for is_held, (start, end) in holdout.document_ranges(
                holdout.read_documents(whole.records), chosen
            ):
                _copy(source, start, end, val if is_held else train)
        whole.text.unlink()
        return "documents", "Whole documents or paragraphs are held out, drawn by the seed."

    def _hold_end(self, whole: _Whole, folder: Path) -> tuple[str, str]:
        keeps = whole.characters - self._wanted_characters(whole)
        is_exact = self._request.split == "tail"
        cut = _byte_of_character(whole.text, int(keeps))
        if not is_exact:
            cut = _next_break(whole.text, cut)
        size = whole.text.stat().st_size
        with (
            whole.text.open("rb") as source,
            (folder / "train.txt").open("wb") as train,
            (folder / "val.txt").open("wb") as val,
        ):
            _copy(source, 0, cut, train)
            _copy(source, cut, size, val)
        whole.text.unlink()
        if is_exact:
            return "tail", "The text is cut by its number of characters: the end is held out."
        return "end", "The end of the text is held out."


def _copy(source: BinaryIO, start: int, end: int, out: BinaryIO) -> None:
    source.seek(start)
    left = end - start
    while left > 0 and (block := source.read(min(left, _BLOCK_BYTES))):
        out.write(block)
        left -= len(block)


def _byte_of_character(path: Path, number: int) -> int:
    """Where the ``number``-th character of a UTF-8 file begins; the marks of documents' ends do not count."""
    position, left = 0, number
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            count = _characters_in(block)
            if count > left:
                return position + _offset_in(block, left)
            left -= count
            position += len(block)
    return position


def _begins_character(block: bytes) -> NDArray[np.bool_]:
    """Which bytes of UTF-8 begin a character; the mark of a document's end is none."""
    found = np.frombuffer(block, np.uint8)
    begins: NDArray[np.bool_] = ((found & 0xC0) != 0x80) & (found != 0)
    return begins


def _characters_in(block: bytes) -> int:
    return int(_begins_character(block).sum())


def _offset_in(block: bytes, characters: int) -> int:
    return int(np.flatnonzero(_begins_character(block))[characters])


def _next_break(path: Path, position: int) -> int:
    """The first place from ``position`` on after a line end or a document's end; else after a space; else itself."""
    with path.open("rb") as stream:
        stream.seek(position)
        block = stream.read(_BLOCK_BYTES)
    for marks in (b"\n\0", b" "):
        found = [place for mark in marks if (place := block.find(bytes([mark]))) >= 0]
        if found and position + min(found) + 1 < path.stat().st_size:
            return position + min(found) + 1
    return position


def _measure(path: Path) -> _Side:
    side = _Side()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            side.size_bytes += len(block)
            side.characters += _characters_in(block)
            side.documents += block.count(b"\0")
    return side
