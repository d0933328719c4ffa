"""Questions to a model while it trains: the same answers as to a finished one, from the numbers of this moment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import ModelError
from ptft_gui.engine.language.learner import TextLearner
from ptft_gui.engine.language.tokenizer import as_transformers

_LONGEST, _USUAL_LENGTH, _MOST_CANDIDATES = 200, 60, 50


def answer_live(learner: TextLearner, run: Path, asked: Mapping[str, Any]) -> dict[str, Any]:
    """``{"generate": TEXT, "length", "temperature", "top_k", "top_p", "seed"}``, ``{"fill": TEXT, "topn"}`` or
    ``{"next": TEXT, "topn"}``, answered in the form of ``ask --json``. Raises :class:`ModelError`.

    Training waits meanwhile, so an answer has at most 200 tokens.
    """
    kind = next((name for name in ("generate", "fill", "next") if isinstance(asked.get(name), str)), None)
    if kind is None:
        raise ModelError(
            "A running language model answers no such question.",
            hint="Ask it to go on with a text, to fill a blank, or what comes next.",
        )
    learner.model.eval()
    try:
        return _ANSWERS[kind](_opened(learner, run), asked)
    finally:
        learner.model.train()


def _opened(learner: TextLearner, run: Path) -> Any:
    """The model as questions know it."""
    from ptft_gui.inspection.language.folder import LanguageFolder
    from ptft_gui.inspection.language.opening import LanguageModel

    block = int(learner.values["block_size"])
    folder = LanguageFolder(
        run,
        run,
        {},
        "causal" if learner.probe_kind == "continue" else "masked",
        0,
        0,
        0,
        {"block_size": block},
    )
    tokenizer = as_transformers(learner.tokenizer.tokenizer, learner.tokenizer.plan, block)
    return LanguageModel(folder, learner.asked, tokenizer)


def _generate(model: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
    from ptft_gui.inspection.language.generation import GenerationRequest, generate

    chosen = {
        key: asked[key] for key in ("temperature", "top_k", "top_p", "seed") if _is_number(asked.get(key))
    }
    length = asked.get("length") if _is_number(asked.get("length")) else _USUAL_LENGTH
    request = GenerationRequest(asked["generate"], length=min(int(length or 0), _LONGEST), **chosen)
    return {"generate": generate(model, request).text}


def _fill(model: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
    from ptft_gui.inspection.language.blanks import fill_mask

    found = fill_mask(model, asked["fill"], _topn(asked))
    blanks = [[[token, round(share, 4)] for token, share in blank] for blank in found.blanks]
    return {"fill": blanks[0], "blanks": blanks, "text": found.text}


def _next(model: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
    from ptft_gui.inspection.language.generation import next_tokens

    found = next_tokens(model, asked["next"], _topn(asked))
    return {"next": [[token, round(share, 4)] for token, share in found.tokens]}


_ANSWERS = {"generate": _generate, "fill": _fill, "next": _next}


def _topn(asked: Mapping[str, Any]) -> int:
    value = asked.get("topn")
    return min(max(value, 1), _MOST_CANDIDATES) if isinstance(value, int) else 10


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
