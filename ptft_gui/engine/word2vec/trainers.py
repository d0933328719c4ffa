"""The two that can train a Word2Vec model, and what each needs before it starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.text import TrainingText
from ptft_gui.engine.vector_run import heed_stop
from ptft_gui.engine.word2vec.model import BatchFedWord2Vec, WorkingMemory
from ptft_gui.engine.word2vec.threads import Batch, Trainer, cut_batches

FAST, GENSIM = "fast", "gensim"


class GensimTrainer:
    """gensim's compiled routines: the reference."""

    def __init__(self, model: BatchFedWord2Vec, text: TrainingText, batch_words: int) -> None:
        self._model, self._text, self._batch_words = model, text, batch_words

    def batches(self, epoch: int, first: int) -> Iterator[Batch]:
        return cut_batches(self._text.train_sentences(first), self._batch_words, epoch, first)

    def working_memory(self) -> WorkingMemory:
        return self._model.working_memory()

    def train(self, batch: Batch, learning_rate: float, memory: WorkingMemory) -> int:
        self._model.train_batch(batch.sentences, learning_rate, memory)
        return len(batch.sentences)

    def hurry(self) -> None:
        """A batch that was begun is finished: gensim's routines cannot be interrupted."""

    def bring_home(self) -> None:
        """Nothing to do: the model's arrays are what is trained."""


def make_trainer(
    model: BatchFedWord2Vec, text: TrainingText, values: Mapping[str, Any], folder: Path, reporter: Reporter
) -> Trainer:
    """The trainer that resolved values name; it may lay the model's arrays out anew.

    ``folder``: where a large text may be kept as numbers while the run lasts. Runs of earlier versions name none: they
    were trained by gensim. Raises PtftError for a full disk, StoppedByPerson.
    """
    if values.get("trainer", GENSIM) != FAST:
        return GensimTrainer(model, text, values["batch_words"])
    from ptft_gui.engine.word2vec.fast.encoded import encode
    from ptft_gui.engine.word2vec.fast.trainer import FastTrainer

    whole = max(text.train_tokens, 1)

    def notice_words(words: int) -> None:
        reporter.phase("encoding", "Turning the words into numbers", min(1.0, words / whole))
        heed_stop(reporter)

    encoded = encode(
        text.train_sentences(), model.wv.key_to_index, None if text.is_in_memory else folder, notice_words
    )
    if values.get("device") == "cuda":
        from ptft_gui.engine.word2vec.fast.gpu import TorchTrainer

        return TorchTrainer(model, encoded, values["batch_words"])
    reporter.phase("compiling", "Getting the fast arithmetic ready, which takes some seconds the first time")
    trainer = FastTrainer(model, encoded, values["batch_words"])
    trainer.compile(lambda: heed_stop(reporter))
    return trainer
