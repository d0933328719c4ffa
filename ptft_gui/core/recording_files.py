"""Saving a run as a recording, in a folder or in one file, and opening what was saved.

What travels is made for others' eyes: no process numbers, no names of the machine, of folders or of commands; of paths
only the last part stays.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import uuid
import zipfile
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from ptft_gui import __version__
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.recording import (
    MOST_RECORDING_BYTES,
    ONE_FILE_SUFFIX,
    RECORDING_FILE,
    Recording,
    RecordingError,
    describe_files,
    is_recording,
    parse_recording,
    read_recording,
    read_tape,
)
from ptft_gui.core.rundir import EVALUATION_FILE, PREDICTIONS_FILE, RunDir

_MOST_UNPACKED = 5
MOST_ANSWERS = 50_000
_ANSWER_FIELDS = frozenset(("part", "key", "row", "label", "predicted", "score"))
"""Of an answer of a run that sorts texts into classes; answers of other tasks are texts themselves and stay behind."""
_AS_THEY_ARE = frozenset(("tokenizer.json", "tokenizer_config.json"))
"""Files of a model that name no folders, and whose tokens may look like some."""
_WRITTEN_BY_MODELS = frozenset(("name", "input", "answer"))
"""Of a probe: what was asked and answered is text, whatever it looks like."""
_NOT_FOR_OTHERS = frozenset(("README.md",))
"""The model card names the folder of the text; what it says stands in the log too."""
_LEFT_OUT = frozenset("checkpoint checkpoint_failed resources command_done answer queued stopping".split())
_EMPTIED: dict[str, dict[str, Any]] = {
    "starting": {"pid": 0},
    "started": {"pid": 0, "argv": [], "host": {}},
}


def save_recording(
    run: RunDir, target: Path, *, sentence: str = "", lesson: str = "", has_model: bool = True
) -> Recording:
    """Write a recording of an ended run: a folder, or one file where ``target`` ends in ``.ptftrun``.

    Without its model it can be watched and not be asked.

    What stands there under that name is replaced only by a whole recording. Raises :class:`RecordingError`.
    """
    read_tape(run)  # a run that cannot be played is told before anything is written
    is_one_file = target.suffix == ONE_FILE_SUFFIX
    if target.exists() and not is_one_file and not is_recording(target) and any(target.iterdir()):
        raise RecordingError(f"{target} is not empty.", hint="Choose a new folder for the recording.")
    building = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        _copy_run(run, building, has_model)
        recording = Recording(
            title=run.title()[:200],
            sentence=sentence,
            lesson=lesson,
            program=__version__,
            seconds=round(read_tape(RunDir(building)).seconds, 2),
            files=describe_files(building),
        )
        text = json.dumps(recording.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
        (building / RECORDING_FILE).write_text(text, encoding="utf-8")
        _put_in_place(building, target, is_one_file)
    except OSError as problem:
        raise RecordingError(
            f"{target} cannot be written.", problem.strerror or str(problem), "Choose another place."
        ) from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return recording


def _copy_run(run: RunDir, target: Path, has_model: bool) -> None:
    target.mkdir(parents=True)
    _write_log(run, target / "events.jsonl")
    spec = run.read_spec().model_dump(mode="json")
    spec["data"] = without_folders(spec["data"])
    spec["name"], spec["init"] = run.title(), without_folders(spec.get("init"))
    (target / "spec.json").write_text(json.dumps(spec, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    scores = run.path / EVALUATION_FILE
    if scores.is_file():
        _copy_file(scores, target / scores.name)
    _copy_answers(run.path / PREDICTIONS_FILE, target)
    for folder in (run.snapshots, run.model) if has_model else (run.snapshots,):
        if folder.is_dir():
            (target / folder.name).mkdir()
            for entry in os.scandir(folder):
                is_plain = entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")
                if is_plain and entry.name not in _NOT_FOR_OTHERS:
                    _copy_file(Path(entry.path), target / folder.name / entry.name)


def _copy_answers(source: Path, target: Path) -> None:
    """What was answered to which row, without a word of the rows themselves: they are a person's texts.

    Each record keeps the numbers and the labels that the scores beside it show too.
    """
    if not source.is_file():
        return
    with source.open(encoding="utf-8") as answers, (target / source.name).open("w", encoding="utf-8") as copy:
        for line in islice(answers, MOST_ANSWERS):
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict) and set(record) >= _ANSWER_FIELDS:
                kept = {key: record[key] for key in sorted(_ANSWER_FIELDS)}
                copy.write(json.dumps({**kept, "text": f"row {record['row']}"}, ensure_ascii=False) + "\n")


def _copy_file(source: Path, target: Path) -> None:
    if source.suffix != ".json" or source.name in _AS_THEY_ARE:
        shutil.copyfile(source, target)
        return
    record = without_folders(json.loads(source.read_text(encoding="utf-8")))
    target.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _write_log(run: RunDir, target: Path) -> None:
    """The events that show how it learned, numbered anew."""
    number = 0
    with run.events_file.open(encoding="utf-8") as log, target.open("w", encoding="utf-8") as copy:
        for line in log:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if not isinstance(event, dict) or event.get("event") in _LEFT_OUT:
                continue
            event = {**event, **_EMPTIED.get(str(event.get("event")), {}), "seq": number}
            kept = _WRITTEN_BY_MODELS if event["event"] == "probe" else frozenset()
            event = {key: value if key in kept else without_folders(value) for key, value in event.items()}
            copy.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
            number += 1


def without_folders(value: Any) -> Any:
    """``value`` with the last part of every path instead of the path, all the way down."""
    if isinstance(value, str):
        path = PurePath(value)
        return path.name if path.is_absolute() or value.startswith("~") else value
    if isinstance(value, dict):
        return {without_folders(key): without_folders(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_folders(item) for item in value]
    return value


def _put_in_place(building: Path, target: Path, is_one_file: bool) -> None:
    if not is_one_file:
        if target.exists():
            shutil.rmtree(target)
        building.rename(target)
        return
    packed = building.with_suffix(".zip.tmp")
    try:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(building.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(building).as_posix())
        packed.replace(target)
    finally:
        packed.unlink(missing_ok=True)


def open_recording(path: Path) -> Path:
    """The folder of a recording, found whole. ``path``: that folder, the manifest in it, or one file.

    One file is unpacked into the cache, where the newest few stay. Raises :class:`RecordingError`.
    """
    folder = path.parent if path.name == RECORDING_FILE else path
    if folder.is_file():
        folder = _unpack(folder)
    read_recording(folder)
    return folder


def _unpack(path: Path) -> Path:
    try:
        with path.open("rb") as file:
            key = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        target = cache_folder() / "recordings" / key
        if not is_recording(target):
            with zipfile.ZipFile(path) as archive:
                _extract(archive, path, target)
            _keep_newest(target.parent)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError) as problem:
        raise RecordingError(
            f"{path.name} is not a recorded run.", str(problem), "Choose a file that ends in .ptftrun."
        ) from None
    except OSError as problem:
        raise RecordingError(f"{path} cannot be opened.", problem.strerror or str(problem)) from None
    return target


def _extract(archive: zipfile.ZipFile, path: Path, target: Path) -> None:
    """Only what the manifest lists, and never more bytes than it says."""
    manifest = _read_member(archive, RECORDING_FILE, 1 << 18)
    recording = parse_recording(manifest.decode("utf-8", "replace"), path.name)
    if sum(file.bytes for file in recording.files) > MOST_RECORDING_BYTES:
        raise RecordingError(f"{path.name} is larger than a recording may be.")
    building = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        for file in recording.files:
            place = building / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(_read_member(archive, file.path, file.bytes))
        (building / RECORDING_FILE).write_bytes(manifest)
        shutil.rmtree(target, ignore_errors=True)
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _read_member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as member:
        data = member.read(most + 1)
    if len(data) > most:
        raise RecordingError(f"{name} in the recording is larger than it says.", hint="Choose another file.")
    return data


def _keep_newest(folder: Path) -> None:
    with contextlib.suppress(OSError):
        unpacked = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in unpacked[_MOST_UNPACKED:]:
            shutil.rmtree(path, ignore_errors=True)
