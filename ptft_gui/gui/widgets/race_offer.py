"""Under the score of a run: what its number can be held against, as three buttons."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from ptft_gui.core.family.definition import FROZEN
from ptft_gui.core.race import ALL_LANES, can_race, possible_lanes
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.flow_layout import FlowLayout


class RaceOffer(Card):
    """raceButton, countLabelsButton, showRaceButton; ``action_requested`` carries the :class:`Action`."""

    action_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("raceOffer")
        self.set_title(self.tr("Could it be better, or cheaper?"))
        self._say_lanes(None)
        self._buttons: dict[str, SecondaryButton] = {}
        row = FlowLayout()
        for key, words in (
            ("race", self.tr("Race the methods...")),
            ("count_labels", self.tr("How many labels do I need?")),
            ("show_race", self.tr("Show the race")),
        ):
            button = SecondaryButton(words)
            button.setObjectName(f"offer_{key}")
            button.setProperty("action", key)
            button.clicked.connect(self._on_clicked)
            row.addWidget(button)
            self._buttons[key] = button
        self.body.addLayout(row)
        self.show_found(False)

    def show_for(self, spec: RunSpec | None, is_recorded: bool) -> None:
        """Offer this for runs that can race; what is recorded starts nothing."""
        self._say_lanes(spec)
        self.setVisible(can_race(spec) and not is_recorded)

    def _say_lanes(self, spec: RunSpec | None) -> None:
        """A model that writes has no new layer that could learn alone, so none of its lanes is frozen."""
        lanes = {lane.key for lane in possible_lanes(spec)} if spec is not None else set(ALL_LANES)
        words = (
            self.tr(
                "A race learns the same rows in other ways, one after the other: without pre-training, with the model "
                "frozen, with small added pieces, in full. Counting labels learns from 10, 30 and 100 % of the rows."
            )
            if FROZEN in lanes
            else self.tr(
                "A race learns the same rows in other ways, one after the other: without pre-training, with small "
                "added pieces, in full. Counting labels learns from 10, 30 and 100 % of the rows."
            )
        )
        self.set_caption(words)

    def show_found(self, has_race: bool) -> None:
        """Offer to show a race only where there was one."""
        self._buttons["show_race"].setVisible(has_race)

    @Slot()
    def _on_clicked(self) -> None:
        self.action_requested.emit(Action(str(self.sender().property("action")), ""))
