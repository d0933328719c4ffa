"""Batches of sentences and the threads that train with them.

One step is one batch of up to ``batch_words`` words. Each thread takes the next batch from one common iterator, so
that a stop or a pause is noticed between two batches and the order of batches is that of the text.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, Protocol

TICK_SECONDS = 0.1


class Batch(NamedTuple):
    """Some consecutive sentences of one epoch; ``first``: number of the first one in it; ``words``: words in all.

    ``sentences``: as the trainer wants them, a list of lists of words or an ``EncodedSentences``.
    """

    epoch: int
    first: int
    sentences: Any
    words: int

    @property
    def end(self) -> int:
        return self.first + len(self.sentences)


class DoneBatch(NamedTuple):
    """A batch that was taken or trained, its learning rate, and how many of its sentences were trained.

    Fewer than all are trained where the trainer was told to hurry.
    """

    batch: Batch
    learning_rate: float
    sentences: int

    @property
    def is_untouched(self) -> bool:
        return self.sentences == 0 < len(self.batch.sentences)

    @property
    def words(self) -> int:
        """The words that were trained."""
        is_whole = self.sentences == len(self.batch.sentences)
        return self.batch.words if is_whole else int(self.batch.sentences[: self.sentences].words)


class Trainer(Protocol):
    """What trains a model with batches; :meth:`train` may be called from several threads at once."""

    def batches(self, epoch: int, first: int) -> Iterator[Batch]:
        """The rest of an epoch's text, from its sentence ``first`` on."""
        ...

    def working_memory(self) -> Any:
        """What one thread needs for itself."""
        ...

    def train(self, batch: Batch, learning_rate: float, memory: Any) -> int:
        """Train on a batch; returns how many of its sentences."""
        ...

    def hurry(self) -> None:
        """Leave batches early from now on, where that can be done between two sentences."""
        ...

    def bring_home(self) -> None:
        """Make the model's arrays what was learned so far."""
        ...


def cut_batches(
    sentences: Iterable[list[str]], batch_words: int, epoch: int = 0, first: int = 0
) -> Iterator[Batch]:
    """Cut the text of an epoch, from its sentence ``first`` on, into batches at the places where gensim cuts it.

    A sentence longer than ``batch_words`` is a batch of its own; as in gensim, an empty one precedes it when the text
    begins with it.
    """
    taken: list[list[str]] = []
    words = 0
    for sentence in sentences:
        length = len(sentence)
        if words + length <= batch_words:
            taken.append(sentence)
            words += length
        else:
            yield Batch(epoch, first, taken, words)
            first += len(taken)
            taken, words = [sentence], length
    if taken:
        yield Batch(epoch, first, taken, words)


class TrainingThreads:
    """Lets several threads train with batches from one iterator.

    ``batches`` may wait (a pause) and may raise; ``rate_of`` gives the learning rate when a batch is taken. Use it
    once: iterate over :meth:`results`, then read ``unfinished``.
    """

    def __init__(
        self,
        trainer: Trainer,
        batches: Iterator[Batch],
        rate_of: Callable[[Batch], float],
        threads: int,
    ) -> None:
        self._trainer = trainer
        self._batches = batches
        self._rate_of = rate_of
        self._guard = threading.Lock()
        self._results: queue.SimpleQueue[DoneBatch | BaseException | None] = queue.SimpleQueue()
        self._in_hand: dict[int, Batch] = {}
        self._is_over = False
        self._alive = threads
        self._threads = [
            threading.Thread(target=self._work, name=f"train {number}", daemon=True)
            for number in range(threads)
        ]

    @property
    def unfinished(self) -> list[Batch]:
        """Batches that a thread has taken and not finished, or what is left of them."""
        return list(self._in_hand.values())

    def results(self, patience: Callable[[], float | None]) -> Iterator[DoneBatch | None]:
        """Start the threads; yield each batch when it is done, and None when nothing happened for a moment.

        ``patience``: None, or the time (``time.monotonic``) from when on unfinished batches are no longer waited for;
        their threads end by themselves. Raises what a thread or the iterator raised.
        """
        for thread in self._threads:
            thread.start()
        while self._alive:
            try:
                result = self._results.get(timeout=TICK_SECONDS)
            except queue.Empty:
                limit = patience()
                if limit is not None and time.monotonic() >= limit:
                    return
                yield None
                continue
            if isinstance(result, DoneBatch):
                self._put_down(result)
                yield result
            elif result is None:
                self._alive -= 1
            else:
                self._is_over = True
                raise result
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        try:
            memory = self._trainer.working_memory()
            while (taken := self._take()) is not None:
                trained = self._trainer.train(taken.batch, taken.learning_rate, memory)
                self._results.put(taken._replace(sentences=trained))
        except BaseException as problem:  # it is raised again in the thread that waits for results
            self._is_over = True
            self._results.put(problem)
        finally:
            self._results.put(None)

    def _take(self) -> DoneBatch | None:
        with self._guard:
            if self._is_over:
                return None
            batch = next(self._batches, None)
            if batch is None:
                self._is_over = True
                return None
            self._in_hand[id(batch)] = batch
            return DoneBatch(batch, self._rate_of(batch), 0)

    def _put_down(self, done: DoneBatch) -> None:
        batch = self._in_hand.pop(id(done.batch))
        if done.sentences < len(batch.sentences):
            self._in_hand[id(done.batch)] = batch._replace(first=batch.first + done.sentences)
