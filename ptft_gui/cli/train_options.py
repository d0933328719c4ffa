"""The options of ``ptft-gui train``, in the groups in which a person decides: model, text, settings, watching."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ptft_gui.cli.data_options import add_role_options
from ptft_gui.cli.parser import PlainParser, one_of
from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.methods import METHODS
from ptft_gui.core.family.registry import FAMILIES, FINETUNE, tasks_of
from ptft_gui.core.race import LANES

_STAGES = ("pretrain", FINETUNE)
WRITING = "writing"
"""How a text goes on: learned from the text itself, as in going on pre-training."""
_TASKS = sorted({WRITING, *(task for key in FAMILIES for task in tasks_of(key))})
_EXAMPLES = (
    "ptft-gui train --dataset little-kingdom --preset tiny",
    "ptft-gui train --dataset survey.txt --set epochs=20 vector_size=100 --watch work,family",
    "ptft-gui train --dataset law.txt --init wikipedia --set initial_words=frozen",
    'ptft-gui train --family gpt --dataset plays.txt --preset tiny --probe "To be, or"',
    "ptft-gui train --family bert --init starter --dataset reports",
    "ptft-gui train runs/20261123-142501-word2vec-news/spec.json",
    "torchrun --nproc-per-node 2 -m ptft_gui train spec.json",
    "ptft-gui train --list-settings",
)


def train_parser() -> PlainParser:
    """The options of ``ptft-gui train``."""
    parser = PlainParser(
        "train",
        "Train a model. Press Ctrl-C to stop and keep what was learned; close the terminal and the run goes on.",
        _EXAMPLES,
    )
    parser.add_argument("spec", metavar="SPEC.json", nargs="?", help="the settings of a run, whole")
    _add_model(parser.add_argument_group("the model and what it is to learn"))
    _add_text(parser.add_argument_group("what it learns from"))
    _add_settings(parser.add_argument_group("how it learns"))
    _add_watching(parser.add_argument_group("what is watched as it learns"))
    _add_telling(parser)
    add_role_options(parser)
    return parser


def _add_model(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--family",
        type=one_of("model family", FAMILIES),
        help=f"{', '.join(FAMILIES)} (%(default)s)",
        default="word2vec",
    )
    group.add_argument("--stage", type=one_of("stage", _STAGES), help="pretrain, or finetune")
    group.add_argument(
        "--init",
        metavar="RUN|DIR|VECTORFILE|starter|hub:ID",
        help="go on from a run, a model folder or a file of word vectors; starter: a small BERT that knows English; "
        "hub:OWNER/NAME[@STATE]: a model of the network, fetched once",
    )
    group.add_argument(
        "--task",
        type=one_of("task", _TASKS),
        metavar="T",
        help=f"what is learned: {', '.join(_TASKS)}",
    )
    group.add_argument(
        "--method",
        type=one_of("method", [method.key for method in METHODS]),
        metavar="M",
        help=f"what of the start learns: {', '.join(method.key for method in METHODS)}",
    )


def _add_text(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--dataset", metavar="D", help="a file or folder of any known kind, or a name: ptft-gui data list"
    )
    group.add_argument("--val", metavar="PATH", help="text to hold out, instead of a part of the dataset")
    group.add_argument(
        "--test", metavar="PATH", help="labelled rows for the final score, read once at the end"
    )
    group.add_argument(
        "--corrections",
        metavar="FILE|RUN",
        help="labels that were corrected and rows that were left out while a run's mistakes were looked at",
    )


def _add_settings(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--preset", metavar="P", help="tiny, quick, balanced or best: how long to train")
    group.add_argument(
        "--set", metavar="KEY=VALUE", nargs="+", action="extend", help="any setting; see --list-settings"
    )
    group.add_argument("--list-settings", action="store_true", help="every setting with its meaning")
    group.add_argument(
        "--race",
        metavar="LANE",
        nargs="*",
        help=f"learn the same rows in several ways: {', '.join(lane.key for lane in LANES)} (all of them); "
        "labels: from a tenth, a third and all of the rows",
    )


def _add_watching(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--watch", metavar="WORD", nargs="+", action="extend", help="words to watch, up to ten"
    )
    group.add_argument(
        "--probe",
        metavar="TEXT",
        action="append",
        help="GPT: a beginning to go on from; BERT: a sentence with [MASK]; up to five, answered as it learns",
    )


def _add_telling(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", help="what the run is called")
    parser.add_argument(
        "--dry-run", action="store_true", help="measure a few steps, then say what the run would take"
    )
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")


def read_train(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of ``train``. A task that needs no labels becomes what it is: a language that is learned, from
    nothing or going on from a start. Raises :class:`PtftError`."""
    options = train_parser().read(arguments)
    if options.task != WRITING:
        return options
    if options.family != "gpt":
        raise PtftError(
            f"{options.family or 'This family'} learns no writing.",
            hint="Only GPT does: --family gpt --task writing",
        )
    if options.method not in (None, "full"):
        raise PtftError(
            f"Writing is not learned with the method {options.method}.",
            "Everything in the model learns when it goes on with a text.",
            "Leave --method out.",
        )
    options.task, options.stage, options.method = None, "pretrain", None
    return options
