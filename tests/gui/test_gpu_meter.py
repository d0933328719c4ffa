"""What the graphics cards do stands in the top bar, as the driver's program tells it; odd answers change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.gui.gpu_meter import GpuReader, parse_use
from ptft_gui.gui.top_bar import DeviceMeter

ANSWER = "0, 41, 5913, 7630, 62\n1, [N/A], 100, 81559, [N/A]\n"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that holds only what a test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def put(programs: Path, script: str) -> None:
    program = programs / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_the_answer_is_read_with_what_a_card_does_not_tell_left_out() -> None:
    first, second = parse_use(ANSWER)
    assert first.as_text() == "GPU 0  41 %  6.2/8 GB  62 C"
    assert second.as_text() == "GPU 1  0.1/86 GB"


@pytest.mark.parametrize("text", ["", "No devices were found", "0, 1\n,,,,\nx, 1, 2, 3, 4", "0, 1, 2, 0, 4"])
def test_what_makes_no_sense_is_no_card(text: str) -> None:
    assert parse_use(text) == []


def test_the_top_bar_shows_the_first_card_and_how_many_more(qtbot: QtBot, programs: Path) -> None:
    put(programs, f"echo '{ANSWER}'")
    meter = DeviceMeter()
    qtbot.addWidget(meter)
    meter.show()
    meter._measure()
    qtbot.waitUntil(lambda: meter.text().startswith("GPU 0"))
    assert meter.text() == "GPU 0  41 %  6.2/8 GB  62 C  and 1 more"
    assert "GPU 1" in meter.toolTip()


def test_without_a_card_it_shows_the_processor(qtbot: QtBot, programs: Path) -> None:
    assert not GpuReader().can_ask
    meter = DeviceMeter()
    qtbot.addWidget(meter)
    meter.show()
    meter._measure()
    assert meter.text().startswith("CPU ")


def test_a_program_that_finds_no_card_or_fails_leaves_the_processor(qtbot: QtBot, programs: Path) -> None:
    put(programs, "echo 'No devices were found'; exit 6")
    meter = DeviceMeter()
    qtbot.addWidget(meter)
    meter.show()
    with qtbot.waitSignal(meter._gpus.told):
        meter._measure()
    assert meter.text().startswith("CPU ")


def test_a_program_that_hangs_is_ended_with_the_window(qtbot: QtBot, programs: Path) -> None:
    put(programs, "exec /bin/sleep 60")
    meter = DeviceMeter()
    qtbot.addWidget(meter)
    meter.show()
    meter._measure()
    meter._measure()  # no second question while the first is open
    process = meter._gpus._process
    assert process is not None
    meter.hide()
    assert meter._gpus._process is None
