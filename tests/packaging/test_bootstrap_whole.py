"""bootstrap.py as a person meets it: real environments, real pip, for a project of one small module.

The project builds itself with a backend of its own, so nothing is fetched from anywhere.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "small"
version = "1"
"""

# Builds a wheel with the commands that bootstrap expects. Misbehaves on order: fails, or waits until it may go on.
BACKEND = """
import os, pathlib, sys, time, zipfile
here = pathlib.Path(__file__).parent
TOOLS = ["ptft-gui", "ruff", "mypy", "lint-imports", "pytest"]
def build_editable(folder, config_settings=None, metadata_directory=None):
    (here / "building").touch()
    if (here / "fail").exists():
        sys.exit("the backend was told to fail")
    while (here / "wait").exists():
        time.sleep(0.05)
    with zipfile.ZipFile(pathlib.Path(folder) / "small-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("small.py", (here / "small.py").read_text())
        info = "small-1.dist-info/"
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\nProvides-Extra: dev\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        scripts = "".join(f"{tool} = small:main\\n" for tool in TOOLS)
        wheel.writestr(info + "entry_points.txt", "[console_scripts]\\n" + scripts)
        wheel.writestr(info + "RECORD", "")
    return "small-1-py3-none-any.whl"
build_wheel = build_editable
"""

MODULE = """
import os, pathlib, sys
def main():
    name = pathlib.Path(sys.argv[0]).name
    print("STARTED", name, *sys.argv[1:], os.environ.get("QT_QPA_PLATFORM", "-"), flush=True)
    return 7 if name == os.environ.get("TOOL_THAT_FAILS") else 0
"""


class Project:
    """A small project with the real bootstrap in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        shutil.copytree(ROOT / "packaging", root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "resources" / "system", root / "resources" / "system")
        (root / "packaging" / "constraints.txt").write_text("# none\n")
        for name, text in (("pyproject.toml", PROJECT), ("backend.py", BACKEND), ("small.py", MODULE)):
            (root / name).write_text(text)

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(self.root / "packaging" / "bootstrap.py"), *arguments]
        kept = {
            k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        }
        return subprocess.Popen(
            command,
            cwd=self.root,
            env={**kept, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def call(self, *arguments: str, **variables: str) -> tuple[int, str]:
        process = self.start(*arguments, **variables)
        output, _ = process.communicate(timeout=PATIENCE_S)
        return process.returncode, output

    def log(self) -> str:
        return (self.venv / "setup.log").read_text()


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that was set up once; in a folder with a space, as people have them."""
    root = tmp_path_factory.mktemp("ready") / "my project"
    root.mkdir()
    project = Project(root)
    status, output = project.call("setup")
    assert status == 0, output
    assert "Set-up is complete." in output
    return project


def test_the_second_start_does_nothing_again(ready):
    before = ready.log()
    status, output = ready.call("setup")
    assert status == 0
    assert "Making" not in output
    assert "Installing" not in output
    assert ready.log() == before


def test_without_a_screen_run_shows_the_demo_offscreen(ready):
    status, output = ready.call("run", "--runs", "elsewhere")
    assert status == 0
    assert "There is no screen here" in output
    assert "STARTED ptft-gui demo --offscreen --shots ptft-demo --runs elsewhere" in output


def test_the_exit_status_of_the_program_is_passed_on(ready):
    status, _ = ready.call("run", TOOL_THAT_FAILS="ptft-gui")
    assert status == 7


def test_with_a_screen_the_demo_is_shown_the_first_time_only(ready, tmp_path):
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "w"))
        server.listen()
        screen = {"WAYLAND_DISPLAY": "w", "XDG_RUNTIME_DIR": str(tmp_path)}
        started = [ready.call("run", *more, **screen)[1] for more in ([], [], ["--demo"])]
    assert [text.count("STARTED ptft-gui demo") for text in started] == [1, 0, 1]
    assert "STARTED ptft-gui -" in started[1]


def test_test_names_each_step_and_passes_options_to_pytest(ready):
    status, output = ready.call("test", "-k", "words")
    steps = [line.split()[1:3] for line in output.splitlines() if line.startswith("STARTED")]
    assert status == 0
    assert [name for name, _ in steps] == ["ruff", "ruff", "mypy", "lint-imports", "pytest"]
    assert "--dist=loadfile --max-worker-restart=0 -k words offscreen" in output


def test_test_stops_at_the_first_step_that_does_not_pass(ready):
    status, output = ready.call("test", TOOL_THAT_FAILS="mypy")
    assert status == 7
    assert "types: did not pass" in output
    assert "STARTED pytest" not in output


def test_new_pins_update_the_environment_in_place(ready):
    kept = ready.venv / "kept"
    kept.touch()
    (ready.root / "packaging" / "constraints.txt").write_text("# other pins\n")
    status, output = ready.call("setup")
    assert status == 0
    assert "Making" not in output
    assert "Set-up is complete." in output
    assert kept.exists()


def test_an_environment_whose_python_has_gone_is_made_anew(ready):
    python = ready.venv / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    status, output = ready.call("run")
    assert status == 0, output
    assert "Making a private Python environment" in output
    assert "STARTED ptft-gui" in output


@pytest.fixture
def fresh(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_killed_setup_is_repaired_by_the_next_start(fresh):
    (fresh.root / "wait").touch()
    first = fresh.start("setup")
    try:
        _wait_for(fresh.root / "building", first)
        os.kill(first.pid, signal.SIGKILL)  # pip lives on and still writes
        first.wait()
        second = fresh.start("setup")
        assert second.stdout is not None
        heard = ""
        while "waiting for it to end" not in heard:
            line = second.stdout.readline()
            assert line, heard
            heard += line
    finally:
        (fresh.root / "wait").unlink()
        if first.stdout is not None:
            first.stdout.close()
    output, _ = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 0, output
    assert "Making a private Python environment" in output
    assert fresh.call("run")[0] == 0


def test_a_step_that_fails_says_where_to_look_and_counts_as_no_setup(fresh):
    (fresh.root / "fail").touch()
    status, output = fresh.call("setup")
    assert status == 1
    assert "the backend was told to fail" in output
    assert "setup.log" in output
    assert "Traceback" not in output.splitlines()[-1]
    assert not (fresh.venv / "setup-stamp.json").exists()


def test_without_a_network_one_sentence_says_so(fresh):
    project = (fresh.root / "pyproject.toml").read_text()
    (fresh.root / "pyproject.toml").write_text(
        project.replace("requires = []", 'requires = ["small-that-is-nowhere"]')
    )
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "1", "PIP_FIND_LINKS": "", "PIP_NO_PROXY": "*"}
    status, output = fresh.call("setup", PIP_INDEX_URL="http://127.0.0.1:9/simple", **nowhere)
    assert status == 1
    assert "The network could not be reached" in output


def _wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
