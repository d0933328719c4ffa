"""What ``hub:ID`` means: ``hub:stanfordnlp/imdb``, or with one of its configurations ``hub:nyu-mll/glue:mrpc``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ptft_gui.core.errors import DataError

PREFIX = "hub:"
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_-])?"
_ID = re.compile(rf"{_PART}(?:/{_PART})?")
_CONFIG = re.compile(r"[\w.+-][\w.+ -]{0,95}")


@dataclass(frozen=True)
class HubName:
    """A dataset of the hub. ``config``: one of its configurations, empty for the usual one."""

    id: str
    config: str = ""

    def __str__(self) -> str:
        return f"{PREFIX}{self.id}" + (f":{self.config}" if self.config else "")


def parse_hub_id(text: str, config: str = "") -> HubName:
    """The dataset that ``hub:ID``, ``hub:ID:CONFIG`` or a bare id names; raises DataError."""
    name, _, part = text.strip().removeprefix(PREFIX).partition(":")
    if not name:
        raise DataError(
            "The name of a dataset on the hub is missing.", hint="Write it as hub:stanfordnlp/imdb."
        )
    if not _ID.fullmatch(name) or ".." in name or "--" in name:
        raise DataError(
            f'"{name}" is not the name of a dataset on the hub.', hint="Write it as hub:stanfordnlp/imdb."
        )
    chosen = config or part
    if chosen and not _CONFIG.fullmatch(chosen):
        raise DataError(
            f'"{chosen}" is not the name of a configuration.', hint="Write it as hub:nyu-mll/glue:mrpc."
        )
    return HubName(name, chosen)
