"""From what a person asked for, and what the text is like, to the values a language model trains with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from ptft_gui.core.family.language_starts import LanguageStart
from ptft_gui.core.language_proposals import (
    TOO_LONG,
    LanguageFacts,
    propose_cutting,
    propose_micro_batch_size,
    propose_training,
    size_like,
    steps_of_preset,
)
from ptft_gui.core.proposals import Proposal, resolve
from ptft_gui.core.spec import RunSpec
from ptft_gui.engine.device import check_graphics_card, has_graphics_card
from ptft_gui.engine.language.batches import Blocks, check_enough
from ptft_gui.engine.language.documents import RawText, read_pieces
from ptft_gui.engine.language.known import Known
from ptft_gui.engine.language.looking import answers_cost, plan_looks
from ptft_gui.engine.language.sizes import shape_of
from ptft_gui.engine.language.tokenizer import CHARACTERS, WORDPIECE, TextTokenizer, TokenizerPlan
from ptft_gui.engine.language.tokens import TokenFiles
from ptft_gui.engine.plan import Plan, budget_of, is_limited_by_epochs

_SAMPLE_CHARACTERS = 1 << 16
_FAR_MORE_TOKENS = 1e12
_NEW_CHARACTERS, _NEW_TOKENS = 32, 16
"""What GPT writes in answer to a probe: about a line."""


Cutting = tuple[dict[str, Any], dict[str, str]]
"""The options with the cutting filled in, and reasons."""


def facts_of(text: RawText) -> LanguageFacts:
    """What proposals are made from."""
    sample = next(iter(read_pieces(text.train_path, _SAMPLE_CHARACTERS)), ("", True))[0]
    chinese = sum("\u4e00" <= sign <= "\u9fff" for sign in sample)
    return LanguageFacts(text.train_characters, chinese / max(len(sample), 1))


def resolve_cutting(spec: RunSpec, text: RawText) -> Cutting:
    """The options with the cutting filled in, and reasons."""
    proposals = propose_cutting(spec.family, spec.preset, facts_of(text), spec.options)
    values, reasons = resolve(spec.options, proposals)
    return dict(values), reasons


def cutting_with(
    spec: RunSpec, text: RawText, tokenizer: TextTokenizer, taken_from: str, start: LanguageStart | None
) -> Cutting:
    """The same where the tokenizer is taken from elsewhere, and from a ``start`` the shape of the model too."""
    values, reasons = resolve_cutting(spec, text)
    fixed: dict[str, Any] = {"tokenizer": tokenizer.plan.kind, "vocab_size": tokenizer.size}
    if start is not None:
        size = size_like(start.layers, start.width)
        fixed |= {"model_size": size, "layers": start.layers, "width": start.width, "heads": start.heads}
    return {**values, **fixed}, {**reasons, **dict.fromkeys(fixed, f"As {taken_from} has it.")}


def tokenizer_plan(spec: RunSpec, values: Mapping[str, Any]) -> TokenizerPlan:
    """Which tokenizer these values ask for."""
    is_masked = spec.family == "bert"
    case = spec.data.case or ("lower" if values["tokenizer"] == WORDPIECE else "keep")
    return TokenizerPlan(str(values["tokenizer"]), int(values["vocab_size"]), case == "lower", is_masked)


def resolve_plan(
    spec: RunSpec,
    text: RawText,
    tokenizer: TextTokenizer,
    tokens: TokenFiles,
    cutting: Cutting,
    known: Known | None = None,
) -> Plan:
    """Fill in what was left automatic and record what was decided and used. Raises PtftError for what cannot be.

    ``known``: the model that is gone on with.
    """
    values, reasons = cutting
    start = known.start if known is not None else None
    proposals = propose_training(
        spec.family,
        spec.preset,
        tokens.train_count,
        values,
        goes_on=start is not None,
        positions=start.positions if start is not None else 0,
    )
    values, more = resolve(values, proposals)
    plain: dict[str, Any] = dict(values)
    if known is not None and start is not None:
        plain["initial"] = _facts_of_start(known, start)
    plain |= _device(spec)
    reasons = {**reasons, **more}
    blocks = _blocks(spec.family, tokens, plain)
    check_enough(blocks, int(plain["block_size"]), text.train_characters)
    plain["global_batch_size"] = min(int(plain["global_batch_size"]), blocks.count)
    plain["batch_tokens"] = plain["global_batch_size"] * int(plain["block_size"])
    plain["micro_batch_size"] = plain["micro_batch_size"] or propose_micro_batch_size(
        str(plain["device"]), int(plain["block_size"]), int(plain["global_batch_size"])
    )
    shape_of(plain)
    steps_an_epoch = blocks.count // plain["global_batch_size"]
    plain |= _length(spec, plain, steps_an_epoch, reasons)
    return Plan({**plain, **_facts(spec, text, tokenizer, tokens), "steps_an_epoch": steps_an_epoch}, reasons)


def _facts_of_start(known: Known, start: LanguageStart) -> dict[str, Any]:
    return {
        "source": start.init,
        "name": start.name,
        "family": start.family,
        "kind": start.kind,
        "dataset_title": start.dataset_title,
        "positions": start.positions,
        "fingerprint": known.fingerprint,
    }


def _blocks(family: str, tokens: TokenFiles, values: Mapping[str, Any]) -> Blocks:
    length = int(values["block_size"])
    if family == "gpt":
        return Blocks(tokens.train, length, ahead=1)
    return Blocks(tokens.train, length - frame_of(values))


def frame_of(values: Mapping[str, Any]) -> int:
    """How many tokens of a block of BERT are none of the text: begin and end, and one between two halves."""
    return 3 if values.get("next_sentence") else 2


def _device(spec: RunSpec) -> dict[str, Any]:
    asked = spec.options.get("device")
    if asked == "cuda":
        check_graphics_card()
    return {"device": asked or ("cuda" if has_graphics_card() else "cpu")}


def _length(
    spec: RunSpec, values: dict[str, Any], steps_an_epoch: int, reasons: dict[str, str]
) -> dict[str, Any]:
    """The budget, and how much is read and looked at."""
    limits_epochs = is_limited_by_epochs(spec)
    if limits_epochs and spec.options.get("epochs") is None:
        goes_on_as = str(values["model_size"]) if values.get("initial") else ""
        meant = steps_of_preset(spec.family, spec.preset, int(values["batch_tokens"]), goes_on_as)
        if steps_an_epoch > TOO_LONG * meant:
            values = {**values, "max_steps": meant}
            limits_epochs = False
            reasons["max_steps"] = f"The text is long; {spec.preset} reads a part of it, drawn evenly."
    budget = budget_of(values, limits_epochs)
    steps = budget.steps
    if budget.epochs is not None:
        steps = min(budget.epochs * steps_an_epoch, steps or math.inf)  # type: ignore[assignment]
    epochs = values["epochs"]
    if not limits_epochs:
        epochs = None if steps is None else math.ceil(steps / steps_an_epoch)
        reasons["epochs"] = "The length is limited otherwise."
    # where minutes limit the run, how much a look reads is measured later
    read = math.inf if steps is None else steps * values["batch_tokens"]
    answers = _answers_of_look(spec.family, values)
    looks = plan_looks(min(read, _FAR_MORE_TOKENS), answers, steps is None)
    return {
        "epochs": epochs,
        "max_steps": values["max_steps"],
        "budget": asdict(budget),
        "limited_by": budget.kind,
        "planned_steps": steps,
        "checks": looks.checks,
        "answers_cost": answers,
        "looked_at_tokens": looks.read,
    }


def _answers_of_look(family: str, values: Mapping[str, Any]) -> int:
    """What the answers to all probes cost at one look, in tokens learned."""
    calls = 1
    if family == "gpt":
        calls = new_tokens(str(values["tokenizer"]), int(values["block_size"]))
    return answers_cost(calls, str(values["device"]))


def new_tokens(tokenizer: str, block_size: int) -> int:
    """How many tokens GPT writes in answer to a probe."""
    return min(_NEW_CHARACTERS if tokenizer == CHARACTERS else _NEW_TOKENS, max(block_size // 2, 1))


def _facts(spec: RunSpec, text: RawText, tokenizer: TextTokenizer, tokens: TokenFiles) -> dict[str, Any]:
    return {
        "case": "lower" if tokenizer.plan.is_lower_case else "keep",
        "tokenizer_plan": asdict(tokenizer.plan),
        "tokenizer_stamp": tokenizer.stamp,
        "tokens_in_vocabulary": tokenizer.size,
        "fingerprint": text.facts["fingerprint"],
        "documents": text.facts["documents"],
        "characters": text.facts["characters"],
        "train_tokens": tokens.train_count,
        "val_tokens": tokens.val_count,
        "unknown_share": round(int(tokens.facts.get("unknown", 0)) / max(tokens.train_count, 1), 6),
        "characters_per_token": round(tokens.characters_per_token, 6),
        "split": text.facts["split"]["kind"],
        "split_sentence": text.facts["split"]["sentence"],
        "versions": {name: version(name) for name in ("torch", "transformers", "tokenizers", "numpy")},
    }


def with_reason(plan: Plan, key: str, proposal: Proposal) -> Plan:
    """The plan with one more measured value."""
    return Plan({**plan.values, key: proposal.value}, {**plan.reasons, key: proposal.reason}, plan.why)
