"""What a person asked of a running run: set by the thread that reads commands, looked at by the training."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from ptft_gui.core.errors import PtftError

Keep = Literal["last", "best"]


@dataclass(frozen=True)
class StopRequest:
    """How to end: ``keep`` the last or the best moment as the model, or ``discard`` everything."""

    keep: Keep = "last"
    reason: str = "person"
    discard: bool = False


@dataclass(frozen=True)
class SaveRequest:
    """Write a checkpoint now, then tell ``on_done`` whether it worked and, if not, why."""

    on_done: Callable[[bool, str], None]


Answered = Callable[[Any, PtftError | None], None]


@dataclass(frozen=True)
class Question:
    """Something that the thread that trains answers between two steps: ``ask`` or ``add_probe``.

    ``on_done`` gets the answer, or why there is none.
    """

    name: str
    argument: dict[str, Any]
    on_done: Answered


class ActiveClock:
    """Seconds of work: goes on from an earlier attempt and stands still while the run is paused."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._before = 0.0
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        return self._before + (self._now() - self._since if self._since is not None else 0.0)

    def start(self, before: float | None = None) -> None:
        """Let it run; ``before`` sets what it shows, for going on from a checkpoint."""
        self._before = self.seconds if before is None else before
        self._since = self._now()

    def stop(self) -> None:
        self._before, self._since = self.seconds, None


class Control:
    """Pause, stop and save requests of one run; every method may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_paused = False
        self._stop: StopRequest | None = None
        self._saves: list[SaveRequest] = []
        self._questions: list[Question] = []
        self._can_save = False
        self._answered: frozenset[str] = frozenset()

    def pause(self) -> None:
        with self._changed:
            self._is_paused = True

    def resume(self) -> None:
        with self._changed:
            self._is_paused = False
            self._changed.notify_all()

    def stop(self, request: StopRequest | None = None) -> None:
        """Ask to end. A later request to discard wins over an earlier one to keep, nothing else replaces it."""
        request = request or StopRequest()
        with self._changed:
            if self._stop is None or request.discard:
                self._stop = request
            self._changed.notify_all()

    def open_for_saves(self, is_open: bool = True) -> None:
        """From here on (or no longer) a checkpoint can be asked for."""
        with self._changed:
            self._can_save = is_open

    def save(self, on_done: Callable[[bool, str], None]) -> bool:
        """Ask for a checkpoint now; False when there is nothing to save at this moment."""
        with self._changed:
            if not self._can_save:
                return False
            self._saves.append(SaveRequest(on_done))
            self._changed.notify_all()
            return True

    def open_for_questions(self, *names: str) -> None:
        """From here on the thread that trains answers questions of these names and no others; of none, without one."""
        with self._changed:
            self._answered = frozenset(names)

    def ask(self, question: Question) -> bool:
        """Pass a question to the thread that trains; False when it takes none of this name."""
        with self._changed:
            if question.name not in self._answered:
                return False
            self._questions.append(question)
            self._changed.notify_all()
            return True

    def take_questions(self) -> list[Question]:
        """The questions that nobody has taken yet."""
        with self._changed:
            taken, self._questions = self._questions, []
        return taken

    def takes(self, name: str) -> bool:
        """Whether the thread that trains answers questions of this name."""
        return name in self._answered

    @property
    def is_paused(self) -> bool:
        """Whether to hold still; never once a stop was asked for."""
        return self._is_paused and self._stop is None

    @property
    def stop_request(self) -> StopRequest | None:
        return self._stop

    @property
    def should_stop(self) -> bool:
        return self._stop is not None

    @property
    def is_save_wanted(self) -> bool:
        return bool(self._saves)

    def take_saves(self) -> list[SaveRequest]:
        """The requests for a checkpoint that nobody has taken yet."""
        with self._changed:
            taken, self._saves = self._saves, []
        return taken

    def wait_while_paused(self, wakes_for_questions: bool = True) -> None:
        """Return at once, or when the run is resumed, asked to stop, asked for a checkpoint or, where another thread
        does not answer them, anything else."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    not self.is_paused
                    or self.is_save_wanted
                    or (wakes_for_questions and bool(self._questions))
                )
            )
