"""Column 3: how to train: stage, preset, length, what to watch meanwhile, and everything else under *Advanced*."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.classifier import CLASSIFICATION
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.family.registry import (
    CBOW,
    FINETUNE,
    GO_ON,
    SKIP_GRAM,
    STAGES,
    Family,
    family_of,
    get_family,
)
from ptft_gui.core.family.starts import FREE, FROZEN
from ptft_gui.core.spec import RunSpec, stage_of
from ptft_gui.gui.panels.new_run.advanced import AdvancedSettings
from ptft_gui.gui.panels.new_run.cards_field import CardsField
from ptft_gui.gui.panels.new_run.column import Column, Section
from ptft_gui.gui.panels.new_run.length_field import LENGTH_KEYS, LengthField
from ptft_gui.gui.panels.new_run.method_field import MethodField
from ptft_gui.gui.panels.new_run.preset_picker import PresetPicker
from ptft_gui.gui.widgets.probe_list import ProbeList
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice
from ptft_gui.gui.widgets.word_chips import WordChips

_PROPOSED_WORDS = 5
"""So many of a dataset's words are watched unless a person chooses others; the rest is offered."""


class HowColumn(Column):
    """``changed`` follows every change, by a person or by the program; ``stage_changed`` another stage, or what
    becomes of the words of the start, before it."""

    changed = Signal()
    stage_changed = Signal()

    def __init__(self, family: str, parent: QWidget | None = None) -> None:
        super().__init__(3, parent)
        self.set_title(self.tr("How"))
        model = get_family(family)
        self._family = model
        self._are_own_words = False
        self._is_filling = self._is_own_preset = False
        self._task = CLASSIFICATION
        self.stage = self._make_stage()
        self.initial_words = self._make_initial_words()
        self.method = MethodField()
        self.objective = self._make_objective()
        self.preset = PresetPicker(model.presets)
        self.length = LengthField()
        self.watched = WordChips()
        self.probes = ProbeList()
        self.cards = CardsField()
        self.advanced = AdvancedSettings(model)
        self._sections = {
            "stage": Section(self.tr("Stage"), self.stage),
            "initial_words": Section(self.tr("Words of the start"), self.initial_words),
            "method": Section(self.tr("What of it learns"), self.method),
            "objective": Section(self.tr("What it guesses"), self.objective),
            "preset": Section(self.tr("How thorough"), self.preset),
            "length": Section(self.tr("Length of the run"), self.length),
            "processes": Section(self.tr("Graphics cards"), self.cards),
            "watched_words": Section(self.tr("Words to watch while it learns"), self.watched),
            "probes": Section(self.tr("To answer while it learns"), self.probes),
        }
        for section in self._sections.values():
            self.body.addWidget(section)
        self.body.addWidget(self.advanced)
        self.body.addStretch(1)
        self.preset.set_value(model.default_preset)
        self._connect()
        self._show_family()
        self._say_summary()

    def set_family(self, family: str) -> None:
        """Offer the options of another family; what a person changed stays as far as the other has it, too."""
        tasks = get_family(family).tasks
        if self._task not in tasks:
            self._task = tasks[0] if tasks else CLASSIFICATION
        if self.learns_task() and not tasks:
            self.stage.set_value(STAGES[0].key)
        self._use(family_of(family, self.task()))

    def task(self) -> str | None:
        """What is to be learned from labels; None for learning from plain text."""
        return self._task if self.stage.value() == FINETUNE else None

    @Slot()
    def begin_from_nothing(self) -> None:
        """Turn to learning from plain text with random numbers."""
        self.stage.set_value(STAGES[0].key)

    def set_task(self, task: str) -> None:
        """What is learned from labels whenever something is."""
        if task != self._task:
            self._task = task
            self._use(family_of(self._family.key, self.task()))
            self._on_changed()

    def learns_task(self) -> bool:
        return self.task() is not None

    def family(self) -> Family:
        """The family as it is for what is to be learned."""
        return self._family

    def _use(self, family: Family) -> None:
        if family == self._family:
            return
        self._family = family
        kept = self.advanced.changed_values()
        is_open = self.advanced.is_open
        older, self.advanced = self.advanced, AdvancedSettings(self._family)
        self.body.replaceWidget(older, self.advanced)
        older.hide()
        older.deleteLater()
        known = set(self.advanced.option_keys())
        self.advanced.set_values({key: value for key, value in kept.items() if key in known})
        self.advanced.set_open(is_open)
        self._connect_advanced()
        self._show_family()
        self._on_changed()

    def _show_family(self) -> None:
        keys = {option.key for option in self._family.options}
        self._has_objective, self._has_initial_words = "objective" in keys, "initial_words" in keys
        self._sections["objective"].setVisible(self._has_objective)
        self.probes.set_kind(fills_blanks=self._family.key == "bert")
        self.stage.offer(get_family(self._family.key).stages)
        if self._family.methods:
            self.method.offer(self._family.methods)
        self._show_stage()

    def _show_stage(self) -> None:
        self._sections["initial_words"].setVisible(self.goes_on() and self._has_initial_words)
        self._sections["method"].setVisible(self.learns_task())
        self._sections["watched_words"].setVisible(not self.learns_task() and not self.reads_language())
        self._sections["probes"].setVisible(self.reads_language())
        self._sections["processes"].setVisible(self.reads_language() and self.cards.is_offered)

    def reads_language(self) -> bool:
        """Whether a language model learns from plain text: it is probed, where word vectors are watched."""
        return self._family.reads_raw_text and not self.learns_task()

    def goes_on(self) -> bool:
        """Whether the run is to go on from something rather than to begin from nothing."""
        return self.stage.value() == GO_ON

    def wants_start(self) -> bool:
        """Whether the run begins with what an earlier one has learned."""
        return self.goes_on() or self.learns_task()

    def _make_stage(self) -> SegmentedChoice:
        stages = [(stage.key, stage.title, stage.sentence) for stage in STAGES]
        choice = SegmentedChoice(stages, self.tr("Stage"))
        choice.setObjectName("stagePicker")
        return choice

    def _make_initial_words(self) -> SegmentedChoice:
        choices = (
            (
                FREE,
                self.tr("Free to move"),
                self.tr("Words that are known take on what they mean in your text, too."),
            ),
            (
                FROZEN,
                self.tr("Frozen"),
                self.tr("Words that are known stay exactly as they are; new ones are learned."),
            ),
        )
        choice = SegmentedChoice(choices, self.tr("Words of the start"))
        choice.setObjectName("initialWordsPicker")
        return choice

    def _make_objective(self) -> SegmentedChoice:
        choices = (
            (
                SKIP_GRAM,
                self.tr("Skip-gram"),
                self.tr("Guesses the neighbours from a word. Better for rare words and small texts."),
            ),
            (CBOW, self.tr("CBOW"), self.tr("Guesses a word from its neighbours. About twice as fast.")),
        )
        choice = SegmentedChoice(choices, self.tr("What it guesses"))
        choice.setObjectName("objectivePicker")
        return choice

    def _connect(self) -> None:
        self.stage.value_changed.connect(self._on_stage)
        self.initial_words.value_changed.connect(self._on_initial_words)
        self.method.changed.connect(self._on_changed)
        self.preset.value_changed.connect(self._on_preset)
        self.objective.value_changed.connect(self._on_changed)
        self.length.changed.connect(self._on_changed)
        self.watched.words_changed.connect(self._on_words)
        self.probes.changed.connect(self._on_changed)
        self.cards.changed.connect(self._on_changed)
        self._connect_advanced()

    def _connect_advanced(self) -> None:
        self.advanced.changed.connect(self._on_changed)
        self.advanced.opened.connect(self._on_advanced_opened, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def _on_advanced_opened(self) -> None:
        """What was unfolded would otherwise lie below the edge; queued, when it has its place."""
        self.scroll_to(self.advanced)

    # what is chosen

    def settings(self) -> dict[str, OptionValue]:
        """Every option as far as its field can be used; see :meth:`field_problems`."""
        settings: dict[str, OptionValue] = dict(self.advanced.values())
        if self._has_initial_words and not self.learns_task():
            settings["initial_words"] = self.initial_words.value()
        if self._has_objective:
            settings["objective"] = self.objective.value()
        if self.reads_language() and self.cards.is_offered:
            settings.update(self.cards.values())
        if self.length.problem() is None:
            settings.update(self.length.values())
        return settings

    def field_problems(self) -> list[SpecError]:
        """What cannot even be read from the fields."""
        length = self.length.problem()
        fields = [SpecError(text, key=key) for key, text in self.advanced.problems().items()]
        return [*([length] if length else []), *fields]

    # what is shown

    def start_afresh(self) -> None:
        """Back to the defaults, with no words."""
        self._is_filling = True
        self.stage.set_value(STAGES[0].key)
        self.method.start_afresh()
        self.initial_words.set_value(FREE)
        self.objective.set_value(SKIP_GRAM)
        self._is_own_preset = False
        self.preset.set_value("quick")
        self.length.set_values({})
        self.advanced.show_defaults()
        self.advanced.set_open(False)
        self._set_words((), are_own=False)
        self.probes.choose(())
        self.cards.choose(1)
        self._finish_filling()

    def fill_from(self, spec: RunSpec, values: Mapping[str, OptionValue]) -> None:
        """Show the choices of ``spec`` with ``values`` (all its options, as wanted now)."""
        self._is_filling = True
        stage, self._task = stage_of(spec), spec.task or CLASSIFICATION
        self.stage.set_value(stage if stage in {choice.key for choice in STAGES} else STAGES[0].key)
        if spec.method is not None:
            self.method.choose(spec.method)
        self.initial_words.set_value(str(values.get("initial_words") or FREE))
        self.objective.set_value(str(values.get("objective") or SKIP_GRAM))
        self._is_own_preset = True
        self.preset.set_value(spec.preset)
        self.length.set_values(values)
        self.advanced.set_values({key: values[key] for key in self.advanced.option_keys() if key in values})
        self._set_words(spec.watched_words, are_own=bool(spec.watched_words))
        self.probes.choose(spec.probes)
        self.cards.choose(values.get("processes"))
        self._show_stage()
        self._finish_filling()

    def _finish_filling(self) -> None:
        self._is_filling = False
        self._on_changed()

    def propose_words(self, words: Sequence[str]) -> None:
        """Offer ``words``; the first of them are watched unless a person chose others."""
        self.watched.set_suggestions(list(words))
        if not self._are_own_words:
            self._set_words(words[:_PROPOSED_WORDS], are_own=False)

    def watches(self) -> dict[str, Any]:
        """The words or probes that are followed while the run learns, as the RunSpec names them."""
        if self.reads_language():
            return {"probes": self.probes.probes()}
        return {} if self.learns_task() else {"watched_words": tuple(self.watched.words())}

    def propose_preset(self, preset: str) -> None:
        """Choose what suits the text, unless a person chose."""
        if not self._is_own_preset:
            was_filling, self._is_filling = self._is_filling, True
            self.preset.set_value(preset)
            self._is_filling = was_filling

    def show_problems(self, problems: Sequence[SpecError]) -> None:
        """Show each problem beside the field it belongs to."""
        told = {problem.key: problem.as_sentence() for problem in reversed(problems)}
        for key, section in self._sections.items():
            section.show_problem(told.get(key, ""))
        of_length = next((told[key] for key in told if key in LENGTH_KEYS), "")
        self._sections["length"].show_problem(of_length)
        self.length.mark(bool(of_length))
        self.advanced.show_problems({key: told[key] for key in self.advanced.option_keys() if key in told})

    def _set_words(self, words: Sequence[str], are_own: bool) -> None:
        self.watched.set_words(words)
        self._are_own_words = are_own

    @Slot(str)
    def _on_stage(self, _stage: str) -> None:
        self._use(family_of(self._family.key, self.task()))
        self._show_stage()
        if not self._is_filling:
            self.stage_changed.emit()
        self._on_changed()

    @Slot(str)
    def _on_initial_words(self, _kept: str) -> None:
        if not self._is_filling:
            self.stage_changed.emit()
        self._on_changed()

    @Slot(str)
    def _on_preset(self, _preset: str) -> None:
        if not self._is_filling:
            self._is_own_preset = True
        self._on_changed()

    @Slot(list)
    def _on_words(self, _words: list[str]) -> None:
        self._are_own_words = True
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        self.advanced.offer_for(self.method.methods())
        self._say_summary()
        if not self._is_filling:
            self.changed.emit()

    def _say_summary(self) -> None:
        preset = self.preset.value()
        self.set_summary(self.preset.card(preset).title() if preset else "")
