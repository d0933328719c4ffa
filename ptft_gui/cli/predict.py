"""``ptft-gui predict``: a whole file answered, one line a row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ptft_gui.cli.commands import COMMANDS, DONE
from ptft_gui.cli.data_options import add_role_options, request_from_options
from ptft_gui.cli.parser import PlainParser, one_of
from ptft_gui.cli.targets import find_target
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.model import open_model
from ptft_gui.inspection.predict_file import PARTS, Model, predict_file
from ptft_gui.inspection.tasks.folder import REPLY, token_task_of
from ptft_gui.inspection.tasks.opening import open_task_model
from ptft_gui.inspection.tasks.replies import open_reply_model


def main(arguments: Sequence[str]) -> int:
    """Answer every row and write the answers."""
    parser = PlainParser(
        "predict",
        f"{COMMANDS['predict'].capitalize()}.",
        (
            "ptft-gui predict opinions --dataset new-reviews.csv --to answers.csv",
            "ptft-gui predict opinions --dataset survey.csv --split unlabelled --to answers.jsonl",
            "ptft-gui predict answers --dataset questions.json --to answers.csv",
        ),
    )
    parser.add_argument(
        "target", metavar="RUN|DIR", help="a run that has learned a task, or its model folder"
    )
    parser.add_argument(
        "--dataset", metavar="D", required=True, help="a file or folder of any known kind, or a name"
    )
    parser.add_argument(
        "--split",
        type=one_of("part", PARTS),
        default="all",
        help="the rows of one part only, as the run divided them: train, val, test, unlabelled (all)",
    )
    parser.add_argument("--to", metavar="FILE", required=True, help="where to write: .csv or .jsonl")
    add_role_options(parser)
    options = parser.read(arguments)
    target = find_target(options.runs, options.target)
    request = request_from_options(options)
    done = predict_file(open_predicting(target), request, Path(options.to).expanduser(), options.split)
    print(done.sentence)
    return DONE


def open_predicting(target: Path | RunDir) -> Model:
    """The model behind a run or folder, whatever it has learned. Raises ModelError."""
    task = token_task_of(target)
    if task is None:
        return open_model(target)
    return open_reply_model(target) if task == REPLY else open_task_model(target)
