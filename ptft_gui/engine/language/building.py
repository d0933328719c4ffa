"""Builds what a process trains with: the model and its place among the processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch

from ptft_gui.core.crew import here
from ptft_gui.engine.language.crew import Crew
from ptft_gui.engine.language.known import Known
from ptft_gui.engine.language.learner import TextLearner
from ptft_gui.engine.language.tokenizer import TextTokenizer
from ptft_gui.engine.language.tokens import TokenFiles


def build_learner(
    family: str, values: Mapping[str, Any], tokenizer: TextTokenizer, tokens: TokenFiles, known: Known | None
) -> TextLearner:
    """The model of a family with the text that it reads; processes on one computer share its threads."""
    _, together = here()
    torch.set_num_threads(max(1, int(values["workers"]) // together))
    if family == "bert":
        from ptft_gui.engine.language.bert import BertLearner

        return BertLearner(values, tokenizer, tokens, known)
    from ptft_gui.engine.language.gpt import GptLearner

    return GptLearner(values, tokenizer, tokens, known)


@contextmanager
def leading_crew(
    family: str, values: Mapping[str, Any], tokenizer: TextTokenizer, tokens: TokenFiles, known: Known | None
) -> Iterator[Crew]:
    """This process and those that wait for it to lead, told what they are to build."""
    crew = Crew(torch.device(str(values["device"])).type, int(values["global_batch_size"]))
    try:
        crew.tell(
            {
                "family": family,
                "values": dict(values),
                "tokenizer": str(tokenizer.folder),
                "tokens": str(tokens.folder),
                "config": None if known is None else dict(known.config),
            }
        )
        yield crew
    finally:
        crew.close()
