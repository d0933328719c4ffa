"""A file that cannot be learned from: ``data inspect`` and ``train`` say why, with exit code 2, before any run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Finished

Here = Callable[..., Finished]


def _table(folder: Path, labels: list[str]) -> Path:
    path = folder / "ratings.csv"
    rows = "".join(f"guest {n} wrote that the room was clean,{label}\n" for n, label in enumerate(labels))
    path.write_text("comment,rating\n" + rows)
    return path


@pytest.mark.parametrize(
    ("labels", "seen"),
    [
        ([f"{n * 0.037:.2f}" for n in range(100)], "“rating” holds numbers such as"),
        (["good", "bad"], "No label in “rating” stands in 3 rows"),
        (["good"] * 50, "All 50 labels of rating are “good”"),
    ],
)
def test_what_cannot_be_learned_is_refused_by_both_commands(
    here: Here, tmp_path: Path, labels: list[str], seen: str
) -> None:
    path = _table(tmp_path, labels)
    inspected = here("data", "inspect", str(path), "--label", "rating")
    assert inspected.code == 2
    assert "First rows as they stand" in inspected.out
    assert inspected.err.startswith("ratings.csv does not suit the task")
    assert seen in inspected.err
    asked = ("train", "--family", "bert", "--stage", "finetune", "--task", "classification")
    trained = here(*asked, "--init", "starter", "--dataset", str(path))
    assert trained.code == 2
    assert seen in trained.err
    assert "ratings.csv" in trained.err


def test_a_table_without_labels_is_no_refusal_where_no_task_was_asked_for(here: Here, tmp_path: Path) -> None:
    inspected = here("data", "inspect", str(_table(tmp_path, ["good"] * 50)))
    assert inspected.code == 0
    assert not inspected.err
