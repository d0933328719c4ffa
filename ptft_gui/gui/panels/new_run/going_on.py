"""What going on from an earlier model changes of the other choices on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.definition import FROZEN as FROZEN_METHOD
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.family.registry import DATA_OPTIONS, FINETUNE, get_family
from ptft_gui.core.family.starts import (
    GOING_ON_RATES,
    Start,
    cut_like_start,
    settings_from_start,
    size_problem,
)
from ptft_gui.core.proposals import Proposal
from ptft_gui.gui.panels.new_run.how_column import HowColumn
from ptft_gui.gui.panels.new_run.model_column import ModelColumn
from ptft_gui.gui.panels.new_run.start_from import StartFrom

_DIVIDING_KEYS = ("val_fraction", "split")
"""Of what is set about a text, what does not change how it is cut into words."""


class GoingOn:
    """Reads the stage and the chosen start. While the run begins from nothing there is no start."""

    def __init__(self, model: ModelColumn, how: HowColumn) -> None:
        self._model, self._how = model, how

    @property
    def _picker(self) -> StartFrom:
        return self._model.word_start

    def start(self) -> Start | None:
        """Word vectors that are gone on from."""
        return None if self._model.reads_language() or not self._how.wants_start() else self._picker.start()

    def spec_parts(self) -> dict[str, Any]:
        """``init_from`` and ``init`` of the RunSpec; a start that is still to be chosen is told as a problem."""
        if self._how.learns_task():
            return {
                "stage": FINETUNE,
                "task": self._how.task(),
                "method": self._how.method.value(),
                **self._begin(),
            }
        return self._begin()

    def _begin(self) -> dict[str, Any]:
        if self._model.reads_language():
            return self._begin_language()
        is_from_nothing = self._how.learns_task() and self._picker.is_nothing()
        if not self._how.wants_start() or is_from_nothing:
            return {"init_from": "scratch", "init": None}
        start = self._picker.start()
        return {"init_from": start.init_from if start is not None else "folder", "init": self._picker.path()}

    def _begin_language(self) -> dict[str, Any]:
        if not self._how.wants_start():
            return {"init_from": "scratch", "init": None}
        start = self._model.language_start.start()
        return {
            "init_from": start.init_from if start is not None else "folder",
            "init": start.init if start is not None else None,
        }

    def problems(self) -> list[SpecError]:
        """What was found out about the start beyond what the RunSpec itself tells."""
        start, found = self.start(), self._model.start.problem()
        if start is None:
            return []
        if found is not None:
            return [SpecError(found.message, found.detail, found.hint, found.remedies, key="init")]
        size = self._how.settings().get("vector_size")
        of_size = size_problem(size, start.size, start.name) if start.size else None
        return [of_size] if of_size is not None else []

    def propose(self, family: str) -> None:
        """Put what is proposed for going on in the place of what is usual, and the other way round."""
        if self._how.learns_task():
            is_from_nothing = not self._model.reads_language() and self._picker.is_nothing()
            can_freeze = FROZEN_METHOD in self._how.family().methods
            self._how.method.propose(is_from_nothing or not can_freeze)
            return
        usual = {option.key: option.default for option in get_family(family).options}
        if self._model.reads_language():
            return
        start = self.start()
        settings = self._how.settings()
        kept = settings["initial_words"]
        proposed = settings_from_start(start, family, kept) if start is not None else {}
        of_program: dict[str, set[Any]] = {"learning_rate": set(GOING_ON_RATES.values()), "phrases": {True}}
        for key, values in of_program.items():
            if key in usual and settings.get(key) in {usual[key], *values}:  # a person's own value stays
                self._how.advanced.set_value(key, proposed.get(key, usual[key]))

    def text_settings(self) -> dict[str, OptionValue]:
        """How the text is cut into words, where that was chosen."""
        settings = self._how.settings()
        usual = {option.key: option.default for option in DATA_OPTIONS if option.key not in _DIVIDING_KEYS}
        chosen = {key: settings[key] for key in usual if key in settings and settings[key] != usual[key]}
        return self.cutting(chosen)

    def cutting(self, chosen: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
        """How the text is cut: as ``chosen``, the rest as that of the start."""
        start = self.start()
        return {**(cut_like_start(chosen, start.preparation) if start is not None else {}), **chosen}

    def fixed(self) -> dict[str, Proposal]:
        """What the start decides, as proposals."""
        start = self.start()
        if start is None or not start.size:
            return {}
        reason = QCoreApplication.translate("NewRunPage", "As many as each word of the start has.")
        return {"vector_size": Proposal(start.size, reason)}
