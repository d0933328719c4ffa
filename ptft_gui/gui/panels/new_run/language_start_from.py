"""*Start from* for language models: ended runs, model folders and the starter that a run may go on from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.language_sizes import numbers_to_learn
from ptft_gui.core.family.language_starts import (
    FAMILY_TITLES,
    STARTER,
    LanguageStart,
    glance_at_language,
    starter_folder,
)
from ptft_gui.core.family.start_fit import dropped_head
from ptft_gui.core.family.task_starts import STARTER_FAMILY
from ptft_gui.core.hub.models import list_models
from ptft_gui.core.hub.names import is_hub_name
from ptft_gui.core.paths import home_folder, runs_folder
from ptft_gui.core.rundir import list_runs
from ptft_gui.core.wording import count_text
from ptft_gui.gui.panels.new_run.starter_offer import StarterOffer
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.choice_card import ChoiceCard, ChoiceGroup
from ptft_gui.gui.widgets.drop_area import DropArea
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.hub_picker import language_name
from ptft_gui.gui.widgets.labels import PlainLabel

_MOST_RUNS, _MOST_LOOKED_AT, _MOST_FETCHED = 3, 40, 4


class LanguageStartFrom(QWidget):
    """``changed`` follows every other start. How one fits the text is told from outside with :meth:`show_fit`."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Start from"))
        self._family = "bert"
        self._starts: dict[str, LanguageStart] = {}
        self._own: list[LanguageStart] = []
        self._runs: Path | None = None
        self._problem: PtftError | None = None
        self.group = ChoiceGroup(accessible_name=self.tr("Start from"))
        self.area = DropArea(self.tr("Drop a model folder here"))
        self.area.setObjectName("languageStartDropArea")
        self.fit = PlainLabel("", TextStyle.CAPTION)
        self.fit.setObjectName("languageStartFit")
        self.head = PlainLabel("", TextStyle.CAPTION)
        self.head.setObjectName("languageStartHead")
        self.head.hide()
        self.offer = StarterOffer()
        self._build()
        self.group.value_changed.connect(self._on_chosen)
        self.area.path_dropped.connect(self.choose)
        self.offer.installed.connect(self._on_installed)
        self._show_fit("", Role.QUIET_TEXT)

    def _build(self) -> None:
        self.open_button = SecondaryButton(self.tr("Open a model folder..."), "folder")
        self.open_button.setObjectName("openLanguageStartButton")
        self.open_button.clicked.connect(self.open_folder)
        row = QWidget()
        self._sources = FlowLayout(row)
        self._sources.addWidget(self.open_button)
        self.area.body.addWidget(row)
        note = self.tr("A folder in the form of Hugging Face, with config.json, a tokenizer and safetensors.")
        self.area.body.addWidget(PlainLabel(note, TextStyle.CAPTION, Role.QUIET_TEXT))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        title = PlainLabel(self.tr("Start from"), TextStyle.STRONG)
        for widget in (title, self.fit, self.head, self.group, self.offer, self.area):
            column.addWidget(widget)

    def add_source(self, button: QWidget) -> None:
        """Put one more way to bring a start beside the button that opens a folder."""
        self._sources.addWidget(button)

    # --- what is chosen ----------------------------------------------------------------------------------------

    def family(self) -> str:
        return self._family

    def start(self) -> LanguageStart | None:
        return self._starts.get(self.group.value())

    def path(self) -> str | None:
        """As a RunSpec says it."""
        start = self.start()
        return start.init if start is not None else None

    def has_any(self, family: str) -> bool:
        """Whether there is something that a model of this family can start from."""
        return bool(self._found(family))

    def problem(self) -> PtftError | None:
        """Why what is chosen cannot be a start, as far as that was found out."""
        return self._problem

    @Slot(str)
    def choose(self, place: str) -> None:
        """Choose a run, a model folder or the starter; one that cannot be a start is told."""
        self._problem = None
        if not place:
            self._uncheck()
            self._show_fit("", Role.QUIET_TEXT)
            return
        try:
            is_named = place == STARTER or is_hub_name(place)
            start = glance_at_language(place if is_named else Path(place).absolute())
            if start.family != self._family:
                raise self._other_family(start)
        except PtftError as problem:
            self._uncheck()
            self._show_fit(problem.as_sentence(), Role.BAD_TEXT)
            self.changed.emit()
            return
        if start.init not in self._starts:
            self._own.insert(0, start)
            self._fill()
        self.group.set_value(start.init)

    def _other_family(self, start: LanguageStart) -> PtftError:
        words = self.tr("{name} is a {its} model, and {mine} is to be trained.")
        return PtftError(
            words.format(name=start.name, its=FAMILY_TITLES[start.family], mine=FAMILY_TITLES[self._family]),
            hint=self.tr("Choose {its} above, or another start.").format(its=FAMILY_TITLES[start.family]),
        )

    def _uncheck(self) -> None:
        for value in self.group.values():
            card = self.group.card(value)
            card.setAutoExclusive(False)
            card.setChecked(False)
            card.setAutoExclusive(True)

    def show_family(self, family: str) -> None:
        """Offer the starts of a family; those of another are no longer there."""
        if family and family != self._family:
            self._family = family
            self._own = [start for start in self._own if start.family == family]
            self._fill()
            self._show_fit("", Role.QUIET_TEXT)

    def show_runs(self, runs: Path | None = None) -> None:
        """Look anew what can be a start; what is chosen stays."""
        self._runs = runs
        self._fill()
        if not self.group.value() and self._starts:
            self.group.set_value(next(iter(self._starts)))

    def _found(self, family: str) -> list[LanguageStart]:
        found: list[LanguageStart] = []
        for run in list_runs(self._runs or Path(runs_folder(None)))[:_MOST_LOOKED_AT]:
            if len(found) < _MOST_RUNS:
                try:
                    start, spec = glance_at_language(run.path), run.read_spec()
                except PtftError:
                    continue  # still running, of another kind, or without a model
                if start.family == family and spec.stage == "pretrain":
                    found.append(start)  # one that has learned a job can be opened as a folder
        if family == "bert" and starter_folder() is not None:
            found.append(glance_at_language(STARTER))
        return [*found, *_fetched(family)]

    def _fill(self) -> None:
        chosen = self.group.value()
        starts = {start.init: start for start in (*self._own, *self._found(self._family))}
        self.offer.show_for(self._family, bool(starts))
        if list(starts) == self.group.values():
            return
        self._starts = starts
        self.group.blockSignals(True)
        self.group.clear()
        for init, start in starts.items():
            card = ChoiceCard(start.name, self._facts(start), self._origin(start))
            card.setToolTip(str(start.path))
            self.group.add(init, card)
        if chosen in starts:
            self.group.set_value(chosen)
        self.group.blockSignals(False)
        self.group.setVisible(bool(starts))

    @Slot()
    def _on_installed(self) -> None:
        """Choose the starter model, unless a person turned to another family meanwhile."""
        self._fill()
        if self._family == STARTER_FAMILY and starter_folder() is not None:
            self.choose(STARTER)

    def _facts(self, start: LanguageStart) -> str:
        shape = {"layers": start.layers, "width": start.width, "model_size": "tiny"}
        numbers = numbers_to_learn(start.family, {**shape, "block_size": start.positions}, start.vocabulary)
        told = self.tr("{numbers} parameters in {layers} layers; up to {positions} tokens at once")
        return told.format(numbers=count_text(numbers), layers=start.layers, positions=f"{start.positions:,}")

    def _origin(self, start: LanguageStart) -> str:
        if start.kind == "starter":
            return self.tr("Read English, without capitals. On this computer. Apache-2.0.")
        if start.hub is not None:
            told = self.tr(
                "From the network, on this computer now. Language: {language}. Licence: {licence}."
            )
            unknown = self.tr("not stated")
            languages = ", ".join(language_name(code) for code in start.languages[:4])
            return told.format(language=languages or unknown, licence=start.hub.licence or unknown)
        if start.dataset_title:
            return self.tr("Read {text}. On this computer.").format(text=start.dataset_title)
        return self.tr("On this computer: {place}").format(place=start.path.parent)

    @Slot(str)
    def _on_chosen(self, _init: str) -> None:
        self._problem = None
        self._show_fit("", Role.QUIET_TEXT)
        self.changed.emit()

    # --- how it fits -------------------------------------------------------------------------------------------

    def show_fit(self, told: Mapping[str, Any] | None) -> None:
        """The ``start`` of an answer to ``cut_text``; None where the text says nothing about it."""
        if told and self.start() is not None:
            ink = Role.GOOD_TEXT if told.get("fits") else Role.WARNING_TEXT
            self._show_fit(str(told.get("sentence") or ""), ink)

    def show_head(self, is_replaced: bool) -> None:
        """Say what becomes of the last layer of a start that has learned a job before, where a new one is learned."""
        start = self.start()
        text = dropped_head(start) if is_replaced and start is not None else ""
        self.head.setText(text)
        self.head.setVisible(bool(text))

    def _show_fit(self, sentence: str, ink: Role) -> None:
        self.fit.setText(sentence)
        self.fit.set_ink(ink)
        self.fit.setVisible(bool(sentence))

    @Slot()
    def open_folder(self) -> None:
        """Ask for a model folder or the folder of a run; the window stays usable meanwhile."""
        dialog = FileDialog(self, self.tr("Open a model folder"))
        dialog.setObjectName("openLanguageStartDialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.fileSelected.connect(self.choose)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _fetched(family: str) -> list[LanguageStart]:
    """The newest models of the hub on this computer that the family can go on from."""
    found: list[LanguageStart] = []
    for model in list_models(home_folder()):
        try:
            start = glance_at_language(model.reference)
        except PtftError:
            continue  # its folder was changed since
        if start.family == family and len(found) < _MOST_FETCHED:
            found.append(start)
    return found
