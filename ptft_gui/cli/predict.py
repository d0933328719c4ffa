"""``ptft-gui predict``: a whole file answered, one line a row."""

from __future__ import annotations

import csv
import io
import json
import os
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ptft_gui.cli.commands import COMMANDS, DONE
from ptft_gui.cli.data_options import add_role_options, request_from_options
from ptft_gui.cli.parser import PlainParser, one_of
from ptft_gui.cli.targets import find_target
from ptft_gui.core.errors import DataError, PtftError
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.spreadsheets import harmless
from ptft_gui.inspection.classify import classify_many
from ptft_gui.inspection.model import OpenedModel, open_model

COLUMNS = ("id", "text", "label", "predicted", "score")
_PARTS = ("train", "val", "test", "unlabelled", "all")


def main(arguments: Sequence[str]) -> int:
    """Answer every row and write the answers."""
    parser = PlainParser(
        "predict",
        f"{COMMANDS['predict'].capitalize()}.",
        (
            "ptft-gui predict opinions --dataset new-reviews.csv --to answers.csv",
            "ptft-gui predict opinions --dataset survey.csv --split unlabelled --to answers.jsonl",
        ),
    )
    parser.add_argument(
        "target", metavar="RUN|DIR", help="a run that has learned a task, or its model folder"
    )
    parser.add_argument(
        "--dataset", metavar="D", required=True, help="a file or folder of any known kind, or a name"
    )
    parser.add_argument(
        "--split",
        type=one_of("part", _PARTS),
        default="all",
        help="the rows of one part only, as the run divided them: train, val, test, unlabelled (all)",
    )
    parser.add_argument("--to", metavar="FILE", required=True, help="where to write: .csv or .jsonl")
    add_role_options(parser)
    options = parser.read(arguments)
    target = find_target(options.runs, options.target)
    model = open_model(target)
    model.head  # noqa: B018 - says now if it has no classes
    path = Path(options.to).expanduser()
    write = _writer_of(path)
    spec = target.read_spec() if isinstance(target, RunDir) else None
    request = request_from_options(options).model_copy(update={"task": "classification"})
    rows = _rows(request, options.split, spec)
    count = write(path, _answered(model, rows))
    print(f"{count:,} rows answered: {path}")
    return DONE


def _writer_of(path: Path) -> Any:
    writers = {".csv": _write_csv, ".jsonl": _write_jsonl}
    if path.suffix.lower() not in writers:
        raise PtftError(
            f"{path.name} does not say how to write the answers.", hint="End its name in .csv or .jsonl."
        )
    return writers[path.suffix.lower()]


def _rows(request: Any, split: str, spec: RunSpec | None) -> Iterator[dict[str, Any]]:
    """Records with ``id text label``; of one part as the run divided the same dataset, or of the whole file."""
    from ptft_gui.data.examples.rows import text_rows
    from ptft_gui.data.whole_request import whole_request

    if split == "all":
        return text_rows(whole_request(request))
    return _rows_of_part(request, split, spec)


def _rows_of_part(request: Any, split: str, spec: RunSpec | None) -> Iterator[dict[str, Any]]:
    from ptft_gui.core.paths import cache_folder
    from ptft_gui.data.examples.prepared import prepare_examples
    from ptft_gui.data.whole_request import whole_request

    same = spec is not None and Path(spec.data.dataset).name == Path(request.dataset).name
    asked = spec.data.request("classification") if spec is not None and same else request
    examples = prepare_examples(whole_request(asked), cache_folder())
    for row in examples.rows(split):  # type: ignore[arg-type]
        yield {"id": row["row"], "text": row["text"], "label": row.get("label")}


def _answered(model: OpenedModel, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == 1024:
            yield from _answer_batch(model, batch)
            batch = []
    yield from _answer_batch(model, batch)


def _answer_batch(model: OpenedModel, batch: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    answers = classify_many(model, (row["text"] or "" for row in batch))
    for row, (label, score) in zip(batch, answers, strict=True):
        yield {**row, "predicted": label, "score": round(score, 4)}


def _write_csv(path: Path, rows: Iterator[dict[str, Any]]) -> int:
    def lines() -> Iterator[str]:
        yield ",".join(COLUMNS) + "\r\n"
        for row in rows:
            out = io.StringIO()
            csv.writer(out).writerow([_cell(row[name]) for name in COLUMNS])
            yield out.getvalue()

    return _write(path, lines(), "utf-8-sig") - 1


def _cell(value: Any) -> str:
    return "" if value is None else harmless(value) if isinstance(value, str) else str(value)


def _write_jsonl(path: Path, rows: Iterator[dict[str, Any]]) -> int:
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
