"""Sorting texts from the command line: trained, asked, a whole file answered, refused."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import CommandLine, Finished

QUICK = ("workers=1", "epochs=12", "learning_rate=0.05", "vector_size=8")
WORDS = {"sea": "ship wave sail storm".split(), "farm": "cow barn milk hay".split()}


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    rng = random.Random(1)
    path = tmp_path / "survey.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["v1", "Q17_open", "topic"])
        for number in range(160):
            topic = rng.choice(list(WORDS))
            writer.writerow([number, "the " + " ".join(rng.choices(WORDS[topic], k=5)), topic])
    return path


def test_train_classify_and_predict(ptft: CommandLine, rows: Path, tmp_path: Path) -> None:
    done = ptft(
        "train", "--task", "classification", "--dataset", str(rows), "--json", "--set", *QUICK
    )  # fmt: skip
    assert done.code == 0, done.err
    told = json.loads(done.out.splitlines()[-1])
    assert told["state"] == "finished"
    assert told["metrics"]["test/accuracy"] > 0.9

    asked = ptft("ask", told["run"], "--classify", "The ship met a great wave", "--json")
    label, share = json.loads(asked.out)["classify"][0]
    assert label == "sea"
    assert share > 0.5
    listed = ptft("ask", told["run"], "--classify", "A cow and a kangaroo")
    assert listed.out.startswith("farm")
    assert "kangaroo" in listed.out

    new = tmp_path / "new.csv"
    new.write_text('remark\n=ship wave sail\nmilk and hay\n""\n', encoding="utf-8")
    answers = tmp_path / "answers.csv"
    predicted = ptft(
        "predict", told["run"], "--dataset", str(new), "--text", "remark", "--header", "--to", str(answers)
    )
    assert predicted.code == 0, predicted.err
    with answers.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["predicted"] for row in found[:2]] == ["sea", "farm"]
    assert (found[2]["predicted"], found[2]["score"]) == ("", ""), "of nothing nothing is said"
    assert predicted.out.startswith("2 rows answered, 1 holds no text and got no answer: ")
    assert found[0]["text"] == "'=ship wave sail"
    assert list(found[0]) == ["id", "text", "label", "predicted", "score"]

    lines = tmp_path / "test.jsonl"
    of_test = ptft("predict", told["run"], "--dataset", str(rows), "--split", "test", "--to", str(lines))
    assert of_test.code == 0, of_test.err
    records = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    right = sum(record["label"] == record["predicted"] for record in records) / len(records)
    assert right == pytest.approx(told["metrics"]["test/accuracy"])


def test_what_cannot_be_is_said(here: Callable[..., Finished], rows: Path, tmp_path: Path) -> None:
    frozen = here("train", "--task", "classification", "--method", "frozen", "--dataset", str(rows))
    assert frozen.code == 2
    assert "nothing to keep frozen" in frozen.err
    unknown = here("train", "--task", "clasification", "--dataset", str(rows))
    assert "classification" in unknown.err
    plain = tmp_path / "plain.txt"
    plain.write_text("some words\nand more\n" * 50, encoding="utf-8")
    unsuited = here("train", "--task", "classification", "--dataset", str(plain))
    assert unsuited.code == 2
    assert "does not suit" in unsuited.err
    named = here("predict", str(tmp_path), "--dataset", str(rows), "--to", "answers.doc")
    assert named.code == 2


def test_word_vectors_alone_have_no_classes(
    ptft: CommandLine, here: Callable[..., Finished], tmp_path: Path
) -> None:
    vectors = tmp_path / "some.vec"
    vectors.write_text("2 2\nship 0.1 0.2\ncow 0.3 0.4\n", encoding="utf-8")
    asked = here("ask", str(vectors), "--classify", "a ship")
    assert asked.code == 2
    assert "has not learned to sort texts into classes" in asked.err
