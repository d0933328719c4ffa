"""Try it: beside the answer stands what the model answered to the same input before it learned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.core.errors import ModelError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.try_it.before_card import BesideAnswer
from ptft_gui.gui.panels.run.try_it.sorting_tab import TryItTab
from ptft_gui.gui.panels.run.try_it.task_tab import TaskTryTab
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult
from tests.gui.fixtures_runs import summary_of

WAIT_MS = 30_000


class KeptAsker:
    """Keeps each question by its kind; the test answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, object], OnResult, OnProblem]] = []

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        _on_progress: OnProgress | None = None,
    ) -> str:
        self.asked.append((kind, arguments, on_result, on_problem))
        return str(len(self.asked))

    def cancel(self, request_id: str) -> None:
        """Nothing is under way but here."""

    def newest(self, kind: str) -> tuple[str, dict[str, object], OnResult, OnProblem] | None:
        return next((each for each in reversed(self.asked) if each[0] == kind), None)


@pytest.fixture
def asker() -> KeptAsker:
    return KeptAsker()


def tuned_run(runs: Path, task: str, family: str = "bert", labels: tuple[str, ...] = ()) -> RunDir:
    """A run that learned a task from the starter, without its weights."""
    spec = new_spec(
        family, "rows.csv", stage="finetune", task=task, method="full", init_from="folder", init="starter"
    )
    run = create_run(runs, spec)
    run.model.mkdir()
    score = {"classification": "accuracy", "tagging": "entity_f1"}.get(task, "spearman")
    events: list[ev.Event] = [
        ev.Started(attempt=1, versions={}),
        ev.Resolved(values={"labels": list(labels), "kept_by": score, "epochs": 2}),
        ev.Evaluated(step=0, epoch=0.0, metrics={"val/loss": 0.8, f"val/{score}": 0.5}),
        ev.Steps(step=[5], columns={"progress": [0.5], "epoch": [1.0]}),
        ev.Evaluated(step=5, epoch=1.0, metrics={"val/loss": 0.3, f"val/{score}": 0.91}),
        ev.Steps(step=[10], columns={"progress": [1.0], "epoch": [2.0]}),
        ev.Evaluated(step=10, epoch=2.0, metrics={"val/loss": 0.2, f"val/{score}": 0.89}),
        ev.Finished(reason="length", step=10, seconds=2.0),
    ]
    writer = EventWriter(run.events_file)
    for event in events:
        writer.write(event)
    writer.close()
    return run


def shown(run: RunDir) -> ShownRun:
    return ShownRun(run, summary_of(run), "finished")


@pytest.fixture
def sorting(qtbot: QtBot, asker: KeptAsker, tmp_path: Path) -> TryItTab:
    tab = TryItTab(asker)
    qtbot.addWidget(tab)
    tab.resize(1040, 600)
    tab.show_run(shown(tuned_run(tmp_path / "runs", "classification", labels=("good", "bad"))))
    tab.show()
    return tab


def said(tab: TryItTab | TaskTryTab) -> list[str]:
    return [label.text() for label in tab.findChildren(QLabel) if label.isVisibleTo(tab)]


def answer(qtbot: QtBot, asker: KeptAsker, kind: str, result: dict[str, Any]) -> dict[str, object]:
    qtbot.waitUntil(lambda: asker.newest(kind) is not None, timeout=WAIT_MS)
    found = asker.newest(kind)
    assert found is not None
    found[2](result)
    return found[1]


def test_the_classes_from_before_stand_in_the_order_of_the_answer(
    qtbot: QtBot, asker: KeptAsker, sorting: TryItTab
) -> None:
    assert "Held-out rows answered right: 0.500 before, 0.910 after." in said(sorting)
    sorting.ask("a fine film")
    answer(qtbot, asker, "classify", {"classes": [["good", 0.9], ["bad", 0.1]]})
    asked = answer(
        qtbot, asker, "before", {"start_name": "Starter", "classes": [["bad", 0.56], ["good", 0.44]]}
    )
    assert asked["text"] == "a fine film"
    assert sorting.answer.bars.in_words() == "good 0.90, bad 0.10."
    assert sorting.before.bars.in_words() == "good 0.44, bad 0.56."
    assert sorting.before.headline.text() == "bad"
    assert "Starter with a new last layer that has learned nothing yet: it can only guess." in said(sorting)


def test_while_a_person_types_on_the_start_is_not_asked(
    qtbot: QtBot, asker: KeptAsker, sorting: TryItTab
) -> None:
    for text in ("a", "a fine", "a fine film"):
        sorting.ask(text)
        answer(qtbot, asker, "classify", {"classes": [["good", 0.9], ["bad", 0.1]]})
    qtbot.waitUntil(lambda: asker.newest("before") is not None, timeout=WAIT_MS)
    asked = [arguments["text"] for kind, arguments, *_ in asker.asked if kind == "before"]
    assert asked[-1] == "a fine film"
    assert "a" not in asked
    sorting.ask("")
    assert not sorting.before.bars.isVisible()


