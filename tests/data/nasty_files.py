"""Files that do harm, or cannot be read, as people meet them; made anew for every test."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import zstandard

TEXT = "The king rode out of the city. The queen stayed in the castle.\n"
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}


def zip_of(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tar_of(path: Path, members: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def tar_with(path: Path, name: str, kind: bytes, target: str = "") -> Path:
    """A tar with a text and a member of a kind that is no file."""
    with tarfile.open(path, "w") as archive:
        text = tarfile.TarInfo("a.txt")
        text.size = len(TEXT)
        archive.addfile(text, io.BytesIO(TEXT.encode()))
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        archive.addfile(info)
    return path


def zip_with_link(path: Path) -> Path:
    info = zipfile.ZipInfo("link.txt")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr(info, "/etc/passwd")
    return path


def encrypted_zip(path: Path) -> Path:
    """A zip whose member is marked as encrypted, in its header and in the list of contents."""
    zip_of(path, {"secret.txt": TEXT.encode()}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for start, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(start) + flags_at
        struct.pack_into("<H", data, at, struct.unpack_from("<H", data, at)[0] | 1)
    path.write_bytes(data)
    return path


def bomb(kind: str, megabytes: int) -> bytes:
    """Zeros without end, packed."""
    block = bytes(1 << 20)
    if kind == "gz":
        packer = __import__("zlib").compressobj(9, wbits=31)
    elif kind == "bz2":
        packer = bz2.BZ2Compressor()
    elif kind == "xz":
        packer = lzma.LZMACompressor()
    else:
        packer = zstandard.ZstdCompressor(level=3).compressobj()
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
