"""Plain texts, exports of Wikipedia and texts sorted into classes by folder or file, as tables of one text a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.documents import FILES_THAT_ARE_DOCUMENTS, LONGEST_LINE_CHARACTERS, Shape, sniff_shape
from ptft_gui.data.encoding import ScannedFile
from ptft_gui.data.encoding_names import COMMON_ENCODINGS, encoding_name
from ptft_gui.data.tables.cells import RowBatches, clean
from ptft_gui.data.tables.origin import Origin, decoded
from ptft_gui.data.tables.reader import Reading
from ptft_gui.data.tables.table import Column, TableFacts, TableKind

TEXT, LABEL = Column("text"), Column("label")
_SHAPE_CHARACTERS = 1 << 16
_LOOKED_AT_FILES = 20
_KEPT_LATER = 1000
_NAMED_FILES = 3
_LONGEST_TEXT = LONGEST_LINE_CHARACTERS
_FORMAT_NAMES: dict[TableKind, str] = {
    "text": "Plain text",
    "wikipedia": "Wikipedia",
    "classes": "Texts in classes",
}


@dataclass(frozen=True)
class LabelledFile:
    """A file of texts and the class that its folder or name tells; None where there are no classes."""

    origin: Origin
    label: str | None = None


class TextFiles:
    """The texts of one part of a dataset.

    A row is a document: a whole file in a folder of many or of classes, else a paragraph, a line or the whole text as
    :mod:`ptft_gui.data.documents` judges. A text of more than a million signs takes several rows. The number of a row
    is that of the line it begins on, or of the file in its folder, where each file is a row, or of the article.
    """

    def __init__(
        self, files: Sequence[LabelledFile], kind: TableKind, name: str, options: ReadOptions
    ) -> None:
        """Look at the first files. Raises DataError."""
        self.name, self._files, self._kind, self._options = name, files, kind, options
        self.size_bytes = sum(file.origin.size_bytes for file in files)
        labels = {file.label for file in files}
        self._are_documents = kind != "wikipedia" and (
            len(files) >= FILES_THAT_ARE_DOCUMENTS or (kind == "classes" and len(labels) < len(files))
        )
        self.columns: tuple[Column, ...] = (TEXT, LABEL) if kind == "classes" else (TEXT,)
        self._later: dict[str, ScannedFile] = {}
        scanned = [_look(file.origin, options)[0] for file in files[:_LOOKED_AT_FILES]]
        encodings = list(dict.fromkeys(file.encoding for file in scanned))
        self.facts = TableFacts(
            title=name,
            kind=kind,
            format_name=_FORMAT_NAMES[kind],
            encoding=encodings[0],
            encoding_name=", ".join(map(encoding_name, encodings)),
            choices={"encoding": COMMON_ENCODINGS},
            has_header=False,
            given_roles={"text": "text", "label": "label"} if kind == "classes" else {"text": "text"},
            notices=tuple(_notices(scanned)),
        )

    def batches(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """All texts in order; a file of a folder of classes that cannot be read is left out and told of."""
        waiting = RowBatches(self.columns)
        for number, text, label in self._texts(reading):
            cells = [clean(text) or None, label] if self._kind == "classes" else [clean(text)]
            if (frame := waiting.add(cells, number, len(text))) is not None:
                yield frame
        if (frame := waiting.rest()) is not None:
            yield frame

    def late_notices(self) -> list[str]:
        """How files behind the first ones were read, where that is not as UTF-8, and which ones grew."""
        grown = (file.origin.growth() for file in self._files)
        return [*_notices(list(self._later.values())), *filter(None, grown)]

    def _texts(self, reading: Reading) -> Iterator[tuple[int, str, str | None]]:
        for place, file in enumerate(self._files, start=1):
            reading.check()
            try:
                for number, text in self._rows_of(file.origin, place, reading):
                    yield number, text, file.label
            except DataError as problem:
                if not self._are_documents:
                    raise
                reading.bad.add(file.origin.name, 1, problem.as_sentence())

    def _rows_of(self, origin: Origin, place: int, reading: Reading) -> Iterator[tuple[int, str]]:
        scanned, text = _look(origin, self._options)
        if place > _LOOKED_AT_FILES and len(self._later) < _KEPT_LATER and _is_worth_telling(scanned):
            self._later[origin.name] = scanned
        if self._kind == "wikipedia":
            yield from enumerate(_articles(scanned, reading), start=1)
            return
        blocks = decoded(origin.blocks(reading.on_bytes), scanned.encoding, "\r" in text and "\n" not in text)
        if self._are_documents:
            yield from ((place, piece) for _, piece in _rows(blocks, "whole"))
        else:
            shape: Shape = "lines" if self._kind == "classes" else sniff_shape(text)
            yield from _rows(blocks, shape)


def _is_worth_telling(file: ScannedFile) -> bool:
    return file.is_assumed or bool(file.bad_signs) or bool(file.zero_bytes)


def _notices(scanned: Sequence[ScannedFile]) -> Iterator[str]:
    """What to know about the files, said once where many of them are alike."""
    assumed: dict[str, list[ScannedFile]] = {}
    for file in scanned:
        assumed.setdefault(file.encoding_name if file.is_assumed else "", []).append(file)
    for encoding, files in assumed.items():
        if not encoding or len(files) <= _NAMED_FILES:
            yield from (notice for file in files for notice in file.notices())
            continue
        yield (
            f"{files[0].name}, {files[1].name} and other files were read as {encoding}, because they are not UTF-8. "
            "If letters look wrong, choose another encoding, or save them as UTF-8 and choose them again."
        )
        yield from (notice for file in files for notice in replace(file, is_assumed=False).notices())


def _look(origin: Origin, options: ReadOptions) -> tuple[ScannedFile, str]:
    """How a file is encoded, and its first stretch."""
    samples = origin.samples()
    scanned = origin.scan(samples, options.encoding)
    return scanned, "".join(decoded([samples[0][:_SHAPE_CHARACTERS]], scanned.encoding))


def _articles(scanned: ScannedFile, reading: Reading) -> Iterator[str]:
    from ptft_gui.data.reading import read_dump  # only an export needs the parser of wiki markup

    for text in read_dump(scanned, reading.on_bytes):
        reading.check()
        yield text.strip()


def _rows(blocks: Iterable[str], shape: Shape) -> Iterator[tuple[int, str]]:
    """The documents of a text and the line each begins on; one without a letter of its own is passed over."""
    gathered: list[str] = []
    begins, size = 1, 0
    for number, line, is_whole in _lines(blocks):
        is_blank = not line.strip()
        ends = shape == "lines" or (shape == "paragraphs" and is_blank) or size > _LONGEST_TEXT
        if ends and gathered:
            yield begins, "\n".join(gathered).strip()
            gathered, size = [], 0
        if is_blank and not gathered:
            continue
        if not gathered:
            begins = number
        gathered.append(line)
        size += len(line) + 1
        if not is_whole:
            yield begins, "\n".join(gathered).strip()
            gathered, size = [], 0
    if text := "\n".join(gathered).strip():
        yield begins, text


def _lines(blocks: Iterable[str]) -> Iterator[tuple[int, str, bool]]:
    """Number and text of each line; one longer than a text may be comes in parts, cut at white space."""
    number, held = 1, ""
    for block in blocks:
        *lines, held = (held + block).split("\n")
        for line in lines:
            *parts, last = _parts(line.rstrip("\r"))
            yield from ((number, part, False) for part in parts)
            yield number, last, True
            number += 1
        *parts, held = _parts(held)
        yield from ((number, part, False) for part in parts)
    if held:
        yield number, held, True


def _parts(line: str) -> list[str]:
    parts = []
    while len(line) > _LONGEST_TEXT:
        cut = line.rfind(" ", 0, _LONGEST_TEXT) + 1 or _LONGEST_TEXT
        parts.append(line[:cut])
        line = line[cut:]
    return [*parts, line]
