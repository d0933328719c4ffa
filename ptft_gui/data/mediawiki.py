"""Articles out of a MediaWiki XML export, one at a time, with flat memory.

Source of the format: https://www.mediawiki.org/xml/export-0.10.xsd
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from ptft_gui.core.errors import DataError
from ptft_gui.data.bytesource import ByteSource, source_of

_BLOCK_BYTES = 1 << 16
_LONGEST_FIELD = 8 << 20  # MediaWiki itself keeps no page of more than 2 MiB
_LONGEST_TAG_BYTES = 16 << 20
_ARTICLE_NAMESPACE = "0"
_KEPT_ELEMENTS = frozenset({"title", "ns", "text"})


@dataclass(frozen=True)
class Page:
    """One page of an export; ``markup`` is its newest text in wiki markup."""

    title: str
    markup: str


class _PageCollector:
    """Handlers for expat that gather the pages of the article namespace."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self._fields: dict[str, list[str]] = {}
        self._field: list[str] | None = None
        self._field_length = 0
        self._is_redirect = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "page":
            self._fields, self._is_redirect = {}, False
        elif name == "redirect":
            self._is_redirect = True
        elif name in _KEPT_ELEMENTS:
            self._field, self._field_length = [], 0
            self._fields[name] = self._field

    def characters(self, text: str) -> None:
        if self._field is not None and self._field_length < _LONGEST_FIELD:
            self._field.append(text)
            self._field_length += len(text)

    def end(self, name: str) -> None:
        if name == "page":
            self._finish_page()
        elif name in _KEPT_ELEMENTS:
            self._field = None

    def _finish_page(self) -> None:
        values = {name: "".join(parts) for name, parts in self._fields.items()}
        if values.get("ns", _ARTICLE_NAMESPACE) == _ARTICLE_NAMESPACE and not self._is_redirect:
            self.pages.append(Page(values.get("title", ""), values.get("text", "")))
        self._fields = {}

    def take(self) -> list[Page]:
        pages, self.pages = self.pages, []
        return pages


def read_pages(
    dump: ByteSource | Path, on_bytes: Callable[[int], None] = lambda _count: None
) -> Iterator[Page]:
    """Yield the articles of an export, compressed or not, in its order.

    Redirects and pages outside the article namespace are skipped. ``on_bytes`` is told how many bytes on disk have
    been read so far. Raises DataError when the file is damaged or is not such an export.
    """
    dump = source_of(dump) if isinstance(dump, Path) else dump
    collector, parser = _PageCollector(), _strict_parser()
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.characters
    try:
        with dump.open() as stream:
            while block := stream.read(_BLOCK_BYTES):
                parser.Parse(block, False)
                if stream.tell() - parser.CurrentByteIndex > _LONGEST_TAG_BYTES:
                    raise _damaged(dump, "a tag in it does not end")
                on_bytes(stream.passed_bytes)
                yield from collector.take()
            parser.Parse(b"", True)
    except expat.ExpatError as problem:
        raise _damaged(dump, str(problem)) from problem


def _strict_parser() -> expat.XMLParserType:
    """A parser that refuses document types: an export has none, and they are how entity bombs arrive."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_declaration: object) -> None:
    raise expat.ExpatError("it declares a document type, which an export of Wikipedia never does")


def _damaged(dump: ByteSource, seen: str) -> DataError:
    return DataError(
        f"{dump.name} cannot be read as an export of Wikipedia.",
        f"Reading stopped: {seen}.",
        "Download it again, or choose another file.",
    )
