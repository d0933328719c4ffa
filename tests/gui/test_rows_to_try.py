"""Try it: rows of the run's own data, which it did not learn from, stand there to be clicked; else what to type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.gui.panels.run.evaluate.sorting_tab import ScoreTab
from ptft_gui.gui.panels.run.rows_to_try import held_out_rows, rows_to_try, scale_of, text_to_try
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.try_it.answering_room import AnsweringRoom
from ptft_gui.gui.panels.run.try_it.asked_texts import AskedTexts
from ptft_gui.gui.panels.run.try_it.replying_room import ReplyingRoom
from ptft_gui.gui.panels.run.try_it.sorting_tab import TryItTab
from ptft_gui.gui.panels.run.try_it.tagging_room import TaggingRoom
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult
from tests.gui.fixtures_runs import summary_of
from tests.gui.sorting_runs import DirectAsker, make_sorting_run

PAIRS = [
    ("A cat sleeps.", "A cat is asleep.", 4.5),
    ("A man cooks.", "A dog runs.", 0.0),
    ("Rain falls.", "It rains.", 5.0),
    ("A bus stops.", "A car stops.", 2.5),
    ("She sings.", "He sleeps.", 0.5),
]


class KeptAsker:
    """Keeps each question; the test answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, object], OnResult]] = []

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        _on_problem: OnProblem,
        _on_progress: OnProgress | None = None,
    ) -> str:
        self.asked.append((kind, arguments, on_result))
        return str(len(self.asked))

    def cancel(self, request_id: str) -> None:
        """Nothing is under way but here."""


@pytest.fixture
def asker() -> KeptAsker:
    return KeptAsker()


@pytest.fixture
def direct() -> Iterator[DirectAsker]:
    asker = DirectAsker()
    yield asker
    asker.answers.close()


