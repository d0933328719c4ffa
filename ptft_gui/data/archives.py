"""What lies inside a zip or tar archive, and the bytes of each member, without unpacking anything to disk.

The list of members is read once and judged: an archive that reaches outside its folder, is encrypted, or is larger
than any data is refused as a whole, with the member that shows it.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import tarfile
import threading
import weakref
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, BinaryIO, Literal, cast

from ptft_gui.core.errors import DataError
from ptft_gui.data.compression import (
    HIGHEST_RATIO,
    MOST_UNPACKED_BYTES,
    RATIO_FREE_BYTES,
    Unpacked,
    compression_of_start,
    damaged,
    ends_early,
    refuse_bomb,
    unpack,
)
from ptft_gui.data.plainfile import PlainFile, shown

ArchiveKind = Literal["zip", "tar"]

MOST_MEMBERS = 150_000
"""The reviews of IMDB, which people do bring, are some 100,000 files."""
_LONGEST_NAME = 4096
_DRIVE = re.compile(r"[A-Za-z]:")
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_TAR_MARK_AT, _TAR_MARK = 257, b"ustar"
# Documents that are zip archives inside.
_DOCUMENT_MEMBERS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})
# What zipfile and tarfile raise over damaged archives; for some places they have no words of their own.
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    OSError,
    ValueError,
    IndexError,
    RuntimeError,
    OverflowError,
    struct.error,
)
_LONGEST_HEADER_BYTES = 1 << 20  # of one header in a tar: long names and attributes


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside an archive. ``place``: its number in a zip, where its bytes begin in a tar."""

    name: str
    size_bytes: int
    packed_bytes: int
    place: int


def archive_kind(start: bytes, name: str) -> ArchiveKind | None:
    """Which archive begins with these bytes (those that come out, where it is compressed)."""
    if start.startswith(_ZIP_STARTS):
        return "zip"
    if start[_TAR_MARK_AT:].startswith(_TAR_MARK):
        return "tar"
    # Tar archives of the oldest kind have no mark: their name and a sum in the header must do.
    return "tar" if name.lower().endswith(".tar") and _is_old_tar(start) else None


