"""A whole file, or one part of a run's dataset, answered row by row and written as a new file."""

from __future__ import annotations

import csv
import io
import json
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError, PtftError, StoppedByPerson
from ptft_gui.core.rundir import RunDir, is_run
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.spreadsheets import harmless
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.predictors import ClassPredictor, Predictor, Rows, is_empty, label_of, predictor_of
from ptft_gui.inspection.tasks.opening import TaskModel
from ptft_gui.inspection.tasks.replies import ReplyModel
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

COLUMNS = ClassPredictor.columns
PARTS = ("all", "train", "val", "test", "unlabelled")
Model = OpenedModel | TaskModel | ReplyModel
Write = Callable[[Path, Rows, tuple[str, ...]], int]


@dataclass(frozen=True)
class Predicted:
    """``rows`` stand in ``path``; ``empty`` of them held no text, and no answer stands beside them."""

    path: Path
    rows: int
    empty: int = 0

    @property
    def sentence(self) -> str:
        hold = "holds" if self.empty == 1 else "hold"
        without = f", {self.empty:,} {hold} no text and got no answer" if self.empty else ""
        return f"{self.rows - self.empty:,} rows answered{without}: {self.path}"


def predict_file(
    model: Model,
    request: DataRequest,
    path: Path,
    part: str = "all",
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Predicted:
    """Answer every row of a dataset, or of one part of it as the run divided it, and write ``path`` in one step.

    Written are the columns of the model's :class:`Predictor`, as CSV or as JSON lines by the name of ``path``. Raises
    :class:`PtftError`, :class:`~ptft_gui.core.errors.StoppedByPerson`; then nothing is left behind.
    """
    write = _writer_of(path)
    predictor = predictor_of(model)
    asked = request.model_copy(update={"task": predictor.task})
    rows, total = _rows(predictor, asked, part, progress, should_stop)
    _refuse_own_file(path, asked)
    answering = _Answering(predictor)
    count = write(path, _answered(answering, rows, total, progress, should_stop), predictor.columns)
    return Predicted(path, count, answering.empty)


def dataset_of(model: Model) -> DataRequest:
    """What the run behind a model was trained on. Raises :class:`PtftError` for a model without a run."""
    predictor = predictor_of(model)
    spec = _spec_of(predictor)
    if spec is None:
        raise PtftError(
            f"{predictor.name} does not say which rows it was trained on.",
            "It was opened as a model folder, without its run.",
            "Choose a file instead.",
        )
    return spec.data.request(predictor.task)


def _spec_of(predictor: Predictor) -> RunSpec | None:
    return RunDir(predictor.source).read_spec() if is_run(predictor.source) else None


def _rows(
    predictor: Predictor, request: DataRequest, part: str, progress: Progress, should_stop: ShouldStop
) -> tuple[Rows, int | None]:
    """Records with ``id`` and what the model reads, and how many there are where that is known."""
    from ptft_gui.data.whole_request import whole_request

    if part == "all":
        return predictor.rows(whole_request(request)), None
    return _rows_of_part(predictor, request, part, progress, should_stop)


def _rows_of_part(
    predictor: Predictor, request: DataRequest, part: str, progress: Progress, should_stop: ShouldStop
) -> tuple[Rows, int | None]:
    from ptft_gui.core.paths import cache_folder
    from ptft_gui.data.examples.prepared import prepare_examples
    from ptft_gui.data.tasks.rows import names_of_rows
    from ptft_gui.data.whole_request import whole_request

    spec = _spec_of(predictor)
    same = spec is not None and Path(spec.data.dataset).name == Path(request.dataset).name
    asked = whole_request(spec.data.request(predictor.task) if spec is not None and same else request)
    examples = prepare_examples(asked, cache_folder(), progress, should_stop)
    names = names_of_rows(asked, predictor.task) if "id" in examples.facts["roles"] else None

    def records() -> Rows:
        for row in examples.rows(part):  # type: ignore[arg-type]
            yield {**row, "id": row["row"] if names is None else names[row["key"]]}

    return records(), examples.count(part)  # type: ignore[arg-type]


class _Answering:
    """Answers rows and counts those in which there was nothing to answer."""

    def __init__(self, predictor: Predictor) -> None:
        self.predictor = predictor
        self.empty = 0

    def answer(self, rows: list[dict[str, Any]]) -> Rows:
        answered = self.predictor.answer([row for row in rows if not is_empty(row)])
        for row in rows:
            if is_empty(row):
                self.empty += 1
                yield self._without_answer(row)
            else:
                yield next(answered)

    def _without_answer(self, row: dict[str, Any]) -> dict[str, Any]:
        told = {name: row.get(name) for name in self.predictor.columns}
        if "label" in told:
            told |= {"label": label_of(row), "score": None}
        return told


def _answered(
    answering: _Answering, rows: Rows, total: int | None, progress: Progress, should_stop: ShouldStop
) -> Rows:
    batch: list[dict[str, Any]] = []
    done = 0
    for row in rows:
        batch.append(row)
        if len(batch) == answering.predictor.batch:
            yield from answering.answer(batch)
            done += len(batch)
            batch = []
            progress(f"{done:,} rows answered", done / total if total else None)
            if should_stop():
                raise StoppedByPerson
    if batch:
        yield from answering.answer(batch)


# --- writing -----------------------------------------------------------------------------------------------------


def _writer_of(path: Path) -> Write:
    writers = {".csv": _write_csv, ".jsonl": _write_jsonl}
    if path.suffix.lower() not in writers:
        raise PtftError(
            f"{path.name} does not say how to write the answers.", hint="End its name in .csv or .jsonl."
        )
    return writers[path.suffix.lower()]


def _refuse_own_file(path: Path, request: DataRequest) -> None:
    """A person's file is never changed: the answers go beside it."""
    source = Path(request.dataset).expanduser()
    if path.exists() and source.exists() and path.samefile(source):
        raise PtftError(
            f"{path.name} holds the texts themselves.",
            "Writing the answers there would replace them.",
            "Choose another name.",
        )


def _write_csv(path: Path, rows: Rows, columns: tuple[str, ...]) -> int:
    def lines() -> Iterator[str]:
        yield ",".join(columns) + "\r\n"
        for row in rows:
            out = io.StringIO()
            csv.writer(out).writerow([_cell(row[name]) for name in columns])
            yield out.getvalue()

    return _write(path, lines(), "utf-8-sig") - 1


def _cell(value: Any) -> str:
    """A list of words becomes one text with spaces, as files of tagged words have it."""
    if isinstance(value, list):
        value = " ".join(value)
    return "" if value is None else harmless(value) if isinstance(value, str) else str(value)


def _write_jsonl(path: Path, rows: Rows, columns: tuple[str, ...]) -> int:
    lines = (json.dumps({name: row[name] for name in columns}, ensure_ascii=False) + "\n" for row in rows)
    return _write(path, lines, "utf-8")


def _write(path: Path, lines: Iterator[str], encoding: str) -> int:
    """Write beside the target and rename; returns how many lines. Raises PtftError."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        with temporary.open("w", encoding=encoding, newline="") as file:
            count = 0
            for line in lines:
                file.write(line)
                count += 1
        os.replace(temporary, path)
    except OSError as problem:
        raise DataError(
            f"{path.name} cannot be written.",
            f"{problem.strerror or problem} ({path.parent}).",
            "Choose another place, or free some space.",
        ) from None
    finally:
        temporary.unlink(missing_ok=True)
    return count