def learned_run(
    runs: Path, task: str, records: list[dict[str, Any]], labels: tuple[str, ...] = ()
) -> ShownRun:
    """A finished run of a task with the answers to these rows."""
    family = "gpt" if task == "reply" else "bert"
    spec = new_spec(family, "rows.csv", stage="finetune", task=task, init_from="folder", init="starter")
    run = create_run(runs, spec)
    run.model.mkdir()
    lines = [json.dumps({"part": "test", "key": n, "row": n + 1, **each}) for n, each in enumerate(records)]
    (run.path / "predictions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    writer = EventWriter(run.events_file)
    writer.write(ev.Started(attempt=1, versions={}))
    writer.write(ev.Resolved(values={"labels": list(labels)}))
    writer.write(ev.Steps(step=[5], columns={"progress": [1.0], "epoch": [1.0]}))
    writer.write(ev.Finished(reason="length", step=5, seconds=2.0))
    writer.close()
    return ShownRun(run, summary_of(run), "finished")


def chips(widget: QWidget) -> list[QPushButton]:
    return [chip for chip in widget.findChildren(QPushButton, "classifyExample") if chip.isVisibleTo(widget)]


def said(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]


def what_to_type(widget: QWidget) -> str:
    label = widget.findChild(QLabel, "whatToType")
    assert label is not None
    return label.text() if label.isVisibleTo(widget) else ""


def test_a_row_of_each_class_is_offered_and_answered_with_a_click(
    qtbot: QtBot, direct: DirectAsker, tmp_path: Path
) -> None:
    run = make_sorting_run(tmp_path)
    tab = TryItTab(direct)
    qtbot.addWidget(tab)
    tab.show_run(ShownRun(run, summary_of(run), "finished"))
    offered = chips(tab)
    assert [chip.text() for chip in offered[:2]] == ["<b>row 14</b> about land", "<b>row 1</b> about water"]
    assert "Try one of these rows, which it did not learn from:" in said(tab)
    assert what_to_type(tab) == ""
    offered[1].click()
    assert tab.input.toPlainText() == "<b>row 1</b> about water"
    assert tab.answer.headline.text()
    assert tab.answer.right.text() == "Your data says: water."
    tab.input.setPlainText("the sea")
    assert not tab.answer.right.isVisibleTo(tab)


def test_both_texts_of_a_pair_are_put_and_asked_once(qtbot: QtBot, asker: KeptAsker, tmp_path: Path) -> None:
    records = [{"text": a, "text_pair": b, "label": score, "predicted": 1.0} for a, b, score in PAIRS]
    tab = TryItTab(asker)
    qtbot.addWidget(tab)
    tab.show_run(learned_run(tmp_path, "pair-similarity", records))
    offered = chips(tab)
    assert [chip.text() for chip in offered] == [
        "A man cooks. / A dog runs.",
        "She sings. / He sleeps.",
        "A cat sleeps. / A cat is asleep.",
        "Rain falls. / It rains.",
    ]
    assert any("scores in its data lie between 0 and 5" in each for each in said(tab))
    offered[0].click()
    assert (tab.input.toPlainText(), tab.pair.toPlainText()) == ("A man cooks.", "A dog runs.")
    assert [(kind, asked["text"], asked["pair"]) for kind, asked, _ in asker.asked] == [
        ("classify", "A man cooks.", "A dog runs.")
    ]
    offered[
        3
    ].click()  # both fields change at once: no question about the first of one and the second of another
    asked = [(arguments["text"], arguments["pair"]) for _, arguments, _ in asker.asked]
    assert asked[1:] == [("Rain falls.", "It rains.")]
    asker.asked[-1][2]({"classes": [["score", 3.1]]})
    assert tab.answer.right.text().startswith(
        "Your data says: 5. The scores in its data lie between 0 and 5;"
    )
    tab.asked.keep_now()
    assert tab.asked.list.item(0).text() == "Score 3.10: Rain falls. / It rains."


def test_several_labels_are_offered_and_told_with_those_of_the_data(
    qtbot: QtBot, asker: KeptAsker, tmp_path: Path
) -> None:
    records: list[dict[str, Any]] = [
        {"text": "late and dear", "labels": ["price", "delivery"], "predicted": [], "scores": []},
        {"text": "nothing to say", "labels": [], "predicted": [], "scores": []},
    ]
    tab = TryItTab(asker)
    qtbot.addWidget(tab)
    tab.show_run(learned_run(tmp_path, "multilabel", records, ("delivery", "price")))
    for chip, told in zip(chips(tab), ("no label", "price, delivery"), strict=True):
        chip.click()
        asker.asked[-1][2]({"classes": [["price", 0.7], ["delivery", 0.2]]})
        assert tab.answer.right.text() == f"Your data says: {told}."


def test_prompts_questions_and_sentences_of_the_data_are_offered(
    qtbot: QtBot, asker: KeptAsker, tmp_path: Path
) -> None:
    replying, answering, tagging = ReplyingRoom(asker), AnsweringRoom(asker), TaggingRoom(asker)
    for room in (replying, answering, tagging):
        qtbot.addWidget(room)
    replying.show_model(learned_run(tmp_path, "reply", [{"prompt": "Say hello.", "reply": "Hello to you."}]))
    (chip,) = chips(replying)
    chip.click()
    assert asker.asked[-1][:2] == ("reply", {**asker.asked[-1][1], "prompt": "Say hello."})
    asker.asked[-1][2]({"text": "Good day.", "sentence": ""})
    assert "Your data says: Hello to you." in said(replying)

    question = {"question": "Who sang?", "context": "Ada sang in Bern.", "answers": ["Ada"]}
    answering.show_model(learned_run(tmp_path, "question-answering", [question]))
    assert (answering.question.text(), answering.context.toPlainText()) == ("Who sang?", "Ada sang in Bern.")
    assert [chip.text() for chip in chips(answering)] == ["Who sang?"]
    found = {"text": "Ada", "start": 0, "end": 3, "sentence": "", "pieces": []}
    asker.asked[-1][2](found)
    assert "Your data says: Ada" in said(answering)
    answering.context.setPlainText("Ben sang in Oslo.")  # another text: what the data says is not about it
    answering.ask_now()
    asker.asked[-1][2]({**found, "text": "Ben"})
    assert "Your data says: Ada" not in said(answering)

    tagging.show_model(
        learned_run(tmp_path, "tagging", [{"tokens": ["Ada", "sang", "."], "tags": ["B-PER", "O", "O"]}])
    )
    assert [chip.text() for chip in chips(tagging)] == ["Ada sang ."]


def test_without_rows_a_line_says_what_to_type(qtbot: QtBot, asker: KeptAsker, tmp_path: Path) -> None:
    tab = TryItTab(asker)
    qtbot.addWidget(tab)
    tab.show_folder(tmp_path, ["good", "bad"], compares=False)
    assert what_to_type(tab).startswith("Best is a whole text like those it was trained on")
    tab.show_folder(tmp_path, [], compares=True)
    assert what_to_type(tab) == "Best are two texts like those it was trained on, one in each field."
    room = ReplyingRoom(asker)
    qtbot.addWidget(room)
    room.show_model(learned_run(tmp_path, "reply", []))
    assert what_to_type(room) == "Best is a request like those it was trained on."
    assert not chips(tab)
    assert not chips(room)


def test_examples_that_a_dataset_brings_are_called_so(qtbot: QtBot) -> None:
    asked = AskedTexts()
    qtbot.addWidget(asked)
    asked.offer(["a fine film"], nothing="Type something.")
    assert "For example:" in said(asked)
    assert what_to_type(asked) == ""


@pytest.mark.parametrize(
    "damage", ["", "{nonsense\n[]\n3\n", '{"part": "test", "row": 7, "text": "row 7", "label": "a"}\n']
)
def test_a_file_that_holds_no_texts_offers_nothing(tmp_path: Path, damage: str) -> None:
    run = RunDir(tmp_path)
    assert held_out_rows(run) == []
    (tmp_path / "predictions.jsonl").write_text(damage, encoding="utf-8")
    assert rows_to_try(held_out_rows(run)) == []


def test_of_a_very_long_file_only_its_beginning_is_read(tmp_path: Path) -> None:
    line = json.dumps({"part": "test", "row": 1, "text": "x" * 500, "label": "a"}) + "\n"
    (tmp_path / "predictions.jsonl").write_text(line * 2_000, encoding="utf-8")
    assert 0 < len(held_out_rows(RunDir(tmp_path))) < 600


def test_of_many_classes_the_offered_are_spread_over_all(tmp_path: Path) -> None:
    rows = [{"text": f"text {n}", "label": f"class {n:02d}"} for n in range(20)]
    assert [text_to_try(row) for row in rows_to_try(rows)] == ["text 0", "text 6", "text 13", "text 19"]
    assert scale_of(rows) is None


def test_the_texts_of_a_pair_stand_apart(qtbot: QtBot, asker: KeptAsker) -> None:
    tab = ScoreTab(asker)
    qtbot.addWidget(tab)
    pair = ["3", "A cat sleeps.\n---\nA cat is asleep.", "same", "different", 0.9, 2, "print", "same"]
    tab._show_mistakes([pair])
    cells = tab.mistakes.cells
    assert [cells.cell(0, column) for column in range(5)] == [
        "A cat sleeps.", "A cat is asleep.", "same", "different", "0.90",
    ]  # fmt: skip
    tab._show_mistakes([[*pair[:1], "One text --- no pair.", *pair[2:]]])
    assert [cells.cell(0, column) for column in range(3)] == ["One text --- no pair.", "same", "different"]


def test_sentences_with_names_and_questions_about_different_texts_come_first() -> None:
    tagged = [{"tokens": ["no", "name", str(n)], "tags": ["O", "O", "O"]} for n in range(3)]
    named = {"tokens": ["Ada", "sang"], "tags": ["B-PER", "O"]}
    assert rows_to_try([*tagged, named]) == [named]
    assert rows_to_try(tagged) == tagged  # where none has a name, they still show that none is marked
    asked = [
        {"question": f"Question {n} about {text}?", "context": text, "answers": []}
        for text in ("a", "b")
        for n in (1, 2)
    ]
    assert [row["question"] for row in rows_to_try(asked, 2)] == [
        "Question 1 about a?",
        "Question 1 about b?",
    ]
