"""The command line as a person runs it: a process of its own, a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ptft_gui.cli import run_command_line

_PATIENCE_S = 120.0
_PEOPLE = ("king", "queen", "prince", "princess", "miller", "baker")
_DOINGS = (
    "rides the white horse",
    "wears the golden crown",
    "sings an old song",
    "walks in the green garden",
)
SENTENCES = [f"The {who} {what} on day {day}." for day in range(12) for who in _PEOPLE for what in _DOINGS]
QUICK = ("epochs=3", "workers=1", "min_count=1", "vector_size=8")


@dataclass(frozen=True)
class Finished:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class CommandLine:
    """Runs ``ptft-gui`` in a process of its own."""

    home: Path

    @property
    def runs(self) -> Path:
        return self.home / "runs"

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PTFT_HOME": str(self.home), "PTFT_RUNS": str(self.runs), "COLUMNS": "200"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "ptft_gui", *arguments],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str) -> Finished:
        with self.start(*arguments) as process:
            try:
                out, err = process.communicate(timeout=_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Finished(process.returncode, out, err)


@pytest.fixture
def ptft(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "home")


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    path = tmp_path / "castle.txt"
    path.write_text("\n".join(SENTENCES) + "\n", encoding="utf-8")
    return path


@dataclass(frozen=True)
class Trained:
    """A home with one finished run, and what the command printed."""

    ptft: CommandLine
    printed: Finished

    @property
    def run(self) -> Path:
        return next(path for path in self.ptft.runs.iterdir() if (path / "spec.json").exists())


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("trained")
    path = folder / "castle.txt"
    path.write_text("\n".join(SENTENCES) + "\n", encoding="utf-8")
    ptft = CommandLine(folder / "home")
    settings = ("--set", *QUICK, "--watch", "king,queen", "--name", "The castle")
    printed = ptft("train", "--dataset", str(path), "--preset", "tiny", *settings)
    assert printed.code == 0, printed.err
    return Trained(ptft, printed)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Callable[..., Finished]:
    """Runs a command in this process: quicker, for what needs no process of its own."""

    def run(*arguments: str) -> Finished:
        code = run_command_line(arguments)
        printed = capsys.readouterr()
        return Finished(code, printed.out, printed.err)

    return run
