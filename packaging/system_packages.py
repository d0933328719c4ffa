"""What the operating system has to bring: Qt's libraries, a font, Python's own venv; through apt where it is there.

Which library is in which Debian package stands in ``resources/system/qt_libraries.json``; the program's doctor
reads the same file.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from console import SetupLog, SetupProblem, say

LIBRARY_TABLE = Path(__file__).resolve().parent.parent / "resources" / "system" / "qt_libraries.json"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".pfb"})
LOCK_TIMEOUT_S = 300
_TEST_TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool", "chromium": "chromium"}
"""Program to Debian package: a screen, a hand on it, and the browser in which a report is opened."""


def needed_packages(has_display: bool) -> list[str]:
    """Debian packages without which the program cannot be set up or cannot draw."""
    if not sys.platform.startswith("linux"):
        return []
    groups = ["drawing", "x11"] if has_display else ["drawing"]
    return _sorted([*_venv_packages(), *_library_packages(groups), *_font_packages()])


def useful_packages(for_tests: bool) -> list[str]:
    """Debian packages that are worth having: for a screen that comes later, for tests in a real window."""
    if not sys.platform.startswith("linux"):
        return []
    packages = _library_packages(["x11", "wayland"])
    if for_tests:
        packages += [package for tool, package in _TEST_TOOLS.items() if not shutil.which(tool)]
        packages += [] if _has_font("NotoSansCJK*", "NotoSerifCJK*") else ["fonts-noto-cjk"]
    return _sorted(packages)


def ensure_packages(log: SetupLog, needed: list[str], useful: list[str]) -> None:
    """Install packages. Raises SetupProblem, with the one line to run, where this user may not.

    Useful ones are installed when the program may; it works without them.
    """
    if not needed and not useful:
        return
    apt = _apt_command()
    if apt is not None:
        _install(log, apt, needed, useful)
    elif needed:
        raise _cannot_install(needed)


def missing_libraries(names: Iterable[str]) -> list[str]:
    """The shared libraries that this system's loader does not find."""
    return [name for name in names if not _is_loadable(name)]


def _is_loadable(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _library_packages(groups: Sequence[str]) -> list[str]:
    table: dict[str, dict[str, str]] = json.loads(LIBRARY_TABLE.read_text(encoding="utf-8"))
    libraries = {name: package for group in groups for name, package in table[group].items()}
    return [libraries[name] for name in missing_libraries(libraries)]


def _venv_packages() -> list[str]:
    """Debian ships Python without ensurepip; a private environment needs it."""
    if importlib.util.find_spec("ensurepip") is not None:
        return []
    return [f"python3.{sys.version_info.minor}-venv"]


def _font_packages() -> list[str]:
    return [] if _has_font("*") else ["fonts-dejavu-core"]


def _has_font(*patterns: str) -> bool:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(
        path.suffix.lower() in FONT_SUFFIXES
        for folder in folders
        if folder.is_dir()
        for pattern in patterns
        for path in folder.rglob(pattern)
    )


def _apt_command() -> list[str] | None:
    """How this user may call apt without being asked for anything; None where there is no way."""
    if shutil.which("apt-get") is None:
        return None
    quiet = [
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        f"DPkg::Lock::Timeout={LOCK_TIMEOUT_S}",
    ]
    if os.geteuid() == 0:
        return quiet
    return ["sudo", "-n", *quiet] if _has_passwordless_sudo() else None


def _has_passwordless_sudo() -> bool:
    if shutil.which("sudo") is None:
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0


def _install(log: SetupLog, apt: list[str], needed: list[str], useful: list[str]) -> None:
    say(f"Installing system packages: {' '.join([*needed, *useful])}")
    _, update_output = log.run([*apt, "update"])  # a bare container knows no packages until then
    install = [*apt, "install", "-y", "--no-install-recommends"]
    if needed:
        status, output = log.run([*install, *needed])
        if status != 0:
            raise log.failure("Installing system packages", update_output + output)
    if useful:
        status, _ = log.run([*install, *useful])
        if status != 0:
            say(f"  some could not be installed; the program works without them (see {log.path})")


def _cannot_install(packages: list[str]) -> SetupProblem:
    if shutil.which("apt-get") is None:
        return SetupProblem(
            "Libraries that the window needs are missing on this system.",
            "Install what your system calls these Debian packages, then start the same command again: "
            + " ".join(packages),
            exit_code=2,
        )
    return SetupProblem(
        "Some system packages are missing, and only an administrator may install them.",
        "Run this line, then start the same command again:\n\n"
        f"    sudo apt-get update && sudo apt-get install -y {' '.join(packages)}\n",
        exit_code=2,
    )


def _sorted(packages: Iterable[str]) -> list[str]:
    return sorted(set(packages))
