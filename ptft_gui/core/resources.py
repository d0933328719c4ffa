"""Finds what travels with the program, in a checkout and installed alike."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def resources_root() -> Path:
    """The folder of resources: ``<checkout>/resources``, or ``ptft_gui/resources`` inside an installation."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def resource_path(*parts: str) -> Path:
    """The path of one resource; it is not checked to exist."""
    return resources_root().joinpath(*parts)


def read_json_resource(*parts: str) -> Any:
    """A JSON resource, decoded."""
    return json.loads(resource_path(*parts).read_text(encoding="utf-8"))
