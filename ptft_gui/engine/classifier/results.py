"""What a run of the classifier leaves: the model, usable by others, and what it answered for rows it did not learn."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.corrections import given_label
from ptft_gui.core.rundir import PREDICTIONS_FILE, RunDir
from ptft_gui.core.spec import RunSpec
from ptft_gui.data.examples.prepared import PartName, PreparedExamples
from ptft_gui.engine.classifier.head import write_head
from ptft_gui.engine.classifier.model import AveragedVectors, HeldTexts
from ptft_gui.engine.classifier.start import Ground
from ptft_gui.engine.vector_run import model_config
from ptft_gui.engine.vectors import WordVectors, save_word_vectors

_PREDICTED: tuple[PartName, ...] = ("val", "test")


def save_classifier(
    run: RunDir,
    spec: RunSpec,
    values: Mapping[str, Any],
    ground: Ground,
    model: AveragedVectors,
    used: NDArray[np.int64],
    labels: Sequence[str],
    facts: Mapping[str, Any],
) -> None:
    """Write the model's folder: word vectors, as any run of the family leaves them, and the layer that answers.

    ``used``: the rows of the ground that the network has; only they can have moved. Raises :class:`OSError`.
    """
    vectors = np.array(ground.vectors, dtype=np.float32)
    if model.vectors.requires_grad:
        vectors[used] = model.vectors.detach().numpy()
    total = int(ground.config.get("total_words") or ground.counts.sum())
    config = {
        **model_config(
            run,
            spec,
            {**values, "total_words": total},
            min_count=int(ground.config.get("min_count") or values["min_count"]),
            delimiter=ground.delimiter,
            facts=facts,
        ),
        "task": values["task"],
        "method": values["method"],
        "labels": list(labels),
    }
    whole = WordVectors(ground.words, ground.counts, vectors, config)
    save_word_vectors(
        run.model, whole, write_more=lambda folder: write_head(folder, model.head(tuple(labels)))
    )


def write_predictions(
    folder: Path,
    examples: PreparedExamples,
    model: AveragedVectors,
    held: Mapping[PartName, HeldTexts],
    labels: Sequence[str],
) -> None:
    """What is answered for held-out and test rows, one record a line: ``part key row text label predicted score``.

    It stays in the run's folder and is no part of the model, which may be given away. Raises :class:`OSError`.
    """
    target = folder / PREDICTIONS_FILE
    temporary = target.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        for part in _PREDICTED:
            scores = model.answers(held[part]).astype(np.float64)
            shares = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
            shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-300)
            for example, row in zip(examples.rows(part), shares, strict=True):
                best = int(row.argmax())
                record = {
                    "part": part,
                    "key": example["key"],
                    "row": example["row"],
                    "text": example["text"],
                    "label": example["label"],
                    "predicted": labels[best],
                    "score": round(float(row[best]), 6),
                    **given_label(example),
                }
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    os.replace(temporary, target)
