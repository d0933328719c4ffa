"""``ptft-gui ask``: which words are near a word or a sum of words, or what a language model says."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from ptft_gui.cli.ask_before import add_before_option, check_before
from ptft_gui.cli.ask_classes import add_class_options, ask_classes, judges_texts
from ptft_gui.cli.ask_language import LANGUAGE_QUESTIONS, add_language_options, ask_language
from ptft_gui.cli.ask_running import ask_running, is_learning
from ptft_gui.cli.ask_tasks import add_task_options, ask_task, asks_task
from ptft_gui.cli.commands import COMMANDS, DONE
from ptft_gui.cli.output import print_json, print_table
from ptft_gui.cli.parser import PlainParser, whole_number
from ptft_gui.cli.targets import find_target
from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.classify import classify
from ptft_gui.inspection.comparison import compare_neighbours
from ptft_gui.inspection.language.folder import is_language_model
from ptft_gui.inspection.model import OpenedModel, open_model
from ptft_gui.inspection.similarity import analogy, most_similar
from ptft_gui.inspection.tasks.before import check_has_before

Row = tuple[str, float]


def main(arguments: Sequence[str]) -> int:
    """Answer one question and print it."""
    parser = PlainParser(
        "ask",
        f"{COMMANDS['ask'].capitalize()}.",
        (
            "ptft-gui ask wikipedia --similar music",
            'ptft-gui ask little-kingdom --analogy "king - man + woman"',
            'ptft-gui ask opinions --classify "The battery lasts for days."',
            "ptft-gui ask glove.6B.100d.txt --similar music --topn 5 --json",
            "ptft-gui ask wikipedia --similar music --compare news",
            'ptft-gui ask gpt-poems --generate "The moon" --length 60 --temperature 0.7',
            'ptft-gui ask bert-news --fill "The capital of France is [MASK]."',
            'ptft-gui ask bert-news --word bank "a bank of the river" "a bank with money"',
            'ptft-gui ask opinions --classify "The battery lasts for days." --before',
            'ptft-gui ask answers --question "Who wound it?" --context "Clara wound the clock."',
        ),
    )
    parser.add_argument("target", metavar="RUN|DIR|VECTORFILE", help="a run, a model folder or a vector file")
    question = parser.add_mutually_exclusive_group(required=True)
    question.add_argument("--similar", metavar="WORD", help="the words nearest to a word")
    question.add_argument("--analogy", metavar="SUM", help='the words nearest to "king - man + woman"')
    question.add_argument("--classify", metavar="TEXT", help="the class of a text, or its labels")
    add_class_options(question)
    add_language_options(parser, question)
    add_task_options(parser, question)
    parser.add_argument(
        "--topn", metavar="N", type=whole_number("--topn", 1, 1000), default=10, help="how many"
    )
    parser.add_argument(
        "--compare",
        metavar="OTHER",
        help="the neighbours in another model beside them; what another GPT or BERT answers below it",
    )
    add_before_option(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    check_before(options)
    target = find_target(options.runs, options.target)
    if judges_texts(target, options):
        return ask_classes(target, options)
    if asks_task(options):
        return ask_task(target, options)
    if is_language_model(target) or any(getattr(options, name) is not None for name in LANGUAGE_QUESTIONS):
        return ask_language(target, options)
    if options.before:
        options.compare = _start_of(target, options)
    if options.compare is not None:
        return _compare(options)
    if options.classify is not None:
        return _tell_class(target, options.classify, options.json)
    kind = "similar" if options.similar is not None else "analogy"
    text = options.similar if kind == "similar" else options.analogy
    rows = _answer(target, kind, text, options.topn)
    if options.json:
        print_json({kind: [[word, round(similarity, 4)] for word, similarity in rows]})
    else:
        print_table([(word, f"{similarity:.2f}") for word, similarity in rows], right=(1,))
    return DONE


def _tell_class(target: Path | RunDir, text: str, as_json: bool) -> int:
    found = classify(open_model(target), text)
    if as_json:
        print_json({"classify": [[label, round(share, 4)] for label, share in found.classes]})
        return DONE
    print_table([(label, f"{share:.2f}") for label, share in found.classes], right=(1,))
    if found.unknown:
        print(f"Not known to the model: {', '.join(found.unknown[:10])}.")
    return DONE


def _start_of(target: Path | RunDir, options: argparse.Namespace) -> str:
    """The vectors that a run went on from, whose neighbours can stand beside its own. Raises :class:`ModelError`."""
    if options.classify is not None:
        check_has_before(target)  # averaged vectors have none, and it says so
    start = target.read_spec().init if isinstance(target, RunDir) else None
    if not start:
        name = target.title() if isinstance(target, RunDir) else target.name
        raise ModelError(
            f"{name} has no before.",
            "It began from nothing." if isinstance(target, RunDir) else "No run on this computer made it.",
            "Ask without --before.",
        )
    return start


def _compare(options: argparse.Namespace) -> int:
    """Print the neighbours of a word in two models side by side."""
    if options.similar is None:
        raise ModelError(
            "Only the neighbours of a word can be compared.", hint="Write --similar WORD --compare OTHER."
        )
    here = _opened(find_target(options.runs, options.target))
    there = _opened(find_target(options.runs, options.compare))
    found = compare_neighbours(here, there, options.similar, options.topn)
    columns = [[(n.word, n.similarity) for n in side] for side in (found.here, found.there)]
    if options.json:
        told = [[[word, round(similarity, 4)] for word, similarity in column] for column in columns]
        print_json({"similar": told[0], "compared": told[1], "shared": found.shared})
        return DONE
    cells = [[(word, f"{similarity:.2f}") for word, similarity in column] for column in columns]
    rows = [(*left, *right) for left, right in zip_longest(*cells, fillvalue=("", ""))]
    print_table([(here.name, "", there.name, ""), *rows], right=(1, 3))
    print(found.sentence)
    return DONE


def _answer(target: Path | RunDir, kind: str, text: str, topn: int) -> list[Row]:
    if isinstance(target, RunDir) and is_learning(target):
        return _ask_running(target, kind, text, topn)
    return _ask_model(_opened(target), kind, text, topn)


def _opened(target: Path | RunDir) -> OpenedModel:
    """The model; what was noticed in its file goes to stderr, so that the answer stays alone on stdout."""
    model = open_model(target)
    for notice in model.notices:
        print(notice, file=sys.stderr)
    return model


def _ask_model(model: OpenedModel, kind: str, text: str, topn: int) -> list[Row]:
    found = (most_similar if kind == "similar" else analogy)(model, text, topn)
    return [(neighbour.word, neighbour.similarity) for neighbour in found.neighbours]


def _ask_running(run: RunDir, kind: str, text: str, topn: int) -> list[Row]:
    """Put the question to the run while it trains; the answer comes back in its log."""
    if kind != "similar":
        raise ModelError(
            f"{run.title()} is still being trained and answers --similar only.",
            hint="Ask for the analogy when it has ended.",
        )
    answer = ask_running(run, {"similar": text, "topn": topn})
    return [(str(word), float(similarity)) for word, similarity in answer["similar"]]
