"""Which files a request stands for: those that are read, and nothing else of a folder."""

from __future__ import annotations

from pathlib import Path

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.fingerprints import files_under
from ptft_gui.data.bundled import bundled_ids
from ptft_gui.data.sources import find_files

KEYS = ("dataset", "val", "test")


def roots_of(request: DataRequest) -> dict[str, Path]:
    """The paths that a request names, by the field that names them; a bundled text has none."""
    named = {key: value for key in KEYS if (value := getattr(request, key))}
    return {
        key: Path(value).expanduser().absolute()
        for key, value in named.items()
        if value not in bundled_ids() or Path(value).exists()
    }


def files_of(root: Path) -> list[Path]:
    """The files that are read where a path is: the path itself, or the data in a folder, not what lies beside it.

    Raises DataError for what is missing, is neither file nor folder, or holds no data.
    """
    if not root.is_dir():
        return files_under(root)
    return sorted({file.source.path for file in find_files(root).files})
