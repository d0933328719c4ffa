"""What going on from an earlier model changes of the other choices on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.errors import SpecError
from ptft_gui.core.families import get_family
from ptft_gui.core.options import OptionValue
from ptft_gui.core.proposals import Proposal
from ptft_gui.core.starts import GOING_ON_RATES, Start, cut_like_start, settings_from_start, size_problem
from ptft_gui.gui.panels.new_run.how_column import HowColumn
from ptft_gui.gui.panels.new_run.start_from import StartFrom


class GoingOn:
    """Reads the stage and the chosen start. While the run begins from nothing there is no start."""

    def __init__(self, picker: StartFrom, how: HowColumn) -> None:
        self._picker, self._how = picker, how

    def start(self) -> Start | None:
        return self._picker.start() if self._how.goes_on() else None

    def spec_parts(self) -> dict[str, Any]:
        """``init_from`` and ``init`` of the RunSpec; a start that is still to be chosen is told as a problem."""
        if not self._how.goes_on():
            return {"init_from": "scratch", "init": None}
        start = self._picker.start()
        return {"init_from": start.init_from if start is not None else "folder", "init": self._picker.path()}

    def problems(self) -> list[SpecError]:
        """What was found out about the start beyond what the RunSpec itself tells."""
        start, found = self.start(), self._picker.problem()
        if start is None:
            return []
        if found is not None:
            return [SpecError(found.message, found.detail, found.hint, found.remedies, key="init")]
        size = self._how.settings().get("vector_size")
        of_size = size_problem(size, start.size, start.name) if start.size else None
        return [of_size] if of_size is not None else []

    def propose(self, family: str) -> None:
        """Put what is proposed for going on in the place of what is usual, and the other way round."""
        usual = {option.key: option.default for option in get_family(family).options}
        start = self.start()
        settings = self._how.settings()
        kept = settings["initial_words"]
        proposed = settings_from_start(start, family, kept) if start is not None else {}
        of_program: dict[str, set[Any]] = {"learning_rate": set(GOING_ON_RATES.values()), "phrases": {True}}
        for key, values in of_program.items():
            if key in usual and settings.get(key) in {usual[key], *values}:  # a person's own value stays
                self._how.advanced.set_value(key, proposed.get(key, usual[key]))

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
