"""A process that trains lets others go first, also where the system counts sessions before processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_AUTOGROUP = Path("/proc/self/autogroup")
_TELL = """
import os
from pathlib import Path
from ptft_gui.core.give_way import give_way
give_way(3)
group = Path("/proc/self/autogroup")
words = group.read_text().split() if group.exists() else []
print(os.nice(0), words[-1] if words else "none")
"""


def _counts_sessions() -> bool:
    """Whether this system weighs sessions: the file is there and empty where a control group took this process out."""
    return _AUTOGROUP.exists() and _AUTOGROUP.read_text() != ""


def _told(*, own_session: bool) -> tuple[int, str]:
    answer = subprocess.run(
        [sys.executable, "-c", _TELL],
        capture_output=True,
        text=True,
        check=True,
        start_new_session=own_session,
    )
    niceness, group = answer.stdout.split()
    return int(niceness), group


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system knows no niceness")
def test_the_process_itself_gives_way() -> None:
    assert _told(own_session=False)[0] == os.nice(0) + 3


@pytest.mark.skipif(not _counts_sessions(), reason="this system does not count sessions")
def test_a_session_of_its_own_gives_way_as_a_whole_and_a_shared_one_does_not() -> None:
    before = _AUTOGROUP.read_text().split()[-1]

    assert _told(own_session=True)[1] == "3"
    assert _told(own_session=False)[1] == before
    assert _AUTOGROUP.read_text().split()[-1] == before
