"""The sets of questions and of prompts that come with the program, from their rows to scores."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.inspection.tasks.report import token_report
from tests.engine.conftest import Train
from tests.inspection.language_models import save_tiny_bert, save_tiny_gpt


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "task", "dataset", "definition"),
    [
        ("bert", "question-answering", "questions-en", "squad"),
        ("bert", "question-answering", "questions-zh", "cmrc"),
        ("gpt", "reply", "replies-en", None),
        ("gpt", "reply", "replies-zh", None),
    ],
)
def test_a_bundled_set_is_learned_from_and_scored(
    train_here: Train, tmp_path: Path, family: str, task: str, dataset: str, definition: str | None
) -> None:
    start = (save_tiny_gpt if family == "gpt" else save_tiny_bert)(tmp_path / "start", steps=1)
    spec = new_spec(
        family, dataset, preset="tiny", stage="finetune", task=task, method="full", init_from="folder",
        init=str(start), settings={"workers": 1, "precision": "float32", "device": "cpu", "max_steps": 4},
    )  # fmt: skip
    done = train_here("", run=create_run(tmp_path / "runs", spec))

    card, report = bundled_dataset(dataset), token_report(done.run)
    assert card is not None
    parts = done.named("resolved")[-1].values["parts"]
    assert sum(parts.values()) == card.rows
    assert report["test"]["rows"] == parts["test"] > 20
    assert report["test"].get("definition") == definition
    lines = (done.run.path / "predictions.jsonl").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if json.loads(line)["part"] == "test"]) == parts["test"]
    kinds = {example["kind"] for example in card.questions}
    assert kinds == {"answer" if task == "question-answering" else "reply"}


def test_the_expected_answers_of_the_examples_stand_in_their_contexts() -> None:
    for dataset in ("questions-en", "questions-zh"):
        card = bundled_dataset(dataset)
        assert card is not None
        examples = [(each["expect"], each["context"]) for each in card.questions]
        assert all(expected in context for expected, context in examples)
        assert any(not expected for expected, _ in examples)
