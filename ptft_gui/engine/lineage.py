"""Whether a checkpoint belongs to the text and the words of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ptft_gui.core.errors import PtftError


def vocabulary_hash(words: Sequence[str]) -> str:
    """Tells whether a checkpoint belongs to these words in this order."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def text_has_changed() -> PtftError:
    """The sentence for a run whose text is no longer what it was trained on."""
    return PtftError(
        "The text has changed since this run was started.",
        "Its words are not those that the run has learned so far.",
        "Bring the text back as it was, or start a new run.",
    )
