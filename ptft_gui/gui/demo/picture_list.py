"""Which pictures there are, by name, and which of the small runs each needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ptft_gui.core.errors import PtftError
from ptft_gui.core.race import ALL_LANES

RUN_TABS: dict[str, tuple[str, ...]] = {
    "kingdom": ("train", "explore", "evaluate", "details"),
    "kingdom-short": ("train",),
    "failed": ("train",),
    "gpt": ("train", "try-it", "explore", "evaluate", "details"),
    "bert": ("train", "try-it", "explore", "evaluate", "details"),
    "sorting": ("train", "try-it", "evaluate", "details"),
    "names": ("train", "try-it", "evaluate", "details"),
    "answers": ("train", "try-it", "evaluate", "details"),
}
"""The tabs of each run that a picture is taken of."""

RACE_RUNS = tuple(f"race-{lane}" for lane in ALL_LANES)
"""The lanes of the race; a picture shows all of them together."""
NEW_RUNS = ("kingdom", "gpt", "bert", "sorting", "names", "answers")
WORD_VIEWS = ("analogy", "axes", "changes", "history")
COMPARED = ("overview", "watched", "changes")
DATASET_TABS = ("rows", "facts", "decisions", "cleaning")
DIALOGS = ("export", "report", "pack", "sweep", "delete", "preferences", "glossary", "doctor", "about")


@dataclass(frozen=True)
class Screen:
    """One picture's name, and the keys of the runs that have to be there for it."""

    name: str
    runs: tuple[str, ...] = ()


def _screens() -> Iterable[Screen]:
    for name in ("home", "new-run-empty"):
        yield Screen(name)
    for name in ("train-early", "train-half", "present", "train-lost", "away", "train-memorising"):
        yield Screen(name)
    for key, tabs in RUN_TABS.items():
        yield from (Screen(f"{key}-{tab}", (key,)) for tab in tabs)
    yield from (Screen(f"kingdom-explore-{view}", ("kingdom",)) for view in WORD_VIEWS)
    yield from (Screen(f"compare-{view}", ("kingdom", "kingdom-short")) for view in COMPARED)
    yield Screen("compare-refused", ("kingdom", "kingdom-short", "gpt"))
    yield Screen("compare-race", RACE_RUNS)
    yield from (Screen(f"new-run-{key}", (key,)) for key in NEW_RUNS)
    yield Screen("new-run-go-on", ("bert",))
    yield from (Screen(f"dataset-{tab}") for tab in DATASET_TABS)
    for name in ("disk", "lesson", "lesson-new-run"):
        yield Screen(name)
    yield from (Screen(f"dialog-{key}", ("kingdom",)) for key in DIALOGS)
    yield Screen("dialog-race", ("sorting",))


SCREENS = tuple(_screens())
"""Every picture, in the order in which they are taken."""

KINDS: dict[str, tuple[str, ...]] = {
    "Home": ("home",),
    "New run empty": ("new-run-empty",),
    "New run ready": tuple(f"new-run-{key}" for key in NEW_RUNS),
    "Data decisions": ("dataset-decisions",),
    "Train at 5 %": ("train-early",),
    "Train at 50 %": ("train-half",),
    "Train finished": ("kingdom-train", "gpt-train", "bert-train", "sorting-train"),
    "Train memorising": ("train-memorising",),
    "Train failed": ("failed-train",),
    "Train lost": ("train-lost",),
    "Explore neighbours": ("kingdom-explore",),
    "Explore analogy": ("kingdom-explore-analogy",),
    "Explore map": ("kingdom-explore", "kingdom-explore-axes"),
    "Try it": ("gpt-try-it", "bert-try-it", "sorting-try-it", "names-try-it", "answers-try-it"),
    "Evaluate": ("kingdom-evaluate", "gpt-evaluate", "sorting-evaluate"),
    "Compare": ("compare-overview", "compare-watched"),
    "Present": ("present",),
}
"""The pictures to keep for every change of the window, and the screens that show each."""


class Wanted:
    """What was asked for: all screens, or those whose names begin with one of ``beginnings``.

    Raises :class:`PtftError` for a beginning that no screen has.
    """

    def __init__(self, beginnings: Collection[str] = ()) -> None:
        for beginning in beginnings:
            if not any(screen.name.startswith(beginning) for screen in SCREENS):
                names = ", ".join(screen.name for screen in SCREENS)
                raise PtftError(f"No picture is called {beginning}.", hint=f"There are: {names}.")
        self._beginnings = tuple(beginnings)

    def has(self, name: str) -> bool:
        """Whether the picture ``name`` is to be taken."""
        return not self._beginnings or name.startswith(self._beginnings)

    def has_any(self, *beginnings: str) -> bool:
        """Whether a picture is to be taken whose name begins so."""
        return any(screen.name.startswith(beginnings) for screen in self.screens())

    def screens(self) -> list[Screen]:
        """What is to be taken."""
        return [screen for screen in SCREENS if self.has(screen.name)]

    def runs(self) -> set[str]:
        """The runs that have to be there."""
        return {key for screen in self.screens() for key in screen.runs}

    def missing_from(self, taken: Collection[str]) -> list[str]:
        """What was to be taken and is not among ``taken``."""
        return [screen.name for screen in self.screens() if screen.name not in taken]
