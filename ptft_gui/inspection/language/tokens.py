"""What the model's own tokens mean: near ones, and one word in two sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.errors import ModelError, UnknownWordError
from ptft_gui.inspection.language.opening import LanguageModel
from ptft_gui.inspection.language.texts import check_text, not_finite

_MOST_NEIGHBOURS = 1000


@dataclass(frozen=True)
class TokenNeighbours:
    """``token`` as it was found in the vocabulary; ``neighbours``: (token, cosine), the nearest first."""

    token: str
    neighbours: list[tuple[str, float]]


def token_neighbours(model: LanguageModel, word: str, topn: int = 10) -> TokenNeighbours:
    """The tokens whose vectors at the entrance of the model point nearly the same way.

    Raises :class:`~ptft_gui.core.errors.UnknownWordError` for a word that is no single token.
    """
    import torch
    from torch.nn.functional import normalize

    number = _token_number(model, word.strip())
    with torch.inference_mode():
        vectors = model.network.get_input_embeddings().weight
        cosines = normalize(vectors.float(), dim=1) @ normalize(vectors[number].float(), dim=0)
        if not torch.isfinite(cosines).all():
            raise not_finite()
        cosines[: len(model.forbidden)][model.forbidden] = -2.0
        cosines[number] = -2.0
        count = min(max(topn, 1), _MOST_NEIGHBOURS, int((cosines > -2).sum()))
        best = cosines.topk(count)
    rows = zip(best.indices.tolist(), best.values.tolist(), strict=True)
    return TokenNeighbours(model.shown(number), [(model.shown(near), cosine) for near, cosine in rows])


def _token_number(model: LanguageModel, word: str) -> int:
    """The one token that a word is, with or without a space before it, its case folded where that is needed."""
    check_text(word)
    tokenizer = model.tokenizer
    known = tokenizer.get_vocab()
    if word in known:
        return int(known[word])
    for spelling in (f" {word}", word, f" {word.lower()}", word.lower()):
        ids = tokenizer(spelling, add_special_tokens=False, verbose=False)["input_ids"]
        if len(ids) == 1 and ids[0] != tokenizer.unk_token_id:
            return int(ids[0])
    pieces = [
        model.shown(number)
        for number in tokenizer(word, add_special_tokens=False, verbose=False)["input_ids"]
    ]
    raise UnknownWordError(
        f'"{word[:60]}" is not one token of {model.name}.',
        f"It is cut into {', '.join(pieces[:12])}." if pieces else "Its tokenizer makes nothing of it.",
        "Ask for one of the pieces, or for another word.",
        word=word,
        suggestions=tuple(piece.strip() for piece in pieces[:12]),
    )


@dataclass(frozen=True)
class WordInContext:
    """How alike a word is in two sentences, 1 the same.

    ``layers``: the cosine after each layer, the entrance first. ``usual``: the mean cosine between different words of
    the two sentences after the last layer, to judge the word's by.
    """

    similarity: float
    usual: float | None
    layers: list[float]

    @property
    def sentence(self) -> str:
        text = f"In the two sentences the word is {self.similarity:.2f} alike"
        return text + (
            f"; two different words of them are {self.usual:.2f} alike." if self.usual is not None else "."
        )


def word_in_two_sentences(model: LanguageModel, word: str, first: str, second: str) -> WordInContext:
    """Compare the vectors of one word in two sentences, as *bank* by a river and *bank* with money.

    A word cut into pieces is the mean of their vectors. Raises :class:`ModelError` where a sentence lacks the word.
    """
    import torch
    from torch.nn.functional import cosine_similarity, normalize

    if not model.tokenizer.is_fast:
        raise ModelError(
            f"{model.name} does not tell where its tokens stand in a text.", hint="Ask another model."
        )
    with torch.inference_mode():
        here, there = _WordStates.of(model, word, first), _WordStates.of(model, word, second)
        layers = cosine_similarity(here.word, there.word, dim=-1)
        if not torch.isfinite(layers).all():
            raise not_finite()
        apart = normalize(here.others, dim=-1) @ normalize(there.others, dim=-1).T
        kept = apart[here.ids[:, None] != there.ids[None, :]]
        usual = float(kept.mean()) if kept.numel() else None
    return WordInContext(float(layers[-1]), usual, [float(cosine) for cosine in layers])


@dataclass(frozen=True)
class _WordStates:
    """``word``: its vector after each layer, (layers, d); ``others``: the last ones of the other tokens, (n, d)."""

    word: Any
    others: Any
    ids: Any

    @classmethod
    def of(cls, model: LanguageModel, word: str, sentence: str) -> _WordStates:
        import torch

        check_text(word)
        check_text(sentence)
        read = model.tokenizer(sentence, return_offsets_mapping=True, verbose=False)
        ids, offsets = read["input_ids"][: model.window], read["offset_mapping"][: model.window]
        start, end = _place_of(word.strip(), sentence)
        inside = [n for n, (a, b) in enumerate(offsets) if a < end and b > start and a < b]
        if not inside:
            raise ModelError(
                f"{model.name} does not see {word} in the sentence.",
                f"It reads {model.window:,} tokens.",
                "Choose a shorter sentence.",
            )
        states = model.network(
            input_ids=torch.tensor([ids], device=model.device), output_hidden_states=True
        ).hidden_states
        stacked = torch.stack([layer[0].float() for layer in states])
        signs = set(model.tokenizer.all_special_ids)
        others = [n for n, number in enumerate(ids) if n not in inside and number not in signs]
        return cls(
            stacked[:, inside].mean(dim=1), stacked[-1, others], torch.tensor([ids[n] for n in others])
        )


def _place_of(word: str, sentence: str) -> tuple[int, int]:
    """Where a word stands in a sentence, as a whole word before as a part of one."""
    for pattern in (rf"(?<!\w){re.escape(word)}(?!\w)", re.escape(word)):
        if found := re.search(pattern, sentence, re.IGNORECASE):
            return found.span()
    raise ModelError(
        f'"{word[:60]}" does not stand in the sentence.',
        f"The sentence begins: {sentence[:60]}.",
        "Choose a word that stands in both sentences.",
    )
