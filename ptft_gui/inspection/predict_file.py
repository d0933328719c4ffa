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
from ptft_gui.inspection.classify import classify_many
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

COLUMNS = ("id", "text", "label", "predicted", "score")
PARTS = ("all", "train", "val", "test", "unlabelled")
_BATCH = 1024
Rows = Iterator[dict[str, Any]]


@dataclass(frozen=True)
class Predicted:
    """``rows`` were answered and stand in ``path``."""

    path: Path
    rows: int

    @property
    def sentence(self) -> str:
        return f"{self.rows:,} rows answered: {self.path}"


def predict_file(
    model: OpenedModel,
    request: DataRequest,
    path: Path,
    part: str = "all",
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Predicted:
    """Answer every row of a dataset, or of one part of it as the run divided it, and write ``path`` in one step.

    Written are the columns :data:`COLUMNS`, as CSV or as JSON lines by the name of ``path``. Raises
    :class:`PtftError`, :class:`~ptft_gui.core.errors.StoppedByPerson`; then nothing is left behind.
    """
    write = _writer_of(path)
    model.head  # noqa: B018 - says now if it has no classes
    asked = request.model_copy(update={"task": "classification"})
    rows, total = _rows(asked, part, _spec_of(model), progress, should_stop)
    _refuse_own_file(path, asked)
    count = write(path, _answered(model, rows, total, progress, should_stop))
    return Predicted(path, count)


def dataset_of(model: OpenedModel) -> DataRequest:
    """What the run behind a model was trained on. Raises :class:`PtftError` for a model without a run."""
    spec = _spec_of(model)
    if spec is None:
        raise PtftError(
            f"{model.name} does not say which rows it was trained on.",
            "It was opened as a model folder, without its run.",
            "Choose a file instead.",
        )
    return spec.data.request("classification")


def _spec_of(model: OpenedModel) -> RunSpec | None:
    return RunDir(model.source).read_spec() if is_run(model.source) else None


def _rows(
    request: DataRequest, part: str, spec: RunSpec | None, progress: Progress, should_stop: ShouldStop
) -> tuple[Rows, int | None]:
    """Records with ``id text label``, and how many there are where that is known."""
    from ptft_gui.data.examples.rows import text_rows
    from ptft_gui.data.whole_request import whole_request

    if part == "all":
        return text_rows(whole_request(request)), None
    return _rows_of_part(request, part, spec, progress, should_stop)


def _rows_of_part(
    request: DataRequest, part: str, spec: RunSpec | None, progress: Progress, should_stop: ShouldStop
) -> tuple[Rows, int | None]:
    from ptft_gui.core.paths import cache_folder
    from ptft_gui.data.examples.prepared import prepare_examples
    from ptft_gui.data.whole_request import whole_request

    same = spec is not None and Path(spec.data.dataset).name == Path(request.dataset).name
    asked = spec.data.request("classification") if spec is not None and same else request
    examples = prepare_examples(whole_request(asked), cache_folder(), progress, should_stop)

    def records() -> Rows:
        for row in examples.rows(part):  # type: ignore[arg-type]
            yield {"id": row["row"], "text": row["text"], "label": row.get("label")}

    return records(), examples.count(part)  # type: ignore[arg-type]


def _answered(
    model: OpenedModel, rows: Rows, total: int | None, progress: Progress, should_stop: ShouldStop
) -> Rows:
    batch: list[dict[str, Any]] = []
    done = 0
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield from _answer_batch(model, batch)
            done += len(batch)
            batch = []
            progress(f"{done:,} rows answered", done / total if total else None)
            if should_stop():
                raise StoppedByPerson
    yield from _answer_batch(model, batch)


def _answer_batch(model: OpenedModel, batch: list[dict[str, Any]]) -> Rows:
    answers = classify_many(model, (row["text"] or "" for row in batch))
    for row, (label, score) in zip(batch, answers, strict=True):
        yield {**row, "predicted": label, "score": round(score, 4)}


# --- writing -----------------------------------------------------------------------------------------------------


def _writer_of(path: Path) -> Callable[[Path, Rows], int]:
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


def _write_csv(path: Path, rows: Rows) -> int:
    def lines() -> Iterator[str]:
        yield ",".join(COLUMNS) + "\r\n"
        for row in rows:
            out = io.StringIO()
            csv.writer(out).writerow([_cell(row[name]) for name in COLUMNS])
            yield out.getvalue()

    return _write(path, lines(), "utf-8-sig") - 1


def _cell(value: Any) -> str:
    return "" if value is None else harmless(value) if isinstance(value, str) else str(value)


def _write_jsonl(path: Path, rows: Rows) -> int:
    lines = (json.dumps({name: row[name] for name in COLUMNS}, ensure_ascii=False) + "\n" for row in rows)
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
