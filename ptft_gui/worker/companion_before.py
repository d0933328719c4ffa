"""What the companion answers about a fine-tuned model as it stood before its first step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ptft_gui.core.family.language_starts import glance_at_language
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.finetuned.classes import judge
from ptft_gui.inspection.language.folder import language_stamp
from ptft_gui.inspection.tasks.before import NO_CLASSES_BEFORE, nothing_before, open_before
from ptft_gui.inspection.tasks.folder import SEQUENCE_TASKS, token_task_of
from ptft_gui.worker.companion_arguments import Arguments
from ptft_gui.worker.companion_models import OpenModels
from ptft_gui.worker.companion_tasks import as_record
from ptft_gui.worker.companion_token_tasks import TOKEN_ANSWERS, TokenModels

Result = dict[str, Any]
_KIND_OF_TASK = {"question-answering": "answer", "tagging": "tag", "reply": "reply"}


def open_models_before(idle_seconds: float) -> TokenModels:
    """The models of this kind that a companion holds open."""
    return OpenModels(idle_seconds, open_before, language_stamp)


def answer_before(models: TokenModels, arguments: Arguments) -> Result:
    """The answer to ``before``: that of the run's task, by the model as it stood at step 0."""
    run = RunDir(Path(arguments.text("model")))
    task = token_task_of(run)
    if task is None:
        return {"nothing": NO_CLASSES_BEFORE}
    start = {"start_name": glance_at_language(run.read_spec().init or "").name}
    if nothing := nothing_before(run):
        return {**start, "nothing": nothing}
    if task in SEQUENCE_TASKS:
        question = arguments.question
        model: Any = models.open(run.path, question.progress, question.should_stop)
        found = judge(model, arguments.text("text"), arguments.optional_text("pair"), with_pushes=False)
        return {**start, **as_record(found)}
    return {**start, **TOKEN_ANSWERS[_KIND_OF_TASK[task]](models, arguments)}
