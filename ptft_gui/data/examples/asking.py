"""From a request to an opened table with its roles and task settled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.errors import DataError
from ptft_gui.core.family.tasks import get_task
from ptft_gui.core.fingerprints import files_under, unreadable
from ptft_gui.core.resources import resource_path
from ptft_gui.data.bytesource import ByteSource
from ptft_gui.data.examples.class_list import ClassList, find_class_list
from ptft_gui.data.examples.column_look import look_at_columns, look_further
from ptft_gui.data.examples.fields import Fields
from ptft_gui.data.examples.findings import check_decisions
from ptft_gui.data.examples.roles import HEAD_ROWS, RoleGuess, guess_roles
from ptft_gui.data.examples.splits import check_split
from ptft_gui.data.examples.suitability import Suitability, check_task, judge_tasks, propose_task
from ptft_gui.data.examples.unusable import Named
from ptft_gui.data.tables.opening import files_of_dataset, open_table
from ptft_gui.data.tables.table import Table

_ENDS_BYTES = 1 << 16
_FEW_FILES = 200
_FIRST_SOURCES = 20


_FIRST_ARTICLES = 3
"""Of an export of Wikipedia: making one article readable may take a third of a second."""


@dataclass(frozen=True)
class Asked:
    """A table as it was asked for: opened, looked at, with a column for each role.

    ``proposed``: the task that fits the data best, whichever is asked for.
    """

    request: DataRequest
    table: Table
    head: pl.DataFrame
    guesses: tuple[RoleGuess, ...]
    judged: tuple[Suitability, ...]
    task: str
    proposed: str
    class_list: ClassList | None = None
    first_sources: tuple[ByteSource, ...] = ()
    """The first files of the training part."""

    @property
    def roles(self) -> dict[str, str]:
        """Role -> column."""
        return {guess.role: guess.column for guess in self.guesses}

    @property
    def named(self) -> Named:
        """How a problem calls the file and the column of what is to be answered."""
        goals = [
            self.roles[role] for role in ("label", "score", "tags", "reply") if role in self.fields.roles
        ]
        return Named(self.table.facts.title, next(iter(goals), ""))

    @property
    def fields(self) -> Fields:
        """The columns of the task. Without a split nobody asks which part a row belongs to."""
        wanted = set(get_task(self.task).all_roles)
        if self.request.split.kind == "none":
            wanted.discard("split")
        return Fields(
            self.task,
            {role: column for role, column in self.roles.items() if role in wanted},
            self.table.columns,
        )

    def check(self) -> None:
        """Raise DataError where the table does not suit the task, naming what it suits."""
        judged = next(each for each in self.judged if each.task == self.task)
        if judged.suits:
            return
        if self.head.is_empty():
            raise DataError(
                f"{self.table.facts.title} holds no rows.",
                "Nothing stands in it but the names of its columns.",
                "Choose a file with at least one row.",
            )
        suiting = [get_task(each.task).title.lower() for each in self.judged if each.suits]
        raise DataError(
            f"{self.table.facts.title} does not suit the task “{get_task(self.task).title.lower()}”.",
            judged.sentence,
            f"Choose other columns. It suits: {', '.join(suiting)}." if suiting else "Choose other columns.",
        )


def ask(request: DataRequest) -> Asked:
    """Open a dataset and settle roles and task; looks at its beginning only. Raises DataError."""
    request = _with_card(request)
    check_decisions(request.decisions)
    task = check_task(request.task).key if request.task else None
    found = files_of_dataset(request)
    table = open_table(request, found)
    head = table.head(_FIRST_ARTICLES if table.facts.kind == "wikipedia" else HEAD_ROWS)
    looks = look_further(look_at_columns(table.columns, head), head, table)
    guesses = guess_roles(table, head, request.roles, task, looks)
    roles = _roles(guesses)
    check_split(request.split, roles)
    free = roles if task is None else _roles(guess_roles(table, head, request.roles, None, looks))
    judged = judge_tasks(table, head, free, looks)  # a task's roles alone say nothing about the other columns
    chosen = [role for role, column in request.roles.items() if column]
    proposed = propose_task(judged, table, head, free, chosen)
    if task is not None:
        owns = judge_tasks(table, head, roles, looks)
        judged = tuple(own if own.task == task else each for own, each in zip(owns, judged, strict=True))
    return Asked(
        request,
        table,
        head,
        guesses,
        judged,
        task or proposed,
        proposed,
        _class_list(request),
        found.train[:_FIRST_SOURCES],
    )


def _roles(guesses: Sequence[RoleGuess]) -> dict[str, str]:
    return {guess.role: guess.column for guess in guesses}


def _class_list(request: DataRequest) -> ClassList | None:
    if bundled_dataset(request.dataset) is not None:
        return None
    return find_class_list(Path(request.dataset).expanduser())


def _with_card(request: DataRequest) -> DataRequest:
    """A bundled table brings its task and roles."""
    card = bundled_dataset(request.dataset)
    if card is None or not card.task:
        return request
    roles = {**card.roles, **request.roles}
    return request.model_copy(update={"task": request.task or card.task, "roles": roles})


def files_of(request: DataRequest) -> list[tuple[Path, str]]:
    """Every file that a request names, with its name inside the folder that was named. Raises DataError."""
    roots = [Path(path).expanduser() for path in (request.dataset, request.val, request.test) if path]
    if bundled_dataset(request.dataset) is not None:
        roots[0] = resource_path("datasets", request.dataset)
    return [
        (file, file.relative_to(root).as_posix() if file != root else file.name)
        for root in roots
        for file in files_under(root)
    ]


def key_of(asked: Asked, version: int, **more: Any) -> str:
    """Names what is made of these files as they are now, read this way, for this task; ``more`` is what else counts."""
    return _key(asked.request, version=version, task=asked.task, roles=dict(asked.fields.roles), **more)


def request_key(request: DataRequest, version: int, **more: Any) -> str:
    """Names what is answered to a request about these files as they are now; nothing is opened for it."""
    told = request.model_dump(exclude={"dataset", "val", "test", "read"})
    told["class_list"] = _class_list(request)
    return _key(request, version=version, asked=told, title=Path(request.dataset).name, **more)


def _key(request: DataRequest, **told: Any) -> str:
    files = files_of(request)
    told |= {
        "files": [_stamp(file, name, len(files) <= _FEW_FILES) for file, name in files],
        "given": [bool(request.val), bool(request.test)],
        "read": request.read.model_dump(),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]


def _stamp(file: Path, name: str, with_ends: bool) -> list[object]:
    """Name, size, time of change and, of few files, both ends: enough to notice an edit without reading it all."""
    try:
        status = file.stat()
        ends = _ends(file, status.st_size) if with_ends else b""
    except OSError as problem:
        raise unreadable(file, problem) from problem
    return [name, status.st_size, status.st_mtime_ns, hashlib.sha256(ends).hexdigest()]


def _ends(file: Path, size: int) -> bytes:
    with open(file, "rb") as stream:
        ends = stream.read(_ENDS_BYTES)
        stream.seek(max(size - _ENDS_BYTES, 0))
        return ends + stream.read(_ENDS_BYTES)


def as_mapping(record: object) -> Mapping[str, Any]:
    """What was read from a JSON file, if it is an object; raises ValueError."""
    if not isinstance(record, dict):
        raise ValueError("not an object")
    return record
