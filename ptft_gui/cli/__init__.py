"""The command line: one module a command, imported only when it is asked for."""

from ptft_gui.cli.commands import run_command_line

__all__ = ["run_command_line"]
