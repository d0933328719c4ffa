"""What set-up says to the person, and the log of everything it ran."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

HEARTBEAT_SECONDS = 20
LAST_LINES = 15


class SetupProblem(Exception):
    """Set-up cannot go on. ``message`` says what is the matter, ``remedy`` what to do, both in plain sentences."""

    def __init__(self, message: str, remedy: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.exit_code = exit_code


def say(line: str) -> None:
    """One line of progress; flushed, because the program may replace this process right after it."""
    print(line, flush=True)


# What is read in the log of a step that ended badly -> what a person is told. The first that fits is taken.
KNOWN_CAUSES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("No space left on device",),
        "The disk is full.",
        "Free about 4 GB and start the same command again.",
    ),
    (
        (
            "NewConnectionError",
            "Failed to establish a new connection",
            "Temporary failure in name resolution",
            "Temporary failure resolving",
            "Name or service not known",
            "Network is unreachable",
            "ConnectTimeoutError",
            "ReadTimeoutError",
            "ProxyError",
            "Could not resolve",
            "Could not connect to",
        ),
        "The network could not be reached; set-up needs it once, to fetch the libraries.",
        "Connect this computer to the network and start the same command again.",
    ),
    (
        ("Could not get lock", "Unable to acquire the dpkg frontend lock"),
        "Another program is installing software at the moment.",
        "Wait until it has finished and start the same command again.",
    ),
    (
        ("(from versions: none)",),
        "pip found no version of a library where it looks for them.",
        "Check the network and pip's own settings (pip config list), and start the same command again.",
    ),
    (
        ("Permission denied", "Read-only file system"),
        "A folder that set-up needs cannot be written.",
        "Look at the folder named above, or place the program in a folder of your own.",
    ),
)


def explain(output: str) -> tuple[str, str] | None:
    """The cause and the remedy for the output of a step that ended badly, where they are known."""
    for signs, message, remedy in KNOWN_CAUSES:
        if any(sign in output for sign in signs):
            return message, remedy
    return None


class SetupLog:
    """Runs the commands of set-up; all they print goes to one file, a person sees only what matters."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(
        self,
        command: Sequence[str],
        on_line: Callable[[str], None] = lambda line: None,
        variables: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
        cwd: Path | None = None,
    ) -> tuple[int, str]:
        """Run to the end; returns the exit status and all output. ``on_line`` hears each line as it comes."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lines: list[str] = []
        with self.path.open("a", encoding="utf-8") as log, _heartbeat():
            log.write(f"\n$ {' '.join(command)}\n")
            log.flush()
            with subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                env=dict(os.environ if variables is None else variables),
                pass_fds=tuple(pass_fds),
                cwd=cwd,
            ) as process:
                assert process.stdout is not None
                for line in process.stdout:
                    lines.append(line)
                    log.write(line)
                    on_line(line.rstrip())
        return process.returncode, "".join(lines)

    def failure(self, what: str, output: str) -> SetupProblem:
        """A step ended badly: its last lines are shown, and the cause where it is known."""
        for line in output.splitlines()[-LAST_LINES:]:
            say(f"    {line}")
        message, remedy = explain(output) or (
            f"{what} did not succeed; the last lines are above.",
            "Start the same command again; it repairs what is half done.",
        )
        return SetupProblem(message, f"{remedy} Everything that was printed is in {self.path}.")


@contextmanager
def _heartbeat() -> Iterator[None]:
    """Says now and then that work goes on, so that a long silence does not look like a hang."""
    done = threading.Event()
    began = time.monotonic()

    def beat() -> None:
        while not done.wait(HEARTBEAT_SECONDS):
            say(f"    still working, {time.monotonic() - began:.0f} s")

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
