"""``ask --before``: the answer from before training below that of now, and plain words where there is none."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from ptft_gui.__main__ import main
from ptft_gui.core.rundir import RunDir, list_runs
from ptft_gui.inspection.finetuned.classes import judge
from ptft_gui.inspection.tasks.before import open_before
from tests.inspection.language_models import SENTENCES, save_tiny_bert, save_tiny_gpt

WORDS = {
    "court": "queen crown castle golden prince".split(),
    "kitchen": "baker bread oven brown song".split(),
}
QUESTION = "the queen wears the golden crown"
Out = pytest.CaptureFixture[str]
Learned = Callable[..., RunDir]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("before")


@pytest.fixture
def learned(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Learned:
    """Makes a run that learned a task on the command line, once for all tests of this file."""
    monkeypatch.setenv("PTFT_HOME", str(folder / "home"))

    def make(task: str, family: str, start: Path, data: Path) -> RunDir:
        runs = folder / f"runs-{task}-{start.name}"
        if not runs.exists():
            asked = [
                "train", "--family", family, "--task", task, "--init", str(start), "--dataset",
                str(data), "--runs", str(runs), "--preset", "tiny", "--set", "workers=1", "precision=float32",
                "device=cpu", "learning_rate=0.003", "max_steps=6" if task == "writing" else "epochs=2",
            ]  # fmt: skip
            assert main(asked) == 0
        return list_runs(runs)[0]

    return make


@pytest.fixture(scope="module")
def bert(folder: Path) -> Path:
    return save_tiny_bert(folder / "bert", steps=1)


@pytest.fixture(scope="module")
def gpt(folder: Path) -> Path:
    return save_tiny_gpt(folder / "gpt", steps=1)


def _rows(path: Path, columns: list[str], task: str) -> Path:
    rng = random.Random(5)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for _ in range(60):
            one, other = rng.choice(list(WORDS)), rng.choice(list(WORDS))
            first, second = (" ".join(rng.choices(WORDS[topic], k=4)) for topic in (one, other))
            is_pair = task == "pair-similarity"
            score = round(5.0 * (one == other) * rng.uniform(0.5, 1), 2)
            writer.writerow([first, second, score] if is_pair else [first, one])
    return path


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_both_answers_stand_below_one_another(
    learned: Learned, folder: Path, bert: Path, capsys: Out
) -> None:
    data = _rows(folder / "topics.csv", ["text", "topic"], "classification")
    run = learned("classification", "bert", bert, data)
    capsys.readouterr()
    assert main(["ask", str(run.path), "--classify", QUESTION, "--before", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    at_first = judge(open_before(run), QUESTION, with_pushes=False).classes
    assert told["before"]["start"] == "Tiny bert"
    assert told["before"]["classify"] == [[label, round(share, 4)] for label, share in at_first]
    assert told["classify"] != told["before"]["classify"]

    assert main(["ask", str(run.path), "--classify", QUESTION, "--before"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Before training (Tiny bert):" in lines
    assert {line.split()[0] for line in lines[:2]} == {line.split()[0] for line in lines[-2:]} == set(WORDS)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_of_likeness_the_mean_of_the_scores_is_told(
    learned: Learned, folder: Path, bert: Path, capsys: Out
) -> None:
    data = _rows(folder / "alike.csv", ["sentence1", "sentence2", "score"], "pair-similarity")
    run = learned("pair-similarity", "bert", bert, data)
    capsys.readouterr()
    assert main(["ask", str(run.path), "--pair", "the queen", "the baker", "--before"]) == 0
    assert "Before training it gave about " in capsys.readouterr().out.splitlines()[-1]
    assert main(["ask", str(run.path), "--pair", "the queen", "the baker", "--before", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["before"]
    assert told["nothing"].startswith("Before training it gave about ")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_its_start_writes_stands_below_what_a_gpt_writes(
    learned: Learned, folder: Path, gpt: Path, capsys: Out
) -> None:
    data = folder / "tales.txt"
    data.write_text("\n".join(SENTENCES * 20) + "\n", encoding="utf-8")
    run = learned("writing", "gpt", gpt, data)
    capsys.readouterr()
    asked = ["--generate", "the queen", "--length", "8", "--temperature", "0", "--json"]
    assert main(["ask", str(gpt), *asked]) == 0
    start = json.loads(capsys.readouterr().out)
    assert main(["ask", str(run.path), *asked, "--before"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["before"] == {"start": "Tiny gpt", **start}
    assert told["generate"].startswith("the queen")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (["--tag", "a"], "What bert was before it learned is not known."),
        (["--fill", "the [MASK] wears a crown"], "What bert was before it learned is not known."),
        (["--fill", "a [MASK]", "--compare", "other"], "--before and --compare cannot be given together."),
    ],
)
def test_a_folder_has_no_before(bert: Path, capsys: Out, question: list[str], sentence: str) -> None:
    assert main(["ask", str(bert), *question, "--before"]) == 2
    assert capsys.readouterr().err.startswith(sentence)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_vectors_that_began_from_nothing_have_no_before(tmp_path: Path, capsys: Out) -> None:
    text = tmp_path / "castle.txt"
    text.write_text("\n".join(SENTENCES * 30) + "\n", encoding="utf-8")
    quick = ["--set", "epochs=1", "workers=1", "min_count=1", "vector_size=8"]
    runs = ["--runs", str(tmp_path / "runs")]
    assert main(["train", "--family", "word2vec", "--dataset", str(text), *runs, *quick]) == 0
    capsys.readouterr()
    run = str(list_runs(tmp_path / "runs")[0].path)
    assert main(["ask", run, "--similar", "queen", "--before"]) == 2
    assert "It began from nothing." in capsys.readouterr().err
    goes_on = ["train", "--family", "word2vec", "--dataset", str(text), *runs, "--init", run, *quick[:2]]
    assert main(goes_on) == 0
    capsys.readouterr()
    newer = next(each for each in list_runs(tmp_path / "runs") if str(each.path) != run)
    assert main(["ask", str(newer.path), "--similar", "queen", "--before", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["similar"]) == len(told["compared"]) > 0
