"""The program's private Python environment in ``.venv``: made, filled from the pins, repaired, reused.

A stamp inside says for which requirements it was filled. It is the last thing to be written, so an environment
without a stamp is one whose set-up was interrupted: it is made anew. One whose stamp names other requirements
is brought up to date.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from console import SetupLog, say

CONSTRAINTS = "packaging/constraints.txt"
LARGE_DOWNLOAD = re.compile(r"\s*Downloading (?P<file>\S+) \((?P<size>\d{2,}[\d.]* MB|[\d.]+ GB)\)")


class Environment:
    """The environment of the checkout at ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.log = SetupLog(self.folder / "setup.log")
        self._stamp = self.folder / "setup-stamp.json"

    def tool(self, name: str) -> Path:
        """The path of a command installed in the environment."""
        return self.folder / "bin" / name

    def is_ready(self) -> bool:
        """True when nothing has to be done; looks at a few files and starts no process."""
        return self._read_stamp() == self._wanted_stamp() and self._has_programs()

    def ensure(self) -> None:
        """Make the environment ready. Raises SetupProblem."""
        if self.is_ready():
            return
        with _one_at_a_time(self.root / CONSTRAINTS) as lock:
            if self.is_ready():  # another set-up has just finished
                return
            if not self._can_be_updated():
                self._create(lock)
            self._stamp.unlink(missing_ok=True)
            self._install(lock)
            self._write_stamp()
        say("Set-up is complete.")

    def _wanted_stamp(self) -> dict[str, str]:
        """What the environment depends on; the folder counts because scripts in it hold absolute paths."""
        declared = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        parts = json.dumps([declared.get("build-system"), declared.get("project")], sort_keys=True)
        pins = (self.root / CONSTRAINTS).read_bytes()
        return {
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
            "root": str(self.root),
            "requirements": hashlib.sha256(parts.encode() + pins).hexdigest(),
        }

    def _read_stamp(self) -> dict[str, str] | None:
        try:
            stamp = json.loads(self._stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return stamp if isinstance(stamp, dict) else None

    def _write_stamp(self) -> None:
        temporary = self._stamp.with_suffix(".tmp")
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(self._wanted_stamp(), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self._stamp)

    def _has_programs(self) -> bool:
        """The interpreter is a link to the system's Python, which an upgrade of the system may have removed."""
        return all(os.access(self.tool(name), os.X_OK) for name in ("python", "ptft-gui"))

    def _can_be_updated(self) -> bool:
        """A whole environment of this Python at this place, filled for other requirements."""
        stamp, wanted = self._read_stamp(), self._wanted_stamp()
        same = stamp is not None and all(stamp.get(key) == wanted[key] for key in ("python", "root"))
        return same and self._has_programs()

    def _create(self, lock: IO[bytes]) -> None:
        say(f"Making a private Python environment in {self.folder} ...")
        self._clear()
        command = [_base_python(), "-m", "venv", str(self.folder)]
        status, output = self.log.run(command, pass_fds=[lock.fileno()])
        if status != 0:
            raise self.log.failure("Making the Python environment", output)

    def _clear(self) -> None:
        """Empty the folder, but keep the log of this very set-up."""
        if self.folder.is_file():
            self.folder.unlink()
        self.folder.mkdir(exist_ok=True)
        for entry in self.folder.iterdir():
            if entry == self.log.path:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def _install(self, lock: IO[bytes]) -> None:
        say("Installing the program and its libraries. The first time this takes some minutes;")
        say(f"everything pip says goes to {self.log.path}")
        command = [
            str(self.tool("python")),
            "-m",
            "pip",
            "install",
            "--no-input",
            "--disable-pip-version-check",
        ]
        command += ["-c", CONSTRAINTS, "-e", ".[dev,starter]"]
        status, output = self.log.run(
            command,
            on_line=PipProgress(),
            variables=_pip_variables(),
            pass_fds=[lock.fileno()],
            cwd=self.root,
        )
        if status != 0:
            raise self.log.failure("Installing the libraries", output)


def _pip_variables() -> dict[str, str]:
    """The person's own, for a proxy or another index, without those that would install somewhere else.

    The pins hold for the tools that build the package too: pip hands these two names on to them.
    """
    elsewhere = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME"}
    kept = {name: value for name, value in os.environ.items() if name not in elsewhere}
    return {**kept, "PIP_CONSTRAINT": CONSTRAINTS, "PIP_BUILD_CONSTRAINT": CONSTRAINTS}


class PipProgress:
    """Tells a person the few things in pip's output that take long."""

    def __init__(self) -> None:
        self._has_warned = False

    def __call__(self, line: str) -> None:
        download = LARGE_DOWNLOAD.match(line)
        if download:
            say(f"  fetching {download['file'].rpartition('/')[2]} ({download['size']})")
        elif line.startswith("Installing collected packages:"):
            say(f"  unpacking {line.count(',') + 1} packages")
        elif line.startswith("Collecting nvidia-") and not self._has_warned:
            self._has_warned = True
            say("  Your package index offers torch together with NVIDIA's libraries, about 3 GB to fetch.")
            say("  For the smaller CPU build press Ctrl-C, set PIP_EXTRA_INDEX_URL to the CPU index that")
            say("  pytorch.org names under Get Started, and start the same command again.")


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[IO[bytes]]:
    """Hold the set-up lock. Children inherit it: pip may outlive a killed set-up, and the next one waits for it."""
    with path.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is still at work here; waiting for it to end ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


def _base_python() -> str:
    """The Python that environments are made from, even when set-up itself was started inside one."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)
