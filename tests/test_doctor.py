"""The doctor, asked on this computer and on ones that lack something."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ptft_gui.doctor import Check, checks, report_json
from ptft_gui.doctor.computer import check_disk, check_libraries, check_runs_folder, existing_parent
from ptft_gui.doctor.probe import ProbeResult, probe
from ptft_gui.doctor.report import report_text
from ptft_gui.doctor.training import judge_torch
from ptft_gui.doctor.window import check_fonts, check_pyside, check_screen, check_system_libraries

FORBIDDEN = {"PySide6", "torch", "gensim", "transformers", "numba"}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Check]:
    """A whole look at this computer, which has all that is needed, since the other tests run on it."""
    return checks(tmp_path_factory.mktemp("runs"))


def test_a_computer_that_runs_these_tests_is_healthy(found):
    assert [check for check in found if check.ok is False] == []
    assert json.loads(report_json(found))["ok"] is True


def test_every_finding_is_a_sentence_and_every_fault_has_a_remedy(found):
    assert len({check.name for check in found}) == len(found) >= 12
    for check in found:
        assert check.sentence.endswith(".")
        assert check.ok is True or check.remedy


def test_the_report_for_a_terminal_shows_remedies_and_ends_with_a_summary():
    text = report_text(
        [Check("Fonts", False, "There is no font.", "apt-get it"), Check("Disk", True, "Plenty.")]
    )
    assert "mend Fonts" in text
    assert "-> apt-get it" in text
    assert text.endswith("1 thing has to be mended.")


def test_a_fault_is_reported_by_a_process_that_loads_nothing_heavy(tmp_path):
    (tmp_path / "file").touch()
    code = (
        "import json, sys; from pathlib import Path; from ptft_gui.doctor import run_doctor; "
        "status = run_doctor(True, Path(sys.argv[1])); print(json.dumps(sorted(sys.modules))); sys.exit(status)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "file" / "runs")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report, modules = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1, done.stderr
    assert report["ok"] is False
    assert [check["name"] for check in report["checks"] if check["ok"] is False] == ["Runs folder"]
    assert FORBIDDEN.isdisjoint(modules)


def test_a_runs_folder_is_tried_without_leaving_anything(tmp_path):
    assert check_runs_folder(tmp_path).ok is True
    assert list(tmp_path.iterdir()) == []
    assert check_runs_folder(tmp_path / "new" / "runs").ok is True
    assert not (tmp_path / "new").exists()


def test_the_nearest_existing_folder_is_found(tmp_path):
    assert existing_parent(tmp_path / "a" / "b") == tmp_path
    assert check_disk(tmp_path / "a" / "b").sentence.endswith(f"{tmp_path}.")


def test_a_crash_while_trying_something_is_a_finding():
    result = probe("import os; os.kill(os.getpid(), 11)")
    assert result == ProbeResult(None, "it was ended by signal 11")
    assert probe("raise SystemExit('libGL.so.1 is missing')").last_words == "libGL.so.1 is missing"
    assert probe("raise OSError('libGL.so.1 is missing.')").last_words == "libGL.so.1 is missing"
    assert probe("print('not json')").facts is None


def _torch(**facts: object) -> ProbeResult:
    return ProbeResult({"version": "2.13.0", "cuda": None, "card": None, "product": 0.0, **facts})


@pytest.mark.parametrize(
    ("result", "has_card", "ok", "words"),
    [
        (_torch(), False, True, "trains on the processor"),
        (
            _torch(),
            True,
            None,
            "The GPU is not being used. A graphics card is there, but this torch was built for",
        ),
        (_torch(cuda="13.0"), True, None, "its driver is older than torch needs"),
        (_torch(cuda="13.0", card="A card", product=262144.0), True, True, "uses the graphics card (A card)"),
        (ProbeResult(None, "no torch"), False, False, "torch cannot be loaded: no torch."),
    ],
)
def test_what_is_said_about_torch_and_the_card(result, has_card, ok, words):
    check = judge_torch(result, has_card)
    assert check.ok is ok
    assert words in check.sentence
    assert check.ok is True or check.remedy


def test_no_font_is_found_where_there_is_none(tmp_path, monkeypatch):
    empty = tmp_path / "fonts.conf"
    empty.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(empty))
    check = check_fonts()
    assert check.ok is False
    assert "font" in check.remedy


def test_a_qt_that_cannot_be_loaded_is_a_fault_with_a_next_step(tmp_path, monkeypatch):
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text("raise ImportError('libEGL.so.1: cannot open')")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, sys.path)]))
    for check in (check_fonts(), check_pyside()):
        assert check.ok is False
        assert "libEGL.so.1: cannot open." in check.sentence
        assert check.remedy


def test_a_screen_that_is_named_and_not_there_is_a_fault(monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":98733")
    assert check_screen().ok is False
    monkeypatch.delenv("DISPLAY")
    assert check_screen().ok is None


def _fake_ldd(folder: Path, monkeypatch: pytest.MonkeyPatch, output: str) -> None:
    tool = folder / "ldd"
    tool.write_text(f"#!/bin/sh\n{output}\n")
    tool.chmod(0o755)
    (folder / "apt-get").symlink_to(tool)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


def test_missing_libraries_are_named_with_the_line_that_installs_them(tmp_path, monkeypatch):
    _fake_ldd(
        tmp_path, monkeypatch, 'printf "\\tlibEGL.so.1 => not found\\n\\tlibc.so.6 => /lib/libc.so.6\\n"'
    )
    check = check_system_libraries()
    assert check.ok is False
    assert "libEGL.so.1" in check.sentence
    assert check.remedy == "sudo apt-get install -y libegl1"


def test_a_library_only_another_kind_of_screen_needs_is_no_fault(tmp_path, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    only_xcb = 'case "$1" in *libqxcb*) printf "\\tlibxcb-cursor.so.0 => not found\\n";; esac'
    _fake_ldd(tmp_path, monkeypatch, only_xcb)
    check = check_system_libraries()
    assert check.ok is None
    assert check.remedy == "sudo apt-get install -y libxcb-cursor0"
    monkeypatch.setenv("DISPLAY", ":0")
    assert check_system_libraries().ok is False


def test_libraries_and_pyside_of_this_environment(monkeypatch):
    assert check_libraries().ok is not False
    assert check_pyside().ok is True
