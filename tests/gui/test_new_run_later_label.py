"""A packed file sorted by its label, on the page for a new run: the label is offered once all rows were read."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.examine import open_data, study_data
from ptft_gui.data.tables import combined
from ptft_gui.gui.panels.new_run import NewRunPage
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult
from tests.gui.fake_asker import FakeAsker


class _RealDataAsker(FakeAsker):
    """Answers questions about data with what the companion would really say, at once."""

    def __init__(self, cache: Path) -> None:
        super().__init__()
        self._cache = cache

    def ask(
        self,
        kind: str,
        arguments: dict[str, Any],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        if kind == "inspect_dataset":
            on_result({"facts": {"tokens": 200_000, "types": 1_000}, "is_exact": True, "preview": ["a b"]})
            return kind
        if kind not in ("open_data", "study_data"):
            return super().ask(kind, arguments, on_result, on_problem, on_progress)
        request = DataRequest.model_validate(arguments["request"])
        on_result(open_data(request) if kind == "open_data" else study_data(request, cache_dir=self._cache))
        return kind


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(combined, "_FURTHER_SECONDS", -1)
    rows = "".join(
        f"north,The {n * 7 % 991} people of street {n} walked to house {n % 83}.,{'no' if n < 9_000 else 'yes'}\n"
        for n in range(18_000)
    )
    path = tmp_path / "sorted.csv.gz"
    path.write_bytes(gzip.compress(f"c1,c2,c3\n{rows}".encode()))
    return path


def test_the_label_that_only_all_rows_show_is_one_click_away(
    qtbot: QtBot, table: Path, tmp_path: Path
) -> None:
    page = NewRunPage(
        _RealDataAsker(tmp_path / "cache"), QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat)
    )
    qtbot.addWidget(page)
    page.show()
    page.set_dataset(str(table))
    offer = page.data.details.later_label
    qtbot.waitUntil(lambda: offer.isVisibleTo(page), timeout=20_000)
    assert page.goal.goal() == "related_words"
    assert any("“c3” looks like labels" in label.text() for label in offer.findChildren(QLabel))
    button = offer.findChild(QPushButton, "laterLabelButton")
    assert button.text() == "Use c3 as label"

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.goal.goal() == "sort_texts", timeout=20_000)
    assert page.data.details.request().roles == {"label": "c3"}
    qtbot.waitUntil(lambda: page.data.details.look.studied_data is not None, timeout=20_000)
    assert not offer.isVisibleTo(page)
    assert dict(page.data.details.look.studied_data.all_classes()) == {"no": 9_000, "yes": 9_000}
