"""What lies in a folder or an archive: every file with its place in it, in the order of the names."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator
from pathlib import Path

from ptft_gui.core.errors import DataError
from ptft_gui.data.archives import Archive
from ptft_gui.data.bytesource import ByteSource, members_of, plain_source, stem_of, suffix_of
from ptft_gui.data.compression import without_compression
from ptft_gui.data.naming import is_hidden

MOST_FILES = 200_000


@contextlib.contextmanager
def garbage_waits() -> Iterator[None]:
    """Where very many small objects are made and none is garbage, looking for garbage takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Entry:
    """A source and where it lies below the path: ``("train", "pos", "12.txt")``.

    ``bare_name``, ``suffix`` and ``stem`` are those of the source; they are asked for again and again, and there may be
    very many.
    """

    __slots__ = ("bare_name", "parts", "source", "stem", "suffix")

    def __init__(self, parts: tuple[str, ...], source: ByteSource) -> None:
        self.parts, self.source = parts, source
        self.bare_name = without_compression(parts[-1]) if parts else ""
        self.suffix = suffix_of(self.bare_name)
        self.stem = stem_of(self.bare_name, self.suffix)


def walk(folder: Path, links: list[str]) -> Iterator[Entry]:
    """The files below a folder, in the order of their names and those of their folders; ``links`` gathers what was
    skipped because it leads out of it."""
    inside, count = folder.resolve(), 0
    waiting = _names_in(folder, ())
    while waiting:
        parts, each = waiting.pop()
        if each.is_symlink() and _leads_elsewhere(each, inside):
            links.append(each.name)
        elif each.is_dir():
            waiting += _names_in(folder, parts)
        elif each.is_file():
            count += 1
            _refuse_many(folder, count)
            yield Entry(parts, plain_source(each.path, each.name, each.stat()))


def _leads_elsewhere(link: os.DirEntry[str], inside: Path) -> bool:
    """Whether a link is not to be followed: to a folder, out of the folder that was chosen, or round in a circle."""
    try:
        return link.is_dir() or not Path(link.path).resolve().is_relative_to(inside)
    except (OSError, RuntimeError):
        return True


def _names_in(folder: Path, parts: tuple[str, ...]) -> list[tuple[tuple[str, ...], os.DirEntry[str]]]:
    """What lies in a folder below ``folder``, the first name last."""
    with os.scandir(folder.joinpath(*parts)) as found:
        seen = [each for each in found if not is_hidden((each.name,))]
    return [((*parts, each.name), each) for each in sorted(seen, key=lambda each: each.name, reverse=True)]


def entries_of(archive: Archive) -> list[Entry]:
    """The members of an archive; one that can only be read from its beginning keeps its own order."""
    found = (Entry(_parts_of(source.member or ""), source) for source in members_of(archive))
    entries = [entry for entry in found if entry.parts and not is_hidden(entry.parts)]
    return entries if archive.is_packed else sorted(entries, key=lambda entry: entry.parts)


def _parts_of(member: str) -> tuple[str, ...]:
    return tuple([part for part in member.split("/") if part not in ("", ".")])


def _refuse_many(folder: Path, count: int) -> None:
    if count > MOST_FILES:
        raise DataError(
            f"The folder {folder.name or folder} holds too many files to be one dataset.",
            f"There are more than {MOST_FILES:,} in it.",
            "Choose the folder that holds your texts and nothing else.",
        )
