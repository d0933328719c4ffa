"""Explore and Compare over the real companion: real models, real answers, nothing stood in for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.gui.companion import CompanionClient
from ptft_gui.gui.panels.run import RunPage
from ptft_gui.gui.panels.run.explore.other_model import OtherModel
from tests.gui.fixtures_runs import WATCHED, make_run, summary_of

pytestmark = pytest.mark.slow
PATIENCE_MS = 60_000


@pytest.fixture
def client() -> Iterator[CompanionClient]:
    client = CompanionClient()
    yield client
    client.close()


def test_every_view_is_answered(qtbot: QtBot, client: CompanionClient, tmp_path: Path) -> None:
    page = RunPage(client)
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    run = make_run(tmp_path, "finished")
    page.show_run(run, summary_of(run), "finished")
    explore = page.explore
    qtbot.waitUntil(lambda: bool(explore.map._drawn), timeout=PATIENCE_MS)
    points = explore.map.map.scene.points
    assert set(WATCHED) <= set(points.words)
    assert points.groups is not None
    assert explore.map.foot._sentence.text().startswith("All ")

    table = tmp_path / "ratings.csv"
    table.write_text("word,rating\nmusic,5\nwar,1\nzyzzy,3\n", encoding="utf-8")
    explore.map.columns.read(str(table))
    qtbot.waitUntil(lambda: explore.map.map.scene.points.values is not None, timeout=PATIENCE_MS)
    points = explore.map.map.scene.points
    assert np.isclose(points.values[points.row_of["music"]], 5)

    explore.choose("axes")
    explore.axes._on_example("war - music")
    qtbot.waitUntil(lambda: explore.axes._placed is not None, timeout=PATIENCE_MS)
    placed = explore.axes._placed
    assert placed is not None
    values = dict(zip(placed.words, placed.values[:, 0].tolist(), strict=True))
    assert values["war"] < 0 < values["music"]

    explore.choose("analogy")
    explore.analogy.ask("music - war + water")
    qtbot.waitUntil(explore.analogy.picture.isVisible, timeout=PATIENCE_MS)
    assert len(explore.analogy.table.rows()) == 6

    other = make_run(tmp_path, "stopped")
    explore.choose("compare")
    explore.other.choose(OtherModel(str(other.path), other.title()))
    qtbot.waitUntil(explore.compare.export.isEnabled, timeout=PATIENCE_MS)
    here, there = explore.compare.pair.left.table.rows(), explore.compare.pair.right.table.rows()
    assert here == there, "both runs hold the same vectors"

    explore.choose("changes")
    settled = explore.changes
    qtbot.waitUntil(lambda: not settled._question.is_waiting, timeout=PATIENCE_MS)
    assert settled.export.isEnabled() or settled._problem.isVisible()

    explore.other.choose(OtherModel(str(tmp_path / "gone"), "gone"))
    qtbot.waitUntil(settled._problem.isVisible, timeout=PATIENCE_MS)
    assert "gone" in settled._problem.text()
