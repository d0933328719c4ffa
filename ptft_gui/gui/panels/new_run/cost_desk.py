"""What the run would take, shown where it belongs: on the presets, beside the length, at the foot of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from weakref import WeakMethod

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.fit import Estimate as Measured
from ptft_gui.core.proposals import Proposal
from ptft_gui.core.spec import RunSpec
from ptft_gui.gui.panels.new_run.cost_words import cost_texts, length_note
from ptft_gui.gui.panels.new_run.estimate import Estimate, estimate, measured_speed
from ptft_gui.gui.panels.new_run.facts import DatasetFacts
from ptft_gui.gui.panels.new_run.fit_card import FitCard
from ptft_gui.gui.panels.new_run.fit_check import FitCheck
from ptft_gui.gui.panels.new_run.fit_words import fit_lines
from ptft_gui.gui.panels.new_run.footer import Footer
from ptft_gui.gui.panels.new_run.how_column import HowColumn
from ptft_gui.gui.panels.new_run.language_costs import (
    language_length_note,
    measured_texts,
    preset_texts,
    size_sentence,
)
from ptft_gui.gui.panels.new_run.language_text import LanguageText
from ptft_gui.gui.panels.new_run.stage_desk import StageDesk
from ptft_gui.gui.theme import Role

SpecOf = Callable[[str | None], RunSpec]
"""A method of the page: the run as it is chosen, with another preset where one is named; raises SpecError."""


class CostDesk:
    """``speeds``: words a second of each trainer of word vectors, as measured in earlier runs."""

    def __init__(
        self, how: HowColumn, stage: StageDesk, footer: Footer, fit: FitCheck, card: FitCard, spec_of: SpecOf
    ) -> None:
        self._how, self._stage, self._footer = how, stage, footer
        self._fit, self._card = fit, card
        self._spec_of = WeakMethod(spec_of)  # the page holds this desk; a ring would keep both alive
        self.speeds: Mapping[str, float] = {}

    def show(
        self,
        facts: DatasetFacts,
        settings: Mapping[str, OptionValue],
        proposals: Mapping[str, Proposal],
    ) -> None:
        """Bring all of it up to date. ``proposals``: what automatic options become with the chosen preset."""
        self._card.setVisible(self._how.reads_language() or self._stage.tunes())
        if self._how.reads_language():
            self._show_language(facts.language, settings)
        elif self._stage.tunes():
            self._show_tuning(settings)
        else:
            self._show_words(facts, settings, proposals)

    # --- word vectors ------------------------------------------------------------------------------------------

    def _show_words(
        self, facts: DatasetFacts, settings: Mapping[str, OptionValue], proposals: Mapping[str, Proposal]
    ) -> None:
        now, family, seen = datetime.now(), self._how.family(), self._stage.facts_for_cost(facts)
        reads = family.reads_text_each_epoch
        speed = measured_speed(settings, self.speeds) if reads else None
        cost = estimate(settings, proposals, seen, speed, now, reads)
        self._footer.show_estimate(cost)
        self._how.length.show_note(length_note(settings, cost, now))
        self._how.preset.show_note("")
        for preset in family.presets:
            proposed = self._stage.proposals_for(facts, preset.key)
            of_preset = estimate(settings, proposed, seen, speed, now, reads)
            self._how.preset.set_cost(preset.key, *cost_texts(of_preset))

    # --- language models ---------------------------------------------------------------------------------------

    def _show_language(self, text: LanguageText | None, settings: Mapping[str, OptionValue]) -> None:
        family, chosen = self._how.family(), self._how.preset.value()
        self._footer.show_estimate(Estimate())
        for preset in family.presets:
            self._how.preset.set_cost(preset.key, *self._preset_texts(text, preset.key, settings))
        note, is_good = "", True
        if text is not None and not self._how.goes_on():
            note = size_sentence(text)
            is_good = text.suits(text.parameters(family.key, chosen, settings))
        self._how.preset.show_note(note, Role.QUIET_TEXT if is_good else Role.WARNING_TEXT)
        length, start = "", self._stage.language_start()
        if text is not None and (start is not None or not self._how.goes_on()):
            length = language_length_note(text, family.key, chosen, settings, start)
        self._how.length.show_note(length)
        self._show_fit(settings)

    def _show_tuning(self, settings: Mapping[str, OptionValue]) -> None:
        """A language model that learns a task: nothing but what was measured."""
        self._footer.show_estimate(Estimate())
        self._how.preset.show_note("")
        self._how.length.show_note("")
        for preset in self._how.family().presets:
            is_chosen = preset.key == self._how.preset.value()
            found = self._measured_with(preset.key)
            is_measuring = is_chosen and self._fit.is_measuring
            self._how.preset.set_cost(preset.key, *measured_texts(found, is_measuring, datetime.now()))
        self._show_fit(settings)

    def _measured_with(self, preset: str) -> Measured | None:
        if preset == self._how.preset.value():
            return self._fit.estimate
        spec_of = self._spec_of()
        try:
            return self._fit.measured(spec_of(preset)) if spec_of is not None else None
        except SpecError:
            return None

    def _preset_texts(
        self, text: LanguageText | None, preset: str, settings: Mapping[str, OptionValue]
    ) -> tuple[str, str]:
        if text is None or self._how.goes_on():
            return "", ""
        is_chosen, found = preset == self._how.preset.value(), self._measured_with(preset)
        parameters = text.parameters(self._how.family().key, preset, settings)
        return preset_texts(parameters, found, is_chosen and self._fit.is_measuring, datetime.now())

    def _show_fit(self, settings: Mapping[str, OptionValue]) -> None:
        fit, card = self._fit, self._card
        if fit.estimate is not None:
            card.show_lines(fit_lines(fit.estimate, settings, datetime.now(), self._smaller()))
        elif fit.problem is not None:
            card.show_problem(fit.problem)
        else:
            card.show_nothing(fit.phase or card.waiting_sentence(fit.is_measuring))

    def _smaller(self) -> str | None:
        keys = [preset.key for preset in self._how.family().presets]
        place = keys.index(self._how.preset.value()) if self._how.preset.value() in keys else 0
        return keys[place - 1] if place > 0 and not self._how.goes_on() else None
