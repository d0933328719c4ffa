"""What a file was when it was looked at: size, time of change and SHA-256, so that a later change is noticed.

Comparing is quick: only a file whose size or time differs is read again. A file that was merely touched, or copied
back from a backup, is therefore not called changed.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel, ConfigDict

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.core.wording import bytes_text

BLOCK_BYTES = 1 << 20
MOST_FILES = 200_000
NAMED_FILES = 3

OnBytes = Callable[[int], None]
ShouldStop = Callable[[], bool]


class FilePrint(BaseModel):
    """One file as it was. ``mtime_ns``: time of its last change, nanoseconds since 1970."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    path: str
    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True)
class Difference:
    """What became of one file, as the second half of a sentence: "is now 1.2 MB, it was 1.1 MB"."""

    path: str
    kind: Literal["changed", "missing", "new"]
    sentence: str


def never_stop() -> bool:
    """For callers that cannot be stopped."""
    return False


def ignore_bytes(_count: int) -> None:
    """For callers that do not watch."""


def files_under(path: Path) -> list[Path]:
    """The regular files that a path stands for, sorted; hidden ones and links inside a folder are passed over.

    Raises DataError for a path that is missing or may not be read, and for a folder of more than
    :data:`MOST_FILES` files.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            return [path]
        if not stat.S_ISDIR(mode):
            raise DataError(
                f"{path.name} is neither a file nor a folder.",
                f"Looked at {path}.",
                "Choose a file with text, or a folder of such files.",
            )
        found = []
        for file in _walk(path):
            found.append(file)
            if len(found) > MOST_FILES:
                raise DataError(
                    f"The folder {path.name} holds more than {MOST_FILES:,} files.",
                    hint="Choose a smaller folder, or pack the texts into one file.",
                )
    except OSError as problem:
        raise unreadable(path, problem) from problem
    return sorted(found, key=lambda file: file.relative_to(path).as_posix())


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(parent, name)
            if not name.startswith(".") and stat.S_ISREG(file.lstat().st_mode):
                yield file


def _raise(problem: OSError) -> None:
    raise problem


def unreadable(path: Path, problem: OSError) -> DataError:
    """A path that could not be opened, in words."""
    if isinstance(problem, FileNotFoundError | NotADirectoryError):
        return DataError(
            f"There is no file or folder named {path.name or path}.",
            f"Looked for {path.absolute()}.",
            "Check the spelling, or choose the file again.",
        )
    reason = problem.strerror or str(problem)
    return DataError(
        f"{path.name or path} cannot be read.", f"{reason}.", "Check who may read it, or copy it elsewhere."
    )


def print_file(
    path: Path,
    on_bytes: OnBytes = ignore_bytes,
    should_stop: ShouldStop = never_stop,
    copy_to: Path | None = None,
) -> FilePrint:
    """Read a file once, to its fingerprint; with ``copy_to`` what was read is also written there.

    The fingerprint of a copy is that of the copy. Raises DataError when the file cannot be read or is written to
    meanwhile, StoppedByPerson, and :class:`OSError` when the copy cannot be written.
    """
    try:
        source = path.open("rb")
    except OSError as problem:
        raise unreadable(path, problem) from problem
    with source:
        before = os.fstat(source.fileno())
        blocks = _blocks(path, source, before.st_size, on_bytes, should_stop)
        size, digest = _digest(blocks) if copy_to is None else _digest_into(blocks, copy_to)
        after = os.fstat(source.fileno())
    if (size, after.st_size, after.st_mtime_ns) != (before.st_size, before.st_size, before.st_mtime_ns):
        raise DataError(
            f"{path.name} was written to while it was read.",
            f"It had {bytes_text(before.st_size)} at first and {bytes_text(after.st_size)} at the end.",
            "Wait until the other program has finished with it, then try again.",
        )
    if copy_to is None:
        return FilePrint(path=str(path), size=size, mtime_ns=after.st_mtime_ns, sha256=digest)
    return FilePrint(path=str(copy_to), size=size, mtime_ns=copy_to.stat().st_mtime_ns, sha256=digest)


def _blocks(
    path: Path, source: BinaryIO, size: int, on_bytes: OnBytes, should_stop: ShouldStop
) -> Iterator[bytes]:
    """The first ``size`` bytes of a file, no more: one that another program appends to would never end."""
    left = size
    while left > 0:
        if should_stop():
            raise StoppedByPerson
        try:
            block = source.read(min(left, BLOCK_BYTES))
        except OSError as problem:
            raise unreadable(path, problem) from problem
        if not block:
            return
        left -= len(block)
        on_bytes(len(block))
        yield block


def _digest(blocks: Iterable[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for block in blocks:
        size += len(block)
        digest.update(block)
    return size, digest.hexdigest()


def _digest_into(blocks: Iterator[bytes], copy: Path) -> tuple[int, str]:
    copy.parent.mkdir(parents=True, exist_ok=True)
    with copy.open("xb") as target:

        def written() -> Iterator[bytes]:
            for block in blocks:
                target.write(block)
                yield block

        found = _digest(written())
        target.flush()
        os.fsync(target.fileno())
    return found


def differences(
    prints: Sequence[FilePrint], root: Path | None = None, should_stop: ShouldStop = never_stop
) -> list[Difference]:
    """What became of files since their fingerprints were taken; empty when all is as it was.

    With the folder ``root`` they came from, files of the same kinds that are new in it count too.
    """
    found = [told for file in prints if (told := _difference(file, should_stop)) is not None]
    return found + _new_files(prints, root)


def _difference(old: FilePrint, should_stop: ShouldStop) -> Difference | None:
    path = Path(old.path)
    try:
        now = path.stat()
    except OSError:
        return Difference(old.path, "missing", f"is no longer where it was ({old.path})")
    if now.st_size != old.size:
        return Difference(old.path, "changed", f"is now {_bytes(now.st_size)}, it was {_bytes(old.size)}")
    if now.st_mtime_ns == old.mtime_ns:
        return None
    try:
        if print_file(path, should_stop=should_stop).sha256 == old.sha256:
            return None
    except DataError as problem:
        return Difference(old.path, "changed", f"cannot be compared: {problem.message}")
    return Difference(old.path, "changed", "is as long as it was, but its text is another one")


def _bytes(size: int) -> str:
    if size >= 10_000_000:
        return bytes_text(size)
    return "1 byte" if size == 1 else f"{size:,} bytes"


def _new_files(prints: Sequence[FilePrint], root: Path | None) -> list[Difference]:
    if root is None or not root.is_dir():
        return []
    known = {file.path for file in prints}
    kinds = {Path(path).suffix.lower() for path in known}
    try:
        here = [str(file) for file in files_under(root) if file.suffix.lower() in kinds]
    except DataError:
        return []
    return [Difference(path, "new", "was not there before") for path in here if path not in known]


def in_words(found: Sequence[Difference]) -> str:
    """Differences as one sentence: the first files by name, the others counted."""
    told = [f"{Path(one.path).name} {one.sentence}" for one in found[:NAMED_FILES]]
    more = len(found) - len(told)
    if more:
        told.append(f"and {more:,} more {'file has' if more == 1 else 'files have'} changed")
    return "; ".join(told)
