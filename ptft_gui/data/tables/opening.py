"""Opens whatever a person brings as a table."""

from __future__ import annotations

from pathlib import Path

from ptft_gui.core.data_request import DataRequest, ReadOptions
from ptft_gui.data.tables.combined import CombinedTable
from ptft_gui.data.tables.delimited import DelimitedFile
from ptft_gui.data.tables.json_lines import JsonLinesFile
from ptft_gui.data.tables.origin import Origin
from ptft_gui.data.tables.reader import FileReader
from ptft_gui.data.tables.table import PartKey, Table


def open_table(request: DataRequest) -> Table:
    """The dataset that a request names, looked at but not read. Raises DataError."""
    files: dict[PartKey, list[FileReader]] = {"train": [_open_file(request.dataset, request.read)]}
    if request.val:
        files["val"] = [_open_file(request.val, request.read)]
    if request.test:
        files["test"] = [_open_file(request.test, request.read)]
    return CombinedTable(files, files["train"][0].facts)


def open_table_path(path: Path | str, read: ReadOptions | None = None) -> Table:
    """The file or folder at a path as a table. Raises DataError."""
    return open_table(DataRequest(dataset=str(path), read=read or ReadOptions()))


def _open_file(path: str, options: ReadOptions) -> FileReader:
    origin = Origin(Path(path).expanduser())
    if origin.name.lower().endswith((".jsonl", ".ndjson")):
        return JsonLinesFile(origin, options)
    return DelimitedFile(origin, options)
