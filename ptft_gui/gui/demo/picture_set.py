"""``ptft-gui demo --pictures DIR``: a picture of every page and dialog, made from small runs that train on the spot."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Slot

from ptft_gui.gui.app import OpenWindow, run_window
from ptft_gui.gui.demo.driver import DemoDriver
from ptft_gui.gui.demo.picture_camera import Camera
from ptft_gui.gui.demo.picture_list import Wanted
from ptft_gui.gui.demo.picture_looks import ENLARGED_LOOKS, LOOKS
from ptft_gui.gui.demo.picture_script import PictureScript
from ptft_gui.gui.demo.pictures import Pictures

RUNS_FOLDER = "runs"
_FACTOR = "QT_SCALE_FACTOR"


def take_pictures(folder: Path, scale: str, only: Collection[str] = ()) -> int:
    """Take all pictures into ``folder``; the result is the exit code, 1 where a screen is missing.

    ``scale``: pixels a point, "1" or more. ``only``: beginnings of the names of the screens to take. The runs are
    kept in ``folder`` beside the pictures: the next call trains nothing. Raises :class:`PtftError` when the folder
    cannot be written, and for a name that no screen has.
    """
    wanted = Wanted(only)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if scale != "1":
        os.environ[_FACTOR] = scale
    taker = _Taker(folder, scale, wanted)
    run_window(folder / RUNS_FOLDER, on_opened=taker.begin)
    return taker.exit_code


class _Taker(QObject):
    """Ties the script to the window."""

    def __init__(self, folder: Path, scale: str, wanted: Wanted) -> None:
        super().__init__()
        self._wanted = wanted
        self._folder = folder if scale == "1" else folder / f"scale-{scale}"
        self._looks = LOOKS if scale == "1" else ENLARGED_LOOKS
        self.exit_code = 1

    def begin(self, opened: OpenWindow) -> None:
        opened.window.prepare_pages()
        driver = DemoDriver(opened.window, is_hurried=True)
        self._pictures = Pictures(opened.window, self._folder, say=_print_name)
        camera = Camera(driver, self._pictures, opened, self._looks, self._wanted)
        self._script = PictureScript(driver, opened, camera)
        driver.ended.connect(self._on_ended)
        driver.play(self._script.play())

    @Slot(str)
    def _on_ended(self, how: str) -> None:
        print(f"{len(self._pictures.saved)} pictures are in {self._folder}.", flush=True)
        for sentence in [*self._script.left_out, *([how] if how else [])]:
            print(sentence, file=sys.stderr, flush=True)
        self.exit_code = 1 if how or self._script.left_out else 0
        QCoreApplication.exit()  # quit() would ask whether a run that still trains is to go on, and wait for ever


def _print_name(path: Path) -> None:
    print(path.name, flush=True)
