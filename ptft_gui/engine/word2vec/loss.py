"""The honest curve: the mean loss of fixed examples, measured on the vectors as they are.

gensim's own running loss is a float32 sum that threads overwrite for one another and that says nothing about held-out
text. Here a few thousand predictions are drawn once, windows and thinning as in training, negatives fixed, and the
same ones are measured again and again: the numbers compare across epochs, thread counts and runs.

With negative sampling (arXiv 1310.4546, equation 4) a prediction of word ``w`` from the vector ``h`` costs
``-log s(h.u_w) - sum_k log s(-h.u_k)`` with ``s`` the logistic function and ``k`` over the negatives; with
hierarchical softmax the sum of ``-log s(+-h.u_n)`` over the nodes ``n`` on the word's path. ``h`` is the vector of one
neighbour (skip-gram) or the mean or sum of those of all neighbours (CBOW).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ptft_gui.engine.word2vec.model import BatchFedWord2Vec

PREDICTIONS = 4_000
SENTENCES = 1_500
_MOST_NEIGHBOURS = 60_000
_MOST_WORDS = 50_000

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LossProbe:
    """n fixed predictions.

    ``inputs``: rows of the neighbours, all predictions after one another, shape (m,); ``starts``: where each
    prediction begins in it, shape (n,); ``outputs``: row of the predicted word, shape (n,); ``negatives``: shape
    (n, k), -1 where the draw was the predicted word itself, which training skips.
    """

    inputs: Rows
    starts: Rows
    outputs: Rows
    negatives: Rows

    def __len__(self) -> int:
        return len(self.outputs)

    def loss(self, model: BatchFedWord2Vec) -> float:
        """Mean loss per prediction in nats, computed in float64; not finite once the model has diverged."""
        with np.errstate(all="ignore"):
            hidden = self._hidden(model)
            total = np.zeros(len(self))
            if model.negative:
                total += self._negative_sampling_loss(hidden, model.syn1neg)
            if model.hs:
                total += self._path_loss(hidden, model)
            return float(total.mean())

    def _hidden(self, model: BatchFedWord2Vec) -> NDArray[np.float32]:
        """Shape (n, d)."""
        gathered = model.vectors[self.inputs]
        if len(self.inputs) == len(self):
            return gathered
        summed: NDArray[np.float32] = self._adds_neighbours @ gathered
        if model.cbow_mean:
            summed /= np.diff(self.starts, append=len(self.inputs))[:, None]
        return summed

    @cached_property
    def _adds_neighbours(self) -> csr_array:
        """Shape (n, m): the vectors of each prediction's neighbours are added, six times faster than by reduceat."""
        count = len(self.inputs)
        ends = np.append(self.starts, count)
        return csr_array((np.ones(count, np.float32), np.arange(count), ends), shape=(len(self), count))

    def _negative_sampling_loss(self, hidden: NDArray[np.float32], layer: NDArray[np.float32]) -> Floats:
        """Shape (n,)."""
        loss: Floats = minus_log_sigmoid(_dots(hidden, layer[self.outputs]))
        for column in self.negatives.T:
            scores = _dots(hidden, layer[column])
            loss += np.where(column >= 0, minus_log_sigmoid(-scores), 0.0)
        return loss

    def _path_loss(self, hidden: NDArray[np.float32], model: BatchFedWord2Vec) -> Floats:
        """Shape (n,)."""
        points, codes = model.wv.expandos["point"], model.wv.expandos["code"]
        lengths = np.array([len(points[row]) for row in self.outputs])
        owner = np.repeat(np.arange(len(self)), lengths)
        nodes = np.concatenate([points[row] for row in self.outputs])
        signs = 1.0 - 2.0 * np.concatenate([codes[row] for row in self.outputs])
        scores = _dots(hidden[owner], model.syn1[nodes])
        return np.bincount(owner, minus_log_sigmoid(signs * scores), minlength=len(self)).astype(np.float64)


