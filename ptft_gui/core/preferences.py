"""What a person chose once for all runs: a small file at home that the window, workers and the command line read.

The look of the window (theme, size of type, place) is the window's own and stands in ``window.ini``.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from ptft_gui.core.atomic import write_text_atomically
from ptft_gui.core.errors import PtftError
from ptft_gui.core.machine import has_graphics_card
from ptft_gui.core.paths import PREFERENCES_FILE, home_folder
from ptft_gui.core.spec import RunSpec, problems_of

Device = Literal["automatic", "cpu", "cuda"]
DEVICES: tuple[Device, ...] = ("automatic", "cpu", "cuda")
MOST_THREADS = 256


@dataclass(frozen=True)
class Preferences:
    """``runs`` and ``cache``: folders, "" for the usual ones; ``threads``: 0 lets the program choose.

    ``network``: whether what is marked *network* may go online when it is chosen; nothing else ever does.
    """

    runs: str = ""
    cache: str = ""
    device: Device = "automatic"
    threads: int = 0
    network: bool = True


def preferences_file() -> Path:
    return home_folder() / PREFERENCES_FILE


def read_preferences() -> Preferences:
    """The preferences; what is missing or makes no sense is as if it had never been chosen."""
    try:
        record = json.loads(preferences_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Preferences()
    known = record if isinstance(record, dict) else {}
    chosen = {f.name: known[f.name] for f in fields(Preferences) if _makes_sense(f.name, known.get(f.name))}
    return Preferences(**chosen)


def _makes_sense(name: str, value: Any) -> bool:
    if name in ("runs", "cache"):
        return isinstance(value, str) and (not value or os.path.isabs(value))
    if name == "device":
        return value in DEVICES
    if name == "threads":
        return type(value) is int and 0 <= value <= MOST_THREADS
    return isinstance(value, bool)


def keep_preferences(preferences: Preferences) -> None:
    """Write them down. Raises :class:`PtftError` when the file cannot be written."""
    path = preferences_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text_atomically(path, json.dumps(asdict(preferences), indent=1, ensure_ascii=False) + "\n")
    except OSError as problem:
        raise PtftError(
            "The preferences cannot be kept.",
            f"{path}: {problem.strerror or problem}.",
            "Free some space there; until then they hold for this window only.",
        ) from None


def with_preferences(spec: RunSpec, preferences: Preferences) -> RunSpec:
    """The run as it is started here: what it leaves open is as a person prefers, where such a run can do so."""
    wished: dict[str, Any] = {}
    if preferences.threads:
        wished["workers"] = preferences.threads
    if preferences.device == "cpu" or (preferences.device == "cuda" and _can_use_card(spec)):
        wished["device"] = preferences.device
    for key, value in wished.items():
        if key in spec.options and spec.options[key] is None:
            changed = spec.model_copy(update={"options": {**spec.options, key: value}})
            spec = spec if problems_of(changed) else changed
    return spec


def _can_use_card(spec: RunSpec) -> bool:
    """A graphics card that was chosen once may be gone by now, and gensim knows none."""
    return has_graphics_card() and spec.options.get("trainer") != "gensim"


def check_network() -> None:
    """Raise :class:`PtftError` where a person switched the network off."""
    if not read_preferences().network:
        raise PtftError(
            "The network is switched off in Preferences.",
            "What is marked network needs it, and nothing else.",
            "Switch it on under File > Preferences (Ctrl+,), or use data that is on this computer.",
        )


def as_device(value: str) -> Device:
    """A device by its key; what is unknown is automatic."""
    return next((device for device in DEVICES if device == value), "automatic")
