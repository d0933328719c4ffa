"""One file of a person's data as bytes: alone on disk, compressed, or inside an archive.

Everything that reads data opens it through a :class:`ByteSource`: it unpacks as it goes, never more than is safe, and
says in words what is wrong with a file.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import stat
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import BinaryIO, cast

from ptft_gui.core.errors import DataError
from ptft_gui.data.archives import (
    Archive,
    ArchiveKind,
    Member,
    archive_kind,
    is_document,
    open_zip,
    shown_name,
)
from ptft_gui.data.cache import unwritable
from ptft_gui.data.compression import (
    Compression,
    Unpacked,
    compression_of_name,
    compression_of_start,
    unpack,
    without_compression,
)
from ptft_gui.data.plainfile import PlainFile, shown, unreadable

_BUFFER_BYTES = 1 << 18
_START_BYTES = 1 << 10
_COPY_BYTES = 1 << 20
# Wikipedia names the pieces of its exports "enwiki-latest-pages-articles1.xml-p10p30302.bz2".
_PIECE_OF_DUMP = re.compile(r"\.xml-p\d[^.]*\Z")
_SUFFIX = re.compile(r"\.(?=.*[a-z])[a-z0-9_+-]{1,16}")
_FREE_BYTES_LEFT = 64 << 20
_LIKELY_RATIO = 3


class SourceStream(io.BufferedReader):
    """An open :class:`ByteSource`. ``passed_bytes`` tells how far it is, in bytes on disk."""

    def __init__(self, raw: Unpacked | PlainFile, outermost: Unpacked | PlainFile) -> None:
        super().__init__(raw, _BUFFER_BYTES)
        self._counting = raw if isinstance(outermost, PlainFile) else outermost

    @property
    def passed_bytes(self) -> int:
        return self._counting.packed_bytes


@dataclass(frozen=True)
class ByteSource:
    """A file, or a member of an archive, that can be read as bytes.

    ``where`` is the path of the file on disk, as text: a folder may hold very many. ``size_bytes`` is what it takes on
    disk (of a member of a compressed tar: what comes out), ``mtime_ns`` when the file on disk was changed;
    ``compression`` is its own, not that of an archive around it.
    """

    where: str
    size_bytes: int
    mtime_ns: int
    member: str | None = None
    compression: Compression | None = None
    archive: Archive | None = field(default=None, repr=False, compare=False)
    place: Member | None = field(default=None, repr=False)

    @cached_property
    def path(self) -> Path:
        """The file on disk."""
        return Path(self.where)

    @property
    def name(self) -> str:
        """Its name for people: ``train.csv in reviews.zip``."""
        own = os.path.basename(self.where)
        return shown(own) if self.member is None else shown_name(own, self.member)

    @property
    def file_name(self) -> str:
        """The last part of its name, as it is written."""
        return os.path.basename(self.where) if self.member is None else self.member.rpartition("/")[2]

    @property
    def bare_name(self) -> str:
        """The same without the ending of a compression."""
        return without_compression(self.file_name)

    @property
    def suffix(self) -> str:
        """The ending in lower case, that of a compression aside; empty where there is none (``54164``)."""
        return suffix_of(self.bare_name)

    @property
    def stem(self) -> str:
        """The name without its endings."""
        return stem_of(self.bare_name, self.suffix)

    @property
    def is_plain(self) -> bool:
        """Whether the bytes stand on disk as they are, so that a library may be given the path."""
        return self.member is None and self.compression is None

    @property
    def fingerprint(self) -> tuple[int, int]:
        """Size and time of change of the file on disk; another one means that the data may be another."""
        size = self.archive.size_bytes if self.archive else self.size_bytes
        return size, self.mtime_ns

    @property
    def unpacked_bytes(self) -> int | None:
        """How many bytes come out, where that is known without reading."""
        if self.compression is not None:
            return None
        return self.place.size_bytes if self.place else self.size_bytes

    @property
    def likely_bytes(self) -> int:
        """How many bytes come out, or a guess at it: text shrinks to a third or less."""
        known = self.unpacked_bytes
        return self.size_bytes * _LIKELY_RATIO if known is None else known

    def open(self) -> SourceStream:
        """Its bytes, unpacked as they are read; a plain file and nothing else can be read backwards.

        A wrong ending does no harm: the first bytes tell what is compressed. Opening the members of one archive in
        the order of :attr:`Archive.members` reads it once. Raises DataError, while it is read as well.
        """
        outermost: Unpacked | PlainFile
        if self.archive is not None and self.place is not None:
            outermost = self.archive.open(self.place)
        else:
            outermost = PlainFile(self.path, self.size_bytes, self.mtime_ns)
        stream = SourceStream(outermost, outermost)
        try:
            kind = compression_of_start(stream.peek(_START_BYTES)[:_START_BYTES])
        except DataError:
            stream.close()
            raise
        if kind is None:
            return stream
        return SourceStream(unpack(cast(BinaryIO, stream), kind, self.name, self._counting()), outermost)

    def head(self, count: int) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(count)

    def has_changed(self) -> bool:
        """Whether the file on disk is no longer as it was."""
        try:
            status = self.path.stat()
        except OSError:
            return True
        return (status.st_size, status.st_mtime_ns) != self.fingerprint

    def as_file(self, folder: Path, on_bytes: Callable[[int], None] = lambda _count: None) -> Path:
        """A real file with these bytes, for readers that must jump about in it.

        A plain file is itself; anything else is unpacked into ``folder`` once, under a name of its own. ``on_bytes``
        is told of bytes as they are written, and may raise to stop. Raises DataError; nothing half-written stays.
        """
        if self.is_plain:
            return self.path
        target = folder / f"{self._key()}{self.suffix}"
        if target.is_file():
            return target
        temporary = folder / f".{target.name}-{uuid.uuid4().hex[:8]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with open(temporary, "wb") as out, self.open() as stream:
                while block := stream.read(_COPY_BYTES):
                    self._refuse_full_disk(folder, len(block))
                    out.write(block)
                    on_bytes(len(block))
            temporary.replace(target)
        except OSError as problem:
            raise unwritable(folder, problem) from problem
        finally:
            temporary.unlink(missing_ok=True)
        return target

    def _refuse_full_disk(self, folder: Path, count: int) -> None:
        free = shutil.disk_usage(folder).free
        if free < count + _FREE_BYTES_LEFT:
            raise DataError(
                f"There is not enough room on the disk to unpack {self.name}.",
                f"{free:,} bytes are free where prepared text is kept ({folder}).",
                "Make room, or set PTFT_HOME to a folder on another disk.",
            )

    def _key(self) -> str:
        told = f"{self.path.absolute()}\0{self.member}\0{self.fingerprint}\0{self.place}"
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:24]

    def _counting(self) -> Callable[[int], None]:
        """Adds up what comes out of compressed members of an archive, which is limited as a whole."""
        archive, place, count = self.archive, self.place, 0
        if archive is None or place is None:
            return lambda _count: None

        def add(more: int) -> None:
            nonlocal count
            count += more
            archive.count_nested(place, count)

        return add


def source_of(path: Path, status: os.stat_result | None = None) -> ByteSource:
    """The source of one file on disk. Raises DataError when there is none, or it is no ordinary file."""
    try:
        status = status or path.stat()
    except OSError as problem:
        raise unreadable(path, problem) from problem
    if not stat.S_ISREG(status.st_mode):
        raise DataError(
            f"{path.name or path} is not a file that can be read.",
            "It is a device, a pipe or something else that has no fixed contents.",
            "Choose a file, a folder or an archive.",
        )
    return plain_source(str(path), path.name, status)


def plain_source(where: str, name: str, status: os.stat_result) -> ByteSource:
    """The source of an ordinary file; ``name`` is the last part of its path."""
    return ByteSource(where, status.st_size, status.st_mtime_ns, None, compression_of_name(name))


def suffix_of(name: str) -> str:
    """The ending of a name in lower case: ``.csv``; empty where there is none (``54164``)."""
    lowered = name.lower()
    if ".xml-p" in lowered and _PIECE_OF_DUMP.search(lowered):
        return ".xml"
    dot = lowered.rfind(".", 1)
    return _ending(lowered[dot:]) if dot > 0 else ""


def stem_of(name: str, suffix: str) -> str:
    """A name without its ending."""
    return name[: name.lower().rindex(suffix)] if suffix else name


@lru_cache(maxsize=1024)
def _ending(tail: str) -> str:
    """What follows the last dot of a name in lower case, the dot too; without a letter in it, it is no ending."""
    return tail if _SUFFIX.fullmatch(tail) else ""


def archive_in(source: ByteSource) -> Archive | None:
    """The archive that a file is, or None: documents that are zip archives inside are no archives to people.

    The first bytes decide, not the ending. Raises DataError for a damaged or refused archive.
    """
    kind = _archive_kind(source)
    if kind is None:
        return None
    if kind == "tar":
        return Archive(source.path, *source.fingerprint)
    opened = open_zip(source.path, *source.fingerprint)
    if is_document(opened):
        opened.close()
        return None
    return Archive(source.path, *source.fingerprint, opened)


def _archive_kind(source: ByteSource) -> ArchiveKind | None:
    if source.member is not None:
        return None
    with PlainFile(source.path, *source.fingerprint) as raw:
        start = raw.read(_START_BYTES)
    kind = archive_kind(start, source.file_name)
    if kind is None and compression_of_start(start):
        inside = archive_kind(source.head(_START_BYTES), _tar_name(source))
        return "tar" if inside == "tar" else None
    return kind


def _tar_name(source: ByteSource) -> str:
    name = source.bare_name
    return f"{name}.tar" if name.lower().endswith((".tgz", ".tbz2", ".txz", ".tzst")) else name


def members_of(archive: Archive) -> list[ByteSource]:
    """All members of an archive as sources, in its order."""
    where = str(archive.path)
    return [
        ByteSource(
            where,
            member.packed_bytes,
            archive.mtime_ns,
            member.name,
            compression_of_name(member.name),
            archive,
            member,
        )
        for member in archive.members
    ]
