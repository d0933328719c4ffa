"""What the companion tells about a dataset, read into records; whatever is missing stays empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ptft_gui.core.errors import PtftError, error_from_dict

TABLE_KINDS = ("table", "tags", "questions", "classes")
"""Kinds of data whose rows have columns; the others are running text."""


@dataclass(frozen=True)
class EncodingChoice:
    """One way to read the signs; ``sample`` is a line of the file read so."""

    key: str
    name: str
    sample: str


@dataclass(frozen=True)
class DataColumnInfo:
    """A column: its name, some of its cells, and whether each cell holds a list."""

    name: str
    examples: tuple[str, ...] = ()
    is_list: bool = False


@dataclass(frozen=True)
class GuessedRole:
    """Which column fills a role and why; ``runner_up`` is the next best column, "" where there is none."""

    role: str
    title: str
    column: str
    reason: str
    runner_up: str = ""
    runner_up_reason: str = ""


@dataclass(frozen=True)
class TaskOffer:
    """A use of the data; ``sentence`` says what it is, or what is missing for it."""

    key: str
    title: str
    suits: bool
    sentence: str


@dataclass(frozen=True)
class OpenedData:
    """The answer to ``open_data``: what the data is, how it was read, and its first rows (row number, then cells).

    ``proposed``: the task that fits it best, whichever was asked for.
    """

    title: str = ""
    path: str = ""
    kind: str = "text"
    format_name: str = ""
    encoding: str = ""
    encoding_name: str = ""
    encodings: tuple[EncodingChoice, ...] = ()
    delimiters: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    delimiter: str = ""
    sheet: str = ""
    columns: tuple[DataColumnInfo, ...] = ()
    roles: tuple[GuessedRole, ...] = ()
    tasks: tuple[TaskOffer, ...] = ()
    task: str = ""
    proposed: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def is_table(self) -> bool:
        return self.kind in TABLE_KINDS and bool(self.columns)

    @property
    def is_running_text(self) -> bool:
        """Whether its rows are only stretches of one text, so that their number says nothing."""
        return self.kind == "text"

    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    def parts_of(self, column: str) -> list[str]:
        """The columns that a role names: one, or several joined by ``+``."""
        names = self.column_names()
        if column in names:
            return [column]
        parts = [part.strip() for part in column.split("+")]
        return parts if all(part in names for part in parts) else []

    def role_of(self, column: str) -> str:
        """The role that ``column`` fills, alone or joined with others, or ""."""
        return next((guess.role for guess in self.roles if column in self.parts_of(guess.column)), "")

    def cell(self, row: Sequence[str], column: str) -> str:
        """What ``row`` holds in a column, or in several joined ones."""
        names = self.column_names()
        places = [names.index(part) + 1 for part in self.parts_of(column)]
        return "\n".join(row[place] for place in places if place < len(row) and row[place])

    def column_of(self, role: str) -> str:
        """The column that fills ``role``, or ""."""
        return next((guess.column for guess in self.roles if guess.role == role), "")

    def is_reading_doubtful(self) -> bool:
        """Whether a person should look at how the file was read: another sheet, signs that are no UTF-8."""
        is_plain = self.encoding.lower().replace("_", "-") in ("", "utf-8", "utf-8-sig", "ascii")
        return len(self.sheets) > 1 or not is_plain

    def suits(self, task: str) -> bool:
        """Whether the data serves ``task``; data that says nothing about it is not turned away."""
        return next((offer.suits for offer in self.tasks if offer.key == task), True)


@dataclass(frozen=True)
class Finding:
    """Something found in the data, how often, and the ways to deal with it as (key, words)."""

    key: str
    count: int
    sentence: str
    default: str
    chosen: str
    must_ask: bool
    choices: tuple[tuple[str, str], ...]

    @property
    def is_open(self) -> bool:
        """Whether a person must still choose."""
        return self.must_ask and not self.chosen


@dataclass(frozen=True)
class DataWarning:
    """A warning a person can act on; ``finding`` names the rows it speaks of and ``column`` the column, "" for none."""

    key: str
    sentence: str
    hint: str
    finding: str
    column: str = ""


@dataclass(frozen=True)
class LengthHistogram:
    """How long the texts are: ``counts[i]`` texts between ``edges[i]`` and ``edges[i + 1]`` of ``unit``."""

    unit: str = ""
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    median: float = 0.0
    p95: float = 0.0
    longest: float = 0.0


@dataclass(frozen=True)
class StudiedData:
    """The answer to ``study_data``: the numbers of the data, what was found in it, and how it is divided."""

    rows: Mapping[str, int] = field(default_factory=dict)
    tokens: int = 0
    types: int = 0
    lengths: LengthHistogram = LengthHistogram()
    classes: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    language: str = ""
    language_sentence: str = ""
    empty: int = 0
    suspicious: int = 0
    warnings: tuple[DataWarning, ...] = ()
    findings: tuple[Finding, ...] = ()
    sums: str = ""
    parts: Mapping[str, int] = field(default_factory=dict)
    split_sentence: str = ""
    can_start: bool = True
    problem: PtftError | None = None
    task: str = ""

    def open_findings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_open]

    def all_classes(self) -> list[tuple[str, int]]:
        """Each label and its count over all parts, the commonest first."""
        counts: dict[str, int] = {}
        for pairs in self.classes.values():
            for label, count in pairs:
                counts[label] = counts.get(label, 0) + count
        return sorted(counts.items(), key=lambda pair: -pair[1])


@dataclass(frozen=True)
class StoredDataset:
    """A dataset of the library, or one that comes with the program."""

    name: str
    title: str
    kind: str = "text"
    task: str = ""
    rows: int = 0
    words: int = 0
    language: str = ""
    used_in: int = 0
    state: str = "unchanged"
    state_sentence: str = ""
    origin: str = ""
    is_bundled: bool = False
    path: str = ""
    preparation: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def label(self) -> str:
        """What it is called: a person's own by the name they gave it, all others by their title."""
        return self.name if self.origin in ("file", "hub") else self.title or self.name


