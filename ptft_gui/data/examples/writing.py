"""The second pass: writes the rows of each part as their task needs them, and the facts beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.core.fingerprints import print_file
from ptft_gui.data.examples.answers import placed_answers
from ptft_gui.data.examples.asking import Asked, files_of
from ptft_gui.data.examples.corrections import Corrector
from ptft_gui.data.examples.decided import WITH_LABELS, Decided
from ptft_gui.data.examples.fields import Fields, read_score
from ptft_gui.data.examples.label_cells import NO_LABEL
from ptft_gui.data.examples.repeated_lines import LineFilter
from ptft_gui.data.examples.splits import Division
from ptft_gui.data.examples.study import BytesProgress, Study, changed_while_read, check_same_rows
from ptft_gui.data.examples.survey import PARTS, Survey
from ptft_gui.data.request import Progress, ShouldStop
from ptft_gui.data.tables.table import ROW

_NAMES = (*PARTS, "unlabelled")
_TEXTS = ("text", "text_pair", "question", "context", "prompt", "reply")


class ExampleWriter:
    """Writes the parquet files of one set of examples. ``corrector`` knows what a person corrected."""

    def __init__(
        self,
        asked: Asked,
        survey: Survey,
        decided: Decided,
        division: Division,
        corrector: Corrector,
    ) -> None:
        self._asked = asked
        self._survey = survey
        self._given_test = survey.given_test
        self._decided = decided
        self._division = division
        self.corrector = corrector
        self._fields = Fields(decided.task, asked.fields.roles, asked.table.columns)
        self._lines = (
            LineFilter(survey.lines, asked.task == PLAIN_TEXT) if decided.drops_repeated_lines else None
        )

    def write(self, folder: Path, progress: Progress, should_stop: ShouldStop) -> None:
        """Write all four files. Raises DataError, StoppedByPerson."""
        table = self._asked.table
        on_bytes = BytesProgress(self._asked, "Writing the examples", progress, should_stop)
        first = 0
        with ExitStack() as stack:
            files = {
                name: stack.enter_context(pq.ParquetWriter(folder / f"{name}.parquet", self._schema()))
                for name in _NAMES
            }
            for part in table.parts:
                for frame in table.batches(part.key, on_bytes, should_stop):
                    if should_stop():
                        raise StoppedByPerson
                    check_same_rows(self._survey, first, frame, table.facts.title)
                    self._write_batch(files, frame, first)
                    first += frame.height
        if first != len(self._survey):
            raise changed_while_read(table.facts.title)
        self.corrector.finish()

    def _schema(self) -> Any:
        empty = pl.DataFrame(schema=self._asked.head.schema)
        return self._examples(self._fields.read(empty), 0).to_arrow().schema

    def _write_batch(self, files: Mapping[str, pq.ParquetWriter], frame: pl.DataFrame, first: int) -> None:
        read = self._fields.read(frame)
        if self._lines is not None:
            is_counted = ~self._given_test[first : first + frame.height]
            read = read.with_columns(self._lines.apply(read["text"], is_counted))
        examples = self._examples(read, first)
        parts = self._division.part[first : first + frame.height]
        for place, name in enumerate(_NAMES):
            chosen = examples.filter(pl.Series(parts == place))
            if chosen.height and (kept := self.corrector.apply(chosen, name)).height:
                files[name].write_table(kept.to_arrow())

    def _examples(self, read: pl.DataFrame, first: int) -> pl.DataFrame:
        keys = pl.int_range(first, first + read.height, dtype=pl.UInt64, eager=True).alias("key")
        columns: list[pl.Series] = [keys, read[ROW].alias("row")]
        columns += [read[name] for name in _TEXTS if name in read.columns]
        if self._decided.task in WITH_LABELS and "label" in read.columns:
            columns += self._labels(read.height, first)
        if self._decided.task == "pair-similarity" and "score" in read.columns:
            columns.append(read.select(read_score(pl.col("score")).alias("score")).to_series())
        columns += [read[name] for name in ("tokens", "tags") if name in read.columns]
        if self._decided.task == "question-answering":
            texts, places = placed_answers(read)
            columns.append(pl.Series("answers", texts, pl.List(pl.String)))
            columns.append(pl.Series("answer_starts", places, pl.List(pl.Int64)))
        return pl.DataFrame(columns)

    def _labels(self, height: int, first: int) -> list[pl.Series]:
        """Labels after the decisions, twice: one of them may be corrected."""
        names: list[tuple[str, ...] | None] = [*self._decided.names]
        names.append((NO_LABEL,) if self._decided.empty_is_class else None)
        codes = self._survey.label[first : first + height]
        if self._decided.task == "multilabel":
            lists = pl.Series(
                "labels", [None if each is None else list(each) for each in names], pl.List(pl.String)
            )
            taken = lists.gather(np.where(codes < 0, len(names) - 1, codes))
            return [taken, taken.alias("labels_given")]
        single = pl.Series("label", [each[0] if each else None for each in names], pl.String)
        taken = single.gather(np.where(codes < 0, len(names) - 1, codes))
        return [taken, taken.alias("label_given")]


def facts_of(
    asked: Asked,
    study: Study,
    decided: Decided,
    division: Division,
    writer: ExampleWriter,
    should_stop: ShouldStop,
) -> dict[str, Any]:
    """What is known of the examples, ready for JSON.

    ``dataset title task roles labels label_counts decisions sums sum_sentence parts split {kind, sentence, seed,
    notices} language files [{path, size, mtime_ns, sha256}] fingerprint corrections notices``.
    """
    request = asked.request
    prints = [print_file(file, should_stop=should_stop).model_dump() for file, _ in files_of(request)]
    together = hashlib.sha256("\n".join(each["sha256"] for each in prints).encode()).hexdigest()
    corrector = writer.corrector
    counts = corrector.class_counts(decided.classes)
    left_out = corrector.left_out
    return {
        "dataset": request.dataset,
        "title": asked.table.facts.title,
        "format_name": asked.table.facts.format_name,
        "encoding": asked.table.facts.encoding_name,
        "task": decided.task,
        "roles": asked.roles,
        "labels": list(counts),
        "label_counts": counts,
        "decisions": [finding.as_dict() for finding in decided.findings],
        "sums": corrector.sums(decided.sums()),
        "sum_sentence": corrector.sum_sentence(decided.sums(), decided.sum_sentence()),
        "parts": {part: count - left_out[part] for part, count in division.counts().items()},
        "split": {
            "kind": request.split.kind,
            "sentence": division.sentence,
            "seed": request.split.seed,
            "notices": division.notices,
        },
        "language": study.statistics.get("language", {}),
        "files": prints,
        "fingerprint": together,
        "corrections": corrector.as_dict(),
        "notices": [
            *asked.table.facts.notices,
            *asked.table.late_notices(),
            *decided.notices,
            *filter(None, [corrector.sentence()]),
        ],
    }
