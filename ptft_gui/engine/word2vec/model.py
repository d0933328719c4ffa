"""gensim's Word2Vec, opened so that its compiled routines can be fed batch by batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import psutil
from gensim.models.word2vec import Word2Vec
from numpy.typing import NDArray

from ptft_gui.core.errors import DataError, PtftError, Remedy
from ptft_gui.core.families import SKIP_GRAM
from ptft_gui.engine.vocabulary import check_vocabulary

_BYTES_A_NUMBER = 4
_SHARE_OF_MEMORY = 0.9

WorkingMemory = tuple[NDArray[np.float32], NDArray[np.float32]]


class BatchFedWord2Vec(Word2Vec):  # type: ignore[misc]  # gensim has no types
    """The same model; who feeds it decides batch, learning rate and thread.

    Bare gensim feeds itself: a job producer, a queue and a logging loop that waits for ever when the text cannot be
    read. Its results for one thread are those of feeding the same batches with the same rates in the same order.
    """

    def working_memory(self) -> WorkingMemory:
        """Two buffers of shape (d,) that one thread needs for itself."""
        memory: WorkingMemory = self._get_thread_working_mem()
        return memory

    def train_batch(self, sentences: list[list[str]], learning_rate: float, memory: WorkingMemory) -> int:
        """Train on some sentences; returns the words that were trained (known ones that were not thinned out)."""
        trained, _ = self._do_train_job(sentences, learning_rate, memory)
        return int(trained)

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Input vectors, shape (V, d): the word vectors."""
        vectors: NDArray[np.float32] = self.wv.vectors
        return vectors

    @property
    def words(self) -> list[str]:
        words: list[str] = self.wv.index_to_key
        return words

    @property
    def counts(self) -> NDArray[np.int64]:
        return np.asarray(self.wv.expandos["count"], dtype=np.int64)

    def layers(self) -> dict[str, NDArray[np.float32]]:
        """Every array that training changes, each of shape (V, d)."""
        layers = {"vectors": self.vectors}
        if self.negative:
            layers["syn1neg"] = self.syn1neg
        if self.hs:
            layers["syn1"] = self.syn1
        return layers


def build_model(
    values: Mapping[str, Any], counts: Mapping[str, int], sentence_count: int
) -> BatchFedWord2Vec:
    """An untrained model over the words that occur often enough.

    ``values``: resolved options. ``counts``: of all words, in order of first appearance (ties in frequency are
    ordered by it). Raises DataError for a vocabulary of fewer than two words, PtftError for one beyond the memory.
    """
    check_vocabulary(counts, values["min_count"])
    _check_memory(values, counts)
    model = BatchFedWord2Vec(
        vector_size=values["vector_size"],
        window=values["window"],
        min_count=values["min_count"],
        max_final_vocab=values["max_final_vocab"],
        sample=values["sample"],
        seed=values["seed"],
        sg=int(values["objective"] == SKIP_GRAM),
        hs=int(values["hs"]),
        negative=values["negative"],
        ns_exponent=values["ns_exponent"],
        cbow_mean=int(values["cbow_mean"]),
        shrink_windows=values["shrink_windows"],
        alpha=values["learning_rate"],
        min_alpha=values["min_learning_rate"],
        batch_words=values["batch_words"],
        workers=values["workers"],
    )
    model.build_vocab_from_freq(dict(counts), corpus_count=sentence_count)
    _check_kept(model, counts, values)
    return model


def _check_kept(model: BatchFedWord2Vec, counts: Mapping[str, int], values: Mapping[str, Any]) -> None:
    if len(model.words) < 2:
        raise DataError(
            "Fewer than two words would be kept.",
            f"The text has {len(counts):,} different words; the most words kept is {values['max_final_vocab']}, "
            "and words of equal frequency are left out together.",
            "Raise the most words kept, or leave it empty.",
            (Remedy("new_run_with", "Keep all words", {"max_final_vocab": None}),),
        )


def _check_memory(values: Mapping[str, Any], counts: Mapping[str, int]) -> None:
    words = sum(1 for count in counts.values() if count >= values["min_count"])
    words = min(words, values["max_final_vocab"] or words)
    layers = 1 + bool(values["negative"]) + bool(values["hs"])
    needed = words * values["vector_size"] * _BYTES_A_NUMBER * layers
    available = psutil.virtual_memory().available
    if needed <= available * _SHARE_OF_MEMORY:
        return
    smaller = max(1, int(values["vector_size"] * available * 0.5 / needed))
    raise PtftError(
        "This model does not fit in this computer's memory.",
        f"{words:,} words with {values['vector_size']:,} numbers each need {needed / 1e9:.1f} GB; "
        f"{available / 1e9:.1f} GB are free.",
        "Use a smaller vector size, or raise the minimum count.",
        (Remedy("new_run_with", f"Use vector size {smaller}", {"vector_size": smaller}),),
    )
