"""Examples ready for training: read, decided on, divided, and kept in the cache.

``cache_dir/examples/<key>/`` holds ``train.parquet``, ``val.parquet``, ``test.parquet``, ``unlabelled.parquet`` and
``facts.json``. The key is a hash of what the files and the request were, so an edited file makes new examples. A
folder appears whole or not at all. Nothing here changes the person's file: corrections stand in the request, and a
corrected row keeps the label it had in ``label_given``; a row that was left out by hand is not there.

Columns of each file: ``key`` (number of the row in the whole dataset, from 0), ``row`` (its number in its file), then
by task:

- ``text`` ``text_pair`` ``question`` ``context`` ``prompt`` ``reply``: texts
- ``label``, ``label_given``: a text; for multilabel ``labels`` and ``labels_given``: lists of texts
- ``score``: a number; ``tokens`` ``tags``: lists of texts; ``answers`` ``answer_starts``: lists of texts and numbers
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.data.cache import build_whole
from ptft_gui.data.examples.asking import Asked, as_mapping, ask, key_of
from ptft_gui.data.examples.corrections import Corrector
from ptft_gui.data.examples.decided import Decided
from ptft_gui.data.examples.decisions import decide
from ptft_gui.data.examples.splits import divide
from ptft_gui.data.examples.study import study_table
from ptft_gui.data.examples.writing import ExampleWriter, facts_of
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress

EXAMPLES_VERSION = 6
BATCH_ROWS = 2048
PartName = Literal["train", "val", "test", "unlabelled"]
PART_NAMES: tuple[PartName, ...] = ("train", "val", "test", "unlabelled")


@dataclass(frozen=True)
class PreparedExamples:
    """Prepared examples on disk. ``facts`` is the content of ``facts.json``, see :func:`writing.facts_of`."""

    folder: Path
    facts: dict[str, Any]

    @property
    def task(self) -> str:
        return str(self.facts["task"])

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes in the order of their counts; a model numbers them so."""
        return tuple(self.facts["labels"])

    def told(self) -> dict[str, Any]:
        """What a run records of its examples among the values that it was resolved to."""
        names = ("fingerprint", "roles", "label_counts", "parts", "sum_sentence", "corrections")
        return {
            **{name: self.facts[name] for name in names},
            "dataset_files": self.facts["files"],
            "labels": list(self.labels),
            "split": self.facts["split"]["kind"],
            "split_sentence": self.facts["split"]["sentence"],
        }

    def count(self, part: PartName) -> int:
        """How many rows a part has."""
        return int(self.facts["parts"][part])

    def path(self, part: PartName) -> Path:
        return self.folder / f"{part}.parquet"

    def frames(self, part: PartName) -> Iterator[pl.DataFrame]:
        """The rows of a part in batches of at most BATCH_ROWS; memory stays flat."""
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        with pq.ParquetFile(self.path(part)) as file:
            for batch in file.iter_batches(BATCH_ROWS):
                yield pl.DataFrame(pl.from_arrow(batch))

    def rows(self, part: PartName) -> Iterator[dict[str, Any]]:
        """The rows of a part, one record each; every call begins anew."""
        for frame in self.frames(part):
            yield from frame.iter_rows(named=True)


def prepare_examples(
    request: DataRequest,
    cache_dir: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> PreparedExamples:
    """Find examples in the cache or make them.

    Raises DataError for a table that does not suit the task, a
    finding that a person must decide first, or a file that cannot be read; StoppedByPerson. All leave the cache clean.
    """
    asked = ask(request)
    asked.check()
    folder = cache_dir / "examples" / _key(asked)
    if (known := open_examples(folder)) is not None:
        return known
    study = study_table(asked, cache_dir, progress, should_stop)
    decided = decide(study.survey, asked.request.decisions, None, asked.class_list, asked.named)
    _refuse(decided)
    division = divide(study.survey, decided, asked.request.split)

    def build(temporary: Path) -> None:
        corrector = Corrector(asked.request.corrections)
        writer = ExampleWriter(asked, study.survey, decided, division, corrector)
        writer.write(temporary, progress, should_stop)
        facts = facts_of(asked, study, decided, division, writer, should_stop)
        facts["cache_bytes"] = {
            f"{name}.parquet": (temporary / f"{name}.parquet").stat().st_size for name in PART_NAMES
        }
        text = json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False)
        (temporary / "facts.json").write_text(text, encoding="utf-8")

    build_whole(folder, build, lambda present: open_examples(present) is not None)
    built = open_examples(folder)
    if built is None:
        raise DataError(
            "The prepared examples vanished from the cache.",
            f"Looked for {folder}.",
            "Start again; if it happens twice, check the disk.",
        )
    return built


def _key(asked: Asked) -> str:
    return key_of(
        asked,
        EXAMPLES_VERSION,
        decisions=asked.request.decisions,
        class_list=asked.class_list,
        split=asked.request.split.model_dump(),
        corrections=[each.model_dump(exclude={"was"}) for each in asked.request.corrections],
    )


def _refuse(decided: Decided) -> None:
    if decided.problem is not None:
        raise decided.problem
    for key in decided.waits_for:
        finding = next(each for each in decided.findings if each.key == key)
        choices = ", ".join(f"{choice.key} ({choice.title.lower()})" for choice in finding.choices)
        raise DataError(
            finding.sentence, "You must choose what becomes of them.", f"Decide {key}: {choices}."
        )


def open_examples(folder: Path) -> PreparedExamples | None:
    """Examples in the cache, or None where they are absent or not whole."""
    try:
        facts = dict(as_mapping(json.loads((folder / "facts.json").read_text(encoding="utf-8"))))
        sizes = {name: (folder / name).stat().st_size for name in facts["cache_bytes"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return PreparedExamples(folder, facts) if sizes == facts["cache_bytes"] else None