@dataclass(frozen=True)
class GalleryEntry:
    """A well-known dataset that can be fetched from the network."""

    id: str
    title: str
    sentence: str = ""
    rows: int = 0
    size_bytes: int = 0
    licence: str = ""
    language: str = ""
    config: str = ""


@dataclass(frozen=True)
class Library:
    """The answer to ``datasets``."""

    datasets: tuple[StoredDataset, ...] = ()
    gallery: tuple[GalleryEntry, ...] = ()

    def find(self, name: str) -> StoredDataset | None:
        return next((dataset for dataset in self.datasets if dataset.name == name), None)


def opened_from_answer(answer: Mapping[str, Any]) -> OpenedData:
    """Read the answer to ``open_data``."""
    choices = answer.get("choices") or {}
    return OpenedData(
        **_texts(answer, "title", "path", "format_name", "encoding", "encoding_name"),
        **_texts(answer, "delimiter", "sheet", "task", "proposed"),
        kind=_text(answer, "kind") or "text",
        encodings=tuple(
            EncodingChoice(**_texts(r, "key", "name", "sample")) for r in _list(choices, "encodings")
        ),
        delimiters=_strings(choices, "delimiters"),
        sheets=_strings(choices, "sheets"),
        columns=tuple(_column(record) for record in _list(answer, "columns")),
        roles=tuple(_guess(record) for record in _list(answer, "roles") if record.get("column")),
        tasks=tuple(_offer(record) for record in _list(answer, "tasks")),
        rows=tuple(tuple(_cell(cell) for cell in row) for row in _list(answer, "rows")),
        notices=_strings(answer, "notices"),
    )


def _column(record: Mapping[str, Any]) -> DataColumnInfo:
    examples = tuple(_cell(cell) for cell in _list(record, "examples"))
    return DataColumnInfo(_text(record, "name"), examples, bool(record.get("is_list")))


def _guess(record: Mapping[str, Any]) -> GuessedRole:
    second = record.get("runner_up") or {}
    return GuessedRole(
        **_texts(record, "role", "title", "column", "reason"),
        runner_up=_text(second, "column"),
        runner_up_reason=_text(second, "reason"),
    )


