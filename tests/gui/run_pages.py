"""A run's page with a run on it, for the tests of its parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.panels.run import RunPage
from tests.gui.fake_asker import FakeAsker
from tests.gui.fixtures_runs import STATES, Kind, make_run, summary_of


@dataclass
class Opened:
    """A shown page and everything it asked for."""

    page: RunPage
    run: RunDir
    asker: FakeAsker
    requests: list[tuple[object, ...]] = field(default_factory=list)

    def find(self, kind: type[QWidget], name: str) -> QWidget:
        found = self.page.findChild(kind, name)
        assert found is not None, f"There is no {name}."
        return found

    def click(self, name: str) -> None:
        button = self.find(QAbstractButton, name)
        QApplication.processEvents()  # a person clicks what has been drawn
        assert button.isVisible(), f"{name} is not seen."
        button.click()  # type: ignore[attr-defined]

    def text(self, name: str) -> str:
        return str(self.find(QWidget, name).property("text"))


def open_run(
    qtbot: QtBot, runs: Path, kind: Kind, *, dataset: str = "wikipedia", end_note: str = ""
) -> Opened:
    """Show a run of this kind, 1040 x 696 as in a window of 1280 x 800."""
    asker = FakeAsker()
    page = RunPage(asker)
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    run = make_run(runs, kind, dataset=dataset)
    opened = Opened(page, run, asker)
    _note_requests(opened)
    summary = summary_of(run)
    page.show_run(run, summary, STATES[kind])
    page.refresh(summary, STATES[kind], end_note)
    return opened


def _note_requests(opened: Opened) -> None:
    page, requests = opened.page, opened.requests
    for name in (
        "pause resume discard save export show_folder duplicate resume_run stop train_longer rename page_action"
    ).split():
        signal = getattr(page, f"{name}_requested")
        signal.connect(lambda *arguments, name=name: requests.append((name, *arguments)))
    page.said.connect(lambda sentence: requests.append(("said", sentence)))
    page.failed.connect(lambda problem: requests.append(("failed", problem.message)))
