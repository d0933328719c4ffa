"""From the scores of a start and an end at every token to the best piece of the context, and back for learning.

Scores are read as the programs of BERT for SQuAD 2.0 read them (Devlin et al. 2019): a piece is worth the score of its
first token as a start and of its last as an end; saying nothing is worth the same sum at the token that begins the
window. The share of an answer is that of the question-answering pipeline of transformers: the softmax of starts and the
softmax of ends over the tokens of the context and the one that stands for "no answer", multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.engine.finetune.windows import Window
from ptft_gui.engine.finetune.words import whole_words

LONGEST_ANSWER_TOKENS = 30
"""As in the programs of BERT for SQuAD."""
LONGEST_ANSWER_SIGNS = 80
"""In Chinese a token is a sign."""
_MOST_ENDS = 20
_PIECES_OF_ONE = 4
"""So many more are looked at than are wanted, as several may come to the same words."""
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Span:
    """A piece of a context: ``start`` and ``end`` in characters, how far it is worth more than others (``worth``, in
    nats) and how likely it is in its window (``share``)."""

    start: int
    end: int
    worth: float
    share: float


@dataclass(frozen=True)
class Found:
    """What was found for one question: the best pieces, the likeliest first, none twice; and the worth of silence with
    its share in the window of the best piece."""

    spans: list[Span]
    silence: float
    silence_share: float

    @property
    def margin(self) -> float:
        """By how much saying nothing is worth more than the best piece; endless where there is none."""
        return self.silence - self.spans[0].worth if self.spans else np.inf


def token_span(window: Window, start: int, end: int) -> tuple[int, int] | None:
    """The first and the last token of the piece ``context[start:end]``; None where the window does not hold all of it.

    A token that holds more than the piece ("7kg" where "7" is asked for) belongs to it.
    """
    places = np.flatnonzero(window.in_context)
    starts, ends = window.offsets[places, 0], window.offsets[places, 1]
    touched = places[(ends > start) & (starts < end)]
    if not len(touched) or window.offsets[touched[0], 0] > start or window.offsets[touched[-1], 1] < end:
        return None
    return int(touched[0]), int(touched[-1])


def find_spans(
    context: str,
    windows: Sequence[Window],
    scores: Sequence[Scores],
    longest: int = LONGEST_ANSWER_TOKENS,
    topn: int = 1,
) -> Found:
    """The best pieces of the context over all windows of one question. ``scores[i]``: (L_i, 2), of starts and of ends.

    A piece never begins or ends within a word, as its first and last token may; of two that come to the same words the
    better counts.
    """
    best: dict[tuple[int, int], Span] = {}
    silence, silence_share, worth_there = np.inf, 0.0, -np.inf
    for window, pair in zip(windows, scores, strict=True):
        allowed = window.in_context
        starts, ends = (_shares(pair[:, side], allowed, window.start) for side in (0, 1))
        nothing = float(pair[window.start, 0] + pair[window.start, 1])
        silence = min(silence, nothing)
        found = _best_of_window(window, pair, longest, _PIECES_OF_ONE * topn)
        for first, last in found:
            piece = whole_words(context, int(window.offsets[first, 0]), int(window.offsets[last, 1]))
            span = Span(*piece, float(pair[first, 0] + pair[last, 1]), float(starts[first] * ends[last]))
            if piece not in best or best[piece].worth < span.worth:
                best[piece] = span
            if span.worth > worth_there:
                worth_there = span.worth
                silence_share = float(starts[window.start] * ends[window.start])
        if not found and worth_there == -np.inf:
            silence_share = float(starts[window.start] * ends[window.start])
    ranked = sorted(best.values(), key=lambda span: (-span.worth, span.start, span.end))
    return Found(ranked[:topn], float(silence), silence_share)


def _best_of_window(window: Window, pair: Scores, longest: int, topn: int) -> list[tuple[int, int]]:
    """The best pairs of a first and a last token of the context, at most ``longest`` tokens apart."""
    places = np.flatnonzero(window.in_context & (window.offsets[:, 1] > window.offsets[:, 0]))
    if not len(places):
        return []
    firsts, lasts = (places[np.argsort(-pair[places, side], kind="stable")] for side in (0, 1))
    count = max(_MOST_ENDS, topn)
    sums = pair[firsts[:count], 0][:, None] + pair[lasts[:count], 1][None, :]
    length = lasts[None, :count] - firsts[:count, None]
    sums = np.where((length >= 0) & (length < longest), sums, -np.inf)
    order = np.argsort(-sums, axis=None, kind="stable")[:topn]
    rows, columns = np.unravel_index(order, sums.shape)
    found = [
        (int(firsts[r]), int(lasts[c])) for r, c in zip(rows, columns, strict=True) if np.isfinite(sums[r, c])
    ]
    return found or [_best_single(places, pair)]


def _best_single(places: NDArray[np.int64], pair: Scores) -> tuple[int, int]:
    """The best single token, where none of the likeliest starts and ends fit together."""
    place = int(places[np.argmax(pair[places].sum(1))])
    return place, place


def _shares(scores: Scores, allowed: NDArray[np.bool_], start: int) -> NDArray[np.float64]:
    """The softmax over the tokens of the context and the one that stands for no answer; 0 elsewhere."""
    is_counted = allowed.copy()
    is_counted[start] = True
    shares = np.zeros(len(scores), np.float64)
    chosen = scores[is_counted].astype(np.float64)
    powers = np.exp(chosen - chosen.max())
    shares[is_counted] = powers / powers.sum()
    return shares
