"""Files that must be read whole are read once, though a person's every change asks for them again."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Any, TypeVar

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.data.tables.origin import Origin

HELD_BYTES = 64 << 20
"""So much, in bytes on disk, is kept of the files opened last; what is larger is read again."""

_UNSURE_NS = 2_000_000_000
# The time of a change is told in steps: a file written a moment ago may change once more and look the same.
_Reader = TypeVar("_Reader")
_held: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
_lock = threading.Lock()


def open_whole(kind: type[_Reader], origin: Origin, options: ReadOptions, name: str = "") -> _Reader:
    """``kind(origin, options, name)``, or the one that was made before of the same file as it still is."""
    key = (kind, origin.source, origin.name, options.model_dump_json(), name)
    with _lock:
        if key in _held:
            _held.move_to_end(key)
            found: _Reader = _held[key][0]
            return found
    made = kind(origin, options, name)  # type: ignore[call-arg]
    is_settled = time.time_ns() - origin.source.mtime_ns > _UNSURE_NS
    if is_settled and origin.size_bytes <= HELD_BYTES:
        with _lock:
            _held[key] = (made, origin.size_bytes)
            while sum(size for _, size in _held.values()) > HELD_BYTES:
                _held.popitem(last=False)
    return made
