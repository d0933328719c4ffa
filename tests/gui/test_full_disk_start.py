"""A full disk at the start: the window offers to free some space, and what is deleted there lets the next run start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ptft_gui.core.launch import package_environment
from ptft_gui.core.trash import TRASH
from tests.gui.fixtures_runs import make_run

_ROOT = Path(__file__).resolve().parents[2]
_WINDOW = """
import errno, pathlib, sys
sys.path.insert(0, {root!r})
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from ptft_gui.core import rundir
from ptft_gui.gui import app
runs = pathlib.Path(sys.argv[1])
real_check = rundir.check_runs_folder
def check(folder):
    if (folder / ".trash" / "large~1700000000").exists():  # as long as it is there, nothing has room
        real_write = pathlib.Path.write_bytes
        def write(path, data):
            raise OSError({number}, "as the system says it")
        pathlib.Path.write_bytes = write
        try:
            real_check(folder)
        finally:
            pathlib.Path.write_bytes = real_write
    real_check(folder)
app.check_runs_folder = check
made = app.make_application()
def find(kind, name):
    found = [w for top in QApplication.topLevelWidgets() for w in top.findChildren(kind, name) if w.isVisible()]
    return found[0] if found else None
def ask():
    dialog = next((w for w in QApplication.topLevelWidgets() if w.objectName() == "folderDialog"), None)
    if dialog is None:
        QTimer.singleShot(50, ask)
        return
    free = dialog.findChild(QAbstractButton, "freeChoice")
    print("offered" if free else "not offered")
    (free or dialog.findChild(QAbstractButton, "quitChoice")).click()
def on_opened(opened):
    QTimer.singleShot(0, lambda: clean(opened))
def clean(opened):
    disk = opened.window.pages.disk
    if disk._use is None:
        QTimer.singleShot(50, lambda: clean(opened))
        return
    print(opened.window.pages.current().objectName(), find(QWidget, "banner"))
    disk.clean("trash")
    look(opened)
def look(opened):
    if (runs / ".trash" / "large~1700000000").exists():
        QTimer.singleShot(50, lambda: look(opened))
        return
    check(runs)
    print("there is room")
    opened.window.close()
QTimer.singleShot(50, ask)
sys.exit(app.run_window(runs, on_opened=on_opened))
"""


def start(runs: Path, number: str) -> list[str]:
    window = subprocess.run(
        [sys.executable, "-c", _WINDOW.format(root=str(_ROOT), number=number), str(runs)],
        capture_output=True,
        text=True,
        timeout=120,
        env={
            **package_environment(),
            "QT_QPA_PLATFORM": "offscreen",
            "PTFT_HOME": str(runs.parent / "home"),
        },
        check=False,
    )
    assert window.returncode == 0, window.stderr
    return window.stdout.splitlines()


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    make_run(folder, "finished")
    (folder / TRASH / "large~1700000000").mkdir(parents=True)
    (folder / TRASH / "large~1700000000" / "model").write_bytes(b"0" * 1000)
    return folder


@pytest.mark.parametrize("number", ["errno.ENOSPC", "errno.EDQUOT"])
def test_on_a_full_disk_room_can_be_made_from_inside(runs: Path, number: str) -> None:
    assert start(runs, number) == ["offered", "diskPage None", "there is room"]


def test_where_room_is_not_what_is_missing_it_is_not_offered(runs: Path) -> None:
    assert start(runs, "errno.EIO") == ["not offered"]
    assert (runs / TRASH / "large~1700000000").exists()
