"""What a trial measured of a run, and whether that fits this computer: the numbers of the fit check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """What was measured, and what follows from it. ``minutes`` counts training alone, not reading or counting text.

    Of the four speeds one is known: that of what the family's steps are made of. ``disk_bytes``: what the run folder
    takes with the checkpoints it keeps; ``free_...``: what there was when it was measured; ``text_tokens``: how long
    the text is that a language model learns from. 0 is "not known".
    """

    parameters: int
    vocabulary_size: int
    seconds_per_step: float
    words_per_second: float | None
    pairs_per_second: float | None
    peak_memory_bytes: int
    epochs: float | None
    minutes: float
    micro_batch_size: int
    measured_steps: int
    tokens_per_second: float | None = None
    texts_per_second: float | None = None
    global_batch_size: int = 0
    disk_bytes: int = 0
    free_memory_bytes: int = 0
    free_disk_bytes: int = 0
    text_tokens: int = 0
    device: str = "cpu"

    @property
    def accumulation(self) -> int:
        """In how many parts a batch is done."""
        return max(1, -(-self.global_batch_size // max(self.micro_batch_size, 1)))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def estimate_from_dict(record: Mapping[str, Any]) -> Estimate:
    """Rebuild an estimate that travelled as plain data; raises TypeError, ValueError for what is none."""
    known = {field.name for field in fields(Estimate)}
    return Estimate(**{key: value for key, value in record.items() if key in known})
