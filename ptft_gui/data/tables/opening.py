"""Opens whatever a person brings as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ptft_gui.core.data_request import DataRequest, ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.bundled_tables import bundled_table_path, find_bundled_table
from ptft_gui.data.entries import garbage_waits
from ptft_gui.data.naming import exact_part
from ptft_gui.data.sources import DataFiles, FoundFile, find_files
from ptft_gui.data.tables.combined import CombinedTable
from ptft_gui.data.tables.detecting import open_file
from ptft_gui.data.tables.held import open_whole
from ptft_gui.data.tables.json_file import JsonFile
from ptft_gui.data.tables.marked_spans import with_spans_read
from ptft_gui.data.tables.origin import Origin
from ptft_gui.data.tables.reader import FileReader
from ptft_gui.data.tables.table import PartKey, Table, TableFacts, TableKind
from ptft_gui.data.tables.texts import LabelledFile, TextFiles
from ptft_gui.data.tables.workbook import WorkbookFile
from ptft_gui.data.tables.written_lists import with_lists_read

_PARTS: tuple[PartKey, ...] = ("train", "val", "test")
_LOOKED_AT_TEXTS = 5
_Files = dict[PartKey, list[FileReader]]


def files_of_dataset(request: DataRequest) -> DataFiles:
    """The files of the dataset that a request names (a path, or the id of a bundled one). Raises DataError."""
    return find_files(_path_of(request.dataset))


@garbage_waits()
def open_table(request: DataRequest, found: DataFiles | None = None) -> Table:
    """The dataset that a request names, looked at but not read through; ``found`` are its files, where they are known.

    A person's own ``val`` and ``test`` win over the parts that the dataset brings. Raises DataError.
    """
    found = found or files_of_dataset(request)
    notices = list(found.remarks)
    files = _open_parts(found, request.read, notices)
    given_parts: dict[PartKey, str | None] = {"val": request.val, "test": request.test}
    for key, given in given_parts.items():
        if given:
            own = _open_parts(find_files(Path(given).expanduser()), request.read, notices)
            files[key] = [reader for readers in own.values() for reader in readers]
    return with_spans_read(with_lists_read(CombinedTable(files, _facts(found, files, notices))))


def open_table_path(path: Path | str, read: ReadOptions | None = None) -> Table:
    """The file, folder or archive at a path as a table. Raises DataError."""
    return open_table(DataRequest(dataset=str(path), read=read or ReadOptions()))


def _path_of(dataset: str) -> Path:
    path = Path(dataset).expanduser()
    card = None if path.exists() else find_bundled_table(dataset)
    return bundled_table_path(card) if card else path


def _open_parts(found: DataFiles, options: ReadOptions, notices: list[str]) -> _Files:
    may_hold_sheets = len(found.files) == 1 and found.kind not in ("classes", "wikipedia")
    if may_hold_sheets and (sheets := _sheet_parts(found.files[0], options)):
        return sheets
    files: _Files = {}
    for key in _PARTS:
        of_part = [file for file in found.files if file.part == key]
        if of_part:
            files[key] = _open_part(of_part, found, options)
    _keep_one_kind(files, notices)
    return files


def _open_part(files: Sequence[FoundFile], found: DataFiles, options: ReadOptions) -> list[FileReader]:
    """The readers of the files of one part: each table its own, all texts one."""
    origins = [LabelledFile(Origin(file.source), file.label) for file in files]
    if found.kind in ("classes", "wikipedia"):
        return [_texts(origins, found.kind, found, options)]
    readers: list[FileReader] = []
    texts: list[LabelledFile] = []
    for file in origins:
        is_known_text = not readers and len(texts) >= _LOOKED_AT_TEXTS and found.kind == "text"
        reader = None if is_known_text else open_file(file.origin, options)
        if reader is None:
            texts.append(file)
        else:
            readers.append(reader)
    if texts:
        readers.append(_texts(texts, "text", found, options))
    return readers


def _texts(
    files: Sequence[LabelledFile], kind: TableKind, found: DataFiles, options: ReadOptions
) -> TextFiles:
    name = files[0].origin.name if len(files) == 1 else found.root.name
    return TextFiles(files, kind, name, options)


def _sheet_parts(file: FoundFile, options: ReadOptions) -> _Files | None:
    """The parts of a workbook whose sheets, or a JSON file whose lists, are named train, dev and test."""
    origin = Origin(file.source)
    reader = open_file(origin, options)
    if not isinstance(reader, WorkbookFile | JsonFile) or options.sheet:
        return {file.part: [reader]} if reader else None
    parts = {exact_part(sheet): sheet for sheet in reader.facts.choices.get("sheet", ())}
    if "train" not in parts or not {"val", "test"} & set(parts):
        return {file.part: [reader]}
    files: _Files = {}
    for key in _PARTS:
        if sheet := parts.get(key):
            chosen = options.model_copy(update={"sheet": sheet})
            name = f"{sheet} of {origin.name}"
            files[key] = [open_whole(type(reader), origin, chosen, name)]
    return files


def _keep_one_kind(files: _Files, notices: list[str]) -> None:
    """Of tables, tagged words and texts beside each other the kind with most bytes stays."""
    sizes: dict[str, int] = {}
    for readers in files.values():
        for reader in readers:
            sizes[reader.facts.kind] = sizes.get(reader.facts.kind, 0) + reader.size_bytes + 1
    if len(sizes) < 2:
        return
    best = max(sizes, key=lambda kind: sizes[kind])
    for key in list(files):
        left = [reader.name for reader in files[key] if reader.facts.kind != best]
        files[key] = [reader for reader in files[key] if reader.facts.kind == best]
        if left:
            notices.append(f"{', '.join(left)} was left aside: the other files are of another kind.")
        if not files[key]:
            del files[key]


def _facts(found: DataFiles, files: _Files, notices: list[str]) -> TableFacts:
    readers = [reader for key in _PARTS for reader in files.get(key, [])]
    if not readers:
        raise DataError(f"{found.root.name} holds no rows.", hint="Choose a file with at least one row.")
    said = dict.fromkeys([*notices, *(notice for reader in readers for notice in reader.facts.notices)])
    return replace(readers[0].facts, title=found.root.name, notices=tuple(said))