def _offer(record: Mapping[str, Any]) -> TaskOffer:
    return TaskOffer(**_texts(record, "key", "title", "sentence"), suits=bool(record.get("suits")))


def studied_from_answer(answer: Mapping[str, Any]) -> StudiedData:
    """Read the answer to ``study_data``."""
    language, problem = answer.get("language") or {}, answer.get("problem")
    classes = answer.get("classes") or {}
    return StudiedData(
        rows=_counts(answer, "rows"),
        parts=_counts(answer, "parts"),
        **_numbers(answer, "tokens", "types", "empty", "suspicious"),
        **_texts(answer, "sums", "split_sentence", "task"),
        lengths=_lengths(answer.get("length_histogram") or {}),
        classes={
            part: tuple((_cell(label), int(count)) for label, count in of) for part, of in classes.items()
        },
        language=_text(language, "name"),
        language_sentence=_text(language, "sentence"),
        warnings=tuple(
            DataWarning(**_texts(r, "key", "sentence", "hint", "finding", "column"))
            for r in _list(answer, "warnings")
        ),
        findings=tuple(_finding(record) for record in _list(answer, "findings")),
        can_start=bool(answer.get("can_start", True)),
        problem=error_from_dict(problem) if isinstance(problem, dict) else None,
    )


def _lengths(record: Mapping[str, Any]) -> LengthHistogram:
    return LengthHistogram(
        unit=_text(record, "unit"),
        edges=tuple(float(edge) for edge in _list(record, "edges")),
        counts=tuple(int(count) for count in _list(record, "counts")),
        **{key: float(record.get(key) or 0) for key in ("median", "p95", "longest")},
    )


def _finding(record: Mapping[str, Any]) -> Finding:
    return Finding(
        key=_text(record, "finding"),
        count=int(record.get("count") or 0),
        **_texts(record, "sentence", "default", "chosen"),
        must_ask=bool(record.get("must_ask")),
        choices=tuple((_text(choice, "key"), _text(choice, "title")) for choice in _list(record, "choices")),
    )


def library_from_answer(answer: Mapping[str, Any]) -> Library:
    """Read the answer to ``datasets``."""
    return Library(
        tuple(_stored(record) for record in _list(answer, "datasets")),
        tuple(_gallery(record) for record in _list(answer, "gallery")),
    )


def name_of(answer: Mapping[str, Any]) -> str:
    """The name of the dataset that an answer tells about, or ""."""
    dataset = answer.get("dataset")
    return _text(dataset if isinstance(dataset, dict) else answer, "name")


def _stored(record: Mapping[str, Any]) -> StoredDataset:
    return StoredDataset(
        **_texts(record, "name", "title", "kind", "task", "language", "state_sentence", "origin", "path"),
        **_numbers(record, "rows", "words"),
        used_in=_how_many(record.get("used_in")),
        state=_text(record, "state") or "unchanged",
        is_bundled=bool(record.get("is_bundled")),
        preparation=dict(record.get("preparation") or {}),
    )


def _how_many(used_in: object) -> int:
    """``used_in`` may be a number of runs or the runs themselves."""
    return len(used_in) if isinstance(used_in, list) else int(used_in) if isinstance(used_in, int) else 0


def _gallery(record: Mapping[str, Any]) -> GalleryEntry:
    return GalleryEntry(
        **_texts(record, "id", "title", "sentence", "licence", "language", "config"),
        rows=int(record.get("rows") or 0),
        size_bytes=int(record.get("size_bytes") or 0),
    )


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    return "" if value is None else str(value)


def _texts(record: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: _text(record, key) for key in keys}


def _numbers(record: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: int(record.get(key) or 0) for key in keys}


def _list(record: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = record.get(key)
    return value if isinstance(value, list | tuple) else ()


def _strings(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(str(value) for value in _list(record, key))


def _counts(record: Mapping[str, Any], key: str) -> dict[str, int]:
    return {str(name): int(count or 0) for name, count in (record.get(key) or {}).items()}


def _cell(cell: object) -> str:
    """A cell as it is shown: a list joined by spaces, nothing as an empty text."""
    if isinstance(cell, list | tuple):
        return " ".join(_cell(item) for item in cell)
    return "" if cell is None else str(cell)
