"""``ptft-gui runs``: what is there and in which state."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict

from ptft_gui.cli.commands import COMMANDS, DONE
from ptft_gui.cli.output import print_json, print_table
from ptft_gui.cli.parser import PlainParser
from ptft_gui.core.runs_list import RunsList
from ptft_gui.core.telling.headline import STATE_WORDS
from ptft_gui.core.wording import age_text


def main(arguments: Sequence[str]) -> int:
    """List the runs, the newest first."""
    parser = PlainParser(
        "runs", f"{COMMANDS['runs'].capitalize()}.", ("ptft-gui runs", "ptft-gui runs --json")
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    rows = RunsList(options.runs).read_whole().rows
    if options.json:
        print_json([{**asdict(row), "path": str(options.runs / row.name)} for row in rows])
        return DONE
    if not rows:
        print(f"There are no runs in {options.runs} yet. Begin with: ptft-gui train --dataset little-kingdom")
    now = time.time()
    print_table(
        [
            (row.name, STATE_WORDS[row.state], row.number or row.problem, age_text(now - row.created))
            for row in rows
        ]
    )
    return DONE
