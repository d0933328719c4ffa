"""``ask --before``: what the model answered to the same question before it learned, beside what it answers now."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptft_gui.cli.output import print_json
from ptft_gui.core.errors import ModelError, PtftError
from ptft_gui.core.family.language_starts import LanguageStart, glance_at_language
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.tasks.before import check_has_before, nothing_before, open_before


@dataclass(frozen=True)
class Told:
    """One answer. ``data``: what ``--json`` prints of it; ``show``: prints it in words."""

    data: dict[str, Any]
    show: Callable[[], None]


def add_before_option(parser: argparse.ArgumentParser) -> None:
    """``--before``, which goes with every question."""
    parser.add_argument(
        "--before",
        action="store_true",
        help="of a run that learned from a start: what it answered before it learned, below what it answers now",
    )


def check_before(options: argparse.Namespace) -> None:
    """Raise :class:`PtftError` where a third answer is asked for."""
    if options.before and options.compare is not None:
        raise PtftError("--before and --compare cannot be given together.", hint="Ask twice, once with each.")


def tell(
    target: Path | RunDir,
    options: argparse.Namespace,
    opened: Callable[[Path | RunDir], Any],
    answer: Callable[[Any], Told],
) -> None:
    """Print what a model that learned a task answers, and with ``--before`` what it answered at step 0.

    ``opened`` opens the model, ``answer`` puts the question to it. Raises :class:`ModelError` where there is no before.
    """
    if options.before:
        check_has_before(target)
    told = answer(opened(target))
    if not options.json:
        told.show()
    before: dict[str, Any] = {}
    if options.before:
        before = _told_before(_run_of(target), options, answer)
    if options.json:
        print_json(told.data | before)


def _told_before(run: RunDir, options: argparse.Namespace, answer: Callable[[Any], Told]) -> dict[str, Any]:
    """What goes into the JSON, or is printed."""
    name = glance_at_language(run.read_spec().init or "").name
    if nothing := nothing_before(run):
        if not options.json:
            print(f"\n{nothing}")
        return {"before": {"start": name, "nothing": nothing}}
    told = answer(open_before(run))
    if not options.json:
        print(f"\nBefore training ({name}):")
        told.show()
    return {"before": {"start": name, **told.data}}


def start_to_ask(target: Path | RunDir) -> LanguageStart:
    """What a run that goes on with text or fills blanks started from. Raises :class:`ModelError` where it cannot be
    asked."""
    run = _run_of(target)
    spec = run.read_spec()
    if not spec.init or spec.options.get("start_weights") == "random":
        raise ModelError(
            f"{run.title()} has no before.",
            "It began from nothing: with numbers drawn at random, which are not kept.",
            "Ask without --before.",
        )
    try:
        start = glance_at_language(spec.init)
    except PtftError as problem:
        raise ModelError(
            f"What {run.title()} started from cannot be asked any more.", problem.as_sentence()
        ) from problem
    if not start.has_head:
        raise ModelError(
            f"{start.name}, from which {run.title()} learned, guesses no tokens itself.",
            "It came without the layer that does; the run began with a new one.",
            "Ask without --before.",
        )
    return start


def _run_of(target: Path | RunDir) -> RunDir:
    if isinstance(target, RunDir):
        return target
    raise ModelError(
        f"What {target.name} was before it learned is not known.",
        "No run on this computer made it.",
        "Only runs that are on this computer have a before.",
    )
