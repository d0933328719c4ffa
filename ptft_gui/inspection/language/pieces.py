"""How a text is cut into the tokens of a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ptft_gui.inspection.language.choices import token_spans
from ptft_gui.inspection.language.opening import LanguageModel
from ptft_gui.inspection.language.texts import check_text

MOST_PIECES = 2_000
PieceKind = Literal["text", "goes on", "special", "unknown"]


@dataclass(frozen=True)
class Piece:
    """A token: its text as a person reads it, its number, where it stands in the text (in signs), and what it is:
    ``text``, ``goes on`` with the word before it, ``special`` for a sign that frames a text, or ``unknown``."""

    token: str
    number: int
    start: int
    end: int
    kind: PieceKind


@dataclass(frozen=True)
class Cut:
    """``pieces``: the first of ``count`` tokens; ``characters``: signs of the text; ``vocabulary``: all tokens."""

    pieces: list[Piece]
    count: int
    characters: int
    vocabulary: int
    unknown: int

    @property
    def sentence(self) -> str:
        words = (
            f"{self.characters:,} signs become {self.count:,} tokens; the model knows {self.vocabulary:,}."
        )
        if self.unknown:
            lost = "One stands" if self.unknown == 1 else f"{self.unknown:,} stand"
            words += f" {lost} for signs that the model does not know."
        if len(self.pieces) < self.count:
            words += f" The first {len(self.pieces):,} are shown."
        return words


def cut_text(model: LanguageModel, text: str) -> Cut:
    """Cut a text as the model reads it. Raises :class:`~ptft_gui.core.errors.ModelError`."""
    check_text(text)
    tokenizer = model.tokenizer
    ids = model.encode(text)
    unknown = tokenizer.unk_token_id
    spans = token_spans(model, text, ids[:MOST_PIECES])
    special = set(tokenizer.all_special_ids)
    pieces = [
        Piece(model.shown(number), number, start, end, _kind(model, text, number, start, end, special))
        for number, (start, end) in zip(ids[:MOST_PIECES], spans, strict=True)
    ]
    lost = ids.count(unknown) if unknown is not None and unknown != tokenizer.eos_token_id else 0
    return Cut(pieces, len(ids), len(text), len(tokenizer), lost)


def _kind(model: LanguageModel, text: str, number: int, start: int, end: int, special: set[int]) -> PieceKind:
    if number in special:
        is_lost = number == model.tokenizer.unk_token_id and end > start
        return "unknown" if is_lost else "special"
    goes_on = start > 0 and end > start and text[start - 1].isalnum() and text[start].isalnum()
    return "goes on" if goes_on else "text"
