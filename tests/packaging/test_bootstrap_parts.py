"""The parts of bootstrap that can be looked at one by one."""

from __future__ import annotations

import importlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Import a module beside bootstrap.py as bootstrap itself does, and forget it afterwards."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    before = set(sys.modules)

    def import_part(name: str) -> ModuleType:
        return importlib.import_module(name)

    yield import_part
    for name in set(sys.modules) - before:
        if name in {path.stem for path in PACKAGING.glob("*.py")}:
            del sys.modules[name]


def test_no_display_is_named(load):
    assert not load("display").has_display({})


@pytest.mark.parametrize("display", [":98731", "nobody.invalid", "", "::", "127.0.0.1:59999"])
def test_a_display_that_does_not_answer_is_none(load, display):
    assert not load("display").has_display({"DISPLAY": display})


def test_an_x_display_that_answers(load):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind("\0/tmp/.X11-unix/X98732")
        server.listen()
        assert load("display").has_display({"DISPLAY": ":98732.0"})
        assert not load("display").has_display({"DISPLAY": ":98732.0", "QT_QPA_PLATFORM": "offscreen"})


def test_a_forwarded_x_display_answers_on_a_port(load):
    display = load("display")
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1] - display.X_PORT_BASE
        assert display.has_display({"DISPLAY": f"127.0.0.1:{number}.0"})


def test_a_wayland_display_is_a_socket_in_the_runtime_folder(load, tmp_path):
    variables = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert not load("display").has_display(variables)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        assert load("display").has_display(variables)


@pytest.mark.parametrize(
    ("output", "sign"),
    [
        ("NewConnectionError('...: Failed to establish a new connection: [Errno 111]')", "network"),
        ("Temporary failure resolving 'deb.debian.org'", "network"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: Could not find a version that satisfies x (from versions: none)", "no version of a library"),
        ("E: Could not get lock /var/lib/dpkg/lock-frontend", "Another program"),
    ],
)
def test_known_causes_get_a_sentence(load, output, sign):
    message, remedy = load("console").explain(f"noise\n{output}\nmore noise")
    assert sign in message
    assert "start the same command again" in remedy


def test_an_unknown_cause_shows_the_last_lines(load, tmp_path, capsys):
    log = load("console").SetupLog(tmp_path / "setup.log")
    status, output = log.run([sys.executable, "-c", "print('what went wrong'); raise SystemExit(3)"])
    problem = log.failure("This step", output)
    assert status == 3
    assert "what went wrong" in capsys.readouterr().out
    assert "This step did not succeed" in problem.message
    assert str(log.path) in problem.remedy
    assert "what went wrong" in log.path.read_text()


def test_pip_progress_tells_only_what_takes_long(load, capsys):
    progress = load("environment").PipProgress()
    progress("  Downloading https://host.invalid/files/torch-2.13.0-cp311-linux.whl (191.0 MB)")
    progress("  Downloading idna-3.20-py3-none-any.whl (72 kB)")
    progress("Collecting nvidia-cublas==13.0 (from torch)")
    progress("Collecting nvidia-cudnn==9.1 (from torch)")
    progress("Installing collected packages: a, b, c")
    told = capsys.readouterr().out
    assert "fetching torch-2.13.0-cp311-linux.whl (191.0 MB)" in told
    assert "idna" not in told
    assert told.count("3 GB") == 1
    assert "unpacking 3 packages" in told


def test_a_library_that_is_not_there_is_missed(load):
    missing = load("system_packages").missing_libraries(["libc.so.6", "libno-such-thing.so.9"])
    assert missing == ["libno-such-thing.so.9"]


def test_missing_system_packages_end_in_one_line_to_run(load, monkeypatch, tmp_path):
    """Somebody who may not install anything, on a system with apt."""
    for name in ("apt-get", "sudo"):
        tool = tmp_path / name
        tool.write_text("#!/bin/sh\nexit 1\n")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    packages, console = load("system_packages"), load("console")
    with pytest.raises(console.SetupProblem) as caught:
        packages.ensure_packages(console.SetupLog(tmp_path / "log"), ["libegl1", "libgl1"], [])
    assert caught.value.exit_code == 2
    assert "sudo apt-get update && sudo apt-get install -y libegl1 libgl1" in caught.value.remedy
    packages.ensure_packages(
        console.SetupLog(tmp_path / "log"), [], ["xvfb"]
    )  # useful ones are no reason to stop


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="packages of Debian")
def test_what_only_tests_need_is_asked_for_with_them(load, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))  # nothing of it is here
    packages = load("system_packages")
    tools = {"xvfb", "xdotool", "chromium"}
    assert tools <= set(packages.useful_packages(for_tests=True))
    assert not tools & set(packages.useful_packages(for_tests=False))


def test_every_library_of_the_table_names_a_package():
    table = json.loads((ROOT / "resources" / "system" / "qt_libraries.json").read_text())
    assert set(table) == {"drawing", "x11", "wayland"}
    for group in table.values():
        for library, package in group.items():
            assert ".so." in library
            assert package == package.lower()


@pytest.mark.parametrize("arguments", [[], ["bogus"], ["setup", "now"]])
def test_a_wrong_command_is_answered_with_the_right_ones(arguments):
    done = subprocess.run(
        [sys.executable, str(PACKAGING / "bootstrap.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "bootstrap.py run" in done.stderr
    assert "Traceback" not in done.stderr


def test_pins_are_exact_and_cover_what_the_package_asks_for():
    import tomllib

    lines = (PACKAGING / "constraints.txt").read_text().splitlines()
    pins = dict(
        line.lower().replace("_", "-").split("==") for line in lines if line and not line.startswith("#")
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {requirement.lower().split(">")[0].split("=")[0].split("!")[0] for requirement in asked}
    assert names <= set(pins)
    assert pins["torch"] == "2.13.0"
    assert pins["pyside6-essentials"] == pins["shiboken6"] == "6.10.3"
