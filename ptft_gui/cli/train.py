"""``ptft-gui train``: one run, launched as the window launches it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ptft_gui.cli.commands import DONE
from ptft_gui.cli.output import print_json
from ptft_gui.cli.request import print_settings, settings_as_data, spec_of
from ptft_gui.cli.train_options import read_train
from ptft_gui.core.crew import check_trains_together, crew_size, rank_of
from ptft_gui.core.family.language_starts import glance_at_language
from ptft_gui.core.family.registry import FINETUNE, get_family
from ptft_gui.core.family.start_fit import dropped_head
from ptft_gui.core.spec import RunSpec


def main(arguments: Sequence[str]) -> int:
    """Train, or list the settings, or measure what a run would take."""
    options = read_train(arguments)
    if options.list_settings:
        if options.json:
            print_json(settings_as_data(options.family, options.task))
        else:
            print_settings(options.family, options.task)
        return DONE
    spec = spec_of(options)
    _tell_start(spec)
    check_trains_together(spec.family, spec.task, spec.stage)
    if rank_of() > 0:
        from ptft_gui.worker.crew_member import main as follow_leader

        follow_leader()
    if options.race is not None:
        from ptft_gui.cli.race import run_race

        return run_race(spec, options)
    if options.dry_run:
        from ptft_gui.cli.dry_run import dry_run, print_estimate

        print_estimate(dry_run(spec, options.runs), options.json)
        return DONE
    from ptft_gui.cli.follow import follow
    from ptft_gui.cli.outcome import progress_stream, tell_outcome
    from ptft_gui.cli.progress import make_display
    from ptft_gui.core.launch import launch_worker
    from ptft_gui.core.rundir import create_run

    run = create_run(options.runs.resolve(), spec)
    display = make_display(progress_stream(options.json))
    display.say(f"{spec.name}: {run.path}")
    end = follow(run, launch_worker(run), display)
    code = tell_outcome(run, end, options.json)
    # torchrun ends the others when this one fails: those that were never led would wait for ever
    return code or int(crew_size() > 1 and end.summary.step == 0)


def _tell_start(spec: RunSpec) -> None:
    """What a person should know of the start before anything is computed."""
    if spec.stage != FINETUNE or not spec.init or spec.options.get("start_weights") == "random":
        return
    if get_family(spec.family).saves_word_vectors:
        return
    if dropped := dropped_head(glance_at_language(spec.init)):
        print(dropped, file=sys.stderr)
