"""What ``hub:ID`` means: a dataset, ``hub:stanfordnlp/imdb`` or with one of its configurations
``hub:nyu-mll/glue:mrpc``; or a model, ``hub:google-bert/bert-base-uncased`` or with its exact state behind an ``@``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ptft_gui.core.errors import DataError

PREFIX = "hub:"
Kind = Literal["dataset", "model"]
EXAMPLES: dict[str, str] = {
    "dataset": "hub:stanfordnlp/imdb",
    "model": "hub:google-bert/bert-base-uncased",
}
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_-])?"
_ID = re.compile(rf"{_PART}(?:/{_PART})?")
_CONFIG = re.compile(r"[\w.+-][\w.+ -]{0,95}")
_REVISION = re.compile(r"[A-Za-z0-9][\w.+/-]{0,95}")
_COMMIT = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True)
class HubName:
    """A repository of the hub. ``config``: which configuration of a dataset, empty for the usual one; ``revision``:
    which state of a model, empty for the newest."""

    id: str
    config: str = ""
    revision: str = ""
    kind: Kind = "dataset"

    def __str__(self) -> str:
        behind = f"@{self.revision}" if self.revision else ""
        return f"{PREFIX}{self.id}" + (f":{self.config}" if self.config else "") + behind

    @property
    def short(self) -> str:
        """Without its owner."""
        return self.id.rpartition("/")[2]

    @property
    def example(self) -> str:
        """How a name of this kind is written."""
        return EXAMPLES[self.kind]

    @property
    def is_exact(self) -> bool:
        """Whether the revision is one state for ever, not a branch that moves on."""
        return bool(_COMMIT.fullmatch(self.revision))


def parse_hub_id(text: str, config: str = "") -> HubName:
    """The dataset that ``hub:ID``, ``hub:ID:CONFIG`` or a bare id names; raises DataError."""
    name, _, part = text.strip().removeprefix(PREFIX).partition(":")
    _check_id(name, "dataset")
    chosen = config or part
    if chosen and not _CONFIG.fullmatch(chosen):
        raise DataError(
            f'"{chosen}" is not the name of a configuration.', hint="Write it as hub:nyu-mll/glue:mrpc."
        )
    return HubName(name, chosen)


def parse_hub_model(text: str) -> HubName:
    """The model that ``hub:ID``, ``hub:ID@REVISION`` or a bare id names; raises DataError."""
    name, sign, revision = text.strip().removeprefix(PREFIX).partition("@")
    _check_id(name, "model")
    if sign and (not _REVISION.fullmatch(revision) or ".." in revision):
        raise DataError(
            f'"{revision}" is not the name of a revision.',
            hint=f"Write it as {EXAMPLES['model']}@main, or leave it out for the newest.",
        )
    return HubName(name, revision=revision, kind="model")


def is_hub_name(text: object) -> bool:
    return str(text).startswith(PREFIX)


def _check_id(name: str, kind: Kind) -> None:
    if not name:
        raise DataError(f"The name of a {kind} on the hub is missing.", hint=f"Write it as {EXAMPLES[kind]}.")
    if not _ID.fullmatch(name) or ".." in name or "--" in name:
        raise DataError(
            f'"{name}" is not the name of a {kind} on the hub.', hint=f"Write it as {EXAMPLES[kind]}."
        )
