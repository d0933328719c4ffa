"""What the companion answers about models that have learned a task: an answer, a whole file, and the scores."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.test_history import folds_of, looks_at_test
from ptft_gui.inspection.calibration import calibration_of
from ptft_gui.inspection.classify import Classified, classify
from ptft_gui.inspection.corrected import corrected_report
from ptft_gui.inspection.finetuned.classes import judge
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.predict_file import PARTS, dataset_of, predict_file
from ptft_gui.inspection.task_report import all_answers, answered_rows, surest_scores, task_report
from ptft_gui.worker.companion_arguments import Arguments
from ptft_gui.worker.companion_models import OpenModels

Result = dict[str, Any]
Open = Callable[[str], OpenedModel]
_MOST_PUSHES, _MOST_UNKNOWN, _MISTAKES = 2_000, 200, 20


def answer_classify(open_model: Open, arguments: Arguments) -> Result:
    return as_record(classify(open_model("model"), arguments.text("text")))


def as_record(found: Classified) -> Result:
    return {
        "classes": [[label, round(share, 6)] for label, share in found.classes],
        "pushes": [[word, round(push, 6)] for word, push in found.pushes[:_MOST_PUSHES]],
        "unknown": found.unknown[:_MOST_UNKNOWN],
        "unknown_count": len(found.unknown),
        "spans": found.spans[:_MOST_PUSHES],
    }


def judge_text(models: OpenModels[Any], arguments: Arguments) -> Result:
    """The answer to ``classify`` where a language model learned to judge whole texts; ``pair`` is the second text.

    With ``is_quick`` the classes alone, at once; ``has_more`` says that the words can be asked for.
    """
    question, is_quick = arguments.question, arguments.yes_or_no("is_quick")
    model = models.open(Path(arguments.text("model")), question.progress, question.should_stop)
    text, pair = arguments.text("text"), arguments.optional_text("pair")
    found = judge(model, text, pair, with_pushes=not is_quick, should_stop=question.should_stop)
    return as_record(found) | {"has_more": is_quick and pair is None}


def answer_predict_file(open_model: Open, arguments: Arguments) -> Result:
    question = arguments.question
    model = open_model("model")
    request = arguments.data_request() if "request" in arguments else dataset_of(model)
    part = arguments.choice("part", PARTS)
    path = Path(arguments.text("path")).expanduser()
    done = predict_file(model, request, path, part, question.progress, question.should_stop)
    return {"path": str(done.path), "rows": done.rows, "sentence": done.sentence}


def answer_task_report(_: Open, arguments: Arguments) -> Result:
    run = RunDir(Path(arguments.text("run")))
    report = task_report(run)
    part = "test" if report.get("test") else "val"
    more: Result = {"mistakes": [], "looks": looks_at_test(run), "folds": folds_of(run)}
    with contextlib.suppress(ModelError):  # the scores are there all the same
        more["mistakes"] = answered_rows(run, part, limit=_MISTAKES)["rows"]
        more["calibration"] = calibration_of(surest_scores(run, part))
        more["corrected"] = corrected_report(run, str(report.get("task") or ""), part, all_answers(run))
    return {**report, **more}


def answer_answered_rows(_: Open, arguments: Arguments) -> Result:
    return answered_rows(
        RunDir(Path(arguments.text("run"))),
        arguments.choice("part", ("test", "val")),
        arguments.optional_text("label"),
        arguments.optional_text("predicted"),
        arguments.number("limit", 100),
    )


TASK_ANSWERS: dict[str, Callable[[Open, Arguments], Result]] = {
    "classify": answer_classify,
    "predict_file": answer_predict_file,
    "task_report": answer_task_report,
    "answered_rows": answer_answered_rows,
}
