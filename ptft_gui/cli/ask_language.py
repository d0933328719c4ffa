"""The questions of ``ptft-gui ask`` to a language model: go on with a text, fill a blank, measure a text."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ptft_gui.cli.ask_before import start_to_ask
from ptft_gui.cli.ask_running import ask_running, is_learning
from ptft_gui.cli.commands import DONE
from ptft_gui.cli.output import print_json, print_table
from ptft_gui.cli.parser import whole_number
from ptft_gui.cli.targets import find_target
from ptft_gui.core.errors import ModelError, PtftError
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.language.blanks import fill_mask
from ptft_gui.inspection.language.generation import (
    LONGEST_GENERATION,
    Generated,
    GenerationRequest,
    generate,
    next_tokens,
)
from ptft_gui.inspection.language.opening import LanguageModel, open_language_model
from ptft_gui.inspection.language.perplexity import perplexity
from ptft_gui.inspection.language.pieces import cut_text
from ptft_gui.inspection.language.seen import Seen, seen_in_training
from ptft_gui.inspection.language.tokens import token_neighbours, word_in_two_sentences

LANGUAGE_QUESTIONS = ("generate", "fill", "perplexity", "next", "tokens", "word")
_Data = dict[str, Any]
_Answer = Callable[[LanguageModel, Any, argparse.Namespace], _Data | None]
"""Returns what ``--json`` prints; without it prints the answer in words, and returns None."""
_USUAL = GenerationRequest("")
_LONGEST_LIVE = 200  # training waits while a run answers


def add_language_options(parser: argparse.ArgumentParser, question: Any) -> None:
    """The questions themselves go into ``question``, a group of which one is asked."""
    question.add_argument("--generate", metavar="PROMPT", help="let a GPT go on with a text")
    question.add_argument(
        "--next", metavar="TEXT", help="the tokens that could come next, with probabilities"
    )
    question.add_argument("--fill", metavar="TEXT", help="what fits the blank, written [MASK] or ___")
    question.add_argument("--perplexity", metavar="TEXT", help="how surprising a text is to the model")
    question.add_argument(
        "--tokens", metavar="TEXT", help="how a text is cut into tokens, with their numbers"
    )
    question.add_argument(
        "--word",
        metavar=("WORD", "A", "B"),
        nargs=3,
        help="how alike a word is in two sentences to the model",
    )
    group = parser.add_argument_group("with --generate")
    group.add_argument(
        "--length",
        metavar="N",
        type=whole_number("--length", 1, LONGEST_GENERATION),
        default=_USUAL.length,
        help=f"how many tokens at most (usual: {_USUAL.length})",
    )
    group.add_argument(
        "--temperature",
        metavar="T",
        type=_number("--temperature", 0, 10),
        default=_USUAL.temperature,
        help=f"how daring; 0 always takes the likeliest token (usual: {_USUAL.temperature})",
    )
    group.add_argument(
        "--top-k",
        metavar="K",
        type=whole_number("--top-k", 0, 10_000_000),
        default=_USUAL.top_k,
        help=f"only the K likeliest tokens; 0 is all (usual: {_USUAL.top_k})",
    )
    group.add_argument(
        "--top-p",
        metavar="P",
        type=_number("--top-p", 0, 1),
        default=_USUAL.top_p,
        help=f"only the likeliest that reach this probability together; 1 is all (usual: {_USUAL.top_p})",
    )
    group.add_argument(
        "--seed",
        metavar="N",
        type=whole_number("--seed", 0, 10**12 - 1),
        default=_USUAL.seed,
        help="same seed, same text",
    )
    group.add_argument(
        "--stop", metavar="TEXT", action="append", default=[], help="end where this appears; may be repeated"
    )
    group.add_argument(
        "--seen", action="store_true", help="tell which parts stand word for word in the training text"
    )


def ask_language(target: Path | RunDir, options: argparse.Namespace) -> int:
    """Answer the one question that was asked of a language model, and print it."""
    for name, answer in _ANSWERS.items():
        if (text := getattr(options, name)) is not None:
            if isinstance(target, RunDir) and is_learning(target) and _is_for_running(name, options):
                _ask_running(target, name, text, options)
                return DONE
            if options.before:
                _answer_with_before(answer, target, text, options)
                return DONE
            _answer_from(answer, target, text, options)
            if options.compare is not None:
                other = find_target(options.runs, options.compare)
                print(f"{other.title() if isinstance(other, RunDir) else other.name}:", file=sys.stderr)
                _answer_from(answer, other, text, options)
            return DONE
    name = target.title() if isinstance(target, RunDir) else target.name
    if options.classify is not None:
        raise ModelError(
            f"{name} has not learned to sort texts into classes.",
            hint="Fine-tune it for that first (--stage finetune --task classification), or give a model that was.",
        )
    raise ModelError(
        "A language model does not answer --analogy.",
        "That is a question to word vectors.",
        "Ask it to --generate, --fill, or for --perplexity.",
    )


def _answer_from(answer: _Answer, target: Path | RunDir, text: Any, options: argparse.Namespace) -> None:
    told = answer(_opened(target), text, options)
    if told is not None:
        print_json(told)


def _answer_with_before(
    answer: _Answer, target: Path | RunDir, text: Any, options: argparse.Namespace
) -> None:
    """The answer of the model, and below it that of the model it started from."""
    model = _opened(target)
    start = start_to_ask(target)
    told = answer(model, text, options)
    if told is None:
        print(f"\nBefore training ({start.name}):", flush=True)
    before = answer(open_language_model(start.path), text, options)
    if told is not None:
        print_json(told | {"before": {"start": start.name, **(before or {})}})


def _opened(target: Path | RunDir) -> LanguageModel:
    model = open_language_model(target)
    if model.step is not None:
        print(f"As it stood at step {model.step:,}, its newest checkpoint.", file=sys.stderr)
    return model


def _is_for_running(name: str, options: argparse.Namespace) -> bool:
    """Whether the run itself answers this between two steps; what takes longer is asked of its newest checkpoint."""
    if name == "generate":
        return options.length <= _LONGEST_LIVE and not (
            options.stop or options.seen or options.compare or options.before
        )
    return name in ("fill", "next") and options.compare is None and not options.before


def _ask_running(run: RunDir, name: str, text: str, options: argparse.Namespace) -> None:
    """Let the run that trains answer, as the model is at this very moment."""
    question: dict[str, Any] = {name: text, "topn": options.topn}
    if name == "generate":
        question |= {
            key: getattr(options, key) for key in ("length", "temperature", "top_k", "top_p", "seed")
        }
    answer = ask_running(run, question)
    print("As it is at this moment; training goes on.", file=sys.stderr)
    if options.json:
        told = {name: answer[name]}
        blanks = answer.get("blanks") or []
        print_json(told | ({"blanks": blanks} if len(blanks) > 1 else {}))
    elif name == "generate":
        print(answer["generate"])
    elif name == "fill":
        _print_blanks(answer["blanks"], str(answer["text"]))
    else:
        print_table([(repr(token)[1:-1], f"{share:.2f}") for token, share in answer["next"]], right=(1,))


def _generate(model: LanguageModel, prompt: str, options: argparse.Namespace) -> _Data | None:
    request = GenerationRequest(
        prompt,
        options.length,
        options.temperature,
        options.top_k,
        options.top_p,
        options.seed,
        tuple(options.stop),
    )
    if options.json:
        done = generate(model, request)
        seen = _seen(model, done) if options.seen else None
        return {"generate": done.text} | ({"seen": seen.spans} if seen else {})
    printed = ""

    def show(text: str, _fraction: float) -> None:
        nonlocal printed
        if not request.stop:  # with a stop the last tokens may be taken back
            sys.stdout.write(text[len(printed) :])
            sys.stdout.flush()
            printed = text

    done = generate(model, request, show)
    print(done.text[len(printed) :])
    print(f"({done.sentence})", file=sys.stderr)
    if options.seen:
        seen = _seen(model, done)
        print(seen.sentence)
        for start, end in seen.spans:
            print(f"  {' '.join(done.text[start:end].split())}")
    return None


def _seen(model: LanguageModel, done: Generated) -> Seen:
    """Runs that the model wrote itself or went on with, not those of the prompt alone."""
    return seen_in_training(model.folder, done.text).reaching_past(len(done.prompt))


def _fill(model: LanguageModel, text: str, options: argparse.Namespace) -> _Data | None:
    found = fill_mask(model, text, options.topn)
    rounded = [[[token, round(share, 4)] for token, share in blank] for blank in found.blanks]
    if options.json:
        return {"fill": rounded[0]} | ({"blanks": rounded} if len(rounded) > 1 else {})
    _print_blanks(found.blanks, found.text)
    return None


def _print_blanks(blanks: Sequence[Sequence[Any]], text: str) -> None:
    for number, blank in enumerate(blanks, 1):
        if len(blanks) > 1:
            print(f"Blank {number}:")
        print_table([(token, f"{share:.2f}") for token, share in blank], right=(1,))
    print(text)


def _perplexity(model: LanguageModel, text: str, options: argparse.Namespace) -> _Data | None:
    found = perplexity(model, text)
    if options.json:
        return {
            "perplexity": round(found.perplexity, 4),
            "nats": round(found.nats, 6),
            "bits_per_character": round(found.bits_per_character, 6),
            "tokens": found.guessed,
        }
    print(f"Perplexity {found.perplexity:,.2f}, {found.bits_per_character:.3f} bits per character.")
    print(found.sentence)
    return None


def _next(model: LanguageModel, text: str, options: argparse.Namespace) -> _Data | None:
    found = next_tokens(model, text, options.topn)
    if options.json:
        return {"next": [[token, round(share, 4)] for token, share in found.tokens]}
    print_table([(repr(token)[1:-1], f"{share:.2f}") for token, share in found.tokens], right=(1,))
    return None


def _similar(model: LanguageModel, word: str, options: argparse.Namespace) -> _Data | None:
    found = token_neighbours(model, word, options.topn)
    if options.json:
        return {"similar": [[token, round(cosine, 4)] for token, cosine in found.neighbours]}
    print_table([(repr(token)[1:-1], f"{cosine:.2f}") for token, cosine in found.neighbours], right=(1,))
    return None


def _tokens(model: LanguageModel, text: str, options: argparse.Namespace) -> _Data | None:
    found = cut_text(model, text)
    if options.json:
        return {"tokens": [[piece.token, piece.number] for piece in found.pieces]}
    print_table([(repr(piece.token)[1:-1], f"{piece.number}") for piece in found.pieces], right=(1,))
    print(found.sentence)
    return None


def _word(model: LanguageModel, asked: Sequence[str], options: argparse.Namespace) -> _Data | None:
    found = word_in_two_sentences(model, *asked)
    if options.json:
        rounded = {
            "similarity": round(found.similarity, 4),
            "layers": [round(one, 4) for one in found.layers],
        }
        return {"word": rounded}
    names = ["at the entrance", *(f"after layer {number}" for number in range(1, len(found.layers)))]
    print_table(list(zip(names, (f"{one:.2f}" for one in found.layers), strict=True)), right=(1,))
    print(found.sentence)
    return None


_ANSWERS: dict[str, _Answer] = {
    "generate": _generate,
    "fill": _fill,
    "perplexity": _perplexity,
    "next": _next,
    "tokens": _tokens,
    "word": _word,
    "similar": _similar,
}


def _number(name: str, low: float, high: float) -> Callable[[str], float]:
    """A converter for a number between ``low`` and ``high``."""

    def convert(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            raise PtftError(
                f'{name} cannot be "{text}".', hint=f"Give a number between {low:g} and {high:g}."
            )
        return number

    return convert
