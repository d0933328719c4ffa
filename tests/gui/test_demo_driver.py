"""The driver of demo and pictures: what it waits for in vain is told to the script, which may go on."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from ptft_gui.gui.demo.driver import DemoDriver, DemoProblem, Script, Wait
from ptft_gui.gui.theme import Theme


def play(qtbot: QtBot, script: Script) -> str:
    window = QMainWindow()
    qtbot.addWidget(window)
    driver = DemoDriver(window, is_hurried=True)
    with qtbot.waitSignal(driver.ended, timeout=30_000) as ended:
        driver.play(script)
    assert ended.args is not None
    return str(ended.args[0])


def test_a_script_goes_on_after_a_wait_in_vain(qtbot: QtBot, theme: Theme) -> None:
    seen: list[str] = []

    def script() -> Script:
        try:
            yield Wait(lambda: False, "snow", 0.1)
        except DemoProblem as problem:
            seen.append(str(problem))
        yield 0.0
        seen.append("the rest")

    assert play(qtbot, script()) == ""
    assert seen == ["The demo waited 0 seconds for snow.", "the rest"]


def test_a_script_that_does_not_mind_ends_with_the_reason(qtbot: QtBot, theme: Theme) -> None:
    def script() -> Script:
        yield Wait(lambda: False, "snow", 0.1)

    assert play(qtbot, script()) == "The demo waited 0 seconds for snow."
