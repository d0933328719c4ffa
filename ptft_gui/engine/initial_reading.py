"""Opening what a run goes on from: a run with what its checkpoint still holds, a model folder, a vector file."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ptft_gui.core.errors import DataError, ModelError, PtftError, RunFolderError
from ptft_gui.core.family.starts import Start, glance_at
from ptft_gui.core.fingerprints import print_file
from ptft_gui.core.spec import RunSpec
from ptft_gui.engine.checkpoint import find_checkpoints
from ptft_gui.engine.initial import InitialVectors
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.vector_files.cache import open_vector_file
from ptft_gui.engine.vectors import (
    VECTORS_FILE,
    VOCAB_FILE,
    Floats32,
    WordVectors,
    load_word_vectors,
    map_tensor,
)

_LAYERS_FILE = "layers.safetensors"
_OUTPUT_LAYER = "syn1neg"
_LAYERS = {"word2vec": (_OUTPUT_LAYER,), "glove": ("block", "biases")}


def read_initial(spec: RunSpec, resolved: Mapping[str, Any], reporter: Reporter) -> InitialVectors | None:
    """The start of a run; None for one from nothing.

    ``resolved``: what an earlier attempt decided; the start must still be what it was then. Raises
    :class:`PtftError` for a start that is gone, damaged or has changed, StoppedByPerson.
    """
    if spec.init_from == "scratch" or not spec.init:
        return None
    reporter.phase("preparing", "Reading the start", 0.0)
    earlier = (resolved.get("initial") or {}).get("fingerprint") if resolved else None
    try:
        start = glance_at(spec.init)
        fingerprint = _fingerprint_of(start, reporter)
    except (PtftError, DataError) as problem:
        raise problem if earlier is None else _start_is_gone(spec.init, problem) from problem
    if earlier is not None and fingerprint != earlier:
        raise _start_has_changed(start)
    return open_start(start, spec.family, fingerprint, reporter)


def open_start(start: Start, family: str, fingerprint: str, reporter: Reporter) -> InitialVectors:
    """The words and numbers of a start, with the layers of its checkpoint where it is of the same ``family``.

    Raises :class:`ModelError`, StoppedByPerson.
    """

    def progress(sentence: str, fraction: float | None) -> None:
        reporter.phase("preparing", sentence, fraction)

    if start.kind == "file":
        vectors, notices = open_vector_file(start.model, progress, reporter.hold_or_stop)
        for notice in notices:
            reporter.notice("start", notice)
    else:
        vectors = load_word_vectors(start.model)
    layers = _layers_of(start, vectors) if start.kind == "run" and start.family == family else {}
    output = layers.pop(_OUTPUT_LAYER, None)
    return InitialVectors(
        list(vectors.words),
        vectors.counts,
        vectors.vectors,
        output,
        str(start.path),
        layers,
        {**vectors.config, "name": start.name},
        fingerprint,
    )


def _fingerprint_of(start: Start, reporter: Reporter) -> str:
    """SHA-256 over the files that hold words and numbers."""
    files = (
        [start.model] if start.kind == "file" else [start.model / name for name in (VOCAB_FILE, VECTORS_FILE)]
    )
    prints = [print_file(file, should_stop=reporter.hold_or_stop).sha256 for file in files]
    return hashlib.sha256("\n".join(prints).encode()).hexdigest()


def _layers_of(start: Start, vectors: WordVectors) -> dict[str, Floats32]:
    """What the checkpoint of the saved model holds besides the vectors; nothing where that checkpoint is gone."""
    wanted = _LAYERS.get(start.family, ())
    saved = vectors.config.get("step")
    for checkpoint in find_checkpoints(start.path / "checkpoints"):
        if checkpoint.step == saved:
            with contextlib.suppress(ModelError, OSError, ValueError):
                found = {name: _map_layer(checkpoint.path, name) for name in _names_in(checkpoint.path)}
                return {name: found[name] for name in wanted if _fits(found.get(name), vectors)}
    return {}


def _names_in(checkpoint: Path) -> list[str]:
    """The tensors of a checkpoint's layers."""
    with (checkpoint / _LAYERS_FILE).open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > 1 << 20:
            raise ValueError("its header is too long")
        return [name for name in json.loads(file.read(length)) if name != "__metadata__"]


def _map_layer(checkpoint: Path, name: str) -> Floats32:
    return map_tensor(checkpoint / _LAYERS_FILE, name)


def _fits(layer: Floats32 | None, vectors: WordVectors) -> bool:
    """Whether a layer has a row a word and holds numbers."""
    if layer is None or layer.dtype != np.float32 or len(layer) != len(vectors):
        return False
    return bool(np.isfinite([layer.min(), layer.max()]).all())


def _start_is_gone(place: str, problem: PtftError) -> RunFolderError:
    return RunFolderError(
        f"What this run started from, {Path(place).name}, can no longer be read.",
        problem.as_sentence(),
        "Bring it back to its place to go on, or start a new run.",
    )


def _start_has_changed(start: Start) -> RunFolderError:
    return RunFolderError(
        f"{start.name}, which this run started from, has changed since.",
        "Its words or numbers are not those that the run began with.",
        "Bring it back as it was, or start a new run from what it is now.",
    )
