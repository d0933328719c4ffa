"""The bytes of a file as the readers of tables want them: from the start, in blocks, and a few samples."""

from __future__ import annotations

import codecs
import tempfile
import time
import weakref
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from ptft_gui.data.bytesource import ByteSource, SourceStream
from ptft_gui.data.encoding import ScannedFile, empty_file, scan_sample
from ptft_gui.data.tables.table import OnBytes, ignore_bytes

BLOCK_BYTES = 1 << 22
FIRST_BLOCK_BYTES = 1 << 18
WHOLE_SAMPLE_BYTES = 1 << 22
_HEAD_BYTES = 1 << 20
_PROBE_BYTES = 1 << 17
_PROBES = 8
_PASSED_BYTES = 1 << 21
_MOST_PROBES = 32
_PATIENCE = 2


class Origin:
    """A file that holds a table, alone on disk, compressed or inside an archive."""

    def __init__(self, source: ByteSource, name: str = "") -> None:
        """``name`` is what the file is called, if it is not called by its own name."""
        self.source = source
        self._name = name
        self._unpacked: Path | None = None

    @property
    def name(self) -> str:
        """What the file is called in sentences for people."""
        return self._name or self.source.name

    @property
    def size_bytes(self) -> int:
        """What it takes on disk."""
        return self.source.size_bytes

    def open(self) -> SourceStream:
        """Its bytes, from the start."""
        return self.source.open()

    def blocks(self, on_bytes: OnBytes = ignore_bytes) -> Iterator[bytes]:
        """All bytes in blocks, a small one first so that the first rows come at once.

        ``on_bytes`` is told what was passed on disk.
        """
        size, passed = FIRST_BLOCK_BYTES, 0
        with self.open() as stream:
            while block := stream.read(size):
                on_bytes(stream.passed_bytes - passed)
                passed = stream.passed_bytes
                yield block
                size = BLOCK_BYTES

    def samples(self) -> list[bytes]:
        """The beginning of the file, and stretches of the rest where it is long and can be read out of order."""
        return list(_samples(self.source))

    def later_samples(self, seconds: float) -> list[bytes]:
        """Stretches behind the first one; of a file that is read in order, from as far as one comes in that time."""
        samples = self.samples()
        packed = len(samples) == 1 and not self.is_whole(samples)
        return self._passed_samples(seconds) if packed else samples[1:]

    def _passed_samples(self, seconds: float) -> list[bytes]:
        """A short stretch of every two megabytes; of very many every second, fourth ... stays, and the last one."""
        kept: list[bytes] = []
        last, step, place = b"", 1, 0
        # on a busy computer the work that it takes counts, and a person's patience
        work_end, end = time.thread_time() + seconds, time.monotonic() + _PATIENCE * seconds
        with self.open() as stream:
            while block := stream.read(_PASSED_BYTES):
                last = block[-_PROBE_BYTES:]
                if not stream.peek(1) or time.thread_time() > work_end or time.monotonic() > end:
                    break
                place += 1
                if place % step == 0:
                    kept.append(last)
                if len(kept) == _MOST_PROBES:
                    kept, step = kept[1::2], 2 * step
        return [*kept, last]

    def is_whole(self, samples: list[bytes]) -> bool:
        """Whether the samples are all there is."""
        return len(samples) == 1 and len(samples[0]) < WHOLE_SAMPLE_BYTES

    def growth(self) -> str:
        """A sentence where something was appended to the file since it was opened; else empty."""
        if not self.source.is_plain:
            return ""
        try:
            size = self.source.path.stat().st_size
        except OSError:
            return ""
        if size <= self.size_bytes:
            return ""
        return (
            f"{self.name} grew while it was read: its first {self.size_bytes:,} bytes were used, it has {size:,} now. "
            "Choose it again when nothing writes to it any more."
        )

    def scan(self, samples: list[bytes], encoding: str | None = None) -> ScannedFile:
        """Encoding of the file, judged from samples; raises DataError where it is no text."""
        if not samples[0]:
            raise empty_file(self.source)
        size = len(samples[0]) if self.is_whole(samples) else max(self.size_bytes, len(samples[0]) + 1)
        return scan_sample(self.source, samples, size, encoding)

    def as_path(self) -> Path:
        """A real file with its bytes, for readers that must jump about in it; unpacked once, gone with this object."""
        if self._unpacked is None:
            if self.source.is_plain:
                self._unpacked = self.source.path
            else:
                folder = tempfile.TemporaryDirectory(prefix="ptft-table-", ignore_cleanup_errors=True)
                weakref.finalize(self, folder.cleanup)
                self._unpacked = self.source.as_file(Path(folder.name))
        return self._unpacked


@lru_cache(maxsize=4)
def _samples(source: ByteSource) -> tuple[bytes, ...]:
    """Kept for a moment: each reader that is tried on a file asks anew, and unpacking it takes time.

    A source carries size and time of change of its file, so that a changed one is read anew.
    """
    with source.open() as stream:
        if not stream.seekable() or source.size_bytes <= WHOLE_SAMPLE_BYTES:
            return (stream.read(WHOLE_SAMPLE_BYTES),)
        found = [stream.read(_HEAD_BYTES)]
        step = (source.size_bytes - _HEAD_BYTES) // _PROBES
        for number in range(1, _PROBES + 1):
            stream.seek(_HEAD_BYTES + number * step - _PROBE_BYTES)
            found.append(stream.read(_PROBE_BYTES))
        return tuple(found)


def decoded(blocks: Iterable[bytes], encoding: str, lone_cr: bool = False) -> Iterator[str]:
    """Blocks of text; what cannot be read becomes U+FFFD, and so does a zero byte.

    ``lone_cr``: the file ends its lines as old Macintosh programs did.
    """
    decoder, is_first = codecs.getincrementaldecoder(encoding)("replace"), True
    for block in blocks:
        text = decoder.decode(block)
        yield _plain(text.removeprefix("\ufeff") if is_first else text, lone_cr)
        is_first = False
    yield _plain(decoder.decode(b"", True), lone_cr)


def _plain(text: str, lone_cr: bool) -> str:
    text = text.replace("\0", "\ufffd")
    return text.replace("\r", "\n") if lone_cr else text
