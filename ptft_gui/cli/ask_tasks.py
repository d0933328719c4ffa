"""The questions of ``ptft-gui ask`` to a model that answers questions from a text, marks names, or replies."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ptft_gui.cli.ask_before import Told, tell
from ptft_gui.cli.commands import DONE
from ptft_gui.cli.output import print_table
from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.language.generation import GenerationRequest
from ptft_gui.inspection.tasks.answers import answer_question
from ptft_gui.inspection.tasks.opening import TaskModel, open_task_model
from ptft_gui.inspection.tasks.replies import ReplyModel, open_reply_model, reply
from ptft_gui.inspection.tasks.tags import tag_text

TASK_QUESTIONS = ("tag", "question", "reply")


def add_task_options(parser: argparse.ArgumentParser, question: Any) -> None:
    """The questions themselves go into ``question``, a group of which one is asked."""
    question.add_argument("--tag", "--tags", metavar="TEXT", help="the names in a text")
    question.add_argument("--question", metavar="Q", help="a question about the text of --context")
    question.add_argument(
        "--reply", metavar="PROMPT", help="let a model that learned to reply answer a prompt"
    )
    parser.add_argument("--context", metavar="C", help="with --question: the text that may hold the answer")


def asks_task(options: argparse.Namespace) -> bool:
    """Whether one of these questions is asked."""
    return any(getattr(options, name) is not None for name in TASK_QUESTIONS)


def ask_task(target: Path | RunDir, options: argparse.Namespace) -> int:
    """Answer the one question that was asked, and print it."""
    if options.question is not None and options.context is None:
        raise ModelError(
            "A question needs the text that may hold its answer.",
            hint='Write --question "..." --context "...".',
        )
    opened: Callable[[Path | RunDir], Any] = open_task_model
    if options.question is not None:
        answer: Callable[[Any, argparse.Namespace], Told] = _answered
    elif options.tag is not None:
        answer = _tagged
    else:
        opened, answer = open_reply_model, _replied
    tell(target, options, opened, lambda model: answer(model, options))
    return DONE


def _answered(model: TaskModel, options: argparse.Namespace) -> Told:
    found = answer_question(model, options.question, options.context)
    told = {"text": found.text, "start": found.start, "end": found.end, "score": round(found.score, 4)}
    return Told({"answer": told}, lambda: print(found.text or "(no answer)", found.sentence, sep="\n"))


def _tagged(model: TaskModel, options: argparse.Namespace) -> Told:
    found = tag_text(model, options.tag)
    names = [[text, kind, round(share, 4), start, end] for text, kind, share, start, end in found.names]

    def show() -> None:
        if names:
            print_table([(text, kind, f"{share:.2f}") for text, kind, share, *_ in names], right=(2,))
        print(found.sentence)

    return Told({"tags": found.tags, "names": names}, show)


def _replied(model: ReplyModel, options: argparse.Namespace) -> Told:
    request = GenerationRequest(
        options.reply,
        options.length,
        options.temperature,
        options.top_k,
        options.top_p,
        options.seed,
        tuple(options.stop),
    )
    found = reply(model, request)
    return Told({"reply": found.text}, lambda: print(found.text))
