"""Going on with a text, token by token, and what could come next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ptft_gui.core.errors import ModelError
from ptft_gui.inspection.language.opening import LanguageModel
from ptft_gui.inspection.language.texts import check_text, not_finite, tokens_of
from ptft_gui.inspection.vector_table import ShouldStop, never_stop

LONGEST_GENERATION = 5_000
_REMEMBERED_TOKENS = 16

Ended = Literal["length", "end of text", "stop", "stopped"]
OnText = Callable[[str, float], None]


def _ignore(_text: str, _fraction: float) -> None:
    """For callers that wait for the whole."""


@dataclass(frozen=True)
class GenerationRequest:
    """What to go on with, and how freely.

    ``length`` in tokens. ``temperature`` 0 always takes the likeliest token. ``top_k`` keeps the k likeliest (0 all),
    ``top_p`` the likeliest that together reach that probability (1 all). Same ``seed``, same text. ``stop``: texts
    that end the answer where they appear.
    """

    prompt: str
    length: int = 100
    temperature: float = 0.8
    top_k: int = 50
    top_p: float = 0.95
    seed: int = 1
    stop: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise :class:`ModelError` for a number out of its range, naming it."""
        ranges = (
            ("length", self.length, 1, LONGEST_GENERATION),
            ("temperature", self.temperature, 0, 10),
            ("top_k", self.top_k, 0, 10_000_000),
            ("top_p", self.top_p, 0, 1),
            ("seed", self.seed, 0, 2**63 - 1),
        )
        for name, value, low, high in ranges:
            if not low <= value <= high:  # false for nan too
                raise ModelError(
                    f"{name} cannot be {value}.", hint=f"Give a number from {low:,} to {high:,}."
                )


@dataclass(frozen=True)
class Generated:
    """``text`` is the prompt and what the model added, ``added`` the latter alone; ``ended`` tells why it ends."""

    prompt: str
    added: str
    tokens: int
    ended: Ended
    unknown: int = 0

    @property
    def text(self) -> str:
        return self.prompt + self.added

    @property
    def sentence(self) -> str:
        why = {
            "length": "the most that was allowed",
            "end of text": "the model ended the text",
            "stop": "a text that ends it appeared",
            "stopped": "you stopped it",
        }[self.ended]
        lost = f" {self.unknown:,} signs of the beginning are unknown to the model." if self.unknown else ""
        return f"{self.tokens:,} tokens; {why}.{lost}"


def generate(
    model: LanguageModel,
    request: GenerationRequest,
    on_text: OnText = _ignore,
    should_stop: ShouldStop = never_stop,
) -> Generated:
    """Go on with a text. ``on_text(text so far, fraction)`` is called after every token.

    Where the window of the model is full, it goes on with the newer half of what it read. When a person stops it,
    what there is so far is returned. Raises :class:`ModelError`.
    """
    import torch

    model.needs("causal", "go on with a text", "Let it fill a blank: --fill.")
    request.check()
    check_text(request.prompt, allows_empty=True)
    read = tokens_of(model, request.prompt)
    ids, new, added, ended = list(read.ids), [], "", "length"
    chance = torch.Generator().manual_seed(request.seed)
    choose = _Chooser(request, _answers_of(model), chance)
    steps = _scores(model, ids)
    with torch.inference_mode():
        for scores in steps:
            if should_stop():
                ended = "stopped"
                break
            number = choose(scores)
            if number == model.tokenizer.eos_token_id:
                ended = "end of text"
                break
            ids.append(number)
            new.append(number)
            added, is_over = _until_stop(_added_text(model, read.ids, new), request.stop)
            on_text(request.prompt + added, len(new) / request.length)
            if is_over or len(new) == request.length:
                ended = "stop" if is_over else "length"
                break
    return Generated(request.prompt, added, len(new), ended, read.unknown)  # type: ignore[arg-type]


def _added_text(model: LanguageModel, prompt: list[int], new: list[int]) -> str:
    """The text of the new tokens as it reads after the prompt; half of a sign waits for its other half."""
    before = prompt[-_REMEMBERED_TOKENS:]
    start, whole = model.decode(before), model.decode(before + new)
    text = whole[len(start) :] if whole.startswith(start) else model.decode(new)
    return text.rstrip("\ufffd")


