"""Word vectors in the formats of other programs; a file is there whole or not at all."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ptft_gui.core.atomic import sync_file, sync_folder
from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.family.options import unknown_name_problem
from ptft_gui.core.wording import bytes_text
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

_BLOCK_ROWS = 1000
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Format:
    """A format a person may choose. ``suffix``: the usual ending, empty for a format of several files."""

    key: str
    title: str
    sentence: str
    suffix: str


FORMATS = (
    Format(
        "word2vec-text",
        "word2vec text",
        "One line a word, with a first line of sizes. Read by gensim and nearly every other program.",
        ".txt",
    ),
    Format("word2vec-binary", "word2vec binary", "The same in a fifth of the space.", ".bin"),
    Format("glove-text", "GloVe text", "One line a word, without the first line.", ".txt"),
    Format(
        "keyedvectors",
        "gensim KeyedVectors",
        "gensim's own file, opened with KeyedVectors.load. It is a pickle, because that is gensim's format: "
        "give it only to people who trust you.",
        ".kv",
    ),
    Format(
        "projector",
        "Embedding projector",
        "A folder with vectors.tsv and metadata.tsv, for the TensorBoard projector.",
        "",
    ),
)
_TRANSFORMER_FORMATS = ("huggingface", "merged", "adapter", "onnx")


@dataclass(frozen=True)
class Exported:
    """What was written. ``replaced``: words whose white space had to become an underscore; ``opening``: what a person
    has to know to open it, in sentences."""

    paths: tuple[Path, ...]
    bytes: int
    replaced: int
    opening: str = ""

    @property
    def sentence(self) -> str:
        places = " and ".join(path.name for path in self.paths[:2])
        said = f"Wrote {places} ({bytes_text(self.bytes)}) to {self.paths[0].parent}."
        if self.replaced:
            said += f" In {self.replaced:,} words white space became an underscore, which this format needs."
        return f"{said} {self.opening}".rstrip()


@dataclass(frozen=True)
class _Job:
    """Rows on their way into a file."""

    words: list[str]
    model: OpenedModel
    progress: Progress
    should_stop: ShouldStop

    def rows(self) -> Iterator[tuple[str, np.ndarray]]:
        vectors, total = self.model.vectors.vectors, len(self.words)
        for row, word in enumerate(self.words):
            if row % _BLOCK_ROWS == 0:
                if self.should_stop():
                    raise StoppedByPerson
                self.progress("Writing the vectors", row / total)
            yield word, vectors[row]


def export(
    model: OpenedModel,
    format_key: str,
    target: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Exported:
    """Write a model's vectors to ``target``, a file, or a folder for ``projector``.

    What was there before is replaced once the new one is whole. Raises :class:`ModelError` when it cannot be
    written, :class:`~ptft_gui.core.errors.SpecError` for an unknown format, :class:`StoppedByPerson`.
    """
    check_format(format_key)
    target = _checked_target(Path(target).expanduser(), format_key, model)
    words, replaced = _plain_words(model, needs_plain=format_key != "keyedvectors")
    job = _Job(words, model, progress, should_stop)
    building = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}.tmp"
    try:
        building.mkdir(mode=0o700)
        _WRITERS[format_key](job, building / target.name)
        paths = _move_into_place(building, target.parent)
    except OSError as problem:
        raise _unwritable(target, problem) from problem
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Exported(tuple(paths), sum(path.stat().st_size for path in paths), replaced)


def check_format(format_key: str) -> None:
    """Raise :class:`~ptft_gui.core.errors.PtftError` for a format in which word vectors cannot be written."""
    if format_key in _TRANSFORMER_FORMATS:
        raise ModelError(
            f"Word vectors cannot be written as {format_key}.",
            "That format is for models that read whole sentences.",
            "Choose one of: " + ", ".join(_WRITERS) + ".",
        )
    if format_key not in _WRITERS:
        raise unknown_name_problem("export format", format_key, _WRITERS)


def _checked_target(target: Path, format_key: str, model: OpenedModel) -> Path:
    """The file to write, inside ``target`` when that is a folder; its parent exists."""
    if format_key == "projector":
        target = target / "vectors.tsv"
    elif target.is_dir():
        suffix = next(format_.suffix for format_ in FORMATS if format_.key == format_key)
        target = target / f"{model.source.name}{suffix}"
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise ModelError(f"{target} is not an ordinary file.", hint="Choose another name.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise _unwritable(target, problem) from problem
    return target


def _plain_words(model: OpenedModel, needs_plain: bool) -> tuple[list[str], int]:
    """The words without white space, each still different from the others, and how many had to change."""
    words = list(model.vectors.words)
    if not needs_plain:
        return words, 0
    taken, replaced = set(words), 0
    for row, word in enumerate(words):
        if _SPACE.search(word) or not word:
            plain = _SPACE.sub("_", word) or "_"
            while plain in taken:
                plain += "_"
            taken.add(plain)
            words[row] = plain
            replaced += 1
    return words, replaced


def _move_into_place(building: Path, folder: Path) -> list[Path]:
    """Move the finished files; the one that was asked for has the shortest name, comes last and is named first."""
    moved = []
    for path in sorted(building.iterdir(), key=lambda path: len(path.name), reverse=True):
        sync_file(path)
        moved.append(path.replace(folder / path.name))
    sync_folder(folder)
    return moved[::-1]


def _numbers_text(vector: np.ndarray, separator: str = " ") -> str:
    # The shortest text that reads back as the same float32.
    return separator.join(map(str, vector))


def _write_word2vec_text(job: _Job, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{len(job.words)} {job.model.vectors.vectors.shape[1]}\n")
        for word, vector in job.rows():
            file.write(f"{word} {_numbers_text(vector)}\n")


def _write_glove_text(job: _Job, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for word, vector in job.rows():
            file.write(f"{word} {_numbers_text(vector)}\n")


def _write_word2vec_binary(job: _Job, path: Path) -> None:
    with path.open("wb") as file:
        file.write(f"{len(job.words)} {job.model.vectors.vectors.shape[1]}\n".encode())
        for word, vector in job.rows():
            file.write(word.encode("utf-8", "replace") + b" " + vector.astype("<f4").tobytes() + b"\n")


def _write_projector(job: _Job, path: Path) -> None:
    has_counts = bool(job.model.vectors.counts.any())
    with (
        path.open("w", encoding="utf-8", newline="\n") as vectors,
        path.with_name("metadata.tsv").open("w", encoding="utf-8", newline="\n") as metadata,
    ):
        if has_counts:
            metadata.write("word\tcount\n")
        for (word, vector), count in zip(job.rows(), job.model.vectors.counts.tolist(), strict=True):
            vectors.write(_numbers_text(vector, "\t") + "\n")
            metadata.write(f"{word}\t{count}\n" if has_counts else f"{word}\n")


def _write_keyedvectors(job: _Job, path: Path) -> None:
    from gensim.models import KeyedVectors  # only this format needs gensim, which takes seconds to import

    vectors, counts = job.model.vectors.vectors, job.model.vectors.counts
    native = KeyedVectors(vectors.shape[1], count=0, dtype=np.float32)
    native.add_vectors(job.words, np.array(vectors))
    for word, count in zip(job.words, counts.tolist(), strict=True):
        if count:
            native.set_vecattr(word, "count", count)
    job.progress("Writing the vectors", None)
    native.save(str(path))


_WRITERS: dict[str, Callable[[_Job, Path], None]] = {
    "word2vec-text": _write_word2vec_text,
    "word2vec-binary": _write_word2vec_binary,
    "glove-text": _write_glove_text,
    "keyedvectors": _write_keyedvectors,
    "projector": _write_projector,
}


def _unwritable(target: Path, problem: OSError) -> ModelError:
    return ModelError(
        f"{target} cannot be written.",
        f"The system said: {problem.strerror or problem}.",
        "Choose another folder, or free some space there.",
    )
