"""The models a companion holds open: opened once, shared by all questions, freed when nobody asks any more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from ptft_gui.inspection.vector_table import Progress, ShouldStop

MOST_MODELS = 3

Model = TypeVar("Model")
Opener = Callable[[Path, Progress, ShouldStop], Model]


@dataclass
class _Slot(Generic[Model]):
    """One model. Its lock is held while it is being opened, so that two questions do not open it twice."""

    stamp: str | None
    model: Model | None = None
    used_at: float = field(default_factory=time.monotonic)
    opening: threading.Lock = field(default_factory=threading.Lock)


class OpenModels(Generic[Model]):
    """Models by path. One whose file has changed since, as ``stamp`` tells, is opened anew."""

    def __init__(
        self, idle_seconds: float, opener: Opener[Model], stamp: Callable[[Path], str | None]
    ) -> None:
        self._idle_seconds = idle_seconds
        self._opener, self._stamp = opener, stamp
        self._slots: dict[Path, _Slot[Model]] = {}
        self._guard = threading.Lock()
        self._closed = threading.Event()
        self._cleaner = threading.Thread(target=self._free_idle_ones, name="free idle models", daemon=True)
        self._cleaner.start()

    def __len__(self) -> int:
        with self._guard:
            return sum(slot.model is not None for slot in self._slots.values())

    def open(self, path: Path, progress: Progress, should_stop: ShouldStop) -> Model:
        """The model at ``path``; raises what opening it raises."""
        slot = self._slot(path)
        with slot.opening:
            if slot.model is None:
                slot.model = self._opener(path, progress, should_stop)
            slot.used_at = time.monotonic()
            return slot.model

    def _slot(self, path: Path) -> _Slot[Model]:
        stamp = self._stamp(path)
        with self._guard:
            slot = self._slots.get(path)
            if slot is None or slot.stamp != stamp:
                slot = self._slots[path] = _Slot[Model](stamp)
                self._drop_oldest()
            slot.used_at = time.monotonic()
            return slot

    def _drop_oldest(self) -> None:
        while len(self._slots) > MOST_MODELS:
            oldest = min(self._slots, key=lambda path: self._slots[path].used_at)
            del self._slots[oldest]

    def _free_idle_ones(self) -> None:
        while not self._closed.wait(min(self._idle_seconds / 4, 10.0)):
            limit = time.monotonic() - self._idle_seconds
            with self._guard:
                self._slots = {
                    path: slot
                    for path, slot in self._slots.items()
                    if slot.used_at > limit or slot.opening.locked()
                }

    def close(self) -> None:
        self._closed.set()
        self._cleaner.join()
