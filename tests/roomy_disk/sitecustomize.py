"""Python runs this before anything else where its folder is on PYTHONPATH: in every process that a test starts.

What the program does when a disk is nearly full depends on the machine; a test that is not about it sees a disk with
room, as a person's usually has. A test that is about it says itself how much is free.
"""

from __future__ import annotations

import os
import shutil
from typing import Any

_disk_usage = shutil.disk_usage


def roomy_disk_usage(path: int | str | os.PathLike[str]) -> Any:
    """The disk of a path with at least a half of it free; a path that is not there raises as always."""
    usage = _disk_usage(path)
    free = max(usage.free, usage.total // 2)
    return type(usage)(usage.total, usage.total - free, free)


shutil.disk_usage = roomy_disk_usage
