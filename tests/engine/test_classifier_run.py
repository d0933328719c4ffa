"""A classifier on averaged word vectors, seen through its run's log and folder."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.core.errors import DataError, PtftError
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import RunSpec, new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.engine.checkpoint import newest_whole
from ptft_gui.engine.control import StopRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.inspection.classify import classify, classify_many
from ptft_gui.inspection.model import open_model
from ptft_gui.inspection.similarity import most_similar
from tests.engine.conftest import TOPICS, FinishedRun, Train, write_text


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """300 sentences labelled with their topic; one word in six is of another topic."""
    rng = random.Random(3)
    path = tmp_path / "topics.csv"
    others = [word for words in TOPICS.values() for word in words]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sentence", "topic"])
        for _ in range(300):
            topic = rng.choice(list(TOPICS))
            words = [rng.choice(others if rng.random() < 1 / 6 else TOPICS[topic]) for _ in range(6)]
            writer.writerow([" ".join(words).capitalize() + ".", topic])
    return path


@pytest.fixture
def start(train_here: Train, tmp_path: Path) -> RunDir:
    """Word vectors that know the topics from plain text."""
    text = write_text(tmp_path / "plain.txt", sentences=800)
    return train_here(text, epochs=8, vector_size=12, min_count=1).run


def spec_of(rows: Path, start: RunDir | None, method: str, **settings: Any) -> RunSpec:
    return new_spec(
        "word2vec",
        str(rows),
        preset="tiny",
        stage="finetune",
        task="classification",
        method=method,  # type: ignore[arg-type]
        init_from="scratch" if start is None else "folder",
        init=None if start is None else str(start.model),
        settings={"workers": 1, **settings},
    )


def summary_of(done: FinishedRun) -> RunSummary:
    summary = RunSummary()
    summary.fold(done.events)
    return summary


def train_task(train_here: Train, tmp_path: Path, spec: RunSpec, **more: Any) -> FinishedRun:
    return train_here("", run=create_run(tmp_path / "runs", spec), **more)


@pytest.mark.parametrize("method", ["frozen", "full"])
def test_it_learns_the_topics_and_reads_the_test_rows_once(
    train_here: Train, tmp_path: Path, rows: Path, start: RunDir, method: str
) -> None:
    done = train_task(train_here, tmp_path, spec_of(rows, start, method, learning_rate=0.02))

    metrics, summary = done.outcome.metrics, summary_of(done)
    assert (metrics["test/accuracy"] or 0) > 0.8
    assert summary.baselines["val/loss"].value == pytest.approx(np.log(3), abs=0.15)
    assert (metrics["val/loss"] or 9) < summary.baselines["val/loss"].value / 2
    told = [set(event.metrics) for event in done.named("evaluated")]
    assert [any(name.startswith("test/") for name in names) for names in told].count(True) == 1
    assert any(name.startswith("test/") for name in told[-1])
    values = done.named("resolved")[0].values
    assert values["labels"] == sorted(values["labels"], key=lambda label: -values["label_counts"][label])
    assert values["initial"]["words"] == 24
    report = json.loads((done.run.path / "evaluation.json").read_text())
    assert report["test"]["rows"] == values["parts"]["test"] == np.sum(report["test"]["matrix"])
    assert report["test"]["accuracy"] == metrics["test/accuracy"]
    low, high = report["test"]["accuracy_interval"]
    assert low < report["test"]["accuracy"] <= high


def test_frozen_vectors_stay_and_others_learn_along(
    train_here: Train, tmp_path: Path, rows: Path, start: RunDir
) -> None:
    before = np.array(open_model(start).vectors.vectors)
    frozen = train_task(train_here, tmp_path, spec_of(rows, start, "frozen", epochs=3))
    full = train_task(train_here, tmp_path, spec_of(rows, start, "full", epochs=3, early_stopping=0))
    assert np.array_equal(frozen.vectors.vectors, before)
    assert not np.allclose(full.vectors.vectors, before)
    trained = [done.named("resolved")[0].values["trained_parameters"] for done in (frozen, full)]
    assert trained == [12 * 3 + 3, 12 * 3 + 3 + 24 * 12]


def test_the_saved_model_answers_as_the_network_did(
    train_here: Train, tmp_path: Path, rows: Path, start: RunDir
) -> None:
    done = train_task(train_here, tmp_path, spec_of(rows, start, "full", epochs=4))
    records = [json.loads(line) for line in (done.run.path / "predictions.jsonl").read_text().splitlines()]
    model = open_model(done.run)
    again = list(classify_many(model, (record["text"] for record in records)))
    assert [label for label, _ in again] == [record["predicted"] for record in records]
    assert [share for _, share in again] == pytest.approx([record["score"] for record in records], abs=1e-4)
    assert {record["part"] for record in records} == {"val", "test"}

    found = classify(model, "The captain saw a ship and a zeppelin")
    assert found.label == "sea"
    assert sum(share for _, share in found.classes) == pytest.approx(1)
    assert "zeppelin" in found.unknown
    assert {word for word, _ in found.pushes} == {"captain", "ship"}
    assert all(push > 0 for _, push in found.pushes)
    assert most_similar(model, "ship", 3).neighbours  # it is a word vector model still


def test_from_nothing_it_learns_its_own_words(train_here: Train, tmp_path: Path, rows: Path) -> None:
    done = train_task(train_here, tmp_path, spec_of(rows, None, "full", vector_size=16))
    assert (done.outcome.metrics["test/accuracy"] or 0) > 0.8
    assert done.vectors.vectors.shape == (24, 16)


def _stop_at_step(reporter: Reporter, step: int) -> None:
    report = reporter.step

    def reporting(number: int, **values: float | None) -> None:
        report(number, **values)
        if number == step:
            reporter.control.stop(StopRequest())

    reporter.step = reporting  # type: ignore[method-assign]


@pytest.mark.parametrize("method", ["frozen", "full"])
def test_going_on_from_a_checkpoint_changes_no_number(
    train_here: Train, tmp_path: Path, rows: Path, start: RunDir, method: str
) -> None:
    spec = spec_of(rows, start, method, epochs=4, early_stopping=0)
    whole = train_task(train_here, tmp_path, spec)
    cut = train_task(train_here, tmp_path, spec, on_start=lambda reporter: _stop_at_step(reporter, 11))
    assert cut.outcome.reason == "stopped"
    assert cut.outcome.step <= 11
    request = {
        "checkpoint": newest_whole(cut.run.checkpoints),
        "resolved": cut.named("resolved")[-1].values,
    }
    after = train_here("", run=cut.run, request=request)
    assert after.outcome.metrics == whole.outcome.metrics
    assert np.array_equal(after.vectors.vectors, whole.vectors.vectors)
    heads = [open_model(done.run).head for done in (after, whole)]
    assert np.array_equal(heads[0].weight, heads[1].weight)


def test_a_start_that_knows_none_of_the_words_is_refused(
    train_here: Train, tmp_path: Path, start: RunDir
) -> None:
    rows = tmp_path / "other.csv"
    lines = [f"qu{n} xyz{n},{'yes' if n % 2 else 'no'}" for n in range(60)]
    rows.write_text("text,label\n" + "\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(PtftError, match="None of the words of these texts is known to the start"):
        train_task(train_here, tmp_path, spec_of(rows, start, "frozen"))


def test_one_class_is_refused_before_training(train_here: Train, tmp_path: Path) -> None:
    rows = tmp_path / "one.csv"
    rows.write_text("text,label\n" + "".join(f"some words {n},yes\n" for n in range(40)), encoding="utf-8")
    with pytest.raises(DataError):
        train_task(train_here, tmp_path, spec_of(rows, None, "full"))


def test_numbers_that_explode_are_told(train_here: Train, tmp_path: Path, rows: Path, start: RunDir) -> None:
    spec = spec_of(rows, start, "full", learning_rate=10.0, weight_decay=100.0, epochs=30, early_stopping=0)
    with pytest.raises(PtftError, match="The numbers exploded") as caught:
        train_task(train_here, tmp_path, spec)
    assert caught.value.remedies[0].argument == {"learning_rate": 5.0}


def test_the_shares_a_person_chose_divide_the_rows(train_here: Train, tmp_path: Path, rows: Path) -> None:
    spec = spec_of(rows, None, "full", epochs=1, val_fraction=0.1, test_fraction=0.4)
    values = train_task(train_here, tmp_path, spec).named("resolved")[0].values
    total = sum(values["parts"][part] for part in ("train", "val", "test"))
    assert values["parts"]["test"] == pytest.approx(0.4 * total, abs=3)
    assert values["parts"]["val"] == pytest.approx(0.1 * total, abs=3)


def test_a_start_is_held_against_vectors_that_know_only_these_rows(
    train_here: Train, rows: Path, start: RunDir, tmp_path: Path
) -> None:
    done = train_task(train_here, tmp_path, spec_of(rows, start, "frozen", epochs=4))
    test = json.loads((done.run.path / "evaluation.json").read_text())["test"]
    assert 0.6 < test["bag_of_vectors"] <= 1
    alone = train_task(train_here, tmp_path, spec_of(rows, None, "full", epochs=1))
    assert "bag_of_vectors" not in json.loads((alone.run.path / "evaluation.json").read_text())["test"]
