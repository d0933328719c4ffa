"""The fast trainer as the training loop sees it: batches of numbers, and threads that train with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import numpy as np
from numpy.typing import NDArray

from ptft_gui.engine.lanes import empty_rows, laid_out
from ptft_gui.engine.word2vec.fast.encoded import EncodedSentences
from ptft_gui.engine.word2vec.fast.kernel import SIGMOIDS, Arrays, Method, mixed_seed, train_sentences
from ptft_gui.engine.word2vec.fast.negatives import alias_table
from ptft_gui.engine.word2vec.model import BatchFedWord2Vec
from ptft_gui.engine.word2vec.threads import Batch

_SECONDS_BETWEEN_LOOKS = 0.1

Room = NDArray[np.float32]


class FastTrainer:
    """Trains a model that gensim would train, with loops of our own.

    The model's arrays are laid out anew: from here on its ``vectors`` and ``syn1neg`` are views of wider ones, and
    gensim's routines, which want rows without gaps, can no longer train it. ``text``: all sentences of an epoch.
    """

    def __init__(self, model: BatchFedWord2Vec, text: EncodedSentences, batch_words: int) -> None:
        self._model, self._text, self._batch_words = model, text, batch_words
        self._seed = int(model.seed)
        # one after the other: the old array is gone before the next new one is made
        vectors = laid_out(model.vectors)
        model.wv.vectors = vectors[:, : model.vector_size]
        layer = laid_out(model.syn1neg)
        model.syn1neg = layer[:, : model.vector_size]
        negatives = alias_table(model.counts, float(model.ns_exponent))
        self._arrays = Arrays(
            vectors,
            layer,
            frozen_words(model),
            np.asarray(model.wv.expandos["sample_int"], dtype=np.uint32),
            negatives.limits,
            negatives.others,
            SIGMOIDS,
            np.zeros(1, dtype=np.uint8),
        )
        self._method = Method(
            is_skip_gram=bool(model.sg),
            window=int(model.window),
            negative=int(model.negative),
            shrinks=bool(model.shrink_windows),
            takes_mean=bool(model.cbow_mean),
        )

    def compile(self, heed_stop: Callable[[], None] = lambda: None) -> None:
        """Let numba compile the loops now, or take them from its cache: seconds the first time, then none.

        ``heed_stop`` is called again and again meanwhile, and may raise: the rest is then compiled for nobody.
        """
        pool = ThreadPoolExecutor(1, thread_name_prefix="compile")
        compiling = pool.submit(self._compile)
        pool.shutdown(wait=False)
        while not compiling.done():
            wait([compiling], timeout=_SECONDS_BETWEEN_LOOKS)
            heed_stop()
        compiling.result()

    def _compile(self) -> None:
        nothing = EncodedSentences(np.empty(0, np.int32), np.empty(0, np.int64))
        self.train(Batch(0, 0, nothing, 0), 0.0, self.working_memory())

    def batches(self, epoch: int, first: int) -> Iterator[Batch]:
        """The rest of an epoch's text from its sentence ``first`` on."""
        return cut_encoded(self._text, self._batch_words, epoch, first)

    def working_memory(self) -> Room:
        """What one thread needs for itself."""
        return empty_rows(2, self._model.vector_size)

    def train(self, batch: Batch, learning_rate: float, memory: Room) -> int:
        """Train on a batch; returns how many of its sentences, fewer than all only after :meth:`hurry`."""
        return int(
            train_sentences(
                np.array(batch.sentences.ids),
                np.array(batch.sentences.ends),
                batch.first,
                mixed_seed(self._seed, batch.epoch),
                self._arrays,
                self._method,
                learning_rate,
                memory,
            )
        )

    def hurry(self) -> None:
        """From now on leave a batch at the end of the sentence that is being trained."""
        self._arrays.halt[0] = 1

    def bring_home(self) -> None:
        """Nothing to do: the model's arrays are what is trained."""


def frozen_words(model: BatchFedWord2Vec) -> NDArray[np.bool_]:
    """The words whose vectors stay as they are, shape (V,)."""
    locks = np.asarray(model.wv.vectors_lockf)
    return np.ascontiguousarray(np.broadcast_to(locks == 0.0, (len(model.words),)))


def cut_encoded(text: EncodedSentences, batch_words: int, epoch: int = 0, first: int = 0) -> Iterator[Batch]:
    """Cut a text, from its sentence ``first`` on, where :func:`~ptft_gui.engine.word2vec.threads.cut_batches` does."""
    while first < len(text):
        begin = int(text.ends[first - 1]) if first else 0
        end = int(np.searchsorted(text.ends, begin + batch_words, side="right"))
        end = max(end, first + 1)  # a sentence longer than that is a batch of its own
        part = text[first:end]
        yield Batch(epoch, first, part, part.words)
        first = end
