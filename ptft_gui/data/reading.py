"""The text of a file of a known encoding as a stream of blocks, with flat memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from ptft_gui.data.bytesource import ByteSource
from ptft_gui.data.encoding import ScannedFile

BLOCK_CHARACTERS = 1 << 20

BytesRead = Callable[[int], None]
TextFormat = Callable[[ScannedFile, BytesRead], Iterator[str]]


def read_text(file: ScannedFile, on_bytes: BytesRead = lambda _count: None) -> Iterator[str]:
    """The characters of a text file in blocks; line ends become ``\\n``, and what cannot be read U+FFFD.

    ``on_bytes`` is told what was read, in bytes on disk.
    """
    with file.source.open() as raw, io.TextIOWrapper(raw, file.encoding, "replace") as stream:
        position = 0
        while block := stream.read(BLOCK_CHARACTERS):
            if not position:
                block = _without_mark(block, file.encoding)
            passed = raw.passed_bytes
            on_bytes(passed - position)
            position = passed
            yield block.replace("\0", "\ufffd") if file.zero_bytes else block


def _without_mark(beginning: str, encoding: str) -> str:
    """The beginning of a text without the mark that a decoder leaves there, such as ``utf-8`` for a person's choice."""
    return beginning if encoding in ("utf-8-sig", "utf-16", "utf-32") else beginning.removeprefix("\ufeff")


def read_dump(file: ScannedFile, on_bytes: BytesRead = lambda _count: None) -> Iterator[str]:
    """The articles of an export of Wikipedia as readable text, a block each."""
    position = 0

    def watch(passed: int) -> None:
        nonlocal position
        on_bytes(passed - position)
        position = passed

    return (text for _, text in read_articles(file.source, watch))


def read_articles(
    source: ByteSource, watch: Callable[[int], None] = lambda _passed: None
) -> Iterator[tuple[str, str]]:
    """Markup and readable text of each article; ``watch`` is told how far the file has been read."""
    from ptft_gui.data.mediawiki import read_pages
    from ptft_gui.data.wikitext import readable_lines  # only an export needs the parser of wiki markup

    for page in read_pages(source, watch):
        if text := "\n".join(readable_lines(page.markup)):
            yield page.markup, f"{text}\n\n"


def is_dump(source: ByteSource) -> bool:
    """Whether a file is an export of Wikipedia, or of another wiki of its kind."""
    return source.suffix == ".xml" and b"<mediawiki" in source.head(1 << 12)


def read_blocks(file: ScannedFile, on_bytes: BytesRead = lambda _count: None) -> Iterator[str]:
    """The text of a file of any kind that is read as text, in blocks."""
    return (read_dump if is_dump(file.source) else read_text)(file, on_bytes)
