"""The part of ``ptft-gui ask`` for language models that judge whole texts: --classify and --pair."""

from __future__ import annotations

import argparse
from pathlib import Path

from ptft_gui.cli.ask_before import Told, tell
from ptft_gui.cli.commands import DONE
from ptft_gui.cli.output import print_table
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.finetuned.classes import judge
from ptft_gui.inspection.tasks.folder import SEQUENCE_TASKS, token_task_of
from ptft_gui.inspection.tasks.opening import TaskModel, open_task_model


def add_class_options(question: argparse._MutuallyExclusiveGroup) -> None:
    """``--pair``, which averaged word vectors do not know."""
    question.add_argument(
        "--pair", metavar=("A", "B"), nargs=2, help="what a model that compares two texts says of these"
    )


def judges_texts(target: Path | RunDir, options: argparse.Namespace) -> bool:
    """Whether this question is for a language model that judges whole texts."""
    if options.pair is not None:
        return True
    return options.classify is not None and token_task_of(target) in SEQUENCE_TASKS


def ask_classes(target: Path | RunDir, options: argparse.Namespace) -> int:
    """Print the classes of a text, or of a pair of texts."""
    tell(target, options, open_task_model, lambda model: _judged(model, options))
    return DONE


def _judged(model: TaskModel, options: argparse.Namespace) -> Told:
    is_pair = options.pair is not None
    text, other = options.pair if is_pair else (options.classify, None)
    found = judge(model, text, other, with_pushes=False)
    rows = [[label, round(share, 4)] for label, share in found.classes]
    table = [(label, f"{share:.2f}") for label, share in found.classes]
    return Told({"pair" if is_pair else "classify": rows}, lambda: print_table(table, right=(1,)))
