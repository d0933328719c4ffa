"""The run that the page shows, as all of its tabs see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.classifier import CLASSIFICATION
from ptft_gui.core.family.registry import Family, family_of
from ptft_gui.core.rundir import LIVE_STATES, RunDir, State
from ptft_gui.core.summary import RunSummary

ENDED_WITH_MODEL: tuple[State, ...] = ("finished", "stopped")
ENDED_BADLY: tuple[State, ...] = ("failed", "start_failed", "lost")


@dataclass(frozen=True)
class ShownRun:
    """A run's folder, its folded events and its state at this moment; ``end_note`` tells of an end without a word."""

    run: RunDir
    summary: RunSummary
    state: State
    end_note: str = ""
    is_recorded: bool = False
    """Whether it is played back: it may be asked all the while, and nothing in it can be changed."""
    has_race: bool = False
    """Whether other runs learned the same rows in another way, so that they can be held against one another."""

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def has_model(self) -> bool:
        """Whether the run ended in a way that leaves a model, and its log has been read to that end."""
        if self.is_recorded:
            return True
        return self.state in ENDED_WITH_MODEL and self.summary.final is not None and self.summary.step > 0

    @property
    def ended_badly(self) -> bool:
        return self.state in ENDED_BADLY

    @property
    def family(self) -> Family | None:
        """The family of its model, as it is for the task; None when the run's settings cannot be read."""
        spec = self.summary.spec
        try:
            return family_of(spec.family, spec.task) if spec else None
        except SpecError:
            return None

    @property
    def places_words(self) -> bool:
        """Whether its model gives every word a place: only then words can be watched, explored and measured."""
        family = self.family
        return family is None or family.saves_word_vectors

    @property
    def reads_language(self) -> bool:
        """Whether its model learns a language from plain text, token by token."""
        return self.fills_blanks or self.writes

    @property
    def fills_blanks(self) -> bool:
        """Whether its model learns to guess hidden tokens from both sides."""
        return self._pretrains("bert")

    @property
    def writes(self) -> bool:
        """Whether its model learns to guess what comes next, of any text or of one kind of texts."""
        return self._pretrains("gpt") or self.task == "writing"

    def _pretrains(self, family: str) -> bool:
        spec = self.summary.spec
        return spec is not None and spec.family == family and spec.task is None

    @property
    def sorts_texts(self) -> bool:
        """Whether its model learns to sort texts, or pairs of them, into classes."""
        return self.task in (CLASSIFICATION, "pair-classification")

    @property
    def judges_texts(self) -> bool:
        """Whether it can be tried with a typed text: it sorts it, labels it, or compares it with another."""
        return self.sorts_texts or self.task in ("multilabel", "pair-similarity")

    @property
    def task(self) -> str:
        """The key of the task that its model learns; "" for plain text."""
        return (self.summary.spec.task or "") if self.summary.spec is not None else ""

    @property
    def answers_probes(self) -> bool:
        """Whether it is asked the same inputs again and again while it learns."""
        spec = self.summary.spec
        if self.reads_language or spec is None or spec.task is None or self.places_words:
            return self.reads_language
        may_be_asked = self.is_live and not self.is_recorded
        return may_be_asked or bool(spec.probes or self.summary.probes)

    @property
    def token_task(self) -> str | None:
        """What its model learns of the tokens of a text: answers to questions, names, replies; None for another."""
        task = self.summary.spec.task if self.summary.spec is not None else None
        return task if task in ("question-answering", "tagging", "reply") else None


class RunTab(Protocol):
    """What the page asks of each of its tabs."""

    def show_run(self, shown: ShownRun) -> None:
        """Show another run; nothing of the one before stays."""
        ...

    def refresh(self, shown: ShownRun) -> None:
        """Show what is new; called about ten times a second while the tab is seen."""
        ...
