"""What a model answered before its first step is told again after its run, from its start and its seed."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.companion_protocol import Request
from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.inspection.finetuned.classes import judge
from ptft_gui.inspection.tasks.before import open_before
from ptft_gui.worker.companion_answers import Answers
from ptft_gui.worker.companion_question import Question
from tests.engine.conftest import FinishedRun, Train
from tests.inspection.language_models import save_tiny_bert, save_tiny_gpt

PROBE = "the queen wears the golden crown"
WORDS = {
    "court": "queen crown castle golden prince wears".split(),
    "kitchen": "baker bread oven brown song turns".split(),
}


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    return save_tiny_bert(tmp_path / "bert", steps=1)


def write_rows(path: Path, columns: list[str], rows: list[list[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def texts_of_topics(path: Path) -> Path:
    rng = random.Random(5)
    topics = [rng.choice(list(WORDS)) for _ in range(60)]
    rows = [[" ".join(rng.choices(WORDS[topic], k=4)), topic] for topic in topics]
    return write_rows(path, ["text", "topic"], rows)


def tuned(
    train_here: Train, tmp_path: Path, data: Path, start: Path, task: str, method: str = "full", **more: Any
) -> FinishedRun:
    settings = {"workers": 1, "precision": "float32", "device": "cpu", "epochs": 2, "learning_rate": 0.003}
    spec = new_spec(
        more.pop("family", "bert"),
        str(data),
        preset="tiny",
        stage="finetune",
        task=task,
        method=method,  # type: ignore[arg-type]
        init_from="folder",
        init=str(start),
        probes=more.pop("probes", ()),
        settings={**settings, **more},
    )
    return train_here("", run=create_run(tmp_path / "runs", spec))


def asked(run: FinishedRun, **arguments: object) -> dict[str, Any]:
    """What the companion answers to ``before``."""
    answers = Answers(60.0)
    try:
        told = {"model": str(run.run.path), **arguments}
        return answers.answer(Question(Request("1", "before", told), lambda _reply: None))
    finally:
        answers.close()


@pytest.mark.parametrize(
    ("method", "start_weights"), [("full", "kept"), ("lora", "kept"), ("frozen", "kept"), ("full", "random")]
)
def test_the_classes_are_those_that_the_run_told_at_step_0(
    train_here: Train, tmp_path: Path, bert: Path, method: str, start_weights: str
) -> None:
    data = texts_of_topics(tmp_path / "topics.csv")
    more = {"probes": (PROBE,), "start_weights": start_weights}
    done = tuned(train_here, tmp_path, data, bert, "classification", method, **more)
    first, last = done.named("probe")[0], done.named("probe")[-1]
    found = asked(done, text=PROBE)
    assert found["start_name"] == "Tiny bert"
    assert found["classes"] == [[label, pytest.approx(share, abs=1e-4)] for label, share in first.answer]
    assert dict(found["classes"]) != dict(last.answer)


def test_a_start_that_has_changed_is_not_asked(train_here: Train, tmp_path: Path, bert: Path) -> None:
    done = tuned(train_here, tmp_path, texts_of_topics(tmp_path / "topics.csv"), bert, "classification")
    config = bert / "config.json"
    config.write_text(config.read_text().replace('"bert"', '"bert" '))
    with pytest.raises(ModelError, match="Tiny bert has changed since this run was started"):
        open_before(done.run.path)


def test_a_folder_that_no_run_made_has_no_before(bert: Path) -> None:
    with pytest.raises(ModelError, match="is not known"):
        open_before(bert)


def test_of_two_texts_alone_the_mean_of_the_scores_was_known(
    train_here: Train, tmp_path: Path, bert: Path
) -> None:
    rng = random.Random(3)
    rows = [[" ".join(rng.choices(WORDS["court"], k=3)) for _ in "ab"] + [n % 6] for n in range(60)]
    data = write_rows(tmp_path / "alike.csv", ["text", "text_pair", "score"], rows)
    done = tuned(train_here, tmp_path, data, bert, "pair-similarity")
    found = asked(done, text="a queen", pair="a crown")
    assert set(found) == {"start_name", "nothing"}
    assert "the mean of the scores, to any two texts" in found["nothing"]
    mean = float(found["nothing"].partition("about ")[2].partition(",")[0])
    assert 1.5 < mean < 3.5


def test_the_start_goes_on_from_the_same_framed_prompt(train_here: Train, tmp_path: Path) -> None:
    gpt = save_tiny_gpt(tmp_path / "gpt", steps=30)
    rng = random.Random(4)
    rows = [
        {
            name: " ".join(rng.choices(WORDS[topic], k=3))
            for name, topic in (("prompt", "court"), ("reply", "kitchen"))
        }
        for _ in range(60)
    ]
    data = tmp_path / "replies.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = tuned(train_here, tmp_path, data, gpt, "reply", family="gpt")
    prompt = {"prompt": "queen crown", "temperature": 0.0, "length": 12}
    before = asked(done, **prompt)
    answers = Answers(60.0)
    told = {"model": str(done.run.path), **prompt}
    after = answers.answer(Question(Request("1", "reply", told), lambda _reply: None))
    answers.close()
    assert before["start_name"] == "Tiny gpt"
    assert before["text"] != after["text"]


def test_marks_and_answers_come_from_the_new_layer_as_it_was(
    train_here: Train, tmp_path: Path, bert: Path
) -> None:
    lines = []
    rng = random.Random(6)
    for _ in range(60):
        lines += [
            f"{word} {'B-PER' if word == 'queen' else 'O'}" for word in rng.choices(WORDS["court"], k=5)
        ] + [""]
    data = tmp_path / "tags.conll"
    data.write_text("\n".join(lines) + "\n")
    done = tuned(train_here, tmp_path, data, bert, "tagging", probes=("queen wears crown",))
    told = [[word, tag] for word, tag, *_ in asked(done, text="queen wears crown")["words"]]
    assert told == [list(pair[:2]) for pair in done.named("probe")[0].answer]


def test_the_model_before_is_the_untrained_one_not_the_result(
    train_here: Train, tmp_path: Path, bert: Path
) -> None:
    done = tuned(train_here, tmp_path, texts_of_topics(tmp_path / "topics.csv"), bert, "classification")
    measured = done.named("evaluated")[0]
    assert measured.step == 0
    model, right = open_before(done.run.path), []
    for line in (done.run.path / "predictions.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["part"] == "val":
            right.append(judge(model, row["text"], with_pushes=False).label == row["label"])  # type: ignore[arg-type]
    assert sum(right) / len(right) == pytest.approx(measured.metrics["val/accuracy"])
