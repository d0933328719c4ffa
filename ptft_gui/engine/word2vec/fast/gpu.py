"""The fast trainer on a graphics card, through torch.

Documented differences from the processor: a batch is one correction (several where it is very large), computed from the
vectors as they were before it; what it says of one vector is added up with ``index_add_``, whose order, and so whose
rounding, is not repeatable. A word that speaks very often in one correction is heard with the weight of
:data:`MOST_VOICES` only: each of its voices asks for the same change, and all together would leap over the goal.
Measured on the text8 prefix, with 10,000 words in a batch: without that limit the numbers explode, with it the vectors
are as good as those of the processor.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ptft_gui.engine.word2vec.fast.encoded import EncodedSentences
from ptft_gui.engine.word2vec.fast.kernel import mixed_seed
from ptft_gui.engine.word2vec.fast.negatives import alias_table
from ptft_gui.engine.word2vec.fast.trainer import cut_encoded, frozen_words
from ptft_gui.engine.word2vec.model import BatchFedWord2Vec
from ptft_gui.engine.word2vec.threads import Batch

if TYPE_CHECKING:
    import torch

MOST_VOICES = 64
_NUMBERS_AT_ONCE = 1 << 26
"""Of the largest array that one correction makes."""


class TorchTrainer:
    """Training with torch. ``device``: "cuda", or "cpu" to look at the same arithmetic without a card.

    The arrays go to the device with the first batch, so that a checkpoint may be restored before, and come back with
    :meth:`bring_home`.
    """

    def __init__(
        self, model: BatchFedWord2Vec, text: EncodedSentences, batch_words: int, device: str = "cuda"
    ) -> None:
        import torch

        self._torch, self._device = torch, torch.device(device)
        self._model, self._text, self._batch_words = model, text, batch_words
        self._guard = threading.Lock()
        self._arrays: tuple[torch.Tensor, torch.Tensor] | None = None
        table = alias_table(model.counts, float(model.ns_exponent))
        self._limits = self._there(table.limits.astype(np.float64) / 2.0**32)
        self._others = self._there(table.others.astype(np.int64))
        self._kept_shares = self._there(model.wv.expandos["sample_int"].astype(np.float64) / (2.0**32 - 1))
        moves = ~frozen_words(model)
        self._moves = None if moves.all() else self._there(moves.astype(np.float32))
        window = int(model.window)
        self._offsets = self._there(np.array([o for o in range(-window, window + 1) if o]))

    def _there(self, array: Any) -> torch.Tensor:
        return self._torch.as_tensor(array, device=self._device)

    def batches(self, epoch: int, first: int) -> Iterator[Batch]:
        """The rest of an epoch's text from its sentence ``first`` on."""
        return cut_encoded(self._text, self._batch_words, epoch, first)

    def working_memory(self) -> None:
        """Nothing: batches are trained one after the other, whatever thread brings them."""

    def train(self, batch: Batch, learning_rate: float, _memory: None) -> int:
        """Train on a batch; returns how many of its sentences: all."""
        with self._guard, self._torch.inference_mode():
            chance = int(mixed_seed(int(mixed_seed(int(self._model.seed), batch.epoch)), batch.first))
            random = self._torch.Generator(self._device).manual_seed(chance >> 1)
            words, sentence = self._thinned(batch.sentences, random)
            for start in range(0, len(words), self._words_at_once):
                self._correct(words, sentence, start, learning_rate, random)
        return len(batch.sentences)

    @property
    def _words_at_once(self) -> int:
        """Centre words of one correction."""
        rows = max(len(self._offsets), int(self._model.negative) + 1)
        return max(1, _NUMBERS_AT_ONCE // (rows * int(self._model.vector_size)))

    def _thinned(
        self, sentences: EncodedSentences, random: torch.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The known words that are not thinned out and the sentence of each, shape (n,) both."""
        lengths = np.diff(sentences.ends, prepend=0)
        ids = self._there(np.array(sentences.ids)).long()
        sentence = self._there(np.repeat(np.arange(len(lengths)), lengths))
        chance = self._torch.rand(len(ids), generator=random, device=self._device, dtype=self._torch.float64)
        kept = (ids >= 0) & (chance <= self._kept_shares[ids.clamp(min=0)])
        return ids[kept], sentence[kept]

    def _correct(
        self,
        words: torch.Tensor,
        sentence: torch.Tensor,
        start: int,
        rate: float,
        random: torch.Generator,
    ) -> None:
        """One correction, with the words from ``start`` on as those that are predicted: c of them."""
        torch = self._torch
        place = torch.arange(start, min(start + self._words_at_once, len(words)), device=self._device)
        near = place[:, None] + self._offsets  # (c, 2 window)
        inside = (near >= 0) & (near < len(words))
        near = near.clamp(0, len(words) - 1)
        reach = self._reach(len(place), random)
        counts = inside & (sentence[near] == sentence[place][:, None])
        counts &= self._offsets.abs() <= reach[:, None]
        outputs, are_compared = self._outputs(words[place], random)  # (c, 1 + negatives)
        if self._model.sg:
            self._learn_from_each(words[near], counts, outputs, are_compared, rate)
        else:
            self._learn_from_all(words[near], counts, outputs, are_compared, rate)

    def _reach(self, count: int, random: torch.Generator) -> torch.Tensor:
        window = int(self._model.window)
        if not self._model.shrink_windows:
            return self._torch.full((count,), window, device=self._device)
        return self._torch.randint(1, window + 1, (count,), generator=random, device=self._device)

    def _outputs(self, words: torch.Tensor, random: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """Each word and random other ones, and which of them count: shape (c, 1 + negatives) both."""
        torch = self._torch
        shape = (len(words), int(self._model.negative))
        drawn = torch.randint(len(self._limits), shape, generator=random, device=self._device)
        chance = torch.rand(shape, generator=random, device=self._device, dtype=torch.float64)
        drawn = torch.where(chance <= self._limits[drawn], drawn, self._others[drawn])
        outputs = torch.cat([words[:, None], drawn], dim=1)
        are_compared = outputs != words[:, None]
        are_compared[:, 0] = True
        return outputs, are_compared

    def _learn_from_each(
        self,
        near: torch.Tensor,
        counts: torch.Tensor,
        outputs: torch.Tensor,
        are_compared: torch.Tensor,
        rate: float,
    ) -> None:
        """Skip-gram; each of the c words is predicted from its neighbours ``near``, shape (c, 2 window)."""
        vectors, layer = self._on_device()
        x, y = vectors[near], layer[outputs]  # (c, 2 window, d), (c, 1 + negatives, d)
        slopes = self._slopes(self._torch.bmm(x, y.transpose(1, 2)), rate)
        slopes *= counts[:, :, None] * are_compared[:, None, :]
        self._add(vectors, near, self._torch.bmm(slopes, y), counts, self._moves)
        heard = are_compared * counts.sum(1, keepdim=True)
        self._add(layer, outputs, self._torch.bmm(slopes.transpose(1, 2), x), heard, None)

    def _learn_from_all(
        self,
        near: torch.Tensor,
        counts: torch.Tensor,
        outputs: torch.Tensor,
        are_compared: torch.Tensor,
        rate: float,
    ) -> None:
        """CBOW; each of the c words is predicted from the mean or sum of its neighbours."""
        vectors, layer = self._on_device()
        weights = counts.float()
        share = 1.0 / weights.sum(1, keepdim=True).clamp(min=1.0)
        takes_mean = bool(self._model.cbow_mean)
        x = (vectors[near] * (weights * share if takes_mean else weights)[:, :, None]).sum(1)  # (c, d)
        y = layer[outputs]
        slopes = self._slopes((y * x[:, None, :]).sum(2), rate)
        slopes *= are_compared & counts.any(1, keepdim=True)
        back = (slopes[:, :, None] * y).sum(1)[:, None, :]
        spread = back * (weights if takes_mean else weights * share)[:, :, None]
        self._add(vectors, near, spread, counts, self._moves)
        self._add(layer, outputs, slopes[:, :, None] * x[:, None, :], are_compared, None)

    def _slopes(self, scores: torch.Tensor, rate: float) -> torch.Tensor:
        """Rate times (label - s(score)); the first output of each word is the true one."""
        slopes = -self._torch.sigmoid(scores)
        slopes[..., 0] += 1.0
        return slopes * rate

    def _add(
        self,
        array: torch.Tensor,
        rows: torch.Tensor,
        steps: torch.Tensor,
        heard: torch.Tensor,
        moves: torch.Tensor | None,
    ) -> None:
        """Add steps to rows of an array; ``heard``: how many voices each step is the sum of, 0 for none."""
        rows, steps = rows.reshape(-1), steps.reshape(-1, steps.shape[-1])
        voices = self._torch.zeros(len(array), device=self._device)
        voices.index_add_(0, rows, heard.reshape(-1).float())
        weight = (MOST_VOICES / voices.clamp(min=1.0)).clamp(max=1.0)
        if moves is not None:
            weight = weight * moves
        array.index_add_(0, rows, steps * weight[rows][:, None])

    def _on_device(self) -> tuple[torch.Tensor, torch.Tensor]:
        if self._arrays is None:
            vectors, layer = (
                self._torch.as_tensor(np.ascontiguousarray(array)).to(self._device, copy=True)
                for array in (self._model.vectors, self._model.syn1neg)
            )
            self._arrays = vectors, layer
        return self._arrays

    def hurry(self) -> None:
        """A batch takes milliseconds; it is finished."""

    def bring_home(self) -> None:
        """Make the model's arrays what was learned so far."""
        with self._guard:
            if self._arrays is not None:
                self._model.vectors[:] = self._arrays[0].cpu().numpy()
                self._model.syn1neg[:] = self._arrays[1].cpu().numpy()
