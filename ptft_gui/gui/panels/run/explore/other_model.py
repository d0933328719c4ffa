"""Choosing a second model to hold the shown one against."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QSizePolicy, QWidget

from ptft_gui.core.family.registry import FAMILIES
from ptft_gui.core.overview import RunOverview
from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.labels import PlainLabel

_FILE, _FOLDER = "file", "folder"
_MOST_CONFIG_BYTES = 1 << 20
_MOST_RUNS = 200


@dataclass(frozen=True)
class OtherModel:
    """A model by its path; ``title`` is what people call it, ``is_start`` when the shown one went on from it."""

    path: str
    title: str
    is_start: bool = False


class OtherModelBar(QWidget):
    """A label and a list (otherModel): the start of the run, other runs, a file, a folder.

    ``chosen`` carries an :class:`OtherModel`, or None when none is chosen.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[RunOverview, ...] = ()
        self._folder = Path()
        self._own = ""
        self._start: OtherModel | None = None
        self._opened: list[OtherModel] = []
        self._current: OtherModel | None = None
        self.combo = QComboBox()
        self.combo.setObjectName("otherModel")
        self.combo.setAccessibleName(self.tr("Model to compare with"))
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.combo.setMinimumContentsLength(12)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.activated.connect(self._on_activated)
        label = PlainLabel(self.tr("Compare with"), TextStyle.BODY, Role.QUIET_TEXT)
        label.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(label)
        row.addWidget(self.combo, 1)
        self._fill()

    def current(self) -> OtherModel | None:
        """The model that is chosen."""
        return self._current

    def show_run(self, run: RunDir) -> None:
        """Another run is shown. The start it went on from is chosen by itself; another choice stays where it can."""
        self.show_model(str(run.path), start_of(run))

    def show_model(self, path: str, start: OtherModel | None = None) -> None:
        """Another model is shown, perhaps one that no run made; ``start``: what it went on from."""
        self._own, self._start = path, start
        if start is not None:
            self._current = start
        elif self._current is not None and (self._current.path == path or self._current.is_start):
            self._current = None
        self._fill()
        self.chosen.emit(self._current)

    def show_runs(self, rows: Sequence[RunOverview], folder: Path) -> None:
        """Offer these runs of ``folder``, as far as they left word vectors."""
        self._folder = folder
        wanted = tuple(row for row in rows if has_vectors(row))[:_MOST_RUNS]
        if [(row.name, row.title) for row in wanted] != [(row.name, row.title) for row in self._runs]:
            self._runs = wanted
            self._fill()

    def choose(self, model: OtherModel) -> None:
        """Choose ``model``, and offer it from now on."""
        if all(model.path != known.path for known in self._offered()):
            self._opened.append(model)
        self._current = model
        self._fill()
        self.chosen.emit(model)

    def _offered(self) -> list[OtherModel]:
        titles = [row.title for row in self._runs]
        runs = [
            OtherModel(str(self._folder / row.name), _told_apart(row, titles.count(row.title) > 1))
            for row in self._runs
        ]
        found = [self._start] if self._start is not None else []
        for model in (*runs, *self._opened):
            if model.path != self._own and all(model.path != known.path for known in found):
                found.append(model)
        return found

    def _fill(self) -> None:
        self.combo.clear()
        self.combo.addItem(self.tr("Choose a model ..."), None)
        for model in self._offered():
            words = self.tr("The start: {name}") if model.is_start else "{name}"
            self.combo.addItem(words.format(name=model.title), model)
            self.combo.setItemData(self.combo.count() - 1, model.path, Qt.ItemDataRole.ToolTipRole)
        self.combo.insertSeparator(self.combo.count())
        self.combo.addItem(self.tr("Open a file of vectors..."), _FILE)
        self.combo.addItem(self.tr("Open a model folder..."), _FOLDER)
        self._show_current()

    def _show_current(self) -> None:
        place = next((row for row in range(self.combo.count()) if self._is_current(row)), 0)
        self.combo.setCurrentIndex(place)

    def _is_current(self, row: int) -> bool:
        model = self.combo.itemData(row)
        return (
            isinstance(model, OtherModel) and self._current is not None and model.path == self._current.path
        )

    @Slot()
    def _on_activated(self) -> None:
        chosen = self.combo.currentData()
        if chosen in (_FILE, _FOLDER):
            self._show_current()
            self._open(is_folder=chosen == _FOLDER)
        elif chosen != self._current:
            self._current = chosen
            self.chosen.emit(chosen)

    def _open(self, is_folder: bool) -> None:
        title = self.tr("Open a model folder") if is_folder else self.tr("Open a file of vectors")
        dialog = FileDialog(self, title)
        dialog.setObjectName("otherModelDialog")
        modes = QFileDialog.FileMode
        dialog.setFileMode(modes.Directory if is_folder else modes.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    @Slot(str)
    def open_path(self, path: str) -> None:
        """Compare with the model at ``path``."""
        self.choose(OtherModel(path, Path(path).name))


def _told_apart(row: RunOverview, is_ambiguous: bool) -> str:
    """The title of a run, with the moment it began where others are called the same."""
    if not is_ambiguous:
        return row.title
    return f"{row.title}, {datetime.fromtimestamp(row.created):%Y-%m-%d %H:%M}"


def has_vectors(row: RunOverview) -> bool:
    """Whether a run ended with word vectors that can be asked."""
    titles = {family.title for family in FAMILIES.values() if family.saves_word_vectors}
    return row.state in ("finished", "stopped") and row.family in titles


def start_of(run: RunDir) -> OtherModel | None:
    """The model that a run went on from, as its result tells; None where it began from nothing, or does not tell."""
    file = run.model / "config.json"
    try:
        if file.stat().st_size > _MOST_CONFIG_BYTES:
            return None
        config = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    initial = config.get("initial") if isinstance(config, dict) else None
    if not isinstance(initial, dict) or not isinstance(initial.get("source"), str):
        return None
    source = initial["source"]
    return OtherModel(source, str(initial.get("name") or Path(source).name), is_start=True)
