"""Questions to models that answer from a text or mark names, and whole files, from the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gui.token_runs import CONTEXT, make_token_run

from .conftest import Finished

Here = Callable[..., Finished]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def answering(runs: Path) -> str:
    return str(make_token_run(runs, "question-answering").path)


@pytest.fixture(scope="module")
def tagging(runs: Path) -> str:
    return str(make_token_run(runs, "tagging", "words.conll").path)


def test_a_question_is_answered_with_its_place(here: Here, answering: str) -> None:
    asked = ("ask", answering, "--question", "Who built it?", "--context", CONTEXT)
    told = json.loads(here(*asked, "--json").out)["answer"]
    assert set(told) == {"text", "start", "end", "score"}
    assert CONTEXT[told["start"] : told["end"]] == told["text"]
    done = here(*asked)
    assert done.code == 0
    assert done.out.splitlines()[0] == told["text"]
    model = json.loads(here("ask", f"{answering}/model", *asked[2:], "--json").out)["answer"]
    assert model == told


def test_names_are_told_word_by_word_and_as_a_table(here: Here, tagging: str) -> None:
    told = json.loads(here("ask", tagging, "--tag", "Clara lives in Dray.", "--json").out)
    assert [word for word, _ in told["tags"]] == ["Clara", "lives", "in", "Dray", "."]
    done = here("ask", tagging, "--tags", "Clara lives in Dray.")
    assert done.code == 0
    for text, kind, *_ in told["names"]:
        assert f"{text}" in done.out
        assert kind in done.out


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (("--question", "Who?"), "A question needs the text that may hold its answer."),
        (("--tag", "Clara"), "cannot mark names in a text."),
        (("--reply", "Hello"), "has not learned to reply to prompts."),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(
    here: Here, answering: str, question: tuple[str, ...], sentence: str
) -> None:
    done = here("ask", answering, *question)
    assert done.code == 2
    assert sentence in done.err
    assert "Traceback" not in done.err


def test_a_file_of_questions_and_one_of_texts_are_predicted(
    here: Here, answering: str, tagging: str, tmp_path: Path
) -> None:
    target = tmp_path / "answers.csv"
    assert here("predict", answering, "--dataset", "questions-en", "--to", str(target)).code == 0
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "answer", "score"]
    assert len(rows) == 264
    texts, tags = tmp_path / "texts.csv", tmp_path / "tags.jsonl"
    lines = ["Clara lives in Dray and keeps the key"] * 3 + ["It rains on the plain of Gesten"]
    texts.write_text("\n".join(["text", *lines]) + "\n")
    assert here("predict", tagging, "--dataset", str(texts), "--to", str(tags)).code == 0
    told = [json.loads(line) for line in tags.read_text(encoding="utf-8").splitlines()]
    assert len(told) == 4
    assert all(len(row["tokens"]) == len(row["tags"]) for row in told)
    refused = here("predict", answering, "--dataset", str(texts), "--to", str(target))
    assert refused.code == 2
    assert "has no column for: question and context." in refused.err
