"""What the companion answers about models that answer questions from a text, mark names in one, or reply."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ptft_gui.core.rundir import RunDir
from ptft_gui.core.test_history import folds_of, looks_at_test
from ptft_gui.inspection.language.folder import language_stamp
from ptft_gui.inspection.language.generation import GenerationRequest
from ptft_gui.inspection.predict_file import PARTS, dataset_of, predict_file
from ptft_gui.inspection.tasks.answers import answer_question
from ptft_gui.inspection.tasks.folder import REPLY, token_task_of
from ptft_gui.inspection.tasks.opening import TaskModel, open_task_model
from ptft_gui.inspection.tasks.replies import ReplyModel, open_reply_model, reply
from ptft_gui.inspection.tasks.report import token_report
from ptft_gui.inspection.tasks.tags import tag_text
from ptft_gui.inspection.vector_table import Progress, ShouldStop
from ptft_gui.worker.companion_arguments import Arguments
from ptft_gui.worker.companion_models import OpenModels

Result = dict[str, Any]
TokenModels = OpenModels[TaskModel | ReplyModel]

_USUAL = GenerationRequest("")
_MOST_WORDS = 20_000


def open_token_models(idle_seconds: float) -> TokenModels:
    """The models of this kind that a companion holds open."""
    return OpenModels(idle_seconds, _open_any, language_stamp)


def _open_any(path: Path, progress: Progress, should_stop: ShouldStop) -> TaskModel | ReplyModel:
    opener = open_reply_model if token_task_of(path) == REPLY else open_task_model
    return opener(path, progress, should_stop)


def predicts_token_task(arguments: Arguments) -> bool:
    """Whether a question of kind ``predict_file`` is about such a model."""
    return token_task_of(Path(arguments.text("model"))) is not None


def _open(models: TokenModels, arguments: Arguments) -> Any:
    question = arguments.question
    return models.open(Path(arguments.text("model")), question.progress, question.should_stop)


def predict_token_file(models: TokenModels, arguments: Arguments) -> Result:
    """The answer to ``predict_file`` where the model is of this kind."""
    question, model = arguments.question, _open(models, arguments)
    request = arguments.data_request() if "request" in arguments else dataset_of(model)
    path, part = Path(arguments.text("path")).expanduser(), arguments.choice("part", PARTS)
    done = predict_file(model, request, path, part, question.progress, question.should_stop)
    return {"path": str(done.path), "rows": done.rows, "sentence": done.sentence}


def _answer(models: TokenModels, arguments: Arguments) -> Result:
    found = answer_question(_open(models, arguments), arguments.text("question"), arguments.text("context"))
    return {
        "text": found.text,
        "start": found.start,
        "end": found.end,
        "score": found.score,
        "pieces": found.pieces,
        "silence": found.silence,
        "sentence": found.sentence,
    }


def _tag(models: TokenModels, arguments: Arguments) -> Result:
    found = tag_text(_open(models, arguments), arguments.text("text"))
    return {
        "words": found.words[:_MOST_WORDS],
        "names": found.names[:_MOST_WORDS],
        "kinds": found.kinds,
        "sentence": found.sentence,
    }


def _reply(models: TokenModels, arguments: Arguments) -> Result:
    question = arguments.question
    request = GenerationRequest(
        arguments.text("prompt"),
        arguments.number("length", _USUAL.length),
        arguments.real_number("temperature", _USUAL.temperature),
        arguments.number("top_k", _USUAL.top_k),
        arguments.real_number("top_p", _USUAL.top_p),
        arguments.number("seed", _USUAL.seed),
    )
    found = reply(_open(models, arguments), request, question.progress, question.should_stop)
    return {"text": found.text, "tokens": found.tokens, "ended": found.ended, "sentence": found.sentence}


def _token_report(_models: TokenModels, arguments: Arguments) -> Result:
    run = RunDir(Path(arguments.text("run")))
    return {**token_report(run), "looks": looks_at_test(run), "folds": folds_of(run)}


TOKEN_ANSWERS: dict[str, Callable[[TokenModels, Arguments], Result]] = {
    "answer": _answer,
    "tag": _tag,
    "reply": _reply,
    "token_report": _token_report,
}
