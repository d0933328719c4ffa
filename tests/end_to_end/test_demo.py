"""The demo, as the README's first command shows it where there is no screen: to its end, whatever the machine says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

_TIGHT_DISK = Path(__file__).parents[1] / "tight_disk"
_PICTURES = ("home", "lesson", "trained-wikipedia", "explore-neighbours", "explore-analogy", "dataset-facts")


@pytest.mark.slow
def test_the_demo_starts_its_runs_also_where_the_window_asks_first(tmp_path: Path) -> None:
    shots = tmp_path / "shots"
    played = subprocess.run(
        [sys.executable, "-m", "ptft_gui", "demo", "--offscreen", "--shots", str(shots)],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
        env={**os.environ, "PTFT_HOME": str(tmp_path / "home"), "PYTHONPATH": str(_TIGHT_DISK)},
    )
    assert played.returncode == 0, played.stderr[-2000:]
    assert "king - man + woman: 1 queen" in played.stdout
    for name in _PICTURES:
        assert QImage(str(shots / f"{name}.png")).width() >= 1024, name
