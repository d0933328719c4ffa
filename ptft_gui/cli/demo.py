"""``ptft-gui demo``: the main job on bundled data, in the real window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ptft_gui.__main__ import has_screen
from ptft_gui.cli.commands import COMMANDS
from ptft_gui.cli.parser import PlainParser

PICTURES_FOLDER = "ptft-demo"


def main(arguments: Sequence[str]) -> int:
    """Play the demo; without a screen, or with ``--offscreen``, in a window that is not shown."""
    parser = PlainParser("demo", f"{COMMANDS['demo'].capitalize()}.", ("ptft-gui demo --offscreen",))
    parser.add_argument("--offscreen", action="store_true", help="in a window that is not shown")
    parser.add_argument(
        "--shots",
        metavar="DIR",
        help=f"folder for pictures of every main screen ({PICTURES_FOLDER} when nothing is shown)",
    )
    options = parser.read(arguments)
    from ptft_gui.gui.demo.start import run_demo

    is_offscreen = options.offscreen or not has_screen()
    pictures = options.shots or (PICTURES_FOLDER if is_offscreen else None)
    return run_demo(options.runs, is_offscreen=is_offscreen, pictures=Path(pictures) if pictures else None)
