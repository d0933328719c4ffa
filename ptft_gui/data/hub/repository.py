"""What the hub tells of a repository, a dataset or a model alike: its files, and the words of its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MOST_FILES = 10_000


@dataclass(frozen=True)
class HubFile:
    """One file. ``sha256`` is empty for small files, which the hub keeps without it."""

    path: str
    size: int
    sha256: str = ""


def files_of(repository: Any) -> list[HubFile]:
    """The files of an answer with sizes, by path; those whose path would lead out of a folder are left out."""
    found = []
    for file in repository.siblings or ():
        path = str(file.rfilename)
        if file.size is not None and _is_inside(path):
            sha256 = str(file.lfs.sha256) if file.lfs else ""
            found.append(HubFile(path, int(file.size), sha256))
            if len(found) == MOST_FILES:
                break
    return sorted(found, key=lambda file: file.path)


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/") and "\\" not in path


def texts_of(value: Any, tags: Iterable[str] | None, prefix: str) -> str:
    """One text or several, from a repository's page, else from its tags."""
    told = value if isinstance(value, list) else [value] if value else []
    told = told or [tag.removeprefix(prefix) for tag in tags or () if tag.startswith(prefix)]
    return ", ".join(str(text) for text in told)