def _dots(left: NDArray[np.float32], right: NDArray[np.float32]) -> Floats:
    """Row by row; shapes (n, d) and (n, d) to (n,)."""
    scores: NDArray[np.float32] = np.einsum("nd,nd->n", left, right)
    return scores.astype(np.float64)


def minus_log_sigmoid(scores: Floats) -> Floats:
    """``-log(1 / (1 + exp(-x)))``, stable for scores of any size."""
    result: Floats = np.logaddexp(0.0, -scores)
    return result


def draw_probe(
    model: BatchFedWord2Vec, sentences: list[list[str]], rng: np.random.Generator, size: int = PREDICTIONS
) -> LossProbe | None:
    """Draw predictions from these sentences as training would make them; None when they hold none.

    Where thinning leaves nothing (texts of a few words), the predictions are drawn without it.
    """
    sentences = _stretches(sentences, max(_MOST_WORDS // max(len(sentences), 1), 4 * model.window), rng)
    drawn = list(_predictions(model, sentences, rng, is_thinned=True))
    drawn = drawn or list(_predictions(model, sentences, rng, is_thinned=False))
    if not drawn:
        return None
    neighbours = sum(len(inputs) for _, inputs in drawn) / len(drawn)
    size = max(1, min(size, len(drawn), int(_MOST_NEIGHBOURS / neighbours)))
    chosen = [drawn[i] for i in rng.choice(len(drawn), size=size, replace=False)]
    outputs = np.array([output for output, _ in chosen], dtype=np.int64)
    lengths = np.array([len(inputs) for _, inputs in chosen])
    return LossProbe(
        inputs=np.array(list(chain.from_iterable(inputs for _, inputs in chosen)), dtype=np.int64),
        starts=np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64),
        outputs=outputs,
        negatives=_draw_negatives(model, outputs, rng),
    )


def _stretches(sentences: list[list[str]], most: int, rng: np.random.Generator) -> list[list[str]]:
    """Of a sentence of more than ``most`` words a stretch anywhere in it: a text without full stops costs no more."""
    cut = []
    for words in sentences:
        first = int(rng.integers(len(words) - most + 1)) if len(words) > most else 0
        cut.append(words[first : first + most])
    return cut


def _predictions(
    model: BatchFedWord2Vec, sentences: Iterable[list[str]], rng: np.random.Generator, is_thinned: bool
) -> Iterator[tuple[int, list[int]]]:
    """(predicted row, rows it is predicted from): a pair for skip-gram, a word with all its neighbours for CBOW."""
    index = model.wv.key_to_index
    kept_share = model.wv.expandos["sample_int"] / np.float64(2**32 - 1)
    for sentence in sentences:
        rows = np.array([index[word] for word in sentence if word in index], dtype=np.int64)
        if is_thinned and model.sample:
            rows = rows[kept_share[rows] >= rng.random(len(rows))]
        reach = _window_sizes(model, len(rows), rng)
        known = rows.tolist()
        for place, word in enumerate(known):
            near = known[max(0, place - reach[place]) : place] + known[place + 1 : place + 1 + reach[place]]
            if model.sg:
                yield from ((word, [neighbour]) for neighbour in near)
            elif near:
                yield word, near


def _window_sizes(model: BatchFedWord2Vec, count: int, rng: np.random.Generator) -> list[int]:
    """How far each word looks: up to the window, drawn anew for each when windows shrink."""
    if not model.shrink_windows:
        return [model.window] * count
    sizes: list[int] = rng.integers(1, model.window + 1, size=count).tolist()
    return sizes


def _draw_negatives(model: BatchFedWord2Vec, outputs: Rows, rng: np.random.Generator) -> Rows:
    """Random words, each as likely as its count to the power of ``ns_exponent``; shape (n, k)."""
    shape = (len(outputs), model.negative)
    weights = np.cumsum(model.counts.astype(np.float64) ** model.ns_exponent)
    rows = np.searchsorted(weights, rng.random(shape) * weights[-1], side="right")
    negatives: Rows = np.minimum(rows, len(weights) - 1).astype(np.int64)
    negatives[negatives == outputs[:, None]] = -1
    return negatives
