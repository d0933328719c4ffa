"""What the companion answers about language models; torch is imported with the first such question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ptft_gui.inspection.language import export as language_export
from ptft_gui.inspection.language.blanks import fill_mask
from ptft_gui.inspection.language.choices import token_choices
from ptft_gui.inspection.language.folder import is_language_model, language_stamp, look_into
from ptft_gui.inspection.language.generation import GenerationRequest, generate, next_tokens
from ptft_gui.inspection.language.opening import LanguageModel, open_language_model
from ptft_gui.inspection.language.perplexity import perplexity
from ptft_gui.inspection.language.pieces import cut_text
from ptft_gui.inspection.language.seen import seen_in_training
from ptft_gui.inspection.language.tokens import token_neighbours, word_in_two_sentences
from ptft_gui.inspection.tasks.folder import look_into_task, token_task_of
from ptft_gui.worker.companion_arguments import Arguments
from ptft_gui.worker.companion_models import OpenModels

Result = dict[str, Any]
Models = OpenModels[LanguageModel]

_USUAL = GenerationRequest("")
_MOST_LABELS = 500


def open_language_models(idle_seconds: float) -> Models:
    """The language models that a companion holds open."""
    return OpenModels(idle_seconds, open_language_model, language_stamp)


def exports_language_model(arguments: Arguments) -> bool:
    """Whether a question of kind ``export`` is about a language model."""
    is_named = arguments.text("format") == language_export.HUGGINGFACE.key
    return is_named or is_language_model(Path(arguments.text("model")))


def _open(models: Models, arguments: Arguments) -> LanguageModel:
    question = arguments.question
    return models.open(Path(arguments.text("model")), question.progress, question.should_stop)


def _generate(models: Models, arguments: Arguments) -> Result:
    question = arguments.question
    request = GenerationRequest(
        arguments.text("prompt"),
        arguments.number("length", _USUAL.length),
        arguments.real_number("temperature", _USUAL.temperature),
        arguments.number("top_k", _USUAL.top_k),
        arguments.real_number("top_p", _USUAL.top_p),
        arguments.number("seed", _USUAL.seed),
        tuple(arguments.optional_texts("stop") or ()),
    )
    model = _open(models, arguments)
    done = generate(model, request, question.progress, question.should_stop)
    return {
        "step": model.step,
        "text": done.text,
        "added": done.added,
        "tokens": done.tokens,
        "ended": done.ended,
        "sentence": done.sentence,
    }


def _next_tokens(models: Models, arguments: Arguments) -> Result:
    model = _open(models, arguments)
    found = next_tokens(
        model,
        arguments.text("text"),
        arguments.number("topn", 10),
        arguments.real_number("temperature", 1.0),
    )
    return {"tokens": found.tokens, "surprise": found.surprise, "step": model.step}


def _token_choices(models: Models, arguments: Arguments) -> Result:
    question, model = arguments.question, _open(models, arguments)
    found = token_choices(
        model,
        arguments.text("text"),
        arguments.number("start", 0),
        arguments.number("topn", 8),
        question.progress,
        question.should_stop,
    )
    return {"tokens": [[c.start, c.end, c.token, c.share, c.others] for c in found], "step": model.step}


def _text_pieces(models: Models, arguments: Arguments) -> Result:
    found = cut_text(_open(models, arguments), arguments.text("text"))
    return {
        "pieces": [[piece.token, piece.number, piece.start, piece.end, piece.kind] for piece in found.pieces],
        "count": found.count,
        "sentence": found.sentence,
    }


def _fill(models: Models, arguments: Arguments) -> Result:
    model = _open(models, arguments)
    found = fill_mask(model, arguments.text("text"), arguments.number("topn", 10))
    return {"blanks": found.blanks, "places": found.places, "text": found.text, "step": model.step}


def _perplexity(models: Models, arguments: Arguments) -> Result:
    question, model = arguments.question, _open(models, arguments)
    found = perplexity(model, arguments.text("text"), question.progress, question.should_stop)
    return {
        "step": model.step,
        "tokenizer": model.tokenizer_print,
        "perplexity": found.perplexity,
        "nats": found.nats,
        "bits_per_character": found.bits_per_character,
        "guessed": found.guessed,
        "tokens": found.tokens,
        "sentence": found.sentence,
    }


def _seen_in_training(_models: Models, arguments: Arguments) -> Result:
    question, text = arguments.question, arguments.text("text")
    folder = look_into(Path(arguments.text("model")))
    found = seen_in_training(folder, text, question.progress, question.should_stop)
    found = found.reaching_past(arguments.number("past", 0))
    return {"spans": found.spans, "sentence": found.sentence}


def _token_neighbours(models: Models, arguments: Arguments) -> Result:
    found = token_neighbours(_open(models, arguments), arguments.text("word"), arguments.number("topn", 10))
    return {"token": found.token, "neighbours": found.neighbours}


def _word_in_context(models: Models, arguments: Arguments) -> Result:
    word, first, second = (arguments.text(key) for key in ("word", "first", "second"))
    found = word_in_two_sentences(_open(models, arguments), word, first, second)
    return {
        "similarity": found.similarity,
        "usual": found.usual,
        "layers": found.layers,
        "sentence": found.sentence,
    }


def _language_info(models: Models, arguments: Arguments) -> Result:
    model = _open(models, arguments)
    return {
        "name": model.name,
        "kind": model.kind,
        "model_type": model.folder.model_type,
        "numbers": sum(parameter.numel() for parameter in model.network.parameters()),
        "vocabulary": len(model.tokenizer),
        "window": model.window,
        "mask": model.tokenizer.mask_token,
        "step": model.step,
        "tokenizer": model.tokenizer_print,
        "facts": model.folder.facts,
    }


def _model_kind(_models: Models, arguments: Arguments) -> Result:
    """What a path holds, before anything large is opened."""
    place = Path(arguments.text("model"))
    if token_task_of(place) is not None:
        task = look_into_task(place)
        told = {"name": task.name, "labels": task.labels[:_MOST_LABELS], "numbers": task.weights}
        return {"kind": task.task, "model_type": task.config.get("model_type"), **told}
    if not is_language_model(place):
        return {"kind": "vectors"}
    folder = look_into(place)
    return {"kind": folder.kind, "name": folder.name, "has_text": bool(folder.facts.get("dataset"))}


def export_language_model(arguments: Arguments) -> Result:
    """The answer to ``export`` where the model is a language model."""
    question = arguments.question
    place, target = Path(arguments.text("model")), Path(arguments.text("path"))
    done = language_export.export_language_model(
        place, arguments.text("format"), target, question.progress, question.should_stop
    )
    return {
        "paths": [str(path) for path in done.paths],
        "bytes": done.bytes,
        "replaced": done.replaced,
        "sentence": done.sentence,
    }


LANGUAGE_ANSWERS: dict[str, Callable[[Models, Arguments], Result]] = {
    "generate": _generate,
    "next_tokens": _next_tokens,
    "token_choices": _token_choices,
    "text_pieces": _text_pieces,
    "model_kind": _model_kind,
    "fill": _fill,
    "perplexity": _perplexity,
    "seen_in_training": _seen_in_training,
    "token_neighbours": _token_neighbours,
    "word_in_context": _word_in_context,
    "language_info": _language_info,
}
