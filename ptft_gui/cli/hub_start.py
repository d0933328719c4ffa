"""A model of the network as a start: what it is and costs is said first, then it is fetched, and used offline."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from ptft_gui.cli.data_watch import shown_progress
from ptft_gui.core.family.language_starts import FAMILY_TITLES
from ptft_gui.core.hub.models import find_model
from ptft_gui.core.hub.names import parse_hub_model
from ptft_gui.core.paths import home_folder
from ptft_gui.core.wording import bytes_text, count_text


def fetched_reference(reference: str) -> str:
    """The exact name of the fetched model behind ``hub:ID`` or ``hub:ID@REVISION``; one that is not here is fetched.

    Without a revision the newest on this computer is meant, and the network is not asked. Raises PtftError.
    """
    name = parse_hub_model(reference)
    here = find_model(home_folder(), name)
    if here is not None:
        if not name.is_exact:
            _say(f"{here.id}, as it was fetched earlier: {here.reference}")
        return here.reference
    from ptft_gui.data.hub.models import model_info
    from ptft_gui.engine.hub_start import fetch_start

    with shown_progress() as progress:
        progress("Asking the hub", None)
        info = model_info(reference).as_dict()
    _say(f"{told_model(info)} Fetching it as {info['reference']}")
    for notice in info["notices"]:
        _say(f"Note: {notice}")
    with shown_progress() as progress:
        return fetch_start(info["reference"], progress).reference


def told_model(info: Mapping[str, Any]) -> str:
    """Size, licence, language and architecture in one line."""
    kind = FAMILY_TITLES.get(info["family"], "")
    numbers = f"{count_text(info['numbers'])} parameters" if info["numbers"] else ""
    languages = ", ".join(info["languages"])
    facts = (
        f"to download: {bytes_text(info['size_bytes'])}",
        f"licence: {info['licence'] or 'not stated'}",
        f"language: {languages or 'not stated'}",
        " with ".join(part for part in (kind, numbers) if part),
    )
    return f"{info['id']}: {'; '.join(fact for fact in facts if fact)}."


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
