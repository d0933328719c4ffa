"""Streams that unpack as they are read, and stop when what comes out cannot be a person's data.

Compressed files are met with three limits, however they are nested: how much may come out in all, how many times more
than went in, and how much memory unpacking may take. Nothing is ever unpacked whole.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast

from ptft_gui.core.errors import DataError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Compression = Literal["gz", "bz2", "xz", "zst"]

MOST_UNPACKED_BYTES = 20 << 30
HIGHEST_RATIO = 200
"""Text shrinks to a third or a tenth, very regular tables to a hundredth."""
RATIO_FREE_BYTES = 100 << 20
"""So much may come out of any file before the ratio is looked at."""
MOST_UNPACKING_MEMORY_BYTES = 512 << 20

_ENDINGS: dict[str, Compression] = {
    ".gz": "gz",
    ".gzip": "gz",
    ".bz2": "bz2",
    ".xz": "xz",
    ".zst": "zst",
    ".zstd": "zst",
}
_ALL_ENDINGS = tuple(_ENDINGS)
_STARTS: tuple[tuple[bytes, Compression], ...] = (
    (b"\x1f\x8b\x08", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
LONGEST_START = 6
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
# A thousand bytes of zstd hold at most some 32 MB; the library offers no other limit for what one call returns.
_ZSTD_INPUT_BYTES = 1 << 10
_READ_BYTES = 1 << 18


def compression_of_name(name: str) -> Compression | None:
    """``Reviews.CSV.GZ`` -> ``gz``."""
    return _ENDINGS.get(_packed_ending(name))


def without_compression(name: str) -> str:
    """``Reviews.CSV.GZ`` -> ``Reviews.CSV``."""
    return name[: len(name) - len(_packed_ending(name))]


def _packed_ending(name: str) -> str:
    """The ending that tells of a compression, in lower case; "" for none."""
    lowered = name.lower()
    if not lowered.endswith(_ALL_ENDINGS):  # most names have none: folders of many files are looked through
        return ""
    return next(ending for ending in _ENDINGS if lowered.endswith(ending))


def compression_of_start(start: bytes) -> Compression | None:
    """How a file is compressed, told by its first bytes; ten or more are needed to be sure of bzip2."""
    kind = next((kind for magic, kind in _STARTS if start.startswith(magic)), None)
    if kind == "bz2" and not start[4:10].startswith(_BZIP2_BLOCKS):
        return None  # a text may well begin with "BZh"
    return kind


class Unpacked(io.RawIOBase):
    """What comes out of a packed stream, counted; every failure is a DataError that names the file.

    ``read`` returns the next bytes, at most as many as it is asked for, and none at the end. ``packed_bytes`` tells
    how much went in until so much came out. ``on_close`` is called once.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[int], bytes],
        packed_bytes: Callable[[int], int],
        on_close: Callable[[], None],
        on_count: Callable[[int], None] = lambda _count: None,
    ) -> None:
        self._name = name
        self._read = read
        self._packed_bytes = packed_bytes
        self._on_close = on_close
        self._on_count = on_count
        self.unpacked_bytes = 0

    @property
    def packed_bytes(self) -> int:
        """How many bytes have gone in so far."""
        return self._packed_bytes(self.unpacked_bytes)

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.unpacked_bytes

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Forward only, by reading; what lies behind cannot be had again."""
        if whence == io.SEEK_CUR:
            place += self.unpacked_bytes
        if whence == io.SEEK_END or place < self.unpacked_bytes:
            raise io.UnsupportedOperation("a packed stream goes forward only")
        while self.unpacked_bytes < place and self.read(min(place - self.unpacked_bytes, _READ_BYTES)):
            pass
        return self.unpacked_bytes

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer).cast("B")
        data = self._guarded(min(len(room), _READ_BYTES))
        room[: len(data)] = data
        self.unpacked_bytes += len(data)
        self._on_count(len(data))
        refuse_bomb(self._name, lambda: self.packed_bytes, self.unpacked_bytes)
        return len(data)

    def _guarded(self, count: int) -> bytes:
        try:
            return self._read(count) if count else b""
        except EOFError as problem:
            raise ends_early(self._name, self.unpacked_bytes) from problem
        except (OSError, zlib.error, lzma.LZMAError, ValueError, RuntimeError, IndexError) as problem:
            raise damaged(self._name, self.unpacked_bytes, str(problem)) from problem

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._on_close()


def unpack(raw: BinaryIO, kind: Compression, name: str, on_count: Callable[[int], None]) -> Unpacked:
    """The unpacked bytes of ``raw``, which is closed with it."""
    counted = _Counted(raw)
    stream = _open_stream(cast(BinaryIO, counted), kind)

    def close() -> None:
        stream.close()
        raw.close()

    return Unpacked(name, stream.read1, lambda _unpacked: counted.count, close, on_count)


def _open_stream(raw: BinaryIO, kind: Compression) -> Any:
    if kind == "gz":
        return gzip.GzipFile(fileobj=raw, mode="rb")
    if kind == "bz2":
        return bz2.BZ2File(raw)
    if kind == "xz":
        return _Pieces(raw, _xz_decompressor, _READ_BYTES)
    return _Pieces(raw, _zstd_decompressor, _ZSTD_INPUT_BYTES)


class _Counted:
    """Counts what a decompressor takes from its file."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.count = 0

    def read(self, count: int = -1) -> bytes:
        data = self._raw.read(count)
        self.count += len(data)
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class _Pieces:
    """Reads formats whose decompressor must be bounded in memory, which their file classes do not offer."""

    def __init__(self, raw: BinaryIO, make: Callable[[], Any], input_bytes: int) -> None:
        self._raw = raw
        self._make = make
        self._input_bytes = input_bytes
        self._decompressor = make()
        self._is_fresh = True
        self._waiting = b""  # came out, was not asked for yet
        self._rest = b""  # of the input, behind the end of a stream

    def read1(self, count: int) -> bytes:
        while not self._waiting:
            if not self._feed(count):
                return b""
        data, self._waiting = self._waiting[:count], self._waiting[count:]
        return data

    def _feed(self, count: int) -> bool:
        """Take one more piece of input; False at the end."""
        if self._decompressor.eof:
            self._rest = self._decompressor.unused_data or b""
            self._decompressor, self._is_fresh = self._make(), True
        needs_input = getattr(self._decompressor, "needs_input", True)
        piece = (self._rest or self._raw.read(self._input_bytes)) if needs_input else b""
        self._rest = b""
        if needs_input and not piece:
            if self._is_fresh:
                return False
            raise EOFError
        if self._is_fresh and not (piece := piece.lstrip(b"\0")):
            return True  # zeros between streams only fill up
        self._is_fresh = False
        self._waiting = self._decompress(piece, count)
        return True

    def _decompress(self, piece: bytes, count: int) -> bytes:
        if isinstance(self._decompressor, lzma.LZMADecompressor):
            return self._decompressor.decompress(piece, count)
        out: bytes = self._decompressor.decompress(piece)
        return out

    def close(self) -> None:
        self._waiting = b""


