"""Tries something in a process of its own, where it may take long or crash."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TIMEOUT_S = 60
EXCEPTION_NAME = re.compile(r"^[\w.]+(Error|Exception|Exit): ")


@dataclass(frozen=True)
class ProbeResult:
    """What the snippet printed as JSON, or, when it did not come to its end, the last thing it said."""

    facts: dict[str, Any] | None
    last_words: str = ""


def probe(code: str, variables: Mapping[str, str] | None = None) -> ProbeResult:
    """Run a snippet of Python that prints one JSON object on its last line; never raises."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_S,
            env={**os.environ, **(variables or {})},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ProbeResult(None, f"no answer within {TIMEOUT_S} seconds")
    return _read(done)


def run_tool(command: list[str]) -> str | None:
    """What a tool of the system prints; None when it is not there or does not succeed."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_S,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _read(done: subprocess.CompletedProcess[str]) -> ProbeResult:
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    if done.returncode == 0 and lines:
        try:
            facts = json.loads(lines[-1])
        except ValueError:
            facts = None
        if isinstance(facts, dict):
            return ProbeResult(facts)
    said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    ended = f"it was ended by signal {-done.returncode}" if done.returncode < 0 else "it said nothing"
    return ProbeResult(None, EXCEPTION_NAME.sub("", said[-1]).rstrip(".") if said else ended)
