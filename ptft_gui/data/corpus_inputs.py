"""The texts of one corpus, opened and judged before anything is prepared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ptft_gui.core.errors import DataError
from ptft_gui.data.bytesource import ByteSource
from ptft_gui.data.encoding import scan_file
from ptft_gui.data.request import CorpusRequest, ShouldStop
from ptft_gui.data.sources import DataFiles
from ptft_gui.data.texts import RowTexts, Texts, is_table, open_rows


@dataclass
class Inputs:
    """What a corpus is made of. ``passes`` is how often the files are read until it is whole."""

    train: list[Texts]
    val: list[Texts]
    notices: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[RowTexts]:
        """Those that are rows of a table."""
        return [texts for texts in (*self.train, *self.val) if isinstance(texts, RowTexts)]

    def decisions(self) -> list[tuple[str, int, str]]:
        """What was done to the rows of a table: finding, count, sentence."""
        tables = self.rows
        if not tables:
            return []
        rows = sum(texts.rows for texts in tables)
        empty = sum(texts.empty_rows for texts in tables)
        bad = tables[0].table.bad_row_count
        sums = f"{_rows(rows)} = {rows - empty:,} with text + {empty:,} without."
        return [("rows", rows, sums), ("bad_rows", bad, f"{_rows(bad)} could not be read and left out.")]


def count_passes(request: CorpusRequest, files: DataFiles) -> int:
    """How often the files are read: once to know their encoding, once for their words.

    A cut by characters counts them first and reads both sides; tables are judged by their beginning.
    """
    return (3 if request.split == "tail" else 1) + (not is_table(files, request))


def open_inputs(
    request: CorpusRequest, files: DataFiles, on_bytes: Callable[[int], None], should_stop: ShouldStop
) -> Inputs:
    """Open the texts of a request. Raises DataError for what is not text, StoppedByPerson."""
    if is_table(files, request):
        train, val = open_rows(request, files, should_stop)
        return Inputs([train], [val] if val else [], [*files.notices(), *train.notices()])
    notices = files.notices()

    def scan(sources: tuple[ByteSource, ...]) -> list[Texts]:
        return _scan(sources, files, request.read.encoding, on_bytes, notices)

    return Inputs(scan(files.train), scan(files.val), notices)


def _scan(
    sources: tuple[ByteSource, ...],
    files: DataFiles,
    encoding: str | None,
    on_bytes: Callable[[int], None],
    notices: list[str],
) -> list[Texts]:
    """Judge every file; empty files of a folder are left aside and named."""
    scanned: list[Texts] = []
    for source in sources:
        if not source.size_bytes and files.is_folder and len(sources) > 1:
            notices.append(f"{source.name} is empty and was left aside.")
            continue
        file = scan_file(source, on_bytes, encoding)
        notices += file.notices()
        scanned.append(file)
    if sources and not scanned:
        raise DataError(
            f"The folder {files.root.name} holds no text.",
            f"All {len(sources)} files in it are empty.",
            "Choose a folder with text in its files.",
        )
    return scanned


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
