"""Opening a model to ask it something: a run, a model folder, or a vector file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import DataError, ModelError, Remedy
from ptft_gui.core.rundir import LIVE_STATES, RunDir, is_run
from ptft_gui.data.preparation import Preparation
from ptft_gui.engine.classifier.head import ClassifierHead, read_head
from ptft_gui.engine.vector_files.cache import open_vector_file
from ptft_gui.engine.vectors import CONFIG_FILE, VECTORS_FILE, WordVectors, load_word_vectors
from ptft_gui.inspection.neighbours import Neighbour, Scores, row_lengths
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress
from ptft_gui.inspection.vocabulary import Vocabulary


@dataclass(frozen=True)
class OpenedModel:
    """Word vectors with the tables that questions need; each table is built at the first question.

    ``source``: the run, folder or file that was opened. ``notices``: what a person should know about it.
    """

    source: Path
    vectors: WordVectors
    notices: tuple[str, ...] = ()

    @cached_property
    def lengths(self) -> Scores:
        """Length of each vector, shape (V,)."""
        return row_lengths(self.vectors.vectors)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.vectors.words)

    @cached_property
    def preparation(self) -> Preparation | None:
        """How the text was cut into words; None for a vector file, which does not say.

        A model that an earlier version made names its preparation only.
        """
        try:
            return Preparation.from_record(self.setting("preparation"))
        except DataError:
            return None

    def setting(self, key: str) -> Any:
        """A value the model was trained with, as its configuration tells it; None where it does not."""
        config = self.vectors.config
        return config.get(key, (config.get("options") or {}).get(key))

    @cached_property
    def head(self) -> ClassifierHead:
        """The layer that sorts texts into classes. Raises :class:`ModelError` where the model has not learned to."""
        labels = self.vectors.config.get("labels")
        folder = RunDir(self.source).model if is_run(self.source) else self.source
        if not isinstance(labels, list) or not folder.is_dir():
            raise ModelError(
                f"{self.name} has not learned to sort texts into classes.",
                "It holds word vectors only.",
                "Fine-tune it for the task: Sort texts into classes.",
            )
        return read_head(folder, [str(label) for label in labels])

    @property
    def name(self) -> str:
        return str(self.vectors.config.get("name") or self.source.name)

    def count(self, row: int) -> int | None:
        """How often the word of a row occurs in the text; None where that is not known."""
        return int(self.vectors.counts[row]) or None

    def neighbour(self, row: int, similarity: float) -> Neighbour:
        return Neighbour(self.vectors.words[row], similarity, self.count(row))


def open_model(
    place: Path | RunDir, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> OpenedModel:
    """Open a run's model, a model folder, or a vector file.

    ``progress`` and ``should_stop`` matter for large vector files. Raises :class:`ModelError`,
    :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    path = place.path if isinstance(place, RunDir) else Path(place).expanduser()
    if is_run(path):
        return _open_run(RunDir(path))
    if path.is_dir():
        return _open_folder(path, path)
    if path.name == VECTORS_FILE and (path.parent / CONFIG_FILE).is_file():
        return _open_folder(path.parent, path.parent)
    vectors, notices = open_vector_file(path, progress, should_stop)
    return OpenedModel(path, vectors, notices)


def model_stamp(source: Path) -> str | None:
    """Changes when the model behind a run, folder or vector file does; None where there is none."""
    folder = RunDir(source).model if is_run(source) else source
    file = folder / VECTORS_FILE if (folder / CONFIG_FILE).exists() else folder
    try:
        status = file.stat()
        return f"{file.resolve()}:{status.st_size}:{status.st_mtime_ns}"
    except OSError:
        return None


def _open_run(run: RunDir) -> OpenedModel:
    if not run.model.is_dir():
        raise no_model_yet(run)
    return _open_folder(run.model, run.path)


def _open_folder(folder: Path, source: Path) -> OpenedModel:
    return OpenedModel(source, load_word_vectors(folder))


def no_model_yet(run: RunDir) -> ModelError:
    """Why a run has no model, and what to do about it."""
    state, title = run.state(), run.title()
    if state in LIVE_STATES:
        return ModelError(
            f"{title} has no model yet.",
            f"It is {state}; the model is saved when the run ends.",
            "Wait for its end, or choose Stop and keep.",
        )
    if state == "finished":
        return ModelError(
            f"The model of {title} is gone.",
            f"There is no folder {run.model} any more.",
            f"Train it again: ptft-gui train {run.spec_file}",
        )
    remedies = (Remedy("resume", "Resume the run"),) if any(run.checkpoints.glob("step-*")) else ()
    hint = f"Go on with it: ptft-gui resume {run.name}" if remedies else "Start it again as a new run."
    return ModelError(f"{title} has no model.", "It ended before one was saved.", hint, remedies)
