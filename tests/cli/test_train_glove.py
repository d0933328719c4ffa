"""GloVe from the command line: trained, asked, scored, written out, refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import CommandLine, Finished

QUICK = ("epochs=30", "workers=1", "min_count=1", "vector_size=8")


def test_train_ask_evaluate_and_export(ptft: CommandLine, text_file: Path, tmp_path: Path) -> None:
    done = ptft(
        "train",
        "--family",
        "glove",
        "--dataset",
        str(text_file),
        "--json",
        "--watch",
        "king",
        "--set",
        *QUICK,
    )
    assert done.code == 0, done.err
    told = json.loads(done.out.splitlines()[-1])
    assert told["state"] == "finished"
    assert told["metrics"]["train/loss"] > 0

    asked = ptft("ask", told["run"], "--similar", "king", "--topn", "3", "--json")
    assert len(json.loads(asked.out)["similar"]) == 3
    exported = tmp_path / "vectors.txt"
    assert ptft("export", told["run"], "--format", "glove-text", "--to", str(exported)).code == 0
    lines = [line.split(" ") for line in exported.read_text(encoding="utf-8").splitlines()]
    assert {len(line) for line in lines} == {9}
    assert "king" in {line[0] for line in lines}
    asked_of_file = ptft("ask", str(exported), "--similar", "king", "--topn", "3", "--json")
    first, second = (json.loads(answer.out)["similar"] for answer in (asked, asked_of_file))
    assert [word for word, _ in first] == [word for word, _ in second]
    gold = tmp_path / "pairs.tsv"
    gold.write_text("king\tqueen\t9\nking\tgarden\t1\nmiller\tbaker\t8\nsong\tcrown\t2\n", encoding="utf-8")
    scored = ptft("evaluate", told["run"], "--similarity", str(gold), "--json")
    assert scored.code == 0, scored.err


def test_a_dry_run_counts_pairs(ptft: CommandLine, text_file: Path) -> None:
    done = ptft(
        "train", "--family", "glove", "--dataset", str(text_file), "--dry-run", "--json", "--set", *QUICK
    )
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["parameters"] == 2 * (8 + 1) * told["vocabulary_size"]
    assert told["words_per_second"] is None
    assert told["pairs_per_second"] > 0
    assert told["epochs"] == 30


def test_settings_are_listed(here: Callable[..., Finished]) -> None:
    listed = here("train", "--list-settings", "--family", "glove")
    assert listed.code == 0
    for key in ("x_max", "alpha", "symmetric", "memory_mb", "reference", "window", "val_fraction"):
        assert f"\n{key}  " in "\n" + listed.out
    assert "negative" not in listed.out


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("x_max=0", "Count that weighs fully cannot be 0. Choose a number between 0.01 and"),
        ("alpha=2", "cannot be 2. Choose a number between 0 and 1. The setting is called alpha."),
        ("memory_mb=0", "Memory for counting cannot be 0."),
        ("negative=5", 'There is no setting "negative".'),
    ],
)
def test_a_value_that_cannot_be_used_is_one_sentence(
    here: Callable[..., Finished], text_file: Path, setting: str, sentence: str
) -> None:
    done = here("train", "--family", "glove", "--dataset", str(text_file), "--set", setting)
    assert done.code == 2
    assert sentence in done.err
    assert "Traceback" not in done.err
