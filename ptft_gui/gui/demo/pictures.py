"""Pictures of the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMainWindow, QWidget

from ptft_gui.core.errors import RunFolderError


class Pictures:
    """Saves what the window shows as PNG files of one folder; with no folder, saves nothing.

    ``say`` is told of each file that was written.
    """

    def __init__(
        self, window: QMainWindow, folder: Path | None, say: Callable[[Path], None] | None = None
    ) -> None:
        self._say = say
        self._window = window
        self._folder = folder
        self.saved: list[Path] = []

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Save the window, or another ``widget``, as ``name``.png.

        Raises :class:`RunFolderError` when that cannot be written.
        """
        if self._folder is not None:
            self.keep(name, (widget or self._window).grab().toImage())

    def keep(self, name: str, picture: QImage) -> None:
        """Save ``picture`` as ``name``.png. Raises :class:`RunFolderError` when that cannot be written."""
        if self._folder is None:
            return
        path = self._folder / f"{name}.png"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise _unwritable(self._folder, problem.strerror or "") from problem
        if not picture.save(str(path)):
            raise _unwritable(self._folder, f"{path.name} could not be saved.")
        self.saved.append(path)
        if self._say is not None:
            self._say(path)


def _unwritable(folder: Path, detail: str) -> RunFolderError:
    return RunFolderError(
        f"Pictures cannot be written to {folder}.", detail, "Choose another folder with --shots DIR."
    )
