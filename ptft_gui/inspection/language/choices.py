"""What a model held likely at each place of a text, beside what stands there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.inspection.language.opening import LanguageModel
from ptft_gui.inspection.language.perplexity import MOST_SHOWN_TOKENS, guesses
from ptft_gui.inspection.language.texts import check_text, not_finite, tokens_of
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

MOST_CHOICES = 20


@dataclass(frozen=True)
class Choice:
    """One token of a text, from sign ``start`` to ``end``. ``share``: its probability, None where it was not guessed;
    ``others``: the (token, probability) that were likeliest there, the token itself among them where it was."""

    start: int
    end: int
    token: str
    share: float | None
    others: list[tuple[str, float]]


def token_choices(
    model: LanguageModel,
    text: str,
    start: int = 0,
    topn: int = 8,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> list[Choice]:
    """The tokens of ``text`` that end behind sign ``start``, each with what else was likely, at temperature 1.

    Of a long text the first 5,000 tokens are told. Raises :class:`~ptft_gui.core.errors.ModelError`,
    :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    import torch

    check_text(text)
    ids = tokens_of(model, text).ids
    spans = token_spans(model, text, ids)
    told: dict[int, tuple[float, list[tuple[str, float]]]] = {}
    with torch.inference_mode():
        for places, scores, answers in guesses(model, ids):
            if should_stop():
                raise StoppedByPerson
            wanted = [n for n, place in enumerate(places) if spans[place][1] > start]
            told |= _likeliest(model, places, scores, answers, wanted, min(max(topn, 1), MOST_CHOICES))
            progress("Reading the text", min(1.0, (max(places) + 1) / len(ids)))
    shown = [
        Choice(*span, model.shown(number), *told.get(place, (None, [])))
        for place, (number, span) in enumerate(zip(ids, spans, strict=True))
        if span[1] > max(start, span[0])
    ]
    return shown[:MOST_SHOWN_TOKENS]


def _likeliest(
    model: LanguageModel, places: list[int], scores: Any, answers: Any, wanted: list[int], topn: int
) -> dict[int, tuple[float, list[tuple[str, float]]]]:
    """By place: the probability of what stands there, and the likeliest. ``scores`` (n, V), ``answers`` (n,)."""
    import torch

    if not wanted:
        return {}
    rows = torch.tensor(wanted, device=scores.device)
    kept = scores[rows].float()
    if not torch.isfinite(kept).all():
        raise not_finite()
    shares = kept.masked_fill(_hidden_rows(model), float("-inf")).softmax(-1)
    best = shares.topk(min(topn, int((~_hidden_rows(model)).sum())))
    own = shares.gather(1, answers[rows, None])[:, 0].tolist()
    found = {}
    for n, share, numbers, likely in zip(
        wanted, own, best.indices.tolist(), best.values.tolist(), strict=True
    ):
        others = [(model.shown(number), value) for number, value in zip(numbers, likely, strict=True)]
        found[places[n]] = (share, others)
    return found


def _hidden_rows(model: LanguageModel) -> Any:
    """Rows that are no answer; of a model that goes on with a text its end is one."""
    rows = model.forbidden.clone()
    end = model.tokenizer.eos_token_id
    if model.kind == "causal" and end is not None and end < len(rows):
        rows[end] = False
    return rows


def token_spans(model: LanguageModel, text: str, ids: list[int]) -> list[tuple[int, int]]:
    """Where each token stands in the text, in signs; signs that frame a text stand nowhere, from 0 to 0."""
    if model.tokenizer.is_fast:
        read = model.tokenizer(text, return_offsets_mapping=True, verbose=False)
        offsets = [(int(start), int(end)) for start, end in read["offset_mapping"]][: len(ids)]
        if len(offsets) == len(ids) and read["input_ids"][: len(ids)] == ids:
            return offsets
    ends = [0]
    for count in range(1, len(ids) + 1):
        ends.append(max(ends[-1], min(len(text), len(model.decode(ids[:count])))))
    return list(pairwise(ends))
