"""How often test rows were looked at, what five folds found together, and whether certainty can be believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import RunSpec, new_spec
from ptft_gui.core.test_history import folds_of, looks_at_test
from ptft_gui.core.trash import trash_run
from ptft_gui.inspection.calibration import calibration_of


def _spec(dataset: str = "rows.csv", fold: int | None = None, **settings: float) -> RunSpec:
    chosen = dict(settings) if fold is None else {**settings, "fold": fold}
    return new_spec(
        "word2vec", dataset, settings=chosen, stage="finetune", task="classification", method="full"
    )


def _run(runs: Path, spec: RunSpec, accuracy: float | None = 0.8, rows: int = 20) -> RunDir:
    run = create_run(runs, spec)
    if accuracy is not None:
        scores = {"rows": rows, "accuracy": accuracy, "macro_f1": accuracy - 0.1, "matrix": [[1]]}
        (run.path / "evaluation.json").write_text(json.dumps({"labels": ["a"], "test": scores}))
    return run


def test_every_run_that_read_the_test_rows_counts_also_a_deleted_one(tmp_path: Path) -> None:
    first = _run(tmp_path, _spec())
    assert looks_at_test(first) == 1
    _run(tmp_path, _spec(learning_rate=0.01))
    _run(tmp_path, _spec(), accuracy=None)  # has not ended yet
    _run(tmp_path, _spec("other.csv"))
    _run(tmp_path, _spec(fold=2))
    trash_run(_run(tmp_path, _spec(learning_rate=0.02)))
    assert looks_at_test(first) == 3


def test_a_damaged_run_beside_it_is_passed_over(tmp_path: Path) -> None:
    run = _run(tmp_path, _spec())
    for name, text in (("a", "{"), ("b", "[1]"), ("c", '{"data": 3}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "spec.json").write_text(text)
    assert looks_at_test(run) == 1
    assert folds_of(run) is None


def test_folds_are_put_together_the_newest_of_each(tmp_path: Path) -> None:
    base = _run(tmp_path, _spec())
    _run(tmp_path, _spec(fold=1), 0.1)
    for fold, accuracy in enumerate((0.7, 0.8, 0.9), 1):
        last = _run(tmp_path, _spec(fold=fold), accuracy)
    _run(tmp_path, _spec(fold=4, learning_rate=0.5), 0.2)  # other settings
    found = folds_of(base)
    assert found is not None
    assert (found["done"], found["of"], found["rows"]) == (3, 5, 60)
    _run(tmp_path, _spec(fold=4), 0.6, rows=40)
    _run(tmp_path, _spec(fold=5), 1.0)
    found = folds_of(last)
    assert found is not None
    assert (found["done"], found["rows"]) == (5, 120)
    assert found["accuracy"] == pytest.approx((20 * (0.7 + 0.8 + 0.9 + 1.0) + 40 * 0.6) / 120)
    assert found["accuracy_range"] == [0.6, 1.0]
    assert found["macro_f1"] == pytest.approx(0.7)


def test_certainty_that_is_earned_has_no_error() -> None:
    found = calibration_of([(0.75, n % 4 != 0) for n in range(100)])
    assert found is not None
    assert found["error"] == pytest.approx(0)
    assert found["bins"] == [{"low": 0.7, "high": 0.8, "rows": 100, "sure": 0.75, "right": 0.75}]


def test_too_sure_is_told_and_odd_scores_do_no_harm() -> None:
    answers = [(0.95, n % 2 == 0) for n in range(40)] + [(1.0, True), (float("nan"), True), (1.5, True)]
    found = calibration_of(answers)
    assert found is not None
    assert found["sure"] > found["right"] + 0.4
    assert sum(each["rows"] for each in found["bins"]) == 42
    assert calibration_of([(0.9, True)] * 5) is None


@pytest.mark.parametrize(
    ("task", "names"),
    [
        ("tagging", ("entity_f1", "macro_f1")),
        ("question-answering", ("exact_match", "f1")),
        ("multilabel", ("micro_f1", "macro_f1")),
        ("pair-similarity", ("spearman", "pearson")),
    ],
)
def test_folds_of_other_tasks_tell_their_own_scores(
    tmp_path: Path, task: str, names: tuple[str, str]
) -> None:
    spec = new_spec("bert", "rows.csv", stage="finetune", task=task, method="full")
    for fold, score in enumerate((0.2, 0.4, 0.9), 1):
        data = spec.data.model_copy(update={"fold": fold})
        run = create_run(tmp_path, spec.model_copy(update={"data": data}))
        scores = {"rows": 10, names[0]: score, names[1]: score / 2}
        (run.path / "evaluation.json").write_text(json.dumps({"task": task, "labels": [], "test": scores}))
    found = folds_of(run)
    assert found is not None
    assert (found["done"], found["rows"]) == (3, 30)
    assert [each[0] for each in found["scores"]] == list(names)
    assert found["scores"][0][1:] == pytest.approx([0.5, 0.2, 0.9])
    assert looks_at_test(run) == 1
