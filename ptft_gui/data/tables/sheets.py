"""Reads the sheets of a workbook in a process of its own that may take only so much memory.

calamine, which reads them, lays a sheet out as a full rectangle, and where memory does not suffice for it the process
is ended on the spot. So a workbook made to harm ends a helper process, and what it cost is told in words.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ptft_gui.data.tables.sheet_size import damaged_workbook, too_many_cells

MOST_MEMORY_BYTES = 4 << 30
_LONGEST_SECONDS = 600
_NO_MEMORY_SIGNS = ("memory allocation", "MemoryError", "capacity overflow", "OutOfMemory")
_SAID_CHARACTERS = 4000

# argv: the workbook, the folder for the sheets, the memory it may take. Prints names and sizes as JSON.
_PROGRAM = """
import json, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]), int(sys.argv[3])))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except ImportError:
    pass
import fastexcel
book, found = fastexcel.read_excel(sys.argv[1]), []
for number, name in enumerate(book.sheet_names):
    try:
        sheet = book.load_sheet(number, header_row=None, skip_rows=0, dtypes="string")
    except fastexcel.FastExcelError as problem:
        found.append({"name": name, "problem": str(problem)})
        continue
    found.append({"name": name, "height": sheet.height, "width": sheet.width})
    if 0 < sheet.width <= int(sys.argv[4]) and sheet.height:
        sheet.to_polars().write_ipc(f"{sys.argv[2]}/{number}.arrow", compression="uncompressed")
    del sheet
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was read: ``file`` holds its cells as texts, None where it has none. ``problem``: why."""

    name: str
    height: int = 0
    width: int = 0
    file: Path | None = None
    problem: str = ""


def read_sheets(path: Path, name: str, folder: Path, most_columns: int) -> list[Sheet]:
    """The sheets of a workbook, their cells written into ``folder``. Raises DataError."""
    arguments = [str(path), str(folder), str(MOST_MEMORY_BYTES), str(most_columns)]
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _PROGRAM, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise damaged_workbook(name, TimeoutError("it took longer than ten minutes")) from problem
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace")[:_SAID_CHARACTERS]
        if any(sign in said for sign in _NO_MEMORY_SIGNS):
            raise too_many_cells(name)
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it breaks off"]
        raise damaged_workbook(name, ValueError(last[0].partition(": ")[2] or last[0]))
    return [_sheet(number, told, folder) for number, told in enumerate(json.loads(done.stdout))]


def _sheet(number: int, told: dict[str, object], folder: Path) -> Sheet:
    file = folder / f"{number}.arrow"
    return Sheet(file=file if file.is_file() else None, **told)  # type: ignore[arg-type]