def test_why_there_is_no_before_is_said_beside_the_answer(
    qtbot: QtBot, asker: KeptAsker, sorting: TryItTab
) -> None:
    sorting.ask("a fine film")
    answer(qtbot, asker, "classify", {"classes": [["good", 0.9], ["bad", 0.1]]})
    qtbot.waitUntil(lambda: asker.newest("before") is not None, timeout=WAIT_MS)
    asker.newest("before")[3](ModelError("Tiny has changed since this run was started."))  # type: ignore[index]
    assert sorting.answer.headline.text() == "good"
    assert any("Tiny has changed since this run was started." in words for words in said(sorting))
    assert not sorting.before.bars.isVisible()


def test_both_are_equally_wide_and_below_one_another_where_there_is_little_room(
    qtbot: QtBot, sorting: TryItTab
) -> None:
    pair = sorting.findChild(BesideAnswer)
    qtbot.waitUntil(lambda: sorting.before.x() < sorting.answer.x(), timeout=WAIT_MS)
    assert abs(sorting.before.width() - sorting.answer.width()) <= 1
    sorting.resize(760, 600)
    qtbot.waitUntil(lambda: sorting.answer.y() < sorting.before.y(), timeout=WAIT_MS)
    assert sorting.before.x() == sorting.answer.x()
    assert pair.width() < 560


def test_a_folder_that_no_run_made_has_no_before(
    qtbot: QtBot, asker: KeptAsker, sorting: TryItTab, tmp_path: Path
) -> None:
    sorting.show_folder(tmp_path, ["good", "bad"], compares=False)
    sorting.ask("a fine film")
    answer(qtbot, asker, "classify", {"classes": [["good", 0.9], ["bad", 0.1]]})
    assert not sorting.before.isVisible()
    assert not sorting.before._timer.isActive()


def test_likeness_is_spoken_of_as_a_score_of_two_texts(
    qtbot: QtBot, asker: KeptAsker, tmp_path: Path
) -> None:
    tab = TryItTab(asker)
    qtbot.addWidget(tab)
    tab.show_run(shown(tuned_run(tmp_path / "runs", "pair-similarity")))
    tab.show()
    words = said(tab)
    assert "Your two texts" in words
    assert "Compare a whole file" in words
    assert any(
        each.startswith(
            "The model answers with a number: how alike the two texts are. It stands on the same scale"
        )
        for each in words
    )
    assert not any("class" in each for each in words)
    tab.pair.setPlainText("a fine movie")
    tab.ask("a fine film")
    answer(qtbot, asker, "classify", {"classes": [["score", 4.25]]})
    assert tab.answer.headline.text() == "Score 4.25"
    tab.asked.keep_now()
    (kept,) = tab.asked.texts()
    tab.ask("something else")
    tab.pair.setPlainText("and another")
    tab.ask(kept)
    assert (tab.input.toPlainText(), tab.pair.toPlainText()) == ("a fine film", "a fine movie")
    answer(qtbot, asker, "classify", {"classes": [["score", 4.25]]})
    told = "Before training it gave about 2.5, the mean of the scores, to any two texts."
    answer(qtbot, asker, "before", {"start_name": "Starter", "nothing": told})
    assert told in said(tab)


def test_names_from_before_are_marked_in_the_same_text(
    qtbot: QtBot, asker: KeptAsker, tmp_path: Path
) -> None:
    tab = TaskTryTab(asker)
    qtbot.addWidget(tab)
    tab.show_run(shown(tuned_run(tmp_path / "runs", "tagging")))
    tab.show()
    tab.ask("Clara in Dray")
    result = {
        "kinds": ["LOC", "PER"],
        "names": [["Clara", "PER", 0.9, 0, 5]],
        "words": [],
        "sentence": "One name.",
    }
    answer(qtbot, asker, "tag", result)
    answer(qtbot, asker, "before", {**result, "names": [["in", "LOC", 0.2, 6, 8]], "start_name": "Starter"})
    assert [name for name, _ in tab.tagging.marked.marked()] == ["Clara"]
    assert [name for name, _ in tab.tagging.before.marked.marked()] == ["in"]
    assert tab.tagging.before.marked.text() == "Clara in Dray"
    assert tab.tagging.before.legend.text() == "It marked as:  LOC"
    assert [name for name, _ in tab.tagging.before.legend.marked()] == ["LOC"]


def test_several_labels_are_said_together_and_none_is_said_too(
    qtbot: QtBot, asker: KeptAsker, tmp_path: Path
) -> None:
    tab = TryItTab(asker)
    qtbot.addWidget(tab)
    tab.show_folder(tmp_path, ["health", "traffic", "schools"], compares=False, is_several=True)
    tab.answer.show_answer("a", {"classes": [["health", 0.9], ["traffic", 0.7], ["schools", 0.1]]})
    assert tab.answer.said() == "health, traffic"
    tab.answer.show_answer("a", {"classes": [["health", 0.3], ["traffic", 0.2], ["schools", 0.1]]})
    assert tab.answer.said() == "No label fits"
