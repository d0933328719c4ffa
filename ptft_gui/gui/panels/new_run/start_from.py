"""*Start from*: the ended runs, model folders and vector files that a run may go on from, and how one fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.registry import FAMILIES
from ptft_gui.core.family.starts import Start, glance_at
from ptft_gui.core.paths import runs_folder
from ptft_gui.core.rundir import list_runs
from ptft_gui.core.wording import count_text
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.choice_card import ChoiceCard, ChoiceGroup
from ptft_gui.gui.widgets.drop_area import DropArea
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.labels import PlainLabel

NOTHING = "nothing"
"""The choice to begin with random numbers, where that is one of several ways to learn a task."""
_MOST_RUNS, _MOST_LOOKED_AT = 3, 40
_ASK_AFTER_MS = 150


class StartFrom(QWidget):
    """``changed`` follows every other start. The companion is asked in the background how the start fits the text."""

    changed = Signal()

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("startFromPicker")
        self.setAccessibleName(self.tr("Start from"))
        self._asker = asker
        self._starts: dict[str, Start] = {}
        self._offers_nothing = False
        self._proposed = ""
        self._own: list[Start] = []
        self._runs: list[Start] = []
        self._text: dict[str, object] = {}
        self._question = ""
        self._problem: PtftError | None = None
        self._asked: tuple[object, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_ASK_AFTER_MS)
        self.group = ChoiceGroup(accessible_name=self.tr("Start from"))
        self.area = DropArea(self.tr("Drop a model folder or a vector file here"))
        self.area.setObjectName("startDropArea")
        self._note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.fit = PlainLabel("", TextStyle.CAPTION)
        self.fit.setObjectName("startFitLine")
        self._build()
        self._timer.timeout.connect(self._ask)
        self.group.value_changed.connect(self._on_chosen)
        self.area.path_dropped.connect(self.choose)
        self._show_fit("", Role.QUIET_TEXT)

    def _build(self) -> None:
        self._open_file = SecondaryButton(self.tr("Open a vector file..."), "file")
        self._open_folder = SecondaryButton(self.tr("Open a model folder..."), "folder")
        self._open_file.setObjectName("openVectorFileButton")
        self._open_folder.setObjectName("openStartFolderButton")
        self._open_file.clicked.connect(self.open_file)
        self._open_folder.clicked.connect(self.open_folder)
        row = QWidget()
        buttons = FlowLayout(row)
        buttons.addWidget(self._open_file)
        buttons.addWidget(self._open_folder)
        self._note.setText(
            self.tr("Or drop one here: word2vec text or binary, GloVe text, .vec, also packed as .gz.")
        )
        self.area.body.addWidget(row)
        self.area.body.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        self._title = PlainLabel(self.tr("Start from"), TextStyle.STRONG)
        for widget in (self._title, self.fit, self.group, self.area):
            column.addWidget(widget)

    # --- what is chosen ----------------------------------------------------------------------------------------

    def start(self) -> Start | None:
        """What is chosen, as far as a glance tells."""
        return self._starts.get(self.group.value())

    def path(self) -> str | None:
        """The path of what is chosen."""
        start = self.start()
        return str(start.path) if start is not None else None

    def is_nothing(self) -> bool:
        """Whether the choice is to begin from nothing."""
        return self.group.value() == NOTHING

    def offer_nothing(self, is_offered: bool) -> None:
        """Offer to begin from nothing as well, or not; at first the newest run is chosen, if there is one
        that knows the words of the text."""
        if is_offered == self._offers_nothing:
            return
        self._offers_nothing = is_offered
        self._fill()
        if is_offered and not self.group.value():
            self._proposed = next(iter(self._starts), NOTHING)
            self.group.set_value(self._proposed)

    def choose_nothing(self) -> None:
        """Begin from nothing."""
        if self._offers_nothing:
            self.group.set_value(NOTHING)

    def problem(self) -> PtftError | None:
        """Why what is chosen cannot be a start, as far as that was found out."""
        return self._problem

    @Slot(str)
    def choose(self, path: str) -> None:
        """Choose a run, a model folder or a vector file by its path; one that cannot be a start is told."""
        if not path:
            self._uncheck()
            self._show_fit("", Role.QUIET_TEXT)
            return
        try:
            start = glance_at(Path(path).absolute())
        except PtftError as problem:
            self._uncheck()
            self._show_fit(problem.as_sentence(), Role.BAD_TEXT)
            self.changed.emit()
            return
        key = str(start.path)
        if key not in self._starts:
            self._own.insert(0, start)
            self._fill()
        self.group.set_value(key)

    def _uncheck(self) -> None:
        for value in self.group.values():
            card = self.group.card(value)
            card.setAutoExclusive(False)
            card.setChecked(False)
            card.setAutoExclusive(True)

    def show_runs(self, runs: Path | None = None) -> None:
        """Look anew which ended runs can be a start; what is chosen stays."""
        found: list[Start] = []
        for run in list_runs(runs or Path(runs_folder(None)))[:_MOST_LOOKED_AT]:
            if len(found) < _MOST_RUNS:
                try:
                    found.append(glance_at(run.path))
                except PtftError:
                    continue  # still running, or without a model
        chosen = self.start()
        self._runs = found
        self._fill()
        if chosen is not None and str(chosen.path) not in self._starts:
            self._own.insert(0, chosen)
            self._fill()
        if chosen is not None:
            self.group.set_value(str(chosen.path))

    def _fill(self) -> None:
        chosen = self.group.value()
        starts = {str(start.path): start for start in (*self._own, *self._runs)}
        keys = [*starts, *([NOTHING] if self._offers_nothing else [])]
        if keys == self.group.values():
            return
        self._starts = starts
        self.group.blockSignals(True)
        self.group.clear()
        for path, start in starts.items():
            card = ChoiceCard(start.name, self._facts(start), self._has_read(start))
            card.setToolTip(path)
            self.group.add(path, card)
        if self._offers_nothing:
            nothing = ChoiceCard(
                self.tr("From nothing"),
                self.tr("Random vectors, for comparison: all it knows comes from your labelled texts."),
            )
            self.group.add(NOTHING, nothing)
        if chosen in keys:
            self.group.set_value(chosen)
        self.group.blockSignals(False)
        self.group.setVisible(bool(keys))

    def _facts(self, start: Start) -> str:
        if start.words and start.size:
            words = self.tr("{words} words, {size} numbers each")
            return words.format(words=f"{start.words:,}", size=f"{start.size:,}")
        return self.tr("A file of word vectors") if start.kind == "file" else ""

    def _has_read(self, start: Start) -> str:
        family = FAMILIES[start.family].title if start.family in FAMILIES else ""
        if not start.dataset_title:
            return family or str(start.path.parent)
        length = (
            self.tr("{count} words").format(count=count_text(start.read_words)) if start.read_words else ""
        )
        read = self.tr("has read {text}").format(text=start.dataset_title)
        return " \N{MIDDLE DOT} ".join(part for part in (family, read, length) if part)

    @Slot(str)
    def _on_chosen(self, _path: str) -> None:
        self._problem = None
        self._show_fit("", Role.QUIET_TEXT)
        self._schedule()
        self.changed.emit()

    # --- how it fits -------------------------------------------------------------------------------------------

    def set_text(self, arguments: Mapping[str, object]) -> None:
        """The text that the run reads, as ``inspect_dataset`` takes it; empty while none is chosen."""
        self._text = dict(arguments)
        self._schedule()

    def _schedule(self) -> None:
        wanted = (self.path(), repr(self._text))
        if wanted == self._asked:
            return
        self.give_up()
        self._asked = wanted
        if self.path() and not self.isHidden():
            self._timer.start()
        else:
            self._asked = ()

    def give_up(self) -> None:
        """Ask no more how it fits."""
        self._timer.stop()
        if self._question:
            self._asker.cancel(self._question)
            self._question = ""
        self._asked = ()

    @Slot()
    def _ask(self) -> None:
        self._show_fit(self.tr("Looking at how it fits ..."), Role.QUIET_TEXT)
        arguments: dict[str, object] = {"model": self.path() or "", **self._text}
        self._question = self._asker.ask(
            "start_facts", arguments, self._on_facts, self._on_problem, self._on_progress
        )

    def _on_facts(self, answer: dict[str, Any]) -> None:
        self._question = ""
        path = self.group.value()
        start = self._starts.get(path)
        if start is not None and answer.get("words"):
            known = replace(start, words=int(answer["words"]), size=int(answer.get("size") or 0))
            self._starts[path] = known
            self._own = [known if own.path == start.path else own for own in self._own]
            told = self.tr("{words} words, {size} numbers each")
            sentence = told.format(
                words=f"{int(answer['words']):,}", size=f"{int(answer.get('size') or 0):,}"
            )
            self.group.card(path).set_sentence(sentence)
        fits, sentence = bool(answer.get("fits")), str(answer.get("sentence") or "")
        if not fits and self._offers_nothing and path == self._proposed:
            self._proposed = ""  # who chooses it again keeps it
            self.choose_nothing()
            return
        self._show_fit(sentence, Role.GOOD_TEXT if fits else Role.WARNING_TEXT)
        self._problem = None
        self.changed.emit()

    def _on_problem(self, problem: PtftError) -> None:
        self._question = ""
        self._problem = problem
        self._show_fit(problem.as_sentence(), Role.BAD_TEXT)
        self.changed.emit()

    def _on_progress(self, sentence: str, _fraction: float | None) -> None:
        if sentence:
            self._show_fit(f"{sentence} ...", Role.QUIET_TEXT)

    def _show_fit(self, sentence: str, ink: Role) -> None:
        self.fit.setText(sentence)
        self.fit.set_ink(ink)
        self.fit.setVisible(bool(sentence))

    # --- opening -----------------------------------------------------------------------------------------------

    @Slot()
    def open_file(self) -> None:
        """Ask for a vector file; the window stays usable meanwhile."""
        self._open(self.tr("Open a file of word vectors"), QFileDialog.FileMode.ExistingFile)

    @Slot()
    def open_folder(self) -> None:
        """Ask for a model folder or the folder of a run."""
        self._open(self.tr("Open a model folder"), QFileDialog.FileMode.Directory)

    def _open(self, title: str, mode: QFileDialog.FileMode) -> None:
        dialog = FileDialog(self, title)
        dialog.setObjectName("openStartDialog")
        dialog.setFileMode(mode)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, mode == QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.choose)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
