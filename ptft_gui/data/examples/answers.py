"""Whether the answers to questions stand in their contexts, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

_LONGEST_ANSWER = 1_000


class JudgedAnswers(NamedTuple):
    """For each row, shape (rows,): ``misplaced`` an answer stands elsewhere than said or, beside others, nowhere;
    ``missing`` no answer stands in the context although the row has some."""

    misplaced: npt.NDArray[np.bool_]
    missing: npt.NDArray[np.bool_]


def judge_answers(read: pl.DataFrame) -> JudgedAnswers:
    """Look for the answers of each row of ``context``, ``answer`` and, where it is there, ``answer_start``."""
    misplaced = np.zeros(read.height, np.bool_)
    missing = np.zeros(read.height, np.bool_)
    has_starts = "answer_start" in read.columns
    for row, (context, answers, starts) in enumerate(_rows(read)):
        if not answers:
            continue
        found = [place_answer(context, answer, start) for answer, start in zip(answers, starts, strict=True)]
        missing[row] = not any(found)
        wrong = (
            not place or (has_starts and place[0] != start)
            for place, start in zip(found, starts, strict=True)
        )
        misplaced[row] = not missing[row] and any(wrong)
    return JudgedAnswers(misplaced, missing)


def place_answer(context: str, answer: str, start: int) -> tuple[int, str] | None:
    """Where an answer begins and how the context writes it, None where it does not stand there.

    That is where it is said to be, else the nearest place. White space may differ: "10 '" is found in "10'".
    """
    if start >= 0 and context.startswith(answer, start):
        return start, answer
    after = context.find(answer, max(start, 0))
    before = context.rfind(answer, 0, max(start, 0) + len(answer)) if start > 0 else -1
    places = [place for place in (before, after) if place >= 0]
    if places:
        return min(places, key=lambda place: abs(place - max(start, 0))), answer
    return _spaced_otherwise(context, answer, start)


def _spaced_otherwise(context: str, answer: str, start: int) -> tuple[int, str] | None:
    signs = "".join(answer.split())
    if not signs or len(signs) > _LONGEST_ANSWER:
        return None
    pattern = re.compile(r"\s*".join(map(re.escape, signs)))
    found = (pattern.match(context, start) if start >= 0 else None) or pattern.search(context)
    return (found.start(), found.group()) if found else None


def placed_answers(read: pl.DataFrame) -> tuple[list[list[str]], list[list[int]]]:
    """Answers that stand in their context, and where each begins; each answer and place once."""
    texts, places = [], []
    for context, answers, starts in _rows(read):
        found = [place_answer(context, answer, start) for answer, start in zip(answers, starts, strict=True)]
        once = list(dict.fromkeys(each for each in found if each))
        texts.append([text for _, text in once])
        places.append([place for place, _ in once])
    return texts, places


def _rows(read: pl.DataFrame) -> list[tuple[str, Sequence[str], Sequence[int]]]:
    contexts, answers = read["context"].to_list(), read["answer"].to_list()
    if "answer_start" in read.columns:
        starts = read["answer_start"].to_list()
    else:
        starts = [[-1] * len(each or ()) for each in answers]
    return [(c or "", a or [], s or []) for c, a, s in zip(contexts, answers, starts, strict=True)]
