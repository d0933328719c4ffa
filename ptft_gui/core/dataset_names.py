"""Names of datasets: what a person may call one, and what to call it when they do not say."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from ptft_gui.core.datasets import bundled_datasets, bundled_tables
from ptft_gui.core.errors import DataError

LONGEST_NAME = 60
_NAME = re.compile(r"\w[\w .()+-]*")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def check_name(name: str) -> str:
    """The name as it will be stored; raises DataError for one that no folder can have or that means something else."""
    plain = unicodedata.normalize("NFC", name).strip()
    if not plain:
        raise DataError("The name of the dataset is empty.", hint="Give it a name such as reviews-2026.")
    if len(plain) > LONGEST_NAME:
        raise DataError(
            f"The name {plain[:LONGEST_NAME]}... is too long.",
            f"It has {len(plain)} signs.",
            f"Use {LONGEST_NAME} at most.",
        )
    if not _NAME.fullmatch(plain) or plain.endswith(".") or _DEVICE.fullmatch(plain):
        raise DataError(
            f'A dataset cannot be named "{plain}".',
            hint="Use letters, digits, spaces, hyphens and full stops, beginning with a letter or digit.",
        )
    if plain in {card.id for card in (*bundled_datasets(), *bundled_tables())}:
        raise DataError(
            f'"{plain}" is the name of a dataset that comes with the program.', hint="Choose another name."
        )
    return plain


def proposed_name(path: Path) -> str:
    """A name for a dataset from the name of its file: letters, digits and hyphens, without endings."""
    stem = path.name
    while (suffix := Path(stem).suffix) and stem != suffix and len(suffix) <= 8:
        stem = stem[: -len(suffix)]
    plain = re.sub(r"[^\w()+-]+", "-", unicodedata.normalize("NFC", stem)).strip("-_")[: LONGEST_NAME - 4]
    try:
        return check_name(plain)
    except DataError:
        return f"my-{plain}" if _NAME.fullmatch(plain) else "my-data"
