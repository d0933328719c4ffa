"""How the threads of torch wait for each other."""

from __future__ import annotations

import os

_SPINS = "500"


def wait_politely() -> None:
    """Let threads that have nothing to do sleep soon instead of turning in circles; call it before torch is imported.

    On a computer that does something else too, circling threads keep each other from working: measured on two busy
    cores, a step of a tiny GPT took 1,000 ms instead of 140. On a quiet one the difference is small. What a person has
    set for themselves stays.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
