"""A checkpoint is whole or absent."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ptft_gui.core.errors import RunFolderError
from ptft_gui.engine.checkpoint import (
    best_of,
    clear_leftovers,
    find_checkpoints,
    newest_whole,
    prune_checkpoints,
    read_checkpoint,
    save_checkpoint,
)


def write_two(folder: Path) -> None:
    (folder / "layers.bin").write_bytes(os.urandom(5000))
    (folder / "state.json").write_text("{}")


def save(checkpoints: Path, step: int, score: float | None = None) -> Path:
    return save_checkpoint(checkpoints, step, step / 10, score, write_two).path


def test_newest_two_and_the_best_are_kept(tmp_path: Path) -> None:
    for step, score in ((1, 3.0), (2, 1.0), (3, 2.0), (4, 2.5), (5, 2.6)):
        save(tmp_path, step, score)
        prune_checkpoints(tmp_path)
    assert [checkpoint.step for checkpoint in find_checkpoints(tmp_path)] == [5, 4, 2]
    best = best_of(find_checkpoints(tmp_path))
    assert best is not None
    assert best.step == 2


@pytest.mark.parametrize("damage", ["cut", "flipped", "missing", "no manifest", "torn manifest"])
def test_a_damaged_checkpoint_is_passed_over(tmp_path: Path, damage: str) -> None:
    older, newer = save(tmp_path, 1), save(tmp_path, 2)
    layers, manifest = newer / "layers.bin", newer / "manifest.json"
    if damage == "cut":
        layers.write_bytes(layers.read_bytes()[:-1])
    elif damage == "flipped":
        content = bytearray(layers.read_bytes())
        content[100] ^= 1
        layers.write_bytes(content)
    elif damage == "missing":
        layers.unlink()
    elif damage == "no manifest":
        manifest.unlink()
    else:
        manifest.write_bytes(manifest.read_bytes()[:30])
    found = newest_whole(tmp_path)
    assert found is not None
    assert found.path == older


def test_a_damaged_checkpoint_of_the_same_step_is_written_anew(tmp_path: Path) -> None:
    path = save(tmp_path, 7)
    (path / "layers.bin").write_bytes(b"")
    save(tmp_path, 7)
    assert read_checkpoint(path, verify=True) is not None


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    save(tmp_path, 1)

    def write_too_much(folder: Path) -> None:
        (folder / "layers.bin").write_bytes(bytes(200_000))

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(RunFolderError, match="could not be saved"):
            save_checkpoint(tmp_path, 2, 0.2, None, write_too_much)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001"]


def test_leftovers_and_later_steps_are_cleared(tmp_path: Path) -> None:
    for step in (1, 2, 3):
        save(tmp_path, step)
    (tmp_path / "step-00000004.tmp-abc").mkdir()
    clear_leftovers(tmp_path, newer_than=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-00000001", "step-00000002"]


_SAVE_FOR_EVER = """
import os, sys
from pathlib import Path
from ptft_gui.engine.checkpoint import prune_checkpoints, save_checkpoint
folder = Path(sys.argv[1])
step = 0
print("go", flush=True)
while True:
    step += 1
    save_checkpoint(folder, step, step, 1.0 / step, lambda f: [(f / n).write_bytes(os.urandom(40_000)) for n in "abc"])
    prune_checkpoints(folder)
"""


def test_a_kill_at_any_moment_leaves_a_whole_checkpoint(tmp_path: Path) -> None:
    for number in range(8):
        folder = tmp_path / str(number)
        folder.mkdir()
        with subprocess.Popen(
            [sys.executable, "-c", _SAVE_FOR_EVER, folder], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.15 + 0.013 * number)
            process.send_signal(signal.SIGKILL)
        names = [path.name for path in folder.glob("step-*") if ".tmp-" not in path.name]
        assert names
        assert all(read_checkpoint(folder / name, verify=True) is not None for name in names)
