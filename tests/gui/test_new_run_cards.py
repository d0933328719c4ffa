"""All graphics cards of the computer at once: offered where there are several, and launched through torchrun."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from ptft_gui.core.crew import cards_here, crew_wanted
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.launch import launch_worker, worker_command
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.gui.panels.new_run import NewRunPage, cards_field
from tests.engine.conftest import write_text
from tests.gui.new_run_asker import FileAsker

SETTINGS = {
    "layers": 1, "width": 32, "heads": 2, "block_size": 24, "global_batch_size": 6, "precision": "float32",
    "tokenizer": "characters", "max_steps": 6, "workers": 1, "device": "cpu", "processes": 2,
}  # fmt: skip


def driver_with(tmp_path: Path, count: int) -> Path:
    """What the driver shows of so many cards."""
    for number in range(count):
        (tmp_path / "gpus" / f"0000:0{number}:00.0").mkdir(parents=True)
    return tmp_path / "gpus"


def test_cards_are_counted_as_torch_counts_them(tmp_path: Path) -> None:
    driver = driver_with(tmp_path, 4)
    assert cards_here({}, driver) == 4
    assert cards_here({"CUDA_VISIBLE_DEVICES": "0,2"}, driver) == 2
    assert cards_here({"CUDA_VISIBLE_DEVICES": ""}, driver) == 0
    assert cards_here({"CUDA_VISIBLE_DEVICES": "1,-1,2"}, driver) == 1
    assert cards_here({"CUDA_VISIBLE_DEVICES": "0,1,2,3,4,5"}, driver) == 4
    assert cards_here({}, tmp_path / "no driver") == 0


def page_with(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cards: int) -> NewRunPage:
    monkeypatch.setattr(cards_field, "cards_here", lambda: cards)
    page = NewRunPage(FileAsker(), QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(page)
    page.resize(1400, 900)
    page.show()
    return page


def test_all_cards_are_one_tick_away(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_with(qtbot, tmp_path, monkeypatch, cards=4)
    box = page.findChild(QCheckBox, "allCardsBox")
    assert not box.isVisible()  # word vectors are trained by one process
    page.goal.goals.button("write_text").click()
    assert box.isVisible()
    assert box.text() == "Use all 4 graphics cards"
    page.set_dataset("wikipedia")
    assert page.spec().options["processes"] == 1
    box.click()
    spec = page.spec()
    assert spec.options["processes"] == 4
    page.start_afresh()
    assert not box.isChecked()
    page.fill_from(spec)
    assert page.spec().options["processes"] == 4
    assert "processes" not in page.how.advanced.option_keys()


def test_one_card_offers_nothing(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_with(qtbot, tmp_path, monkeypatch, cards=1)
    page.goal.goals.button("write_text").click()
    assert not page.findChild(QCheckBox, "allCardsBox").isVisible()


def test_a_run_that_asks_for_several_is_started_through_torchrun(tmp_path: Path) -> None:
    text = write_text(tmp_path / "plain.txt", sentences=60)
    run = create_run(tmp_path / "runs", new_spec("gpt", str(text), preset="tiny", settings=SETTINGS))
    assert worker_command(run, resume=True) == [
        sys.executable, "-P", "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "-m",
        "ptft_gui.worker.crew", str(run.path), "--resume",
    ]  # fmt: skip
    assert crew_wanted({"processes": 4}, {"RANK": "0", "WORLD_SIZE": "2"}) == 1  # torchrun is there already


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_processes_train_a_run_that_was_started_as_the_window_starts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    text = write_text(tmp_path / "plain.txt", sentences=300)
    run = create_run(tmp_path / "runs", new_spec("gpt", str(text), preset="tiny", settings=SETTINGS))
    launcher = launch_worker(run)
    assert launcher.wait(timeout=400) == 0, run.log_file.read_text(encoding="utf-8")[-3000:]
    assert run.state() == "finished"
    resolved = [event for event in EventReader(run.events_file).read_all() if event.event == "resolved"]
    assert resolved[0].values["processes"] == 2
    assert run.read_worker()["pid"] not in (launcher.pid, os.getpid())
    assert (run.model / "model.safetensors").is_file()
