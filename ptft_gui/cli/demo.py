"""``ptft-gui demo``: the main job on bundled data, in the real window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ptft_gui.__main__ import has_screen
from ptft_gui.cli.commands import COMMANDS
from ptft_gui.cli.parser import PlainParser

PICTURES_FOLDER = "ptft-demo"


def main(arguments: Sequence[str]) -> int:
    """Play the demo, or take pictures of everything; without a screen in a window that is not shown."""
    parser = PlainParser("demo", f"{COMMANDS['demo'].capitalize()}.", ("ptft-gui demo --offscreen",))
    parser.add_argument("--offscreen", action="store_true", help="in a window that is not shown")
    parser.add_argument(
        "--shots",
        metavar="DIR",
        help=f"folder for pictures of every main screen ({PICTURES_FOLDER} when nothing is shown)",
    )
    parser.add_argument(
        "--pictures",
        metavar="DIR",
        help="instead: a picture of every page and dialog, in all sizes, light and dark; small runs train first",
    )
    parser.add_argument(
        "--scale", choices=("1", "1.5", "2"), default="1", help="pixels a point, with --pictures"
    )
    parser.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        help="with --pictures: only the pictures whose names begin so, as in --only new-run; may be given again",
    )
    options = parser.read(arguments)
    if options.pictures:
        from ptft_gui.gui.demo.picture_set import take_pictures

        return take_pictures(Path(options.pictures), options.scale, options.only or ())
    from ptft_gui.gui.demo.start import run_demo

    is_offscreen = options.offscreen or not has_screen()
    pictures = options.shots or (PICTURES_FOLDER if is_offscreen else None)
    return run_demo(options.runs, is_offscreen=is_offscreen, pictures=Path(pictures) if pictures else None)
