"""The text of a Word2Vec run, its phrases joined where a person wants that."""

from __future__ import annotations

from typing import Any

from ptft_gui.core.spec import DataSpec
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.text import TrainingText, read_corpus
from ptft_gui.engine.word2vec.phrases import join_phrases

IN_MEMORY_TOKENS = 20_000_000
"""Texts of up to so many words are kept in memory; larger ones are read from the disk in every epoch."""


def prepare_text(data: DataSpec, options: dict[str, Any], reporter: Reporter) -> TrainingText:
    """Read, cut, divide and count the text of a run; raises DataError, and StoppedByPerson when asked to stop."""
    corpus, files = read_corpus(data, options["seed"], reporter)
    if options["phrases"]:
        corpus = join_phrases(corpus, options["phrase_min_count"], options["phrase_threshold"], reporter)
    return TrainingText(corpus, files, IN_MEMORY_TOKENS)
