"""The method itself: skip-gram and CBOW with negative sampling (Mikolov et al. 2013, arXiv 1310.4546, equation 4).

One prediction of word ``w`` from a vector ``h`` costs ``-log s(h.u_w) - sum_k log s(-h.u_k)``; each correction is the
learning rate times the slope of it. Sentences are thinned, windows drawn and words predicted as gensim's routines do,
with two differences, both decided on purpose:

* Skip-gram predicts a word from each of its neighbours with the *same* random words (Ji et al. 2016, arXiv 1604.04661):
  they and the word stay in the fastest memory while all neighbours are gone through. gensim draws for each pair.
* Each sentence has random numbers of its own, made from (seed, epoch, number of the sentence). So chance does not
  depend on how batches are cut, and going on from a checkpoint needs to remember none.

``h`` is a neighbour's vector (skip-gram), or the mean or sum of those of all (CBOW).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ptft_gui.engine.compiled import compiled_fast, compiled_part
from ptft_gui.engine.lanes import (
    LANES,
    add_row,
    copy_row,
    correct_1,
    correct_2,
    correct_4,
    dots_1,
    dots_2,
    dots_4,
    fetch_row,
)

LIMIT = 6.0
"""Beyond it the logistic function is taken for 0 or 1, as in the original program."""
_TABLE_SIZE = 4096
MOST_OUTPUTS = 128
"""Words that are compared at once at most: one predicted, and the negatives."""

SIGMOIDS = (1.0 / (1.0 + np.exp(-(np.arange(_TABLE_SIZE) + 0.5) * (2 * LIMIT / _TABLE_SIZE) + LIMIT))).astype(
    np.float32
)

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_LOW_BITS = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@compiled_part
def mixed(number: Any) -> Any:
    """64 random bits out of any 64 (the finalizer of splitmix64: Steele, Lea, Flood 2014)."""
    number = np.uint64(number)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


def mixed_seed(seed: int, epoch: int) -> np.uint64:
    """The random bits of an epoch: the sentences of any two have nothing in common."""
    return np.uint64(mixed(np.uint64(mixed(np.uint64(seed))) ^ np.uint64(epoch)))


@compiled_part
def _below(bits: Any, limit: Any) -> Any:
    """A number from 0 to ``limit`` - 1 out of the upper 32 random bits."""
    return np.int64(((bits >> _HALF) * np.uint64(limit)) >> _HALF)


@compiled_part
def _slope(score: Any, label: Any, rate: Any, sigmoids: Any) -> Any:
    """Rate times (label - s(score)); a score that is no number stays none."""
    if score > -LIMIT and score < LIMIT:
        place = np.int64((score + np.float32(LIMIT)) * np.float32(_TABLE_SIZE / (2 * LIMIT)))
        return (label - sigmoids[min(place, _TABLE_SIZE - 1)]) * rate
    if score >= LIMIT:
        return (label - np.float32(1.0)) * rate
    if score <= -LIMIT:
        return label * rate
    return score


@compiled_part
def _predict(
    h: Any, x: Any, outputs: Any, count: Any, rate: Any, sigmoids: Any, slopes: Any, blocks: Any
) -> None:
    """Predict the word ``outputs[0]``, and none of the others, from the row ``h``; ``x`` is corrected, and they are.

    All are addresses of rows; ``x`` may be any other row than ``h``. One function on purpose: cut in two it took a
    sixth more time.
    """
    k = 0
    while k + 4 <= count:
        four = dots_4(h, (outputs[k], outputs[k + 1], outputs[k + 2], outputs[k + 3]), blocks)
        slopes[k], slopes[k + 1], slopes[k + 2], slopes[k + 3] = four[0], four[1], four[2], four[3]
        k += 4
    if k + 2 <= count:
        two = dots_2(h, (outputs[k], outputs[k + 1]), blocks)
        slopes[k], slopes[k + 1] = two[0], two[1]
        k += 2
    if k < count:
        slopes[k] = dots_1(h, (outputs[k],), blocks)[0]
    for k in range(count):
        slopes[k] = _slope(slopes[k], np.float32(1.0 if k == 0 else 0.0), rate, sigmoids)
    k = 0
    while k + 4 <= count:
        correct_4(
            h,
            x,
            (outputs[k], outputs[k + 1], outputs[k + 2], outputs[k + 3]),
            (slopes[k], slopes[k + 1], slopes[k + 2], slopes[k + 3]),
            blocks,
        )
        k += 4
    if k + 2 <= count:
        correct_2(h, x, (outputs[k], outputs[k + 1]), (slopes[k], slopes[k + 1]), blocks)
        k += 2
    if k < count:
        correct_1(h, x, (outputs[k],), (slopes[k],), blocks)


class Arrays(NamedTuple):
    """What all threads share.

    ``vectors``, ``layer``: shape (V, 16 blocks), laid out by :func:`~ptft_gui.engine.lanes.laid_out`;
    vectors of ``frozen`` words, shape (V,), stay as they are. ``kept_shares``, shape (V,): 2^32 - 1 times the share of
    a word that is not thinned out. ``limits``, ``others``: an
    :class:`~ptft_gui.engine.word2vec.fast.negatives.AliasTable`. ``halt``: training ends where its one number is not 0.
    """

    vectors: NDArray[np.float32]
    layer: NDArray[np.float32]
    frozen: NDArray[np.bool_]
    kept_shares: NDArray[np.uint32]
    limits: NDArray[np.uint32]
    others: NDArray[np.int32]
    sigmoids: NDArray[np.float32]
    halt: NDArray[np.uint8]


class Method(NamedTuple):
    """``takes_mean``: whether CBOW takes the mean of the neighbours or their sum; ``shrinks``: whether windows do."""

    is_skip_gram: bool
    window: int
    negative: int
    shrinks: bool
    takes_mean: bool


@compiled_part
def _thinned(ids: Any, kept_shares: Any, state: Any, words: Any) -> Any:
    """The known words of a sentence that are not thinned out, into ``words``; returns (how many, random state)."""
    count = 0
    for word in ids:
        if word >= 0:
            state += _GOLDEN
            if (mixed(state) >> _HALF) <= np.uint64(kept_shares[word]):
                words[count] = word
                count += 1
    return count, state


@compiled_part
def _draw_outputs(word: Any, arrays: Any, state: Any, negative: Any, outputs: Any) -> Any:
    """Rows of the word and of random other ones into ``outputs``; returns (how many, random state).

    A draw that is the word itself is left out, as in gensim. The memory is asked for all of them.
    """
    base, width = arrays.layer.ctypes.data, arrays.layer.shape[1]
    outputs[0] = base + word * width * 4
    fetch_row(outputs[0], width // LANES)
    count = 1
    for _ in range(negative):
        state += _GOLDEN
        bits = mixed(state)
        drawn = _below(bits, len(arrays.limits))
        if (bits & _LOW_BITS) > np.uint64(arrays.limits[drawn]):
            drawn = np.int64(arrays.others[drawn])
        if drawn != word:
            outputs[count] = base + drawn * width * 4
            fetch_row(outputs[count], width // LANES)
            count += 1
    return count, state


@compiled_part
def _learn_from_each(
    words: Any,
    reached: Any,
    place: Any,
    arrays: Any,
    outputs: Any,
    count: Any,
    rate: Any,
    slopes: Any,
    room: Any,
) -> None:
    """Skip-gram: predict the word at ``place`` from each of its neighbours, those in ``reached``."""
    base, width = arrays.vectors.ctypes.data, arrays.vectors.shape[1]
    hidden, unused = room.ctypes.data, room.ctypes.data + width * 4
    for near in range(reached[0], reached[1]):
        if near != place:
            row = base + words[near] * width * 4
            copy_row(row, hidden, width // LANES)
            target = unused if arrays.frozen[words[near]] else row
            _predict(hidden, target, outputs, count, rate, arrays.sigmoids, slopes, width // LANES)


@compiled_part
def _learn_from_all(
    words: Any,
    reached: Any,
    place: Any,
    arrays: Any,
    outputs: Any,
    count: Any,
    rate: Any,
    slopes: Any,
    room: Any,
    takes_mean: Any,
) -> None:
    """CBOW: predict the word at ``place`` from the mean or sum of its neighbours, those in ``reached``.

    The correction of a mean goes to each neighbour whole, that of a sum in equal shares; so gensim does it.
    """
    base, width = arrays.vectors.ctypes.data, arrays.vectors.shape[1]
    hidden, gathered = room.ctypes.data, room.ctypes.data + width * 4
    one = np.float32(1.0)
    share = one / np.float32(reached[1] - reached[0] - 1)
    room[:] = np.float32(0.0)
    for near in range(reached[0], reached[1]):
        if near != place:
            add_row(base + words[near] * width * 4, share if takes_mean else one, hidden, width // LANES)
    _predict(hidden, gathered, outputs, count, rate, arrays.sigmoids, slopes, width // LANES)
    for near in range(reached[0], reached[1]):
        if near != place and not arrays.frozen[words[near]]:
            add_row(gathered, one if takes_mean else share, base + words[near] * width * 4, width // LANES)


@compiled_part
def _train_sentence(
    words: Any,
    length: Any,
    state: Any,
    arrays: Any,
    method: Any,
    rate: Any,
    these: Any,
    upcoming: Any,
    slopes: Any,
    room: Any,
) -> None:
    """Train on the first ``length`` of ``words``; the outputs of a word are drawn while the one before is trained."""
    base, width = arrays.vectors.ctypes.data, arrays.vectors.shape[1]
    coming, state = _draw_outputs(words[0], arrays, state, method.negative, upcoming)
    for place in range(length):
        these, upcoming, count = upcoming, these, coming
        reach = method.window
        if method.shrinks:
            state += _GOLDEN
            reach = 1 + _below(mixed(state), method.window)
        if place + 1 < length:
            coming, state = _draw_outputs(words[place + 1], arrays, state, method.negative, upcoming)
        if place + method.window < length:
            fetch_row(base + words[place + method.window] * width * 4, width // LANES)
        reached = max(0, place - reach), min(length, place + reach + 1)
        if method.is_skip_gram:
            _learn_from_each(words, reached, place, arrays, these, count, rate, slopes, room)
        else:
            _learn_from_all(
                words, reached, place, arrays, these, count, rate, slopes, room, method.takes_mean
            )


@compiled_fast
def train_sentences(
    ids: NDArray[np.int32],
    ends: NDArray[np.int64],
    first: int,
    chance: np.uint64,
    arrays: Arrays,
    method: Method,
    rate: float,
    room: NDArray[np.float32],
) -> int:
    """Train on some sentences; returns how many, fewer than all only when ``halt`` says so.

    ``ids``: rows of the words, -1 for unknown ones, all sentences after one another; ``ends``: where each ends in it;
    ``first``: number of the first one in its epoch; ``chance``: see :func:`mixed_seed`. ``room``: shape
    (2, 16 blocks), of this thread.
    """
    longest, start = 0, 0
    for end in ends:
        longest, start = max(longest, end - start), end
    words = np.empty(longest, np.int64)
    these, upcoming = np.empty(MOST_OUTPUTS, np.int64), np.empty(MOST_OUTPUTS, np.int64)
    slopes = np.empty(MOST_OUTPUTS, np.float32)
    start = 0
    for number in range(len(ends)):
        if arrays.halt[0] != 0:
            return number
        state = mixed(chance + np.uint64(first + number) * _GOLDEN)
        length, state = _thinned(ids[start : ends[number]], arrays.kept_shares, state, words)
        start = ends[number]
        if length >= 2:
            _train_sentence(
                words, length, state, arrays, method, np.float32(rate), these, upcoming, slopes, room
            )
    return len(ends)
