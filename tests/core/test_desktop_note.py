"""A note on the desktop is shown by the desktop's own program, with both texts as plain arguments."""

import os
import shutil
import subprocess
import sys

import pytest

from ptft_gui.core.desktop_note import note_command, show_note

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="asks for the program of another desktop")


_PATH = os.environ["PATH"]


@pytest.fixture
def desktop(tmp_path, monkeypatch):
    """A folder of programs that holds only what a test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_a_desktop_without_a_program_for_it_stays_quiet(desktop):
    assert note_command("One", "Finished.") is None
    assert show_note("One", "Finished.") is False


def test_texts_are_arguments_and_never_options(desktop):
    notifier = desktop / "notify-send"
    notifier.write_text("#!/bin/sh\n")
    notifier.chmod(0o755)
    command = note_command("--urgency=critical", "two\nlines " + "x" * 500)
    assert command[:3] == [str(notifier), "--app-name=ptft", "--"]
    assert command[3] == "--urgency=critical"
    assert command[4].startswith("two lines xxx")
    assert len(command[4]) == 240
    assert show_note("One", "Finished.") is True


def test_a_note_that_the_desktop_refuses_counts_as_not_shown(desktop):
    notifier = desktop / "notify-send"
    notifier.write_text("#!/bin/sh\nexit 1\n")
    notifier.chmod(0o755)
    assert show_note("One", "Finished.") is False


_SERVICE = """
import sys
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection

@ClassInfo({"D-Bus Interface": "org.freedesktop.Notifications"})
class Notes(QDBusAbstractAdaptor):
    @Slot(str, "uint", str, str, str, "QStringList", "QVariantMap", int, result="uint")
    def Notify(self, program, replaced, icon, title, text, actions, hints, lasts_ms):
        print(program, title, text, sep="|", flush=True)
        return 1

application = QCoreApplication([])
desktop = QObject()
notes = Notes(desktop)
bus = QDBusConnection.sessionBus()
assert bus.registerObject("/org/freedesktop/Notifications", desktop)
assert bus.registerService("org.freedesktop.Notifications")
print("ready", flush=True)
application.exec()
"""
_SHOWN = """
import subprocess, sys
from ptft_gui.core.desktop_note import show_note
service = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, text=True)
assert service.stdout.readline() == "ready\\n"
print(show_note(sys.argv[2], sys.argv[3]), service.stdout.readline(), end="")
service.kill()
service.wait()
"""


@pytest.mark.skipif(
    shutil.which("gdbus") is None or shutil.which("dbus-run-session") is None, reason="no session bus here"
)
def test_without_the_usual_program_a_note_reaches_the_desktop_over_its_bus(desktop):
    """On a bus of its own, with a stand-in for the desktop that says what it is told."""
    for program in ("gdbus", "dbus-daemon"):
        (desktop / program).symlink_to(shutil.which(program, path=_PATH))
    title, text = '-1 "Tom" \\ Ann', "It's done: <b>0.91</b> & kept, 'as it is'."
    done = subprocess.run(
        [shutil.which("dbus-run-session", path=_PATH), "--", sys.executable, "-c", _SHOWN, _SERVICE, title, text],
        env={**os.environ, "PATH": str(desktop)},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == f"True ptft|{title}|{text}\n", done.stderr
