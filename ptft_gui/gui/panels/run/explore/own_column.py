"""A column of a person's own table that colours the words of the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.one_question import OneQuestion


@dataclass(frozen=True)
class OwnColumn:
    """``values`` by word: numbers, or places in ``categories`` where there are such. ``columns``: all that the file has
    beside its words."""

    path: str
    name: str
    values: dict[str, float] = field(repr=False)
    categories: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def is_category(self) -> bool:
        return bool(self.categories)

    def numbers(self, words: Sequence[str]) -> NDArray[np.float32]:
        """The value of each word, nan where the file has none; shape (n,)."""
        return np.array([self.values.get(word, np.nan) for word in words], dtype=np.float32)

    def groups(self, words: Sequence[str]) -> NDArray[np.int32]:
        """The category of each word, -1 where the file has none; shape (n,)."""
        return np.array([int(self.values.get(word, -1)) for word in words], dtype=np.int32)


class OwnColumns(QObject):
    """Asks a person for a file and the companion for its column. ``found`` carries an :class:`OwnColumn` and a
    sentence, ``failed`` a :class:`PtftError`."""

    found = Signal(object, str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._question = OneQuestion(asker)
        self._model = ""

    def set_model(self, path: str) -> None:
        """Match words with this model from now on."""
        self._question.drop()
        self._model = path

    @Slot()
    def ask_for_file(self) -> None:
        """Let a person choose a file."""
        dialog = FileDialog(self._window, self.tr("Open a table with words"))
        dialog.setObjectName("wordColumnDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.read)
        dialog.open()

    @Slot(str)
    def read(self, path: str, column: str = "") -> None:
        """Read a column of the file at ``path``: the one named, or the one that suits best."""
        arguments: dict[str, object] = {"model": self._model, "path": path}
        if column:
            arguments["column"] = column
        self._question.ask("word_column", arguments, partial(self._on_result, path), self.failed.emit)

    def _on_result(self, path: str, result: dict[str, Any]) -> None:
        numbers = np.asarray(result["values"], dtype=np.float64).tolist()
        column = OwnColumn(
            path,
            str(result["column"]),
            dict(zip(result["words"], numbers, strict=True)),
            tuple(map(str, result.get("categories") or ())) if result.get("kind") == "category" else (),
            tuple(map(str, result.get("columns") or ())),
        )
        self.found.emit(column, str(result.get("sentence") or ""))
