"""How a text becomes one point, by name."""

from __future__ import annotations

MEAN, FIRST, LAST = "mean", "first", "last"


def poolings_of(model_type: str) -> tuple[str, ...]:
    """How texts can become points with a backbone of this kind, the usual way first."""
    return {"bert": (MEAN, FIRST), "gpt2": (LAST,)}.get(model_type, ())
