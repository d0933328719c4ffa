"""Whether the answers to questions stand in their contexts, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl


class JudgedAnswers(NamedTuple):
    """For each row, shape (rows,): ``misplaced`` an answer stands elsewhere than said, ``missing`` no answer stands in
    the context although the row has some."""

    misplaced: npt.NDArray[np.bool_]
    missing: npt.NDArray[np.bool_]


def judge_answers(read: pl.DataFrame) -> JudgedAnswers:
    """Look for the answers of each row of ``context``, ``answer`` and, where it is there, ``answer_start``."""
    misplaced = np.zeros(read.height, np.bool_)
    missing = np.zeros(read.height, np.bool_)
    for row, (context, answers, starts) in enumerate(_rows(read)):
        if not answers:
            continue
        found = [place_answer(context, answer, start) for answer, start in zip(answers, starts, strict=True)]
        missing[row] = all(place is None for place in found)
        wrong = (start >= 0 and place != start for place, start in zip(found, starts, strict=True))
        misplaced[row] = not missing[row] and any(wrong)
    return JudgedAnswers(misplaced, missing)


def place_answer(context: str, answer: str, start: int) -> int | None:
    """Where an answer begins: where it is said to, else the nearest place where it stands, else None."""
    if start >= 0 and context.startswith(answer, start):
        return start
    after = context.find(answer, max(start, 0))
    before = context.rfind(answer, 0, max(start, 0) + len(answer)) if start > 0 else -1
    places = [place for place in (before, after) if place >= 0]
    return min(places, key=lambda place: abs(place - max(start, 0))) if places else None


def placed_answers(read: pl.DataFrame) -> tuple[list[list[str]], list[list[int]]]:
    """Answers that stand in their context, and where each begins; each answer and place once."""
    texts, places = [], []
    for context, answers, starts in _rows(read):
        found = [
            (answer, place)
            for answer, start in zip(answers, starts, strict=True)
            if (place := place_answer(context, answer, start)) is not None
        ]
        found = list(dict.fromkeys(found))
        texts.append([answer for answer, _ in found])
        places.append([place for _, place in found])
    return texts, places


def _rows(read: pl.DataFrame) -> list[tuple[str, Sequence[str], Sequence[int]]]:
    contexts, answers = read["context"].to_list(), read["answer"].to_list()
    if "answer_start" in read.columns:
        starts = read["answer_start"].to_list()
    else:
        starts = [[-1] * len(each or ()) for each in answers]
    return [(c or "", a or [], s or []) for c, a, s in zip(contexts, answers, starts, strict=True)]
