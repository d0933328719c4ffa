"""A small run that has learned to sort texts, and an asker that answers as the companion does, in this process."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from ptft_gui.core import events as ev
from ptft_gui.core.companion_protocol import Reply, Request
from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.engine.classifier.head import ClassifierHead, write_head
from ptft_gui.engine.metrics import confusion_matrix, report_of
from ptft_gui.engine.vectors import WordVectors, save_word_vectors
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult
from ptft_gui.worker.companion_answers import Answers
from ptft_gui.worker.companion_question import Question
from ptft_gui.worker.companion_tasks import TASK_ANSWERS

LABELS = ("water", "land")
TEST_ROWS = [(0, 0)] * 10 + [(0, 1)] * 3 + [(1, 1)] * 14 + [(1, 0)]
"""(true, answered)"""


class DirectAsker:
    """Answers questions about tasks at once, with the companion's own answers; nobody answers the others."""

    def __init__(self) -> None:
        self.answers = Answers(60.0)
        self.asked: list[tuple[str, dict[str, object]]] = []

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        self.asked.append((kind, arguments))
        replies: list[Reply] = []
        number = str(len(self.asked))
        if kind not in TASK_ANSWERS:
            return number
        try:
            result = self.answers.answer(Question(Request(number, kind, dict(arguments)), replies.append))
        except PtftError as problem:
            on_problem(problem)
        else:
            on_result(result)
        return number

    def cancel(self, request_id: str) -> None:
        """Everything is answered already."""


def make_sorting_run(
    runs: Path, has_test: bool = True, unlabelled: int = 0, dataset: str = "rows.csv"
) -> RunDir:
    """A finished run of five words and two classes, with its scores and answers."""
    spec = new_spec(
        "word2vec", dataset, name="Water or land", stage="finetune", task="classification", method="full"
    )
    run = create_run(runs, spec)
    words = ["sea", "ship", "forest", "tree", "the"]
    vectors = np.array([[2, 0], [1, 0], [0, 2], [0, 1], [0, 0]], dtype=np.float32)
    config = {"name": "Water or land", "labels": list(LABELS), "preparation": {"name": "words"}}
    head = ClassifierHead(np.eye(2, dtype=np.float32), np.zeros(2, dtype=np.float32), LABELS)
    whole = WordVectors(words, np.arange(5, 0, -1), vectors, config)
    save_word_vectors(run.model, whole, write_more=lambda folder: write_head(folder, head))
    _write_scores(run, "test" if has_test else "val")
    _write_log(run, has_test, unlabelled)
    return run


def _write_scores(run: RunDir, part: str) -> None:
    true, answered = ([pair[place] for pair in TEST_ROWS] for place in (0, 1))
    matrix = confusion_matrix(true, answered, 2)
    report = {"task": "classification", "labels": list(LABELS), part: report_of(matrix, LABELS, "land")}
    (run.path / "evaluation.json").write_text(json.dumps(report), encoding="utf-8")
    with (run.path / "predictions.jsonl").open("w", encoding="utf-8") as file:
        for row, (t, a) in enumerate(TEST_ROWS, 1):
            text = f"<b>row {row}</b> about {LABELS[t]}"
            record = {"part": part, "key": row, "row": row, "text": text, "label": LABELS[t]}
            file.write(json.dumps({**record, "predicted": LABELS[a], "score": 0.5 + row / 100}) + "\n")


def _write_log(run: RunDir, has_test: bool, unlabelled: int) -> None:
    parts = {"train": 130, "val": 28, "test": 28 if has_test else 0, "unlabelled": unlabelled}
    values = {
        "epochs": 3, "learning_rate": 0.001, "global_batch_size": 32, "seed": 1, "task": "classification",
        "labels": list(LABELS), "label_counts": {"land": 100, "water": 86}, "parts": parts, "split": "automatic",
        "sum_sentence": "200 rows = 186 used + 14 copies, left out.", "vocabulary_size": 5,
        "initial": {"name": "wikipedia", "words": 5},
    }  # fmt: skip
    versions = {"ptft-gui": "0.1.0", "torch": "2.13.0", "numpy": "2.4.6"}
    events: list[ev.Event] = [
        ev.Started(attempt=1, versions=versions),
        ev.Resolved(values=values),
        ev.Baseline(metric="val/loss", value=0.69),
        ev.Baseline(metric="val/accuracy", value=0.54, label="always the commonest class"),
    ]
    for epoch, (loss, right) in enumerate(((0.5, 0.8), (0.4, 0.86), (0.41, 0.85)), 1):
        metrics = {
            "train/loss": loss - 0.1,
            "val/loss": loss,
            "val/accuracy": right,
            "val/macro_f1": right - 0.01,
        }
        columns = {"progress": [epoch / 3], "epoch": [epoch], "texts": [130.0 * epoch], "lr": [0.001]}
        events += [
            ev.Steps(step=[5 * epoch], columns=columns),
            ev.Evaluated(step=5 * epoch, epoch=epoch, metrics=metrics),
        ]
    if has_test:
        events.append(ev.Evaluated(step=10, epoch=2, metrics={"test/accuracy": 24 / 28, "test/loss": 0.4}))
    writer = EventWriter(run.events_file)
    for event in [*events, ev.Finished(reason="length", step=15, seconds=2.0)]:
        writer.write(event)
    writer.close()