def _is_old_tar(start: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(start[:512], "utf-8", "surrogateescape")
    except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
        return True  # nothing but the end: an empty archive
    except tarfile.HeaderError:
        return False
    return True


class _Held:
    """What an archive keeps open between its members."""

    def __init__(self) -> None:
        self.zip: zipfile.ZipFile | None = None
        self.cursor: Unpacked | PlainFile | None = None

    def close(self) -> None:
        for held in (self.zip, self.cursor):
            if held is not None:
                held.close()
        self.zip = self.cursor = None


class Archive:
    """An archive whose members can be opened any number of times; what is open is shared and closed with it."""

    def __init__(
        self, path: Path, size_bytes: int, mtime_ns: int, opened: zipfile.ZipFile | None = None
    ) -> None:
        """``opened`` is a zip that was opened already: to read a long list of contents takes its time."""
        self.path = path
        self.size_bytes = size_bytes
        self.mtime_ns = mtime_ns
        self._lock = threading.Lock()
        self._held = _Held()
        self._held.zip = opened
        weakref.finalize(self, self._held.close)
        self.kind: ArchiveKind = "zip"
        self.is_packed = False
        if opened is not None:
            self.members = tuple(_zip_members(path, size_bytes, opened))
        else:
            self.kind, self.members, self.is_packed = _index(path, size_bytes, mtime_ns)
        self._nested: dict[int, int] = {}

    def open(self, member: Member) -> Unpacked:
        """The bytes of a member. Raises DataError when the archive has changed or is damaged."""
        return self._open_in_zip(member) if self.kind == "zip" else self._open_in_tar(member)

    def count_nested(self, member: Member, unpacked: int) -> None:
        """Hold compressed members to the limits of the archive: many small bombs are one large one."""
        self._nested[member.place] = max(self._nested.get(member.place, 0), unpacked)
        if len(self._nested) > 1:
            refuse_bomb(self.path.name, lambda: self.size_bytes, sum(self._nested.values()))

    def close(self) -> None:
        """Close what is open; the archive may be used again."""
        self._held.close()

    def __reduce__(self) -> tuple[type[Archive], tuple[Path, int, int]]:
        return Archive, (self.path, self.size_bytes, self.mtime_ns)

    def _open_in_zip(self, member: Member) -> Unpacked:
        name = shown_name(self.path.name, member.name)
        with self._lock:
            if self._held.zip is None:
                self._held.zip = open_zip(self.path, self.size_bytes, self.mtime_ns)
            try:
                stream = self._held.zip.open(self._held.zip.infolist()[member.place])
            except _DAMAGE as problem:
                raise damaged(name, 0, str(problem)) from problem
        share = member.packed_bytes / max(member.size_bytes, 1)
        return Unpacked(name, _reading_zip(stream), lambda unpacked: int(unpacked * share), stream.close)

    def _open_in_tar(self, member: Member) -> Unpacked:
        name = shown_name(self.path.name, member.name)
        base = self._take_cursor(member)
        try:
            base.seek(member.place)
        except DataError:
            base.close()
            raise
        left = member.size_bytes

        def read(count: int) -> bytes:
            nonlocal left
            data = base.read(min(count, left)) or b""
            if left and not data:
                raise ends_early(name, member.size_bytes - left)
            left -= len(data)
            return data

        return Unpacked(name, read, lambda unpacked: unpacked, lambda: self._give_back(base))

    def _take_cursor(self, member: Member) -> Unpacked | PlainFile:
        """The compressed tar as far as it has been read, where the member lies ahead; else from its start."""
        with self._lock:
            held, self._held.cursor = self._held.cursor, None
        if held is not None:
            if not self.is_packed or held.tell() <= member.place:
                return held
            held.close()
        return _open_tar_bytes(self.path, self.size_bytes, self.mtime_ns)[0]

    def _give_back(self, base: Unpacked | PlainFile) -> None:
        with self._lock:
            held, self._held.cursor = self._held.cursor, base
        if held is not None:
            held.close()


def _reading_zip(stream: IO[bytes]) -> Callable[[int], bytes]:
    def read(count: int) -> bytes:
        try:
            return stream.read1(count)  # type: ignore[attr-defined, no-any-return]
        except zipfile.BadZipFile as problem:
            raise ValueError(str(problem)) from problem

    return read


def shown_name(archive: str, member: str) -> str:
    """A member's name for people, with that of its archive."""
    return f"{shown(member)} in {shown(archive)}"


@lru_cache(maxsize=2)
def _index(path: Path, size: int, mtime_ns: int) -> tuple[ArchiveKind, tuple[Member, ...], bool]:
    """Kind, members and whether the archive as a whole is compressed; kept, because it is asked for in a row."""
    with PlainFile(path, size, mtime_ns) as raw:
        start = raw.read(512) or b""
    if start.startswith(_ZIP_STARTS):
        with open_zip(path, size, mtime_ns) as opened:
            return "zip", tuple(_zip_members(path, size, opened)), False
    stream, is_packed = _open_tar_bytes(path, size, mtime_ns)
    with stream:
        return "tar", tuple(_tar_members(path, stream)), is_packed


def is_document(archive: zipfile.ZipFile) -> bool:
    """Whether a file that is a zip archive inside is a document to people: a workbook, a letter, a book."""
    return any(info.filename in _DOCUMENT_MEMBERS for info in archive.infolist()[:50])


def open_zip(path: Path, size: int, mtime_ns: int) -> zipfile.ZipFile:
    """A zip archive, its list of contents read. Raises DataError where it has changed or is damaged."""
    PlainFile(path, size, mtime_ns).close()  # raises where it has changed
    try:
        return zipfile.ZipFile(path)
    except _DAMAGE as problem:
        raise DataError(
            f"{path.name} is damaged or not complete: its list of contents cannot be read.",
            f"It has {size:,} bytes and begins like a zip archive; then: {problem}.",
            "Copy or download it again, or unpack it with another program and choose the folder.",
        ) from problem


def _zip_members(path: Path, size: int, archive: zipfile.ZipFile) -> Iterator[Member]:
    total = 0
    _refuse_many(path, len(archive.infolist()))
    for place, info in enumerate(archive.infolist()):
        name = _zip_name(info)
        _refuse_outside(path, name)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refused(path, name, "is a link or a device, not a file")
        if info.is_dir():
            continue
        if info.flag_bits & 0x1:
            raise _encrypted(path, name)
        total += info.file_size
        _refuse_large(path, total, size)
        yield Member(name, info.file_size, info.compress_size, place)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name; old programs wrote it in the encoding of their country without saying so."""
    name = info.filename.replace("\\", "/")
    if info.flag_bits & 0x800 or name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _open_tar_bytes(path: Path, size: int, mtime_ns: int) -> tuple[Unpacked | PlainFile, bool]:
    raw = PlainFile(path, size, mtime_ns)
    kind = compression_of_start(raw.read(16) or b"")
    raw.seek(0)
    if kind is None:
        return raw, False
    return unpack(cast(BinaryIO, raw), kind, path.name, lambda _count: None), True


class _HeaderReads:
    """Lets tarfile read headers of sensible size only: it takes what a header claims at its word."""

    def __init__(self, stream: Unpacked | PlainFile, path: Path) -> None:
        self._stream = stream
        self._path = path

    def read(self, count: int) -> bytes:
        if count > _LONGEST_HEADER_BYTES:
            raise damaged(self._path.name, self._stream.tell(), f"a header of {count:,} bytes")
        pieces, left = [], count
        while left and (piece := self._stream.read(left)):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, place: int) -> int:
        return self._stream.seek(place)


def _tar_members(path: Path, stream: Unpacked | PlainFile) -> Iterator[Member]:
    total = 0
    try:
        reader = cast(BinaryIO, _HeaderReads(stream, path))
        with tarfile.TarFile(fileobj=reader, mode="r", encoding="utf-8", errors="replace") as archive:
            for number, info in enumerate(archive, 1):
                archive.members.clear()  # type: ignore[attr-defined]  # tarfile would keep them all
                _refuse_many(path, number)
                _refuse_outside(path, info.name)
                if not (info.isreg() or info.isdir()) or info.issparse():
                    raise _refused(path, info.name, "is a link or a device, not a file")
                total += info.size
                _refuse_large(path, total, 0)
                if info.isreg():
                    yield Member(info.name, info.size, info.size, info.offset_data)
    except _DAMAGE as problem:
        if isinstance(problem, tarfile.ReadError) and "unexpected end" in str(problem):
            raise ends_early(path.name, stream.tell()) from problem
        raise damaged(path.name, stream.tell(), str(problem)) from problem


def _refuse_many(path: Path, count: int) -> None:
    if count > MOST_MEMBERS:
        raise DataError(
            f"{path.name} holds more files than can be read from an archive.",
            f"It holds more than {MOST_MEMBERS:,}.",
            "Unpack it and choose the folder, or a part of it.",
        )


def _refuse_outside(path: Path, name: str) -> None:
    plain = name.replace("\\", "/")
    if plain.startswith("/") or _DRIVE.match(plain) or ".." in plain.split("/"):
        raise _refused(path, name, "points outside of it")
    if not 0 < len(name) <= _LONGEST_NAME or "\0" in name:
        raise _refused(path, name, "has a name that no file can have")


def _refuse_large(path: Path, total: int, packed: int) -> None:
    is_bomb = packed and total > RATIO_FREE_BYTES and total > packed * HIGHEST_RATIO
    if total > MOST_UNPACKED_BYTES or is_bomb:
        raise DataError(
            f"{path.name} unpacks to more than is safe to read.",
            f"Its {os.stat(path).st_size:,} bytes claim to hold {total:,} or more.",
            "If you trust it, unpack it yourself and choose the folder.",
        )


def _refused(path: Path, name: str, why: str) -> DataError:
    return DataError(
        f"{path.name} was not opened: a member of it {why}.",
        f"The member is {shown(name)}.",
        "If you trust the archive, unpack it yourself and choose the folder.",
    )


def _encrypted(path: Path, name: str) -> DataError:
    return DataError(
        f"{path.name} is protected by a password.",
        f"{shown(name)} in it is encrypted.",
        "Unpack it with its password in your file manager, and choose the folder that comes out.",
    )
