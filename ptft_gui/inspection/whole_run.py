"""What is exported of a run as a whole: its report, and the run itself packed as one file."""

from __future__ import annotations

from pathlib import Path

from ptft_gui.core.packing import pack_run
from ptft_gui.core.report import write_report
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.export import Exported, Format

REPORT = Format(
    "report",
    "Report",
    "For any run: one web page with result, curves, settings and how to repeat it; needs no network.",
    ".html",
)
PACKED = Format(
    "packed-run",
    "Packed run",
    "For any run: settings, curves and model in one file, which the window opens on another computer.",
    ".ptftpack",
)
WHOLE_RUN = (REPORT, PACKED)


def export_whole_run(run: RunDir, format_key: str, target: Path) -> Exported:
    """Write a report or a pack; sentences of a person's own data stay out. Raises :class:`PtftError`."""
    target = target.expanduser().absolute()
    written = write_report(run, target) if format_key == REPORT.key else pack_run(run, target)
    return Exported((written,), written.stat().st_size, 0)
