"""The bytes of a file as the readers of tables want them: from the start, in blocks, and a few samples."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from ptft_gui.data.encoding import ScannedFile, empty_file, scan_sample, unreadable
from ptft_gui.data.tables.table import OnBytes, ignore_bytes

BLOCK_BYTES = 1 << 22
FIRST_BLOCK_BYTES = 1 << 18
WHOLE_SAMPLE_BYTES = 1 << 22
_HEAD_BYTES = 1 << 20
_PROBE_BYTES = 1 << 17
_PROBES = 8


@dataclass(frozen=True)
class Origin:
    """A file that holds a table."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def size_bytes(self) -> int:
        try:
            return self.path.stat().st_size
        except OSError as problem:
            raise unreadable(self.path, problem) from problem

    def open(self) -> BinaryIO:
        """The bytes of the file, from the start."""
        try:
            return cast(BinaryIO, open(self.path, "rb"))
        except OSError as problem:
            raise unreadable(self.path, problem) from problem

    def blocks(self, on_bytes: OnBytes = ignore_bytes) -> Iterator[bytes]:
        """All bytes in blocks, a small one first so that the first rows come at once."""
        size = FIRST_BLOCK_BYTES
        try:
            with self.open() as stream:
                while block := stream.read(size):
                    on_bytes(len(block))
                    yield block
                    size = BLOCK_BYTES
        except OSError as problem:
            raise unreadable(self.path, problem) from problem

    def samples(self) -> list[bytes]:
        """The beginning of the file, and stretches of the rest where it is long."""
        size = self.size_bytes
        try:
            with self.open() as stream:
                if size <= WHOLE_SAMPLE_BYTES:
                    return [stream.read(WHOLE_SAMPLE_BYTES)]
                found = [stream.read(_HEAD_BYTES)]
                step = (size - _HEAD_BYTES) // _PROBES
                for number in range(1, _PROBES + 1):
                    stream.seek(_HEAD_BYTES + number * step - _PROBE_BYTES)
                    found.append(stream.read(_PROBE_BYTES))
                return found
        except OSError as problem:
            raise unreadable(self.path, problem) from problem

    def scan(self, samples: list[bytes]) -> ScannedFile:
        """Encoding of the file, judged from samples; raises DataError where it is no text."""
        if not samples[0]:
            raise empty_file(self.path)
        return scan_sample(self.path, samples, self.size_bytes)


def decoded(blocks: Iterable[bytes], encoding: str, lone_cr: bool = False) -> Iterator[str]:
    """Blocks of text; what cannot be read becomes U+FFFD, and so does a zero byte.

    ``lone_cr``: the file ends its lines as old Macintosh programs did.
    """
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for block in blocks:
        yield _plain(decoder.decode(block), lone_cr)
    yield _plain(decoder.decode(b"", True), lone_cr)


def _plain(text: str, lone_cr: bool) -> str:
    text = text.replace("\0", "\ufffd")
    return text.replace("\r", "\n") if lone_cr else text
