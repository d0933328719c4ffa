"""The list of commands, and the one place where a failure becomes a sentence and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import ptft_gui
from ptft_gui.core.errors import PtftError, SpecError
from ptft_gui.core.family.options import unknown_name_problem
from ptft_gui.core.paths import home_folder

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

COMMANDS = {
    "train": "train a model, from settings or from a run's spec.json",
    "resume": "go on with a run from its last checkpoint",
    "ask": "ask a model: near words, the class of a text, how a text goes on, what fits a blank",
    "predict": "let a model answer every row of a file",
    "evaluate": "measure a model against what people judged",
    "runs": "list the runs and the state they are in",
    "export": "write a model for other programs",
    "data": "look into data of any kind, and keep datasets by name",
    "doctor": "see what is missing on this computer",
    "demo": "see the main job done in the real window, on bundled text",
}


def run_command_line(arguments: Sequence[str]) -> int:
    """Carry out one command line; returns the exit code. Nothing but ``SystemExit`` of ``--help`` is raised.

    0 done, 1 a run or the program failed, 2 the input cannot be used, 130 broken off with Ctrl-C.
    """
    try:
        code = _dispatch(list(arguments))
        sys.stdout.flush()
        return code
    except PtftError as problem:
        say_problem(problem)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("Broken off.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as problem:
        _say_fault(problem)
        return FAILED


def _dispatch(arguments: list[str]) -> int:
    if (
        arguments[:1] == ["--runs"] and len(arguments) > 2
    ):  # "--runs DIR train ..." means "train --runs DIR ..."
        arguments = [arguments[2], *arguments[:2], *arguments[3:]]
    if arguments[0] in ("-h", "--help"):
        print(overview())
        return DONE
    if arguments[0] == "--version":
        print(f"ptft-gui {ptft_gui.__version__}")
        return DONE
    name, rest = arguments[0], arguments[1:]
    if name not in COMMANDS:
        what = "option" if name.startswith("-") else "command"
        raise unknown_name_problem(what, name, [*COMMANDS, "--help", "--version", "--runs"])
    module = importlib.import_module(f"ptft_gui.cli.{name}")
    code: int = module.main(rest)
    return code


def overview() -> str:
    """What ``ptft-gui --help`` prints."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {sentence}" for name, sentence in COMMANDS.items()]
    return "\n".join(
        [
            "ptft-gui: train language models on this computer and ask them questions.",
            "",
            "  ptft-gui               open the window",
            "  ptft-gui COMMAND ...   one of the commands below; ptft-gui COMMAND --help tells more",
            "",
            *lines,
            "",
            "Every command takes --runs DIR, the folder of runs (or set PTFT_RUNS). --version tells the version.",
        ]
    )


def say_problem(problem: PtftError) -> None:
    """A failure as one line on standard error, with the name that its setting has on the command line."""
    print(" ".join(f"{problem.as_sentence()} {_setting_named(problem)}".split()), file=sys.stderr)


def _setting_named(problem: PtftError) -> str:
    if not isinstance(problem, SpecError):
        return ""
    from ptft_gui.core.family.registry import known_settings  # a tenth of a second that no start should take

    is_unnamed = problem.key in known_settings() and problem.key not in problem.as_sentence()
    return f"The setting is called {problem.key}." if is_unnamed else ""


def _say_fault(problem: Exception) -> None:
    """A fault of the program itself: one sentence for the person, the rest for a bug report."""
    told = f"The program met a fault ({type(problem).__name__}: {problem})."
    log = home_folder() / "command-line.log"
    try:
        _append(log, "".join(traceback.format_exception(problem)))
        told += f" The details are in {log}."
    except OSError:
        pass
    print(" ".join(told.split()), file=sys.stderr)


def _append(log: Path, text: str) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now().isoformat(timespec='seconds')} {sys.argv}\n{text}\n")