def _until_stop(text: str, stops: tuple[str, ...]) -> tuple[str, bool]:
    """The text up to the first of the stops, and whether there was one."""
    found = [place for stop in stops if stop and (place := text.find(stop)) >= 0]
    return (text[: min(found)], True) if found else (text, False)


def _answers_of(model: LanguageModel) -> Any:
    """Rows that may be chosen, shape (V,) of bool: all but the forbidden, and the end of the text."""
    allowed = ~model.forbidden
    if (end := model.tokenizer.eos_token_id) is not None and end < len(allowed):
        allowed[end] = True
    return allowed


def _scores(model: LanguageModel, ids: list[int]) -> Iterator[Any]:
    """Scores of the next token after ``ids``, shape (V,), again and again while the caller appends to ``ids``.

    What was read is remembered as keys and values, so each step reads one token only.
    """
    import torch

    memory: Any = None
    unread = ids[-model.window :]
    length = 0
    while True:
        if memory is not None and length + len(unread) > model.window:
            memory, length, unread = None, 0, ids[-max(1, model.window // 2) :]
        read = torch.tensor([unread], device=model.device)
        seen = model.network(input_ids=read, past_key_values=memory, use_cache=True)
        memory, length = getattr(seen, "past_key_values", None), length + len(unread)
        yield seen.logits[0, -1].float()
        unread = ids[-1:]
        if memory is None:  # a network that remembers in another way reads everything again
            length, unread = 0, ids[-model.window :]


class _Chooser:
    """Draws a token from its scores as a request says; transformers' own filters do the thinning."""

    def __init__(self, request: GenerationRequest, allowed: Any, chance: Any) -> None:
        from transformers.generation import logits_process as filters

        self._allowed, self._chance = allowed, chance
        self._filters: list[Any] = []
        self._is_greedy = request.temperature == 0
        if self._is_greedy:
            return
        if request.temperature != 1:
            self._filters.append(filters.TemperatureLogitsWarper(float(request.temperature)))
        if request.top_k:
            self._filters.append(filters.TopKLogitsWarper(request.top_k))
        if request.top_p < 1:
            self._filters.append(filters.TopPLogitsWarper(float(request.top_p)))

    def __call__(self, scores: Any) -> int:
        import torch

        if not torch.isfinite(scores).all():
            raise not_finite()
        scores = scores.masked_fill(~self._allowed, float("-inf"))[None]
        if self._is_greedy:
            return int(scores.argmax())
        for thin in self._filters:
            scores = thin(None, scores)
        return int(torch.multinomial(scores.softmax(-1).cpu(), 1, generator=self._chance))


@dataclass(frozen=True)
class NextTokens:
    """``tokens``: (text, probability), the likeliest first. ``surprise``: how open it is, the entropy in nats."""

    tokens: list[tuple[str, float]]
    surprise: float


def next_tokens(model: LanguageModel, text: str, topn: int = 10, temperature: float = 1.0) -> NextTokens:
    """Which tokens could come after a text. Raises :class:`ModelError`."""
    import torch

    model.needs("causal", "tell what comes next", "Let it fill a blank: --fill.")
    check_text(text, allows_empty=True)
    if not 0 < temperature <= 10:
        raise ModelError(f"temperature cannot be {temperature}.", hint="Give a number above 0, up to 10.")
    ids = tokens_of(model, text).ids
    with torch.inference_mode():
        scores = next(_scores(model, ids))
        if not torch.isfinite(scores).all():
            raise not_finite()
        scores = scores.masked_fill(~_answers_of(model), float("-inf")) / temperature
        shares = scores.softmax(-1)
        best = shares.topk(min(max(topn, 1), int((shares > 0).sum())))
        entropy = float(torch.special.entr(shares).sum())
    rows = zip(best.indices.tolist(), best.values.tolist(), strict=True)
    return NextTokens([(model.shown(number), share) for number, share in rows], entropy)
