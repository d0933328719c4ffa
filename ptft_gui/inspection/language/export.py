"""A language model, whatever it has learned, as a folder for other programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.export import Exported, Format
from ptft_gui.inspection.language.folder import look_into
from ptft_gui.inspection.model import no_model_yet
from ptft_gui.inspection.new_folder import new_folder
from ptft_gui.inspection.tasks.adapter_export import ADAPTER, export_adapter
from ptft_gui.inspection.tasks.folder import REPLY, look_into_task, token_task_of
from ptft_gui.inspection.tasks.onnx_export import ONNX, export_onnx
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

HUGGINGFACE = Format(
    "huggingface",
    "Hugging Face folder",
    "For GPT and BERT: a folder that transformers opens with AutoModel and AutoTokenizer, with a card that tells how "
    "the model came about.",
    "",
)
MERGED = Format("merged", "Merged model", "The same; what LoRA added is worked into the weights.", "")
LANGUAGE_FORMATS = (HUGGINGFACE, MERGED, ADAPTER, ONNX)
_ENDINGS = frozenset(".json .safetensors .txt .model .md .svg .jinja".split())
_BLOCK_BYTES = 1 << 22


def check_language_format(format_key: str) -> None:
    """Raise :class:`ModelError` for a format in which a language model cannot be written."""
    if format_key not in _WRITERS:
        raise ModelError(
            f"A language model cannot be written as {format_key[:40]}.",
            "That format is for word vectors.",
            "Choose one of: " + ", ".join(_WRITERS) + ".",
        )


def export_language_model(
    place: Path | RunDir,
    format_key: str,
    target: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Exported:
    """Write a language model to ``target``, a folder. Raises :class:`ModelError`,
    :class:`~ptft_gui.core.errors.StoppedByPerson`."""
    check_language_format(format_key)
    return _WRITERS[format_key](place, target, progress, should_stop)


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
    source = _source(place)
    target = Path(target).expanduser().absolute()
    done = 0
    with new_folder(target, source) as building:
        files = [path for path in sorted(source.iterdir()) if path.is_file() and path.suffix in _ENDINGS]
        total = sum(path.stat().st_size for path in files) or 1
        for path in files:
            with path.open("rb") as file, (building / path.name).open("xb") as copy:
                while block := file.read(_BLOCK_BYTES):
                    if should_stop():
                        raise StoppedByPerson
                    copy.write(block)
                    done += len(block)
                    progress("Writing the model", min(1.0, done / total))
    return Exported((target,), done, 0)


def _source(place: Path | RunDir) -> Path:
    """The folder to copy, judged before."""
    if token_task_of(place) not in (None, REPLY):
        return look_into_task(place).path
    folder = look_into(place)
    if folder.step is not None:  # a checkpoint holds weights alone
        raise no_model_yet(RunDir(folder.source))
    return folder.path


_WRITERS: dict[str, Callable[[Path | RunDir, Path, Progress, ShouldStop], Exported]] = {
    HUGGINGFACE.key: export_huggingface,
    MERGED.key: export_huggingface,
    ADAPTER.key: export_adapter,
    ONNX.key: export_onnx,
}
