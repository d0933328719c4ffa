"""What a run that answers, marks names, replies, gives labels or compares leaves to be looked at: scores, mistakes."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterator
from typing import Any

from ptft_gui.core.corrections import fingerprint_of
from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import PREDICTIONS_FILE, RunDir
from ptft_gui.engine.metrics_tags import entities_of
from ptft_gui.inspection.corrected import corrected_report, text_of
from ptft_gui.inspection.evaluation_file import read_evaluation
from ptft_gui.inspection.tasks.folder import QUESTION_ANSWERING, REPLY, TAGGING

MISTAKES = 30
MOST_POINTS = 2_000
LABELS, SIMILARITY = "multilabel", "pair-similarity"
_SHOWN_SIGNS = 3_000
Record = dict[str, Any]


def token_report(run: RunDir) -> Record:
    """The content of ``evaluation.json`` with ``mistakes`` of the test rows, of held-out ones where no test is there.

    ``mistakes`` of questions: ``question context answer start answers score f1``, the surest first; of tags: ``words
    true answered score missed wrong`` with names as ``[kind, first word, behind the last]``, the sentences with most
    mistakes first; of replies: ``prompt reply nats``, the most surprising first; of several labels: ``text labels
    predicted scores missed wrong``; of likeness: ``text text_pair label predicted``, the largest differences first, and
    ``points`` ``[[given, guessed], ...]`` of at most MOST_POINTS rows. Each has ``row key fingerprint``. What was
    corrected stands beside it, see :mod:`ptft_gui.inspection.corrected`. Raises :class:`ModelError`.
    """
    report = read_evaluation(run, _check, "a run that learns a task")
    part = "test" if report.get("test") else "val"
    judge = _JUDGES.get(str(report["task"]))
    if judge is None:
        raise ModelError(f"{run.title()} has learned another task: {report['task']}.")
    kept: list[tuple[float, int, Record]] = []
    points: list[list[float]] = []
    for number, record in enumerate(_records(run)):
        if record["part"] != part:
            continue
        if report["task"] == SIMILARITY and len(points) < MOST_POINTS and record["label"] is not None:
            points.append([float(record["label"]), float(record["predicted"])])
        if (found := judge(record)) is not None:
            named = {
                "row": record.get("row"),
                "key": record.get("key"),
                "fingerprint": fingerprint_of(record),
            }
            entry = (found[0], -number, {**named, **found[1]})
            heapq.heappush(kept, entry) if len(kept) < MISTAKES else heapq.heappushpop(kept, entry)
    mistakes = [mistake for _, _, mistake in sorted(kept, reverse=True)]
    more = {"points": points} if points else {}
    corrected = corrected_report(run, str(report["task"]), part, _records(run))
    return {**report, "part": part, "mistakes": mistakes, **more, "corrected": corrected}


def _check(report: Record) -> None:
    if not isinstance(report["task"], str):
        raise ValueError("it names no task")


def _records(run: RunDir) -> Iterator[Record]:
    try:
        with (run.path / PREDICTIONS_FILE).open(encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                if not isinstance(record, dict) or "part" not in record:
                    raise ValueError("a line is no record")
                yield record
    except FileNotFoundError:
        raise ModelError(
            f"The rows on which {run.title()} was checked are not here.",
            f"There is no {PREDICTIONS_FILE} in its folder; a packed run leaves it out unless it is asked for.",
        ) from None
    except (OSError, ValueError) as problem:
        raise ModelError(
            f"The answers of {run.title()} cannot be read.",
            f"{PREDICTIONS_FILE} is damaged: {str(problem)[:200]}.",
        ) from None


def _judge_answer(record: Record) -> tuple[float, Record] | None:
    """How sure a wrong answer was."""
    if record.get("exact", 1.0) >= 1.0:
        return None
    context = str(record["context"])
    first = max(0, int(record["start"] or 0) - _SHOWN_SIGNS // 2)
    shown = context[first : first + _SHOWN_SIGNS]
    start = None if record["start"] is None else int(record["start"]) - first
    mistake = {
        "question": record["question"],
        "context": shown,
        "answer": record["answer"],
        "start": start,
        "answers": list(record["answers"] or ()),
        "score": float(record["score"]),
        "f1": float(record.get("f1") or 0.0),
    }
    return float(record["score"]) * (1.0 - mistake["f1"]), mistake


def _judge_tags(record: Record) -> tuple[float, Record] | None:
    """How many names were missed or marked wrongly, and how sure the model was."""
    if not record.get("tags"):
        return None
    true, answered = set(entities_of(record["tags"])), set(entities_of(record["predicted"]))
    missed, wrong = (
        sorted(true - answered, key=lambda e: e.start),
        sorted(answered - true, key=lambda e: e.start),
    )
    if not missed and not wrong:
        return None
    score = min((float(share) for share in record.get("scores") or (1.0,)), default=1.0)
    mistake = {
        "words": list(record["tokens"]),
        "true": [list(each) for each in sorted(true, key=lambda e: e.start)],
        "answered": [list(each) for each in sorted(answered, key=lambda e: e.start)],
        "missed": len(missed),
        "wrong": len(wrong),
        "score": score,
    }
    return len(missed) + len(wrong) + score / 2, mistake


def _judge_reply(record: Record) -> tuple[float, Record] | None:
    """How surprising the true reply was, a token."""
    if not record.get("tokens"):
        return None
    nats = float(record["nats"]) / int(record["tokens"])
    return nats, {
        "prompt": str(record["prompt"])[:_SHOWN_SIGNS],
        "reply": str(record["reply"])[:_SHOWN_SIGNS],
        "nats": nats,
    }


def _judge_labels(record: Record) -> tuple[float, Record] | None:
    """How many labels were missed or wrongly given, and how sure the model was of those it gave."""
    if record.get("labels") is None:
        return None
    true, answered = list(record["labels"]), list(record["predicted"])
    missed, wrong = [x for x in true if x not in answered], [x for x in answered if x not in true]
    if not missed and not wrong:
        return None
    sure = dict(zip(answered, record.get("scores") or (), strict=False))
    score = max((float(sure.get(label, 0.0)) for label in wrong), default=0.0)
    return len(missed) + len(wrong) + score / 2, {
        "text": text_of(record)[:_SHOWN_SIGNS],
        "labels": true,
        "predicted": answered,
        "missed": missed,
        "wrong": wrong,
        "score": score,
        "was": record.get("label_given", true),
    }


def _judge_numbers(record: Record) -> tuple[float, Record] | None:
    """How far a guess is from the given number."""
    if record.get("label") is None:
        return None
    given, guessed = float(record["label"]), float(record["predicted"])
    return abs(given - guessed), {
        "text": str(record["text"])[:_SHOWN_SIGNS],
        "text_pair": str(record["text_pair"])[:_SHOWN_SIGNS],
        "label": given,
        "predicted": guessed,
    }


_JUDGES: dict[str, Callable[[Record], tuple[float, Record] | None]] = {
    QUESTION_ANSWERING: _judge_answer,
    TAGGING: _judge_tags,
    REPLY: _judge_reply,
    LABELS: _judge_labels,
    SIMILARITY: _judge_numbers,
}
