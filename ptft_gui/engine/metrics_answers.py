"""How well answers match the right ones: exact match and F1 as SQuAD defines them, and as CMRC does for Chinese.

SQuAD (Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250; with questions that have no answer 2018,
https://arxiv.org/abs/1806.03822): an answer is compared word by word after capitals, ASCII punctuation and the articles
*a an the* are taken away; of several right answers the best match counts; where there is no answer, only silence is
right. CMRC 2018 (Cui et al. 2019, https://arxiv.org/abs/1810.07366): Chinese has no spaces, so signs are compared, and
F1 is measured on the longest piece that both have in common.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ptft_gui.core.intervals import wilson_interval

Definition = Literal["squad", "cmrc"]

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_ASCII_PUNCTUATION = str.maketrans("", "", string.punctuation)
_CHINESE = re.compile(r"[\u4e00-\u9fa5]")
# What the official program of CMRC takes away (https://github.com/ymcui/cmrc2018); a word on both sides grows together.
_CHINESE_MARKS = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
# Its words of other letters are cut by NLTK: marks stand alone, but not the point or comma within "3.5" or "1,000".
_OTHER_WORD = re.compile(r"\w+(?:[.,']\w+)*|[^\w\s]")
_RESAMPLES = 1000


@dataclass(frozen=True)
class AnswerScore:
    """One question: 1 or 0 for ``exact``, 0 to 1 for ``f1``."""

    exact: float
    f1: float


def normalised(text: str) -> str:
    """Lower case, no ASCII punctuation, no articles, single spaces; the order of these steps is part of it."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_ASCII_PUNCTUATION)).split())


def score_answer(answer: str, right: Sequence[str], definition: Definition = "squad") -> AnswerScore:
    """The best match of ``answer`` with one of the ``right`` ones; none, or only empty ones, say that there is none."""
    measure = _squad if definition == "squad" else _cmrc
    known = [text for text in right if _is_an_answer(text, definition)] or [""]
    scores = [measure(answer, text) for text in known]
    return AnswerScore(max(s.exact for s in scores), max(s.f1 for s in scores))


def _is_an_answer(text: str, definition: Definition) -> bool:
    """An answer of which nothing is left ("the", "!") is no answer, as in the official programs."""
    return bool(normalised(text)) if definition == "squad" else bool(text.strip())


def _squad(answer: str, right: str) -> AnswerScore:
    mine, theirs = normalised(answer), normalised(right)
    exact = float(mine == theirs)
    mine_words, their_words = mine.split(), theirs.split()
    if not mine_words or not their_words:
        return AnswerScore(exact, float(mine_words == their_words))
    shared = (Counter(mine_words) & Counter(their_words)).total()
    return AnswerScore(exact, 2 * shared / (len(mine_words) + len(their_words)))


def _cmrc(answer: str, right: str) -> AnswerScore:
    mine, theirs = _mixed_pieces(answer), _mixed_pieces(right)
    exact = float(_without_marks(answer) == _without_marks(right))
    if not mine or not theirs:
        return AnswerScore(exact, float(mine == theirs))
    return AnswerScore(exact, 2 * _longest_common(mine, theirs) / (len(mine) + len(theirs)))


def _without_marks(text: str) -> str:
    return "".join(sign for sign in text.lower().strip() if sign not in _CHINESE_MARKS)


def _mixed_pieces(text: str) -> list[str]:
    """Chinese signs one by one, words of other letters whole; marks are taken away."""
    pieces: list[str] = []
    for run in re.split(f"({_CHINESE.pattern})", _without_marks(text)):
        pieces += [run] if _CHINESE.fullmatch(run) else _OTHER_WORD.findall(run)
    return pieces


def _longest_common(first: Sequence[str], second: Sequence[str]) -> int:
    """The length of the longest run of pieces that stands in both."""
    best, before = 0, [0] * (len(second) + 1)
    for piece in first:
        row = [0] * (len(second) + 1)
        for place, other in enumerate(second, 1):
            if piece == other:
                row[place] = before[place - 1] + 1
        best, before = max(best, *row), row
    return best


def definition_for(contexts: Sequence[str]) -> Definition:
    """``cmrc`` where most letters are Chinese signs."""
    text = "".join(contexts)[:20_000]
    letters = sum(sign.isalnum() for sign in text)
    return "cmrc" if letters and len(_CHINESE.findall(text)) > 0.3 * letters else "squad"


def report_of_answers(
    answers: Sequence[str], right: Sequence[Sequence[str]], definition: Definition = "squad", seed: int = 1
) -> dict[str, Any]:
    """Everything about the answers to one part of the data, ready for JSON.

    ``rows exact_match exact_match_interval f1 f1_interval answered unanswered``: the last two hold ``rows exact_match
    f1`` of the questions that have an answer in the text, and of those that have none. ``always_none``: exact match of
    always saying that there is no answer.
    """
    scores = [score_answer(mine, theirs, definition) for mine, theirs in zip(answers, right, strict=True)]
    has_answer = np.array([any(_is_an_answer(text, definition) for text in texts) for texts in right], bool)
    exact, f1 = (np.array([getattr(s, name) for s in scores], float) for name in ("exact", "f1"))
    return {
        "definition": definition,
        **_means(exact, f1),
        "exact_match_interval": wilson_interval(int(exact.sum()), len(exact)),
        "f1_interval": mean_interval(f1, seed),
        "answered": _means(exact[has_answer], f1[has_answer]),
        "unanswered": _means(exact[~has_answer], f1[~has_answer]),
        "always_none": float((~has_answer).mean()) if len(has_answer) else None,
    }


def _means(exact: Any, f1: Any) -> dict[str, Any]:
    rows = len(exact)
    return {
        "rows": rows,
        "exact_match": float(exact.mean()) if rows else None,
        "f1": float(f1.mean()) if rows else None,
    }


def mean_interval(values: Any, seed: int = 1) -> tuple[float, float] | None:
    """The 95 % interval of a mean by resampling rows (Efron 1979); None without rows."""
    if not len(values):
        return None
    drawn = np.random.default_rng(seed).integers(0, len(values), (_RESAMPLES, len(values)), np.int32)
    low, high = np.percentile(np.asarray(values)[drawn].mean(1), [2.5, 97.5])
    return float(low), float(high)
