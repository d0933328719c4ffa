"""A run packed as one file, and such a file opened on another computer.

A pack is a zip archive. Its ``ptft-run.json`` names every file with its size and SHA-256; what is not named there, or
is not as it says, is refused. A pack may come from anybody: names that lead out of the run's folder, sizes that are not
true, kinds of file that could hide a program and packs of a newer version are refused with a sentence, and nothing of
a refused pack stays behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ptft_gui import __version__
from ptft_gui.core.atomic import sync_folder
from ptft_gui.core.errors import PtftError, RunFolderError
from ptft_gui.core.rundir import EVALUATION_FILE, PREDICTIONS_FILE, RunDir, slug
from ptft_gui.core.spec import spec_from_json
from ptft_gui.core.wording import bytes_text

PACK_SUFFIX, PACK_VERSION = ".ptftpack", 1
MANIFEST = "ptft-run.json"
_NEEDED = ("spec.json", "events.jsonl")
_FILES = {
    *_NEEDED,
    "title.txt",
    EVALUATION_FILE,
    PREDICTIONS_FILE,
    "worker.log",
    "exit.json",
    "curves.npz",
}
_FOLDERS = {"model", "snapshots", "checkpoints"}
_KINDS = {".json", ".jsonl", ".txt", ".log", ".md", ".safetensors", ".npz", ".npy", ".csv", ".tsv"}
"""What a run is made of; nothing in it can run by itself when it is opened."""
_STORED = {".safetensors", ".npz", ".npy"}
_MOST_FILES, _MOST_DEPTH, _MOST_NAME = 5_000, 5, 200
_MOST_MANIFEST, _MOST_BYTES, _SPARE_BYTES = 4 << 20, 256 << 30, 64 << 20
_AT_A_TIME = 1 << 20
_LEFT_BEHIND = ".unpacking-"

Progress = Callable[[float], None]


class PackError(RunFolderError):
    """A packed run that cannot be written or will not be opened."""


@dataclass(frozen=True)
class _Entry:
    """One file of a pack, as its manifest tells it."""

    path: str
    bytes: int
    sha256: str


# --- packing -----------------------------------------------------------------------------------------------------


def pack_run(
    run: RunDir,
    target: Path,
    *,
    with_checkpoints: bool = False,
    with_rows: bool = False,
    on_progress: Progress | None = None,
) -> Path:
    """Write an ended run into one file; returns its path, which ends in ``.ptftpack``.

    ``with_checkpoints``: what is needed to go on training, too; it is the largest part. ``with_rows``: the rows on
    which a task was checked with the answers to them, too; they are a person's texts. Raises :class:`PackError`.
    """
    if run.worker_pid() is not None:
        raise PackError(f"{run.title()} is still running.", hint="Stop it first, or wait for its end.")
    if target.suffix != PACK_SUFFIX:
        target = target.with_name(target.name + PACK_SUFFIX)
    building = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        names = sorted(_names_in(run.path, with_checkpoints, with_rows))
        _write_pack(run, names, building, on_progress or _no_progress)
        building.replace(target)
        sync_folder(target.parent)
    except OSError as problem:
        raise PackError(
            f"{target} cannot be written.", problem.strerror or str(problem), "Choose another place."
        ) from problem
    finally:
        building.unlink(missing_ok=True)
    return target


def _names_in(folder: Path, with_checkpoints: bool, with_rows: bool) -> Iterator[str]:
    for base, folders, names in os.walk(folder):
        place = Path(base).relative_to(folder).as_posix()
        wanted = _FOLDERS if with_checkpoints else _FOLDERS - {"checkpoints"}
        if place == ".":
            folders[:] = [name for name in folders if name in wanted]
        for name in names:
            path = Path(base) / name
            whole = name if place == "." else f"{place}/{name}"
            is_plain = stat.S_ISREG(path.lstat().st_mode)
            is_wanted = with_rows or whole != PREDICTIONS_FILE
            if is_plain and is_wanted and _problem_of_name(whole) is None:
                yield whole


def _write_pack(run: RunDir, names: list[str], building: Path, on_progress: Progress) -> None:
    total = sum((run.path / name).stat().st_size for name in names) or 1
    done = 0
    entries: list[dict[str, Any]] = []
    with zipfile.ZipFile(building, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in names:
            path, digest, size = run.path / name, hashlib.sha256(), 0
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_STORED if path.suffix in _STORED else zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFREG | 0o600) << 16
            with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as member:
                while block := source.read(_AT_A_TIME):
                    member.write(block)
                    digest.update(block)
                    size += len(block)
                    done += len(block)
                    on_progress(min(done / total, 1.0))
            entries.append({"path": name, "bytes": size, "sha256": digest.hexdigest()})
        manifest = {
            "format": "ptft-run",
            "version": PACK_VERSION,
            "program": __version__,
            "name": run.name,
            "title": run.title()[:_MOST_NAME],
            "files": entries,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


# --- opening -----------------------------------------------------------------------------------------------------


def is_pack(path: Path) -> bool:
    """Whether a file calls itself a packed run."""
    return path.suffix == PACK_SUFFIX and path.is_file()


def unpack_run(pack: Path, runs: Path, on_progress: Progress | None = None) -> RunDir:
    """Put the run in ``pack`` beside the others; a run of that name that is there already is left alone.

    Raises :class:`PackError`; then nothing has changed.
    """
    building = runs / f"{_LEFT_BEHIND}{uuid.uuid4().hex[:8]}"
    try:
        with zipfile.ZipFile(pack) as archive:
            manifest = _read_manifest(archive, pack)
            entries = _check_entries(archive, manifest, pack)
            _check_room(runs, sum(entry.bytes for entry in entries), pack)
            building.mkdir(mode=0o700)
            _extract(archive, entries, building, pack, on_progress or _no_progress)
        _check_spec(building / "spec.json", pack)
        return _put_in_place(building, runs, str(manifest.get("name", "")), str(manifest.get("title", "")))
    except PackError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError, ValueError) as problem:
        raise PackError(
            f"{pack.name} is not a packed run, or it is damaged.",
            _damage(problem),
            "Copy the file again, or pack the run once more.",
        ) from None
    except OSError as problem:
        raise PackError(f"{pack.name} cannot be opened.", problem.strerror or str(problem)) from problem
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _damage(problem: Exception) -> str:
    """What is wrong with the file; the words of the library that reads it are for programmers."""
    if isinstance(problem, KeyError):
        return "It has no list of what is in it."
    if isinstance(problem, zipfile.BadZipFile):
        is_inside = "CRC" in str(problem)
        return (
            "A part of it is not as it was packed."
            if is_inside
            else "Its end is missing, or it is another file."
        )
    return "What is in it cannot be read."


def _read_manifest(archive: zipfile.ZipFile, pack: Path) -> dict[str, Any]:
    with archive.open(MANIFEST) as member:
        text = member.read(_MOST_MANIFEST + 1)
    if len(text) > _MOST_MANIFEST:
        raise _refused(pack, "Its list of files is far too long.")
    try:
        manifest = json.loads(text)
    except RecursionError:
        raise _refused(pack, "Its list of files cannot be read.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != "ptft-run":
        raise PackError(
            f"{pack.name} is not a packed run.", hint=f"Choose a file that ends in {PACK_SUFFIX}."
        )
    version = manifest.get("version")
    if not isinstance(version, int) or version > PACK_VERSION:
        made_by = str(manifest.get("program", ""))[:40]
        raise PackError(
            f"{pack.name} was packed by a newer version of ptft-gui ({made_by}).",
            f"It has format {version!s:.20}; this version knows up to {PACK_VERSION}.",
            "Install the newer version here, then open it.",
        )
    return manifest


def _check_entries(archive: zipfile.ZipFile, manifest: dict[str, Any], pack: Path) -> list[_Entry]:
    """The files of the pack; raises :class:`PackError` unless list and archive agree and every name is a run's."""
    listed = manifest.get("files")
    if not isinstance(listed, list) or len(listed) > _MOST_FILES:
        raise _refused(pack, "Its list of files cannot be used.")
    entries = [_entry_of(record, pack) for record in listed]
    for entry in entries:
        if (problem := _problem_of_name(entry.path)) is not None:
            raise _refused(pack, f"{entry.path[:_MOST_NAME]!r} {problem}.")
    names = [entry.path for entry in entries]
    if len({name.casefold() for name in names}) != len(names):
        raise _refused(pack, "It holds two files of one name.")
    packed = [info.filename for info in archive.infolist()]
    if sorted(packed) != sorted([*names, MANIFEST]):
        raise _refused(pack, "What is in it is not what its list says.")
    for needed in _NEEDED:
        if needed not in names:
            raise _refused(pack, f"{needed} is missing.")
    for entry in entries:
        _check_member(archive.getinfo(entry.path), entry, pack)
    return entries


