"""``ptft-gui doctor``: what is missing on this computer and the command that mends it."""

from __future__ import annotations

from collections.abc import Sequence

from ptft_gui.cli.commands import COMMANDS
from ptft_gui.cli.parser import PlainParser


def main(arguments: Sequence[str]) -> int:
    """Run all checks; the exit code is the doctor's."""
    parser = PlainParser("doctor", f"{COMMANDS['doctor'].capitalize()} and the command that mends it.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    from ptft_gui.doctor import run_doctor

    return run_doctor(options.json, options.runs)
