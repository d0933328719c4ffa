"""Which words fit a blank."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ptft_gui.core.errors import ModelError
from ptft_gui.inspection.language.opening import LanguageModel
from ptft_gui.inspection.language.texts import check_text, not_finite

BLANK = "[MASK]"
_MOST_BLANKS = 20
_BLANKS = re.compile(r"\[MASK\]|<mask>|_{3,}")

Candidate = tuple[str, float]


@dataclass(frozen=True)
class Filled:
    """``blanks``: for each the (token, probability) that fit, the likeliest first. ``text``: filled with the first.

    ``places``: where the blanks stand in the text that was asked about, (start, end) in signs.
    """

    blanks: list[list[Candidate]]
    text: str
    places: list[tuple[int, int]]


def fill_mask(model: LanguageModel, text: str, topn: int = 10) -> Filled:
    """Fill the blanks of a text; a blank is ``[MASK]``, ``<mask>`` or three underscores.

    All blanks are filled at once, each without knowing what the others become. Raises :class:`ModelError`.
    """
    import torch

    model.needs("masked", "fill a blank", "Let it go on with the text: --generate.")
    check_text(text)
    blank = re.compile(f"{_BLANKS.pattern}|{re.escape(str(model.tokenizer.mask_token))}")
    spans = [found.span() for found in blank.finditer(text)]
    parts = blank.split(text)
    _check_blanks(len(parts) - 1)
    ids = model.encode(str(model.tokenizer.mask_token).join(parts))
    places = [place for place, number in enumerate(ids) if number == model.tokenizer.mask_token_id]
    if len(ids) > model.window:
        raise ModelError(
            "The text around the blank is too long.",
            f"It has {len(ids):,} tokens; {model.name} reads {model.window:,} at once.",
            "Shorten it.",
        )
    with torch.inference_mode():
        scores = model.network(input_ids=torch.tensor([ids], device=model.device)).logits[0, places].float()
        if not torch.isfinite(scores).all():
            raise not_finite()
        shares = scores.masked_fill(model.forbidden, float("-inf")).softmax(-1)
        best = shares.topk(min(max(topn, 1), int((~model.forbidden).sum())))
    candidates = [
        [(model.shown(number), share) for number, share in zip(numbers, row, strict=True)]
        for numbers, row in zip(best.indices.tolist(), best.values.tolist(), strict=True)
    ]
    return Filled(candidates, _filled(parts, [row[0][0] for row in candidates]), spans)


def _check_blanks(count: int) -> None:
    if not count:
        raise ModelError(
            "The text holds no blank.", hint=f"Write {BLANK} or ___ where a word is to be found."
        )
    if count > _MOST_BLANKS:
        raise ModelError(
            "The text holds too many blanks.", f"There are {count:,}; {_MOST_BLANKS} is the most."
        )


def _filled(parts: list[str], words: list[str]) -> str:
    """The text with a word in each blank; a piece of a word joins the word before it."""
    text = parts[0]
    for word, part in zip(words, parts[1:], strict=True):
        if word.startswith("##"):
            text = text.rstrip() + word[2:]
        else:
            text += word.strip() if not text or text[-1].isspace() else word
        text += part
    return text
