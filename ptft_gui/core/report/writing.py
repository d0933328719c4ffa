"""Writes a report where a person wants it."""

from __future__ import annotations

from pathlib import Path

from ptft_gui.core.atomic import write_text_atomically
from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.report.facts import read_facts
from ptft_gui.core.report.page import report_html
from ptft_gui.core.rundir import LIVE_STATES, RunDir

SUFFIXES = (".html", ".htm")


def write_report(run: RunDir, target: Path, shows_sentences: bool | None = None) -> Path:
    """Write the report of a run into one file; returns its path, which ends in ``.html``.

    ``shows_sentences``: whether sentences of the data stand in it; None shows those of a set that comes with the
    program. Raises :class:`RunFolderError`.
    """
    if run.state() in LIVE_STATES:
        raise RunFolderError(
            f"{run.title()} has not ended yet.",
            hint="A report is written when a run has ended; stop it, or wait.",
        )
    if target.suffix.lower() not in SUFFIXES:
        target = target.with_name(target.name + SUFFIXES[0])
    text = report_html(read_facts(run, shows_sentences))
    try:
        write_text_atomically(target, text)
    except OSError as problem:
        raise RunFolderError(
            f"{target} cannot be written.", problem.strerror or str(problem), "Choose another place."
        ) from problem
    return target
