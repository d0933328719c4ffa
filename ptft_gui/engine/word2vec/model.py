"""gensim's Word2Vec, opened so that its compiled routines can be fed batch by batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import psutil
from gensim.models.word2vec import Word2Vec
from numpy.typing import NDArray

from ptft_gui.core.errors import DataError, PtftError, Remedy
from ptft_gui.core.family.registry import SKIP_GRAM
from ptft_gui.engine.initial import InitialVectors, JointVocabulary, is_frozen, join_vocabularies
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

    joint: JointVocabulary | None = None
    """Where its words came from; None when training began from nothing."""

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each word occurs in the text that is read, shape (V,)."""
        return np.asarray(self.wv.expandos["count"], dtype=np.int64)

    @property
    def told_counts(self) -> NDArray[np.int64]:
        """How often each word occurs in all that was read, by what it started from, too, shape (V,)."""
        return self.counts if self.joint is None else self.joint.counts

    def layers(self) -> dict[str, NDArray[np.float32]]:
        """Every array that training changes, each of shape (V, d)."""
        layers = {"vectors": self.vectors}
        if self.negative:
            layers["syn1neg"] = self.syn1neg
        if self.hs:
            layers["syn1"] = self.syn1
        return layers


def build_model(
    values: Mapping[str, Any],
    counts: Mapping[str, int],
    sentence_count: int,
    initial: InitialVectors | None = None,
) -> BatchFedWord2Vec:
    """A model over the words that occur often enough, untrained or with what ``initial`` has learned.

    ``values``: resolved options. ``counts``: of all words, in order of first appearance (ties in frequency are
    ordered by it). Raises DataError for a vocabulary of fewer than two words, PtftError for one beyond the memory.
    """
    if initial is not None:
        return _build_on(initial, values, counts, sentence_count)
    check_vocabulary(counts, values["min_count"])
    _check_memory(values, _kept_words(values, counts))
    model = _empty_model(values, values["min_count"], values["max_final_vocab"])
    model.build_vocab_from_freq(dict(counts), corpus_count=sentence_count)
    _check_kept(model, counts, values)
    return model


def _empty_model(values: Mapping[str, Any], min_count: int, max_final_vocab: int | None) -> BatchFedWord2Vec:
    return BatchFedWord2Vec(
        vector_size=values["vector_size"],
        window=values["window"],
        min_count=min_count,
        max_final_vocab=max_final_vocab,
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


def _build_on(
    initial: InitialVectors, values: Mapping[str, Any], counts: Mapping[str, int], sentence_count: int
) -> BatchFedWord2Vec:
    """Old words at their places, new ones where gensim would begin them; the old ones locked when they are frozen.

    A new word begins with numbers near nothing, whatever the length of the old ones: its first corrections then decide
    where it goes. The output layer is that of the start where it has one, else it begins at zero, as from nothing; a
    path of the hierarchical softmax belongs to another tree, so these always begin at zero.
    """
    joint = join_vocabularies(initial, counts, values["min_count"], values["max_final_vocab"])
    _check_memory(values, len(joint))
    model = _empty_model(values, 1, None)
    # gensim orders by count, so each place counts one less than the one before until the real counts are put in
    places = {word: len(joint) - row for row, word in enumerate(joint.words)}
    model.build_vocab_from_freq(places, corpus_count=sentence_count)
    model.effective_min_count = joint.least_count
    model.joint = joint
    _draw_by(model, joint.text_counts)
    joint.spread(initial.vectors, model.vectors)
    if model.negative and initial.output is not None:
        joint.spread(initial.output, model.syn1neg)
    if is_frozen(values):
        model.wv.vectors_lockf = np.where(joint.are_old, 0.0, 1.0).astype(np.float32)
    return model


def _draw_by(model: BatchFedWord2Vec, counts: NDArray[np.int64]) -> None:
    """Let thinning, negative samples and paths go by these counts, of which some may be 0; shape (V,)."""
    model.wv.expandos["count"] = counts
    seen = counts > 0
    kept = np.ones(len(counts))
    if model.sample:
        threshold = model.sample * counts.sum()
        kept[seen] = (np.sqrt(counts[seen] / threshold) + 1) * (threshold / counts[seen])
    model.wv.expandos["sample_int"] = (np.minimum(kept, 1.0) * (2**32 - 1)).astype(np.uint32)
    if model.negative:
        weights = np.zeros(len(counts))
        weights[seen] = counts[seen].astype(np.float64) ** model.ns_exponent
        share = np.cumsum(weights) / max(weights.sum(), np.finfo(float).tiny)
        model.cum_table = np.round(share * (2**31 - 1)).astype(np.uint32)
    if model.hs:
        model.create_binary_tree()


def _check_kept(model: BatchFedWord2Vec, counts: Mapping[str, int], values: Mapping[str, Any]) -> None:
    if len(model.words) < 2:
        raise DataError(
            "Fewer than two words would be kept.",
            f"The text has {len(counts):,} different words; the most words kept is {values['max_final_vocab']}, "
            "and words of equal frequency are left out together.",
            "Raise the most words kept, or leave it empty.",
            (Remedy("new_run_with", "Keep all words", {"max_final_vocab": None}),),
        )


def _kept_words(values: Mapping[str, Any], counts: Mapping[str, int]) -> int:
    words = sum(1 for count in counts.values() if count >= values["min_count"])
    return min(words, values["max_final_vocab"] or words)


def _check_memory(values: Mapping[str, Any], words: int) -> None:
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
