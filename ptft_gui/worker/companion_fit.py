"""What the companion answers about a run that is not begun yet: what it would take, how its text is cut into tokens.

The libraries behind it are imported with the first such question.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.paths import runs_folder
from ptft_gui.core.spec import check_spec, spec_from_json
from ptft_gui.worker.companion_arguments import Arguments

Result = dict[str, Any]


def _dry_run(arguments: Arguments) -> Result:
    from ptft_gui.inspection.dry_run import dry_run

    question = arguments.question
    spec = spec_from_json(json.dumps(arguments.record("spec")), "the question")
    check_spec(spec)
    runs = runs_folder(arguments.optional_text("runs"))
    return dry_run(spec, runs, question.progress, question.should_stop).as_dict()


def _cut_text(arguments: Arguments) -> Result:
    from ptft_gui.inspection.cutting import cut_text

    question = arguments.question
    chosen: dict[str, OptionValue] = {
        "tokenizer": arguments.optional_text("tokenizer"),
        "vocab_size": arguments.optional_number("vocab_size"),
        "tokenizer_from": arguments.optional_text("tokenizer_from"),
    }
    return cut_text(
        arguments.text_of_a_run(),
        arguments.choice("family", ("gpt", "bert")),
        chosen,
        arguments.optional_text("text"),
        arguments.optional_text("start"),
        question.progress,
        question.should_stop,
    )


FIT_ANSWERS: dict[str, Callable[[Arguments], Result]] = {"dry_run": _dry_run, "cut_text": _cut_text}
