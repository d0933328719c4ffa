"""Which files a path stands for, and their text as a stream of blocks.

A format is one entry of ``FORMATS``: a later one (tables, JSON lines, archives) adds an entry and a reader.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ptft_gui.core.errors import DataError
from ptft_gui.data.encoding import ScannedFile, unreadable

BLOCK_CHARACTERS = 1 << 20
_SPLIT_STEMS = {
    "train": "train",
    "dev": "val",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
}
_COLUMNS = frozenset({".csv", ".tsv", ".json", ".jsonl", ".xml", ".html", ".htm"})

BytesRead = Callable[[int], None]


def read_text(file: ScannedFile, on_bytes: BytesRead = lambda _count: None) -> Iterator[str]:
    """The characters of a text file in blocks; line ends become ``\\n``. ``on_bytes`` is told what was read."""
    try:
        with open(file.path, "rb") as raw, io.TextIOWrapper(raw, file.encoding, "replace") as stream:
            position = 0
            while block := stream.read(BLOCK_CHARACTERS):
                on_bytes(raw.tell() - position)
                position = raw.tell()
                yield block
    except OSError as problem:
        raise unreadable(file.path, problem) from problem


@dataclass(frozen=True)
class Format:
    """A kind of file: its endings (lower case) and the function that streams its text."""

    suffixes: frozenset[str]
    read: Callable[[ScannedFile, BytesRead], Iterator[str]]


FORMATS: dict[str, Format] = {"text": Format(frozenset({".txt", ".text", ".md"}), read_text)}


def format_of(path: Path) -> str:
    """The format a file is read in; a file named by a person is read as plain text whatever its ending."""
    suffix = path.suffix.lower()
    return next((name for name, kind in FORMATS.items() if suffix in kind.suffixes), "text")


def read_blocks(file: ScannedFile, on_bytes: BytesRead = lambda _count: None) -> Iterator[str]:
    """The text of a file of any known format, in blocks."""
    return FORMATS[format_of(file.path)].read(file, on_bytes)


@dataclass(frozen=True)
class TextFiles:
    """The files behind a path. ``val`` and ``test`` are filled when a folder brings its own splits."""

    root: Path
    train: tuple[Path, ...]
    val: tuple[Path, ...] = ()
    test: tuple[Path, ...] = ()

    @property
    def is_folder(self) -> bool:
        return self.root.is_dir()

    def notices(self) -> list[str]:
        """What a person should know about the choice of files."""
        said = [
            f"{path.name} is read as plain text, line by line; its columns or marks are not told apart."
            for path in self.train
            if path.suffix.lower() in _COLUMNS
        ]
        if self.test:
            names = ", ".join(path.name for path in self.test)
            said.append(f"{names} was left aside: word vectors are not scored on a test part.")
        return said


def find_files(path: Path) -> TextFiles:
    """The text files a path stands for, sorted by name; hidden files and folders are skipped.

    Raises DataError when there is no such path, it may not be read, or a folder holds no text file.
    """
    try:
        if not path.is_dir():
            path.stat()
            return TextFiles(path, (path,))
        found = sorted(_walk(path), key=lambda p: p.relative_to(path).as_posix())
    except FileNotFoundError as problem:
        raise _missing(path) from problem
    except OSError as problem:
        raise unreadable(path, problem) from problem
    if not found:
        raise _no_text(path)
    return _with_splits(path, found)


def _walk(folder: Path) -> Iterator[Path]:
    known = frozenset().union(*(kind.suffixes for kind in FORMATS.values()))
    for parent, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in known:
                yield Path(parent, name)


def _raise(problem: OSError) -> None:
    raise problem


def _with_splits(folder: Path, found: list[Path]) -> TextFiles:
    """Recognise a folder that brings its splits: files named train, dev (val, valid) and test beside each other."""
    parts: dict[str, list[Path]] = {"train": [], "val": [], "test": []}
    for path in found:
        part = _SPLIT_STEMS.get(path.stem.lower()) if path.parent == folder else None
        if part:
            parts[part].append(path)
    if not parts["train"] or not (parts["val"] or parts["test"]):
        return TextFiles(folder, tuple(found))
    return TextFiles(folder, *(tuple(parts[part]) for part in ("train", "val", "test")))


def _missing(path: Path) -> DataError:
    return DataError(
        f"There is no file or folder named {path.name or path}.",
        f"Looked for {path.absolute()}.",
        "Check the spelling, or choose the file again.",
    )


def _no_text(folder: Path) -> DataError:
    names = sorted({p.suffix.lower() for p in folder.rglob("*") if p.is_file() and p.suffix})[:6]
    seen = f"It holds files ending in {', '.join(names)}." if names else "It holds no files with text."
    return DataError(
        f"The folder {folder.name or folder} holds no text file.",
        seen,
        "Choose a folder with files ending in .txt, .text or .md.",
    )
