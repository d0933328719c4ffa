"""The computer itself: Python, the program's libraries, disk, memory, the folder of runs."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import psutil

from ptft_gui.core.locks import try_lock
from ptft_gui.doctor.check import Check

OLDEST_PYTHON = (3, 11)
GIB = 1 << 30
DISK_NEEDED = GIB
DISK_COMFORTABLE = 5 * GIB
MEMORY_COMFORTABLE = GIB
LIBRARY = re.compile(r"^[A-Za-z0-9._-]+")


def check_python() -> Check:
    """The interpreter this program runs in."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        return Check("Python", True, f"Python {version} is recent enough.")
    return Check("Python", False, f"Python {version} is too old.", "Install Python 3.11 or newer.")


def check_libraries() -> Check:
    """Every library the program declares is installed; which version is pip's concern."""
    try:
        required = importlib.metadata.requires("ptft-gui") or []
    except importlib.metadata.PackageNotFoundError:
        sentence = "ptft-gui runs from its folder without being installed."
        return Check("Libraries", None, sentence, "python3 packaging/bootstrap.py setup")
    needed = [requirement for requirement in required if "extra ==" not in requirement]
    missing = [requirement for requirement in needed if not _is_installed(requirement)]
    if missing:
        names = ", ".join(LIBRARY.findall(requirement)[0] for requirement in missing)
        return Check("Libraries", False, f"Not installed: {names}.", pip_install(*missing))
    return Check("Libraries", True, f"All {len(needed)} libraries are installed.")


def _is_installed(requirement: str) -> bool:
    try:
        importlib.metadata.version(LIBRARY.findall(requirement)[0])
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def pip_install(*requirements: str) -> str:
    """The line that installs libraries into the environment this program runs in."""
    quoted = " ".join(f'"{requirement}"' for requirement in requirements)
    return f'"{sys.executable}" -m pip install {quoted}'


def declared_requirement(library: str) -> str:
    """What this program asks of a library, as pip reads it; the bare name where it is not installed itself."""
    try:
        required = importlib.metadata.requires("ptft-gui") or []
    except importlib.metadata.PackageNotFoundError:
        return library
    return next((r for r in required if LIBRARY.findall(r)[0].lower() == library.lower()), library)


def check_disk(runs: Path) -> Check:
    """Room for checkpoints and models where runs are kept."""
    place = existing_parent(runs)
    try:
        free = shutil.disk_usage(place).free
    except OSError as problem:
        return Check("Disk", None, f"How much is free at {place} could not be found out: {problem.strerror}.")
    sentence = f"{free / GIB:.1f} GB are free at {place}."
    if free < DISK_NEEDED:
        return Check("Disk", False, sentence, "Free some space, or choose another folder with --runs DIR.")
    if free < DISK_COMFORTABLE:
        return Check("Disk", None, f"{sentence} That suffices for small models.", "ptft-gui --runs DIR")
    return Check("Disk", True, sentence)


def check_runs_folder(runs: Path) -> Check:
    """Runs can be written there, and the file system keeps the locks that show which run lives."""
    name = "Runs folder"
    place = existing_parent(runs)
    remedy = "Choose another folder with --runs DIR, or set PTFT_RUNS."
    if place != runs:
        if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
            return Check(name, True, f"{runs} will be made with the first run.")
        return Check(
            name, False, f"{runs} cannot be made: {place} is not a folder that can be written.", remedy
        )
    try:
        with tempfile.TemporaryDirectory(prefix=".doctor-", dir=runs) as folder:
            lock = try_lock(Path(folder) / "lock")
            if lock is not None:
                lock.release()
    except OSError as problem:
        return Check(name, False, f"{runs} cannot be used: {problem.strerror}.", remedy)
    return Check(name, True, f"{runs} can be written.")


def existing_parent(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    absolute = path.absolute()
    return next(place for place in (absolute, *absolute.parents) if place.exists())


def check_memory() -> Check:
    """Working memory that is free now."""
    memory = psutil.virtual_memory()
    sentence = f"{memory.available / GIB:.1f} of {memory.total / GIB:.1f} GB of memory are free."
    if memory.available < MEMORY_COMFORTABLE:
        return Check(
            "Memory", None, f"{sentence} Large texts may not fit.", "Close other programs before a long run."
        )
    return Check("Memory", True, sentence)