def _entry_of(record: Any, pack: Path) -> _Entry:
    try:
        entry = _Entry(record["path"], record["bytes"], record["sha256"])
    except (TypeError, KeyError):
        raise _refused(pack, "Its list of files cannot be read.") from None
    is_right = isinstance(entry.path, str) and isinstance(entry.sha256, str)
    if not is_right or type(entry.bytes) is not int or entry.bytes < 0:
        raise _refused(pack, "Its list of files cannot be read.")
    return entry


def _problem_of_name(name: str) -> str | None:
    """Why no file of a run can be called so; None when one can."""
    path = PurePosixPath(name)
    parts = path.parts
    leads_out = path.is_absolute() or "\\" in name or ":" in name or str(path) != name or ".." in parts
    if leads_out:
        return "leads out of the run's folder"
    if not parts or len(name) > _MOST_NAME or len(parts) > _MOST_DEPTH or not name.isprintable():
        return "is no name of a file of a run"
    if any(part.startswith(".") for part in parts):
        return "is no name of a file of a run"
    if name not in _FILES and (len(parts) < 2 or parts[0] not in _FOLDERS):
        return "is no part of a run"
    return None if path.suffix in _KINDS else "is of a kind that no run is made of"


def _check_member(info: zipfile.ZipInfo, entry: _Entry, pack: Path) -> None:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode) or info.is_dir():
        raise _refused(pack, f"{entry.path} is a link or a folder instead of a file.")
    if info.file_size != entry.bytes:
        raise _refused(
            pack, f"{entry.path} is said to have {entry.bytes:,} bytes and has {info.file_size:,}."
        )
    if info.flag_bits & 0x1:
        raise _refused(pack, f"{entry.path} is locked with a password.")


