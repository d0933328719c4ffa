"""Questions and requests under column names that say nothing are told by what stands in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.resources import resource_path
from ptft_gui.data.examples.asking import Asked, ask

_FACTS = [f"The {thing} of street {n} stands by the river since 18{n:02}." for n, thing in enumerate(
    ["mill", "bank", "school", "chapel", "station", "bakery", "library", "harbour", "garden", "theatre"] * 4
)]  # fmt: skip
_REQUESTS = [f"Tell me about house {n} and who lives there." for n in range(40)]
_QUESTIONS = [f"Where can I find house {n} of the long street?" for n in range(40)]


def _asked(path: Path, columns: dict[str, list[str]], task: str | None = None) -> Asked:
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return ask(DataRequest(dataset=str(path), task=task))


def _renamed(dataset: str, path: Path) -> tuple[Asked, dict[str, str]]:
    """A bundled set whose columns are called c0, c1, c2 ...; with the real name of each."""
    text = resource_path("datasets", dataset, "rows.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    names = {name: f"c{place}" for place, name in enumerate(rows[0])}
    columns = {new: [row[old] for row in rows] for old, new in names.items()}
    return _asked(path, columns), {new: old for old, new in names.items()}


@pytest.mark.parametrize("dataset", ["questions-en", "questions-zh"])
def test_questions_without_names_are_found(dataset: str, tmp_path: Path) -> None:
    asked, real = _renamed(dataset, tmp_path / "rows.jsonl")
    assert asked.task == "question-answering"
    assert {role: real[column] for role, column in asked.roles.items() if role != "id"} == {
        role: role for role in ("question", "context", "answer", "answer_start")
    }


@pytest.mark.parametrize("dataset", ["replies-en", "replies-zh"])
def test_requests_and_replies_without_names_are_found(dataset: str, tmp_path: Path) -> None:
    asked, real = _renamed(dataset, tmp_path / "rows.jsonl")
    assert asked.task == "reply"
    assert {role: real[column] for role, column in asked.roles.items()} == {
        "prompt": "prompt",
        "reply": "reply",
    }
    reasons = {guess.role: guess.reason for guess in asked.guesses}
    assert "of its texts ask for something or tell what to do" in reasons["prompt"]


def test_what_a_request_is_about_is_joined_to_it(tmp_path: Path) -> None:
    more = [fact if n % 3 else "" for n, fact in enumerate(_FACTS)]
    replies = [f"House {n} belongs to a baker and her three sons." for n in range(40)]
    asked = _asked(tmp_path / "rows.jsonl", {"c0": _REQUESTS, "c1": more, "c2": replies})
    assert asked.task == "reply"
    assert asked.roles == {"prompt": "c0 + c1", "reply": "c2"}
    assert asked.guesses[0].runner_up is not None
    assert asked.guesses[0].runner_up[0] == "c0"


def test_questions_some_of_which_end_in_a_full_stop(tmp_path: Path) -> None:
    questions = [
        q if n % 2 else f"Name the year of house {n} by the river." for n, q in enumerate(_QUESTIONS)
    ]
    answers = [fact.split(" stands")[0] for fact in _FACTS]
    contexts = [f"All of the neighbours remember it well. {fact}" for fact in _FACTS]
    asked = _asked(tmp_path / "rows.jsonl", {"c0": questions, "c1": contexts, "c2": answers})
    assert asked.task == "question-answering"
    assert asked.guesses[0].reason == "question: c0, because many of its texts end in a question mark"


@pytest.mark.parametrize(
    "columns",
    [
        {"c0": _QUESTIONS, "c1": [question.replace("find", "see") for question in _QUESTIONS]},
        {"title": _QUESTIONS, "body": _FACTS},
        {"c0": _QUESTIONS, "c1": _FACTS, "c2": ["houses", "streets"] * 20},
        {"c0": _FACTS, "c1": [fact.replace("stands", "stood") for fact in _FACTS]},
    ],
    ids=["two-questions", "headline", "with-a-label", "two-statements"],
)
def test_other_texts_beside_each_other_are_no_replies(columns: dict[str, list[str]], tmp_path: Path) -> None:
    assert "reply" not in _asked(tmp_path / "rows.jsonl", columns).roles


def test_who_asks_for_replies_gets_them_in_spite_of_a_label(tmp_path: Path) -> None:
    columns = {"c0": _QUESTIONS, "c1": _FACTS, "c2": ["houses", "streets"] * 20}
    asked = _asked(tmp_path / "rows.jsonl", columns, "reply")
    assert asked.roles == {"prompt": "c0", "reply": "c1"}
