"""``ptft-gui data inspect``: what a dataset holds, as far as it can be told before training."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ptft_gui.cli.commands import DONE
from ptft_gui.cli.data_options import add_role_options, add_task_option, request_from_options
from ptft_gui.cli.data_tables import print_dataset
from ptft_gui.cli.data_watch import shown_progress
from ptft_gui.cli.output import print_json, print_table
from ptft_gui.cli.parser import PlainParser, one_of
from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.errors import error_from_dict
from ptft_gui.core.family.registry import WORD2VEC
from ptft_gui.core.library import find_dataset
from ptft_gui.core.paths import home_folder
from ptft_gui.core.spec import DataSpec

_OF_A_READING = ("kind", "format_name", "encoding", "encoding_name", "choices", "parts", "tasks", "task")


def inspect_data(arguments: Sequence[str]) -> int:
    """Tell what a dataset holds: running text as before a Word2Vec run, a table with columns, tasks and findings."""
    options = _parser().read(arguments)
    asked = request_from_options(options)
    from ptft_gui.data.whole_request import whole_request  # after the options: --help needs no reading room

    request = whole_request(asked)
    if _is_bundled_text(request.dataset):
        return _inspect_text(request, {}, options)
    from ptft_gui.data.examples.examine import open_data
    from ptft_gui.data.library.facts import RUNNING_TEXT

    opened = open_data(request, asked.roles)
    if opened["kind"] in RUNNING_TEXT:
        return _inspect_text(request, opened, options)
    return _inspect_table(request, opened, options)


def _parser() -> PlainParser:
    parser = PlainParser(
        "data inspect",
        "What a dataset holds: how it is read, what its columns are for, which tasks it suits, what was found in it.",
        (
            "ptft-gui data inspect survey.csv --text Q17_open --label v23_rec",
            "ptft-gui data inspect reviews/ --task classification --json",
            "ptft-gui data inspect wikipedia",
        ),
    )
    parser.add_argument("dataset", metavar="PATH", help="a file, a folder, or one of: ptft-gui data list")
    parser.add_argument("--val", metavar="PATH", help="a file of its own for validation")
    parser.add_argument("--test", metavar="PATH", help="a file of its own for the final score")
    parser.add_argument(
        "--preset",
        type=one_of("preset", [preset.key for preset in WORD2VEC.presets]),
        default=WORD2VEC.default_preset,
        help="for running text: the preset to propose for (%(default)s)",
    )
    add_task_option(parser)
    add_role_options(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _is_bundled_text(dataset: str) -> bool:
    card = bundled_dataset(dataset)
    return card is not None and not card.task and not Path(dataset).exists()


def _inspect_table(request: DataRequest, opened: dict[str, Any], options: argparse.Namespace) -> int:
    from ptft_gui.data.examples.examine import study_data

    with shown_progress() as progress:
        studied = study_data(request, progress)
    if options.json:
        print_json({**opened, "study": studied})
    else:
        print_dataset({**opened, "title": _title(options.dataset) or opened["title"]}, studied)
    if problem := studied["problem"]:
        sys.stdout.flush()
        raise error_from_dict(
            dict(problem)
        )  # all that is known was said; that nothing can start is a refusal
    return DONE


def _title(dataset: str) -> str:
    """What a bundled or stored dataset is called; empty for a path, whose name says it."""
    if Path(dataset).exists():
        return ""
    card = bundled_dataset(dataset)
    stored = None if card else find_dataset(home_folder(), dataset)
    return card.title if card else stored.title if stored else ""


def _inspect_text(request: DataRequest, opened: dict[str, Any], options: argparse.Namespace) -> int:
    from ptft_gui.inspection.datasets import inspect_dataset

    data = DataSpec(dataset=request.dataset, val=request.val, test=request.test, read=request.read)
    with shown_progress() as progress:
        found = inspect_dataset(data, options.preset, progress)
    if options.json:
        print_json({**{key: opened[key] for key in _OF_A_READING if key in opened}, **found})
    else:
        _print_text(found)
    return DONE


def _print_text(found: dict[str, Any]) -> None:
    facts = found["facts"]
    print(f"{found['title']}: {found['sentence']}")
    about = "" if found["is_exact"] else "about "
    counted = [f"{facts[key]:,} {key}" for key in ("documents", "sentences") if facts.get(key)]
    print(
        ", ".join([*counted, f"{about}{facts['tokens']:,} words", f"read as {', '.join(facts['encodings'])}"])
        + "."
    )
    for notice in found["notices"]:
        print(f"Note: {notice}")
    print(f"Preparation: {found['preparation']['value']}. {found['preparation']['reason']}")
    print("First sentences as the model will see them:")
    for sentence in found["preview"]:
        print(f"  {sentence}")
    print("Proposed:")
    rows = [
        (f"  {key}", str(proposal["value"]), proposal["reason"])
        for key, proposal in found["proposals"].items()
    ]
    print_table(rows, right=(1,))
    print(f"Words to watch: {', '.join(found['watched_words'])}.")
    sys.stdout.flush()
