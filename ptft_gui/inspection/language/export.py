"""A language model as a folder that plain transformers opens."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from ptft_gui.core.atomic import sync_file, sync_folder
from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.export import Exported, Format
from ptft_gui.inspection.language.folder import look_into
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

HUGGINGFACE = Format(
    "huggingface",
    "Hugging Face folder",
    "For GPT and BERT: a folder that transformers opens with AutoModel and AutoTokenizer, with a card that tells how "
    "the model came about.",
    "",
)
_ENDINGS = frozenset(".json .safetensors .txt .model .md .svg .jinja".split())
_BLOCK_BYTES = 1 << 22


def check_language_format(format_key: str) -> None:
    """Raise :class:`ModelError` for a format in which a language model cannot be written."""
    if format_key != HUGGINGFACE.key:
        raise ModelError(
            f"A language model cannot be written as {format_key[:40]}.",
            "That format is for word vectors.",
            f"Choose --format {HUGGINGFACE.key}.",
        )


def export_huggingface(
    place: Path | RunDir,
    target: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Exported:
    """Copy a model's folder to ``target``, which is there whole or not at all.

    Only files of a model are taken, never a pickle. Raises :class:`ModelError` for a target that holds something,
    a folder that is no language model, or a full disk; :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    folder = look_into(place)
    target = Path(target).expanduser().absolute()
    _check_target(target, folder.path)
    files = [path for path in sorted(folder.path.iterdir()) if path.is_file() and path.suffix in _ENDINGS]
    total = sum(path.stat().st_size for path in files) or 1
    building = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}.tmp"
    done = 0
    try:
        building.mkdir(parents=True)
        for path in files:
            with path.open("rb") as source, (building / path.name).open("xb") as copy:
                while block := source.read(_BLOCK_BYTES):
                    if should_stop():
                        raise StoppedByPerson
                    copy.write(block)
                    done += len(block)
                    progress("Writing the model", min(1.0, done / total))
            sync_file(building / path.name)
        if target.is_dir():
            target.rmdir()
        building.replace(target)
        sync_folder(target.parent)
    except OSError as problem:
        raise ModelError(
            f"{target} cannot be written.",
            f"The system said: {problem.strerror or problem}.",
            "Choose another folder, or free some space there.",
        ) from problem
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Exported((target,), done, 0)


def _check_target(target: Path, source: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ModelError(f"{target} is not a folder.", hint="Choose another name.")
    if target.is_dir() and any(target.iterdir()):
        raise ModelError(f"{target} holds files already.", hint="Choose a new or an empty folder.")
    if target.resolve().is_relative_to(source.resolve()):
        raise ModelError(f"{target} lies inside the model itself.", hint="Choose another folder.")
