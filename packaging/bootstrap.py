#!/usr/bin/env python3
"""Sets ptft-gui up on this computer and starts it. Needs Python 3.11 or newer and nothing else.

    python3 packaging/bootstrap.py run [--demo] [options of ptft-gui]
    python3 packaging/bootstrap.py test [options of pytest]
    python3 packaging/bootstrap.py setup

run    opens the window; the first time, or with --demo, the program shows itself there.
       Without a screen it shows itself offscreen and leaves pictures in ptft-demo/.
test   style, types, import contracts, then the whole test suite.
setup  only makes everything ready: .venv, the pinned libraries, the system's packages for Qt.

The second start finds everything in place and does none of it again.
"""

# Old Pythons must get as far as this sentence, so everything newer comes after it.
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is started by whatever Python is there
    sys.exit(
        "ptft-gui needs Python 3.11 or newer, and this is Python %d.%d. Install a newer one "  # noqa: UP031
        "(Debian, Ubuntu: sudo apt-get install python3.11 python3.11-venv) and start this command with it: "
        "python3.11 packaging/bootstrap.py run" % sys.version_info[:2]
    )

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from console import SetupProblem, say
from display import has_display
from environment import Environment
from system_packages import ensure_packages, needed_packages, useful_packages

ROOT = Path(__file__).resolve().parent.parent
PICTURES_FOLDER = "ptft-demo"
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

TEST_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("style", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
    ("import contracts", ("lint-imports",)),
    # A process for each core, and the tests of a file in one of them: they share what they trained. One that dies
    # ends the run: where it is replaced, pytest-xdist 3.8 may wait for ever for tests that are done (its issue 1378).
    (
        "tests",
        ("pytest", "--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile", "--max-worker-restart=0"),
    ),
)


def set_up(for_tests: bool = False) -> Environment:
    """Everything that the program needs; a fraction of a second when it is there already."""
    environment = Environment(ROOT)
    is_ready = environment.is_ready()
    useful = [] if is_ready and not for_tests else useful_packages(for_tests)
    ensure_packages(environment.log, needed_packages(has_display(os.environ)), useful)
    if not is_ready:
        environment.ensure()
        _tell_about_cuda(environment)
    return environment


def setup_command(arguments: list[str]) -> int:
    """``setup``: nothing but the set-up."""
    if arguments:
        return _usage(f'setup takes no options, and was given "{shlex.join(arguments)}".')
    set_up()
    say("Everything is in place. Start the program with: python3 packaging/bootstrap.py run")
    return 0


def run_command(arguments: list[str]) -> NoReturn:
    """``run``: hand over to the program; this process becomes it."""
    environment = set_up()
    asked_for_demo = "--demo" in arguments
    options = [argument for argument in arguments if argument != "--demo"]
    program = str(environment.tool("ptft-gui"))
    os.execv(program, [program, *_program_arguments(environment, asked_for_demo, options)])


def _program_arguments(environment: Environment, asked_for_demo: bool, options: list[str]) -> list[str]:
    if not has_display(os.environ):
        say("There is no screen here, so the program shows itself offscreen;")
        say(f"pictures of its screens will be in {Path.cwd() / PICTURES_FOLDER}")
        return ["demo", "--offscreen", "--shots", PICTURES_FOLDER, *options]
    already_shown = environment.folder / "demo-shown"
    if already_shown.exists() and not asked_for_demo:
        return options
    already_shown.touch()
    return ["demo", *options]


def test_command(arguments: list[str]) -> int:
    """``test``: all checks in order, up to the first that does not pass; its exit status is ours."""
    environment = set_up(for_tests=True)
    variables = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    for name, (tool, *options) in TEST_STEPS:
        extra = arguments if tool == "pytest" else []
        say(f"== {name}: {shlex.join([tool, *options, *extra])}")
        command = [str(environment.tool(tool)), *options, *extra]
        status = subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode
        if status != 0:
            say(f"== {name}: did not pass")
            return status if status > 0 else 128 - status
    say("== everything passed")
    return 0


def _tell_about_cuda(environment: Environment) -> None:
    """One line, once, where an NVIDIA card would stay idle; gigabytes are fetched only by the person."""
    if (
        shutil.which("nvidia-smi") is None
        or subprocess.run(["nvidia-smi"], capture_output=True).returncode != 0
    ):
        return
    question = [
        str(environment.tool("python")),
        "-c",
        "import torch; raise SystemExit(torch.version.cuda is None)",
    ]
    if subprocess.run(question, capture_output=True).returncode != 0:
        say(
            "This computer has an NVIDIA card, and torch was installed for the CPU. To use the card, take the pip"
        )
        say(
            f"line of pytorch.org > Get Started > CUDA and start it with: {environment.tool('python')} -m pip ..."
        )


def _usage(problem: str) -> int:
    print(f"{problem}\n\n{__doc__.split('run    opens')[0].strip()}", file=sys.stderr)
    return EXIT_USAGE


def main(arguments: list[str]) -> int:
    """Carry out one command; returns the exit status."""
    commands: dict[str, Callable[[list[str]], int]] = {
        "run": run_command,
        "test": test_command,
        "setup": setup_command,
    }
    name = arguments[0] if arguments else ""
    if name in ("-h", "--help", "help"):
        say(__doc__)
        return 0
    if name not in commands:
        return _usage(
            f'"{name}" is not one of run, test, setup.' if name else "Say what to do: run, test or setup."
        )
    try:
        return commands[name](arguments[1:])
    except SetupProblem as problem:
        print(f"{problem.message}\n{problem.remedy}", file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on where it has to.", file=sys.stderr)
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