def _xz_decompressor() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, MOST_UNPACKING_MEMORY_BYTES)


def _zstd_decompressor() -> Any:
    import zstandard

    class _Decompressor:
        """zstandard tells of damage by an error of its own; here all damage is a ValueError."""

        def __init__(self) -> None:
            self._inner = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()

        def decompress(self, piece: bytes) -> bytes:
            try:
                return self._inner.decompress(piece)
            except zstandard.ZstdError as problem:
                raise ValueError(str(problem)) from problem

        @property
        def eof(self) -> bool:
            return self._inner.eof

        @property
        def unused_data(self) -> bytes:
            return self._inner.unused_data

    return _Decompressor()


def refuse_bomb(name: str, packed_bytes: Callable[[], int], unpacked: int) -> None:
    """Raise DataError when more came out of a file than any data would give."""
    if unpacked <= RATIO_FREE_BYTES:
        return
    packed = max(packed_bytes(), 1)
    if unpacked > packed * HIGHEST_RATIO:
        seen = f"More than {unpacked:,} bytes came out of {packed:,}: over {HIGHEST_RATIO} times as much."
    elif unpacked > MOST_UNPACKED_BYTES:
        seen = f"More than {MOST_UNPACKED_BYTES >> 30} GiB came out of it."
    else:
        return
    raise DataError(
        f"{name} unpacks to more than is safe to read.",
        seen,
        "If you trust it, unpack it yourself and choose what came out.",
    )


def ends_early(name: str, unpacked: int) -> DataError:
    """A compressed file that was cut off, in words."""
    return DataError(
        f"{name} is not complete: it breaks off in the middle.",
        f"{unpacked:,} bytes could be unpacked before its end was missing.",
        "Copy or download it again, and choose it once it is whole.",
    )


def damaged(name: str, unpacked: int, seen: str) -> DataError:
    """A compressed file that cannot be unpacked, in words."""
    return DataError(
        f"{name} is damaged and cannot be unpacked.",
        f"{unpacked:,} bytes could be unpacked; then: {seen.strip().rstrip('.') or 'no more'}.",
        "Copy or download it again, or unpack it with another program and choose what came out.",
    )
