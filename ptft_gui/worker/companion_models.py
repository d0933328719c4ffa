"""The models a companion holds open: opened once, shared by all questions, freed when nobody asks any more."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from ptft_gui.inspection.model import OpenedModel, model_stamp, open_model
from ptft_gui.inspection.vector_table import Progress, ShouldStop

MOST_MODELS = 3


@dataclass
class _Slot:
    """One model. Its lock is held while it is being opened, so that two questions do not open it twice."""

    stamp: str | None
    model: OpenedModel | None = None
    used_at: float = field(default_factory=time.monotonic)
    opening: threading.Lock = field(default_factory=threading.Lock)


class OpenModels:
    """Models by path. One whose file has changed since is opened anew."""

    def __init__(self, idle_seconds: float) -> None:
        self._idle_seconds = idle_seconds
        self._slots: dict[Path, _Slot] = {}
        self._guard = threading.Lock()
        self._closed = threading.Event()
        self._cleaner = threading.Thread(target=self._free_idle_ones, name="free idle models", daemon=True)
        self._cleaner.start()

    def __len__(self) -> int:
        with self._guard:
            return sum(slot.model is not None for slot in self._slots.values())

    def open(self, path: Path, progress: Progress, should_stop: ShouldStop) -> OpenedModel:
        """The model at ``path``; raises what :func:`~ptft_gui.inspection.model.open_model` raises."""
        slot = self._slot(path)
        with slot.opening:
            if slot.model is None:
                slot.model = open_model(path, progress, should_stop)
            slot.used_at = time.monotonic()
            return slot.model

    def _slot(self, path: Path) -> _Slot:
        stamp = model_stamp(path)
        with self._guard:
            slot = self._slots.get(path)
            if slot is None or slot.stamp != stamp:
                slot = self._slots[path] = _Slot(stamp)
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
