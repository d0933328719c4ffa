"""What each kind of model answers to the rows of a file: what it reads of a row, and the columns of its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from ptft_gui.core.data_request import DataRequest
from ptft_gui.inspection.classify import classify_many
from ptft_gui.inspection.finetuned.classes import judge_many
from ptft_gui.inspection.language.generation import GenerationRequest
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.tasks.answers import answer_many
from ptft_gui.inspection.tasks.folder import QUESTION_ANSWERING, REPLY, TAGGING
from ptft_gui.inspection.tasks.opening import TaskModel
from ptft_gui.inspection.tasks.replies import ReplyModel, reply
from ptft_gui.inspection.tasks.tags import tag_many

Rows = Iterator[dict[str, Any]]


class Predictor(Protocol):
    """``task``: which its rows are read for; ``columns``: of what is written; ``batch``: rows answered at once;
    ``source``: the run, folder or file that was opened."""

    @property
    def task(self) -> str: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def batch(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def source(self) -> Path: ...

    def rows(self, request: DataRequest) -> Rows:
        """All rows of a dataset as the model reads them, with ``id``."""
        ...

    def answer(self, rows: list[dict[str, Any]]) -> Rows:
        """The same rows with what the model answers."""
        ...


class ClassPredictor:
    """A class for each text."""

    task = "classification"
    columns = ("id", "text", "label", "predicted", "score")
    batch = 1024

    def __init__(self, model: OpenedModel) -> None:
        model.head  # noqa: B018 - says now if it has no classes
        self._model = model
        self.name, self.source = model.name, model.source

    def rows(self, request: DataRequest) -> Rows:
        from ptft_gui.data.examples.rows import text_rows

        return text_rows(request)

    def answer(self, rows: list[dict[str, Any]]) -> Rows:
        answers = classify_many(self._model, (row["text"] or "" for row in rows))
        for row, (label, score) in zip(rows, answers, strict=True):
            yield {**row, "label": row.get("label"), "predicted": label, "score": round(score, 4)}


class _TaskPredictor:
    task: str

    def __init__(self, model: TaskModel) -> None:
        self._model = model
        self.name, self.source = model.name, model.folder.source

    def rows(self, request: DataRequest) -> Rows:
        from ptft_gui.data.tasks.rows import task_rows

        return task_rows(request, self.task)


class AnswerPredictor(_TaskPredictor):
    """A piece of its context for each question; empty where there is none."""

    task = QUESTION_ANSWERING
    columns = ("id", "answer", "score")
    batch = 64

    def answer(self, rows: list[dict[str, Any]]) -> Rows:
        for row, record in zip(rows, answer_many(self._model, rows), strict=True):
            yield {"id": row["id"], "answer": record["answer"], "score": round(record["score"], 4)}


class TagPredictor(_TaskPredictor):
    """A tag for each word."""

    task = TAGGING
    columns = ("tokens", "tags")
    batch = 128

    def answer(self, rows: list[dict[str, Any]]) -> Rows:
        for record in tag_many(self._model, rows):
            yield {"tokens": record["tokens"], "tags": record["predicted"]}


class SequencePredictor(_TaskPredictor):
    """A class for each text or pair, by a language model."""

    task = "classification"
    columns: tuple[str, ...] = ("id", "text", "label", "predicted", "score")
    batch = 64

    def rows(self, request: DataRequest) -> Rows:
        from ptft_gui.data.examples.rows import text_rows
        from ptft_gui.data.tasks.rows import NEEDED, task_rows

        return task_rows(request, self.task) if self.task in NEEDED else text_rows(request)

    def answer(self, rows: list[dict[str, Any]]) -> Rows:
        read = [{name: row.get(name) or "" for name in ("text", "text_pair")} for row in rows]
        for row, record in zip(rows, judge_many(self._model, iter(read)), strict=True):
            yield {**row, "label": label_of(row), "predicted": _shown(record["predicted"]), **_share(record)}


class MultilabelPredictor(SequencePredictor):
    """Any number of labels for each text."""

    task = "multilabel"


class PairPredictor(SequencePredictor):
    """A class for each pair of texts."""

    task = "pair-classification"
    columns = ("id", "text", "text_pair", "label", "predicted", "score")


class SimilarityPredictor(SequencePredictor):
    """A number for each pair of texts."""

    task = "pair-similarity"
    columns = ("id", "text", "text_pair", "label", "predicted")


def is_empty(row: dict[str, Any]) -> bool:
    """Whether a row of texts holds none: whatever a model said of it would be said of nothing."""
    texts = [row[name] for name in ("text", "text_pair", "prompt") if name in row]
    return bool(texts) and not any((text or "").strip() for text in texts)


def label_of(row: dict[str, Any]) -> Any:
    """What the file itself says of a row, in one cell."""
    return _shown(row.get("labels") or row.get("label") or row.get("score"))


def _shown(value: Any) -> Any:
    """Several labels stand in one cell, as files have them."""
    return "; ".join(value) if isinstance(value, list) else value


def _share(record: dict[str, Any]) -> dict[str, Any]:
    """How sure the model is: of several labels, how sure of the least sure one that it names."""
    share = record.get("score", min(record.get("scores") or (0.0,)))
    return {"score": round(float(share), 4)}


class ReplyPredictor:
    """A reply to each prompt, always with the likeliest token."""

    task = REPLY
    columns = ("id", "prompt", "reply")
    batch = 4

    def __init__(self, model: ReplyModel) -> None:
        self._model = model
        self.name, self.source = model.name, model.source

    def rows(self, request: DataRequest) -> Rows:
        from ptft_gui.data.tasks.rows import task_rows

        return task_rows(request, self.task)

    def answer(self, rows: list[dict[str, Any]]) -> Rows:
        for row in rows:
            found = reply(self._model, GenerationRequest(row["prompt"], temperature=0))
            yield {"id": row["id"], "prompt": row["prompt"], "reply": found.text}


_PREDICTORS: dict[str, Callable[[TaskModel], Predictor]] = {
    QUESTION_ANSWERING: AnswerPredictor,
    TAGGING: TagPredictor,
    "classification": SequencePredictor,
    "multilabel": MultilabelPredictor,
    "pair-classification": PairPredictor,
    "pair-similarity": SimilarityPredictor,
}


def predictor_of(model: OpenedModel | TaskModel | ReplyModel) -> Predictor:
    """What answers rows with this model. Raises :class:`~ptft_gui.core.errors.ModelError` for one that cannot."""
    if isinstance(model, TaskModel):
        return _PREDICTORS[model.folder.task](model)
    return ReplyPredictor(model) if isinstance(model, ReplyModel) else ClassPredictor(model)