def _check_room(runs: Path, needed: int, pack: Path) -> None:
    free = shutil.disk_usage(runs).free
    if needed > _MOST_BYTES or needed + _SPARE_BYTES > free:
        raise PackError(
            f"There is no room for {pack.name}.",
            f"It unpacks to {bytes_text(needed)}; {bytes_text(free)} are free where runs are kept.",
            "Free some space, or choose another folder for runs.",
        )


def _extract(
    archive: zipfile.ZipFile, entries: list[_Entry], building: Path, pack: Path, on_progress: Progress
) -> None:
    """Write the files, never more of one than it says, and hold each against its checksum."""
    total, done = sum(entry.bytes for entry in entries) or 1, 0
    for entry in entries:
        place = building / entry.path
        place.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with archive.open(entry.path) as member, place.open("xb") as file:
            while block := member.read(min(_AT_A_TIME, entry.bytes - size + 1)):
                size += len(block)
                if size > entry.bytes:
                    raise _refused(pack, f"{entry.path} is larger than it says.")
                file.write(block)
                digest.update(block)
                done += len(block)
                on_progress(min(done / total, 1.0))
        if size != entry.bytes or digest.hexdigest() != entry.sha256:
            raise PackError(
                f"{pack.name} is damaged: {entry.path} is not as it was packed.",
                hint="Copy the file again, or pack the run once more.",
            )


def _check_spec(path: Path, pack: Path) -> None:
    try:
        spec_from_json(path.read_text(encoding="utf-8"), f"spec.json in {pack.name}")
    except PtftError as problem:
        raise PackError(problem.message, problem.detail, problem.hint) from None


def _put_in_place(building: Path, runs: Path, name: str, title: str) -> RunDir:
    """Give the run its name, or the next one that is free."""
    stem = name if re.fullmatch(r"\d{8}-\d{6}-[a-z0-9-]{1,100}", name) else f"packed-{slug(title) or 'run'}"
    for number in range(1, 1_000):
        path = runs / (stem if number == 1 else f"{stem}-{number}")
        if not path.exists():
            building.rename(path)
            sync_folder(runs)
            return RunDir(path)
    raise PackError(f"There are too many runs called {stem}.", hint="Delete some of them first.")


def clear_half_unpacked(runs: Path) -> None:
    """Remove what an unpacking left that was cut short."""
    for path in runs.glob(f"{_LEFT_BEHIND}*"):
        shutil.rmtree(path, ignore_errors=True)


def _refused(pack: Path, detail: str) -> PackError:
    return PackError(f"{pack.name} will not be opened.", detail, "Ask who packed it for a whole one.")


def _no_progress(_: float) -> None:
    return None
