"""A note on the desktop is shown by the desktop's own program, with both texts as plain arguments."""

import sys

import pytest

from ptft_gui.core.desktop_note import note_command, show_note

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="asks for the program of another desktop")


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
