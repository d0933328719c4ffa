"""``ptft-gui train``: one run, launched as the window launches it."""

from __future__ import annotations

from collections.abc import Sequence

from ptft_gui.cli.commands import DONE
from ptft_gui.cli.output import print_json
from ptft_gui.cli.request import print_settings, settings_as_data, spec_of, train_parser


def main(arguments: Sequence[str]) -> int:
    """Train, or list the settings, or measure what a run would take."""
    options = train_parser().read(arguments)
    if options.list_settings:
        if options.json:
            print_json(settings_as_data(options.family, options.task))
        else:
            print_settings(options.family, options.task)
        return DONE
    spec = spec_of(options)
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
    return tell_outcome(run, follow(run, launch_worker(run), display), options.json)
