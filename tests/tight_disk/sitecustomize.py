"""Python runs this before anything else where its folder is on PYTHONPATH: the disk has 1.5 GB left, as some do."""

from __future__ import annotations

import os
import shutil
from typing import Any

FREE = 1_500_000_000
_disk_usage = shutil.disk_usage


def tight_disk_usage(path: int | str | os.PathLike[str]) -> Any:
    """The disk of a path with FREE bytes free; a path that is not there raises as always."""
    usage = _disk_usage(path)
    return type(usage)(usage.total, usage.total - FREE, FREE)


shutil.disk_usage = tight_disk_usage
