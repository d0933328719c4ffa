"""Start: decides, before anything heavy is imported, whether this process is the window or a tool."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window when no command was given, else carry the command out; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if _asks_for_window(arguments):
        return _open_window(arguments[-1] if len(arguments) == 2 else None)
    from ptft_gui.cli import run_command_line

    return run_command_line(arguments)


def _asks_for_window(arguments: list[str]) -> bool:
    """Nothing at all, or nothing but the folder of runs."""
    return not arguments or (len(arguments) == 2 and arguments[0] == "--runs")


def _open_window(runs: str | None) -> int:
    from ptft_gui.core.errors import PtftError
    from ptft_gui.core.paths import runs_folder

    if not has_screen():
        print(
            "There is no screen to open the window on: use the commands (ptft-gui --help), or see the window in "
            "pictures with: ptft-gui demo --offscreen",
            file=sys.stderr,
        )
        return 2
    try:
        from ptft_gui.gui.app import run_window

        return run_window(runs_folder(runs))
    except PtftError as problem:
        print(problem.as_sentence(), file=sys.stderr)
        return 2
    except ImportError as problem:
        print(
            f"The window cannot be opened: {problem}. See what is missing with: ptft-gui doctor",
            file=sys.stderr,
        )
        return 1


def has_screen() -> bool:
    """Whether Qt will find something to draw on; where there is nothing it would end the process."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
