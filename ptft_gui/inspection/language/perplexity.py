"""How surprising a text is to a model."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.inspection.language.opening import LanguageModel
from ptft_gui.inspection.language.texts import check_text, not_finite, tokens_of
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

MOST_SHOWN_TOKENS = 5_000
_MOST_SCORES = 1 << 26
_HIDDEN_EVERY = 7
"""Of a model that fills blanks every seventh token is hidden at a time, about as many as in training."""


@dataclass(frozen=True)
class Perplexity:
    """``nats``: mean surprise a token; ``perplexity`` its exponential; ``bits_per_character`` over what was guessed.

    ``tokens``: (text, nats) of the first ones, as they stand; nats is None where a token was not guessed: the very
    first of a model that goes on with a text, which has nothing before it, and signs that frame a text.
    """

    nats: float
    perplexity: float
    bits_per_character: float
    guessed: int
    characters: int
    tokens: list[tuple[str, float | None]]
    unknown: int
    is_masked: bool

    @property
    def sentence(self) -> str:
        how = (
            "each hidden once, the text on both sides seen"
            if self.is_masked
            else "each from what stands before it"
        )
        text = (
            f"At each token the model was as unsure as between {self.perplexity:,.1f} equally likely ones "
            f"({self.guessed:,} tokens guessed, {how})."
        )
        return text + (f" {self.unknown:,} tokens are unknown to it." if self.unknown else "")


def perplexity(
    model: LanguageModel, text: str, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> Perplexity:
    """Measure the surprise of a text.

    A model that goes on with a text guesses each token from those before it, at least half a window of them where
    there are as many. One that fills blanks guesses each token once while every seventh is hidden: the
    pseudo-perplexity of Salazar et al. 2020, with about the share of hidden tokens that it was trained with. Raises
    :class:`ModelError`, :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    import torch

    check_text(text)
    read = tokens_of(model, text)
    ids = read.ids
    nats: dict[int, float] = {}
    with torch.inference_mode():
        for places, scores, answers in guesses(model, ids):
            if should_stop():
                raise StoppedByPerson
            nats.update(zip(places, _surprises(scores, answers), strict=True))
            progress("Reading the text", min(1.0, len(nats) / len(ids)))
    if not nats:
        raise ModelError("The text is too short.", "There is no token to guess.", "Type a whole sentence.")
    summed = sum(nats.values())
    if not math.isfinite(summed):
        raise not_finite()
    mean = summed / len(nats)
    characters = len(text) - (len(model.decode(ids[:1])) if model.kind == "causal" else 0)
    shown = [(model.shown(number), nats.get(place)) for place, number in enumerate(ids[:MOST_SHOWN_TOKENS])]
    return Perplexity(
        mean,
        math.exp(min(mean, 700.0)),
        summed / math.log(2) / max(1, characters),
        len(nats),
        characters,
        shown,
        read.unknown,
        model.kind == "masked",
    )


def _width(model: LanguageModel) -> int:
    """How many tokens are read at once: the window, less where the scores of so many would not fit the memory."""
    return max(2, min(model.window, _MOST_SCORES // len(model.forbidden)))


def _frame(model: LanguageModel) -> tuple[int | None, int | None]:
    """The tokens before and after a text of a model that fills blanks; they are not guessed."""
    return model.tokenizer.cls_token_id, model.tokenizer.sep_token_id


Part = tuple[list[int], Any, Any]


def guesses(model: LanguageModel, ids: list[int]) -> Iterator[Part]:
    """The model's guess at each token of a text, a part at a time: places, scores (n, V) and the true tokens (n,)."""
    return _causal(model, ids) if model.kind == "causal" else _masked(model, ids)


def _causal(model: LanguageModel, ids: list[int]) -> Iterator[Part]:
    """A window at a time; a window overlaps the last by half."""
    import torch

    window, done = _width(model), 1
    while done < len(ids):
        start = max(0, done - window // 2) if done > 1 else 0
        read = torch.tensor([ids[start : start + window]], device=model.device)
        scores = model.network(input_ids=read).logits[0, done - start - 1 : -1]
        places = list(range(done, start + read.shape[1]))
        yield places, scores, read[0, done - start :]
        done = start + read.shape[1]


def _masked(model: LanguageModel, ids: list[int]) -> Iterator[Part]:
    """Every seventh token is hidden at a time, in turn; each window is framed as a text is."""
    import torch

    before, after = ([sign] if sign is not None else [] for sign in _frame(model))
    inner = [place for place, number in enumerate(ids) if number not in (*before, *after)]
    width = max(1, _width(model) - len(before) - len(after))
    for start in range(0, len(inner), width):
        part = inner[start : start + width]
        whole = torch.tensor([[*before, *(ids[place] for place in part), *after]], device=model.device)
        for turn in range(min(_HIDDEN_EVERY, len(part))):
            hidden = list(range(turn, len(part), _HIDDEN_EVERY))
            places = [len(before) + place for place in hidden]
            read = whole.clone()
            read[0, places] = model.tokenizer.mask_token_id
            scores = model.network(input_ids=read).logits[0, places]
            yield [part[place] for place in hidden], scores, whole[0, places]


def _surprises(scores: Any, answers: Any) -> list[float]:
    """Nats of each answer, by scores of shape (n, V)."""
    from torch.nn.functional import cross_entropy

    nats: list[float] = cross_entropy(scores.float(), answers, reduction="none").tolist()
    return nats
