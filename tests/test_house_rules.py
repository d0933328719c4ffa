"""The rules in conftest.py are kept: a test that leaves something behind fails, one that announces it does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

TESTS = """
import logging, threading

def test_clean():
    logging.getLogger("x").info("all is well")

def test_stray_record():
    logging.getLogger("x").warning("careful")

def test_announced_record(allow_log):
    allow_log("x: WARNING: care")
    logging.getLogger("x").warning("careful")

def test_thread():
    threading.Thread(target=threading.Event().wait, args=(20,), daemon=True, name="lingering").start()

def test_home(home_of_its_own):
    import os
    assert os.environ["PTFT_HOME"] == str(home_of_its_own)
"""


def test_what_is_left_behind_fails_a_test(tmp_path: Path) -> None:
    rules = Path(__file__).with_name("conftest.py").read_text("utf-8")
    (tmp_path / "conftest.py").write_text(rules, "utf-8")
    shutil.copytree(Path(__file__).with_name("roomy_disk"), tmp_path / "roomy_disk")
    (tmp_path / "test_sample.py").write_text(TESTS, "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rA",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:pytestqt",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "Log records nobody announced" in done.stdout
    assert "x: WARNING: careful" in done.stdout
    assert "Threads left running: lingering" in done.stdout
    assert "5 passed, 2 errors" in done.stdout
    for name in ("test_stray_record", "test_thread"):
        assert f"ERROR test_sample.py::{name}" in done.stdout
