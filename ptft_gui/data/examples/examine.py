"""The questions of the window and of ``ptft-gui data inspect`` about a dataset, answered as plain records.

- :func:`open_data`, at once: how it is read, its columns, roles, tasks and first rows;
- :func:`study_data`, after one pass: its numbers, findings, decisions, parts;
- :func:`finding_rows`: the rows of one finding.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ptft_gui import __version__
from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.errors import DataError, PtftError
from ptft_gui.core.family.tasks import get_role, get_task
from ptft_gui.core.paths import cache_folder
from ptft_gui.data.cache import build_whole
from ptft_gui.data.encoding import candidates
from ptft_gui.data.examples.asking import Asked, as_mapping, ask, request_key
from ptft_gui.data.examples.copies import input_roles
from ptft_gui.data.examples.decided import Decided
from ptft_gui.data.examples.decisions import decide
from ptft_gui.data.examples.findings import KINDS, Finding
from ptft_gui.data.examples.roles import RoleGuess
from ptft_gui.data.examples.splits import Division, divide
from ptft_gui.data.examples.study import Study, keep_newest, study_table
from ptft_gui.data.examples.study_numbers import study_numbers
from ptft_gui.data.examples.survey import PARTS, Survey
from ptft_gui.data.examples.warnings import find_warnings
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress
from ptft_gui.data.tables.table import ROW, PartKey, Table

FIRST_ROWS = 8
ANSWER_VERSION = 11
_ANSWER = "answer.json"
_KEPT_ANSWERS = 200
SHOWN_ROWS = 50
_CELL_SIGNS = 400
_EXAMPLES = 3
_EXAMPLE_SIGNS = 80
_SHOWN_COLUMNS = 200
_SAMPLE_BYTES = 1 << 18
_SHOWN_CLASSES = 200


def open_data(request: DataRequest, own_roles: Collection[str] | None = None) -> dict[str, Any]:
    """How a dataset is read and its beginning, at once however large it is. Raises DataError.

    ``own_roles`` are the roles of ``request`` that the person chose; the others came with the dataset (None: all are
    the person's).

    ``title path kind format_name encoding encoding_name delimiter sheet``; ``choices`` {encodings: [{key, name,
    sample}], delimiters, sheets}; ``parts`` [{key, name, size_bytes}]; ``columns`` [{name, is_list, examples}];
    ``roles`` [{role, title, column, reason, runner_up: {column, reason} or None}]; ``tasks`` [{key, title, suits,
    sentence}]; ``task``; ``rows`` [[row number, cell, ...], ...], the first as they stand; ``notices``.
    """
    asked = ask(request)
    table, facts = asked.table, asked.table.facts
    return {
        "title": facts.title,
        "path": request.dataset,
        "kind": facts.kind,
        "format_name": facts.format_name,
        "encoding": facts.encoding,
        "encoding_name": facts.encoding_name,
        "delimiter": facts.delimiter,
        "sheet": facts.sheet,
        "choices": {
            "encodings": _encodings(asked),
            "delimiters": list(facts.choices.get("delimiter", ())),
            "sheets": list(facts.choices.get("sheet", ())),
        },
        "parts": [
            {"key": part.key, "name": part.name, "size_bytes": part.size_bytes} for part in table.parts
        ],
        "columns": [
            _column(table, asked.head, place) for place in range(min(len(table.columns), _SHOWN_COLUMNS))
        ],
        "roles": [_role(guess, _came_with_it(guess.role, request, own_roles)) for guess in asked.guesses],
        "tasks": [
            {
                "key": each.task,
                "title": get_task(each.task).title,
                "suits": each.suits,
                "sentence": each.sentence,
            }
            for each in asked.judged
        ],
        "task": asked.task,
        "proposed": asked.proposed,
        "rows": _rows(table, asked.head.head(FIRST_ROWS)),
        "notices": list(facts.notices) + _columns_not_shown(table),
    }


def _came_with_it(role: str, request: DataRequest, own_roles: Collection[str] | None) -> bool:
    is_given = role in request.roles or bundled_dataset(request.dataset) is not None
    return is_given and role not in (request.roles if own_roles is None else own_roles)


def _role(guess: RoleGuess, came_with_it: bool) -> dict[str, Any]:
    second, title = guess.runner_up, get_role(guess.role).title
    return {
        "role": guess.role,
        "title": title,
        "column": guess.column,
        "reason": f"{title.lower()}: {guess.column}, because the dataset says so"
        if came_with_it
        else guess.reason,
        "runner_up": {"column": second[0], "reason": second[1]} if second else None,
    }


def _column(table: Table, head: pl.DataFrame, place: int) -> dict[str, Any]:
    column = table.columns[place]
    filled = head[column.name].drop_nulls().head(_EXAMPLES).to_list()
    return {
        "name": column.name,
        "is_list": column.is_list,
        "examples": [_shown(cell, _EXAMPLE_SIGNS) for cell in filled],
    }


def _columns_not_shown(table: Table) -> list[str]:
    more = len(table.columns) - _SHOWN_COLUMNS
    return (
        [f"Only the first {_SHOWN_COLUMNS:,} of {len(table.columns):,} columns are shown."]
        if more > 0
        else []
    )


def _rows(table: Table, frame: pl.DataFrame) -> list[list[Any]]:
    """Row number and cells, as JSON holds them; long cells are cut."""
    names = [ROW, *(column.name for column in table.columns[:_SHOWN_COLUMNS])]
    rows = []
    for number, *cells in frame.select(names).iter_rows():
        rows.append([number, *(_shown(cell, _CELL_SIGNS) for cell in cells)])
    return rows


def _shown(cell: Any, signs: int) -> Any:
    if isinstance(cell, list):
        kept: list[Any] = []
        left = signs
        for item in cell:
            if left <= 0:
                return [*kept, "..."]
            kept.append(_shown(item, left))
            left -= len(item or "") + 1
        return kept
    return cell if cell is None or len(cell) <= signs else cell[:signs] + "..."


def _encodings(asked: Asked) -> list[dict[str, str]]:
    """How the first file would read in each encoding that could be meant; none for formats that have but one."""
    if not asked.table.facts.encoding or bundled_dataset(asked.request.dataset) is not None:
        return []
    try:
        sample = next((head for source in asked.first_sources if (head := source.head(_SAMPLE_BYTES))), b"")
    except DataError:
        return []
    return [
        {"key": each.encoding, "name": each.name, "sample": each.beginning} for each in candidates(sample)
    ]


def study_data(
    request: DataRequest,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
    cache_dir: Path | None = None,
    token_limit: int | None = None,
) -> dict[str, Any]:
    """All that one pass over a dataset tells; the second time at once. Raises DataError, StoppedByPerson.

    ``rows tokens types length_histogram language empty suspicious`` (see `study_numbers`), ``warnings`` [{key,
    sentence, hint, finding}], ``findings`` [{finding, count, sentence, default, chosen, must_ask, choices: [{key,
    title}]}], ``sums`` the sentence in which all rows add up and ``sum_parts`` its parts [{key, count, words}],
    ``parts`` {train, val, test, unlabelled}, ``split_sentence``, ``notices``, ``classes`` {part: [[label, count],
    ...]} after the decisions, ``task``, ``can_start``, ``problem`` (a PtftError as a record, or None).
    """
    cache = cache_dir or cache_folder()
    key = request_key(request, ANSWER_VERSION, program=__version__, token_limit=token_limit)
    folder = cache / "study_answers" / key
    if (known := _read_answer(folder)) is not None:
        return known
    asked = ask(request)
    if not set(input_roles(asked.task)) & set(asked.roles):
        return _without_text(asked)
    study = study_table(asked, cache, progress, should_stop)
    answer = _studied(asked, study, token_limit)
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False)

    def build(temporary: Path) -> None:
        (temporary / _ANSWER).write_text(text, encoding="utf-8")

    build_whole(folder, build, lambda present: _read_answer(present) is not None)
    keep_newest(folder.parent, _KEPT_ANSWERS)
    return answer


def _read_answer(folder: Path) -> dict[str, Any] | None:
    try:
        return dict(as_mapping(json.loads((folder / _ANSWER).read_text(encoding="utf-8"))))
    except (OSError, ValueError):
        return None


def _without_text(asked: Asked) -> dict[str, Any]:
    """A table in which no column suits the task: there is nothing to count, only a problem to tell."""
    problem = _unsuited(asked)
    return study_numbers({"rows": {}, "empty": {}}) | {
        "warnings": [],
        "findings": [],
        "sums": "",
        "sum_parts": [],
        "parts": dict.fromkeys((*PARTS, "unlabelled"), 0),
        "split_sentence": "",
        "notices": [],
        "task": asked.task,
        "can_start": False,
        "problem": problem.as_dict() if problem else None,
    }


def _unsuited(asked: Asked) -> PtftError | None:
    try:
        asked.check()
    except DataError as problem:
        return problem
    return None


def _studied(asked: Asked, study: Study, token_limit: int | None) -> dict[str, Any]:
    decided = decide(study.survey, asked.request.decisions, token_limit, asked.class_list, asked.named)
    division = divide(study.survey, decided, asked.request.split)
    problem = _problem(asked, decided, division)
    numbers = study_numbers(study.statistics)
    return {
        **numbers,
        "classes": _classes(study.survey, decided, division) or numbers["classes"],
        "warnings": [each.as_dict() for each in find_warnings(study.statistics, token_limit)],
        "findings": [finding.as_dict() for finding in decided.findings],
        "sums": decided.sum_sentence(),
        "sum_parts": decided.sums(),
        "parts": division.counts(),
        "split_sentence": division.sentence,
        "notices": decided.notices + division.notices,
        "task": decided.task,
        "can_start": problem is None and not decided.waits_for,
        "problem": problem.as_dict() if problem else None,
    }


def _problem(asked: Asked, decided: Decided, division: Division) -> PtftError | None:
    if (unsuited := _unsuited(asked)) is not None:
        return unsuited
    if decided.problem is None and not decided.waits_for and not division.counts()["train"]:
        return DataError(
            "No row is left to learn from.",
            division.sentence,
            "Hold out less, or choose another way to deal with the findings.",
        )
    return decided.problem


def _classes(survey: Survey, decided: Decided, division: Division) -> dict[str, list[list[Any]]]:
    """The labels of each part with counts, the commonest first."""
    if not decided.classes:
        return {}
    order = [name for name, _ in decided.classes]
    found: dict[str, list[list[Any]]] = {}
    for place, part in enumerate(PARTS):
        counts = label_counts(survey, decided, division.part == place)
        if counts:
            shown = sorted(counts.items(), key=lambda pair: (-pair[1], order.index(pair[0])))
            found[part] = [list(pair) for pair in shown[:_SHOWN_CLASSES]]
    return found


def label_counts(survey: Survey, decided: Decided, rows: np.ndarray[Any, np.dtype[np.bool_]]) -> Counter[str]:
    """How many of some rows have each label."""
    counts: Counter[str] = Counter()
    for names, count in zip(decided.names, survey.label_counts(rows).tolist(), strict=True):
        for name in names:
            counts[name] += count
    if decided.empty_is_class:
        counts["no label"] += int(rows.sum()) - int(survey.label_counts(rows).sum())
    return +counts


def finding_rows(
    request: DataRequest,
    finding: str,
    limit: int = SHOWN_ROWS,
    cache_dir: Path | None = None,
    should_stop: ShouldStop = never_stop,
) -> dict[str, Any]:
    """The rows of a finding as they stand: ``columns`` and ``rows`` [[row number, cell, ...], ...].

    Raises DataError for a finding there is none of, StoppedByPerson.
    """
    asked = ask(request)
    if finding not in KINDS:
        raise DataError(
            f"There is no finding called {finding}.",
            f"Known are {', '.join(KINDS)}.",
            "Use one of these names.",
        )
    study = study_table(asked, cache_dir or cache_folder(), no_progress, should_stop)
    if finding == "bad_rows":
        bad = study.survey.bad_rows[:limit]
        return {
            "columns": ["File", "What was seen"],
            "rows": [[row.row, row.file, row.sentence] for row in bad],
        }
    decided = decide(study.survey, asked.request.decisions, None, asked.class_list, asked.named)
    found = next((each for each in decided.findings if each.key == finding), None)
    names = [column.name for column in asked.table.columns[:_SHOWN_COLUMNS]]
    rows = _rows_at(asked.table, study, found, limit, should_stop) if found else []
    return {"columns": names, "rows": rows}


def _rows_at(
    table: Table, study: Study, finding: Finding, limit: int, should_stop: ShouldStop
) -> list[list[Any]]:
    """The rows of a finding in its order; reads each part no further than the last of them."""
    wanted = finding.rows[:limit].tolist()
    found: dict[int, list[Any]] = {}
    first = 0
    for part in table.parts:
        size = study.survey.sizes[PARTS.index(part.key)]
        here = sorted(place for place in wanted if first <= place < first + size)
        if here:
            found |= _rows_of_part(table, part.key, first, here, should_stop)
        first += size
    return [found[place] for place in wanted if place in found]


def _rows_of_part(
    table: Table, part: PartKey, first: int, places: list[int], should_stop: ShouldStop
) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for frame in table.batches(part, should_stop=should_stop):
        here = [place for place in places if first <= place < first + frame.height]
        rows = _rows(table, frame[[place - first for place in here]]) if here else []
        found |= dict(zip(here, rows, strict=True))
        first += frame.height
        if first > places[-1]:
            break
    return found
