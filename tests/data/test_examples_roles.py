"""Which column is what, and what a table can be used for."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.core.resources import resource_path
from ptft_gui.data.examples.examine import open_data
from ptft_gui.data.examples.fields import Fields
from ptft_gui.data.examples.roles import RoleGuess, guess_roles
from ptft_gui.data.examples.suitability import judge_tasks, propose_task
from tests.data.memory_table import Cells, MemoryTable

_TOPICS = {
    "economy": ["prices", "wages", "taxes", "rent"],
    "health": ["doctors", "hospital", "care", "medicine"],
    "school": ["teachers", "lessons", "exams", "pupils"],
}


def survey(rows: int = 120, seed: int = 1) -> dict[str, list[str | None]]:
    """A survey with odd column names: a number for each person, codes, a weight, an open answer and its class."""
    dice = random.Random(seed)
    topics = [dice.choice(list(_TOPICS)) for _ in range(rows)]
    return {
        "lfdn": [str(10_001 + number) for number in range(rows)],
        "v1": [dice.choice("12") for _ in range(rows)],
        "v3_reg": [dice.choice(["North", "South", "East"]) for _ in range(rows)],
        "wgt": [f"{dice.uniform(0.5, 2):.3f}" for _ in range(rows)],
        "Q17_open": [
            f"what matters to me are {dice.choice(_TOPICS[t])} and {dice.choice(_TOPICS[t])} {i}"
            for i, t in enumerate(topics)
        ],
        "v23_rec": [None if dice.random() < 0.1 else t for t in topics],
    }


def _roles(table: MemoryTable, **given: str) -> dict[str, RoleGuess]:
    return {guess.role: guess for guess in guess_roles(table, table.head(1000), given)}


def _task(table: MemoryTable, **given: str) -> str:
    roles = {role: guess.column for role, guess in _roles(table, **given).items()}
    judged = judge_tasks(table, table.head(1000), roles)
    return propose_task(judged, table, table.head(1000), roles, tuple(given))


def test_a_survey_with_odd_names_is_understood_and_the_reason_said() -> None:
    table = MemoryTable(survey())
    roles = _roles(table)
    assert roles["text"].column == "Q17_open"
    assert (
        roles["label"].reason
        == "label: v23_rec, because 3 different values, short, repeated, named like a label"
    )
    assert roles["label"].runner_up is not None
    assert roles["label"].runner_up[0] == "v3_reg"
    assert _task(table) == "classification"


def test_a_number_for_each_person_is_never_the_label() -> None:
    cells = survey()
    table = MemoryTable({name: cells[name] for name in ("lfdn", "Q17_open")})
    roles = _roles(table)
    assert "label" not in roles
    assert roles["id"].column == "lfdn"
    sentences = {
        each.task: each.sentence for each in judge_tasks(table, table.head(99), {"text": "Q17_open"})
    }
    assert sentences["classification"] == (
        "There is no column with labels: no column repeats a few short values."
    )


def test_what_a_person_chose_wins_and_is_checked() -> None:
    table = MemoryTable(survey())
    roles = _roles(table, label="v3_reg")
    assert roles["label"].column == "v3_reg"
    assert roles["label"].runner_up is not None
    assert roles["label"].runner_up[0] == "v23_rec"
    assert "label" not in _roles(table, label="")
    with pytest.raises(DataError) as caught:
        _roles(table, label="v23rec")
    assert caught.value.message == "survey.csv has no column called v23rec."
    assert caught.value.hint.startswith("Did you mean v23_rec")
    with pytest.raises(DataError) as caught:
        _roles(table, label="V3")
    assert caught.value.hint.startswith("Did you mean v3_reg")
    with pytest.raises(DataError, match="no role called lable"):
        _roles(table, lable="v23_rec")


def _many(texts: list[str], count: int) -> list[str]:
    return [f"{texts[n % len(texts)]} {n}" for n in range(count)]


_ZH = ["房间很干净，下次还会再来。", "价格太贵了。"]
_NO = ["No, it is not.", "Yes, very much so.", "It may rain later today.", "He went home early."]
_NAMES = ["Ann", "Bob", "Eve"]
_PAIRS = [
    (f"A man plays a {w} in the yard.", f"Someone plays the {w} outside.")
    for w in "flute drum horn harp cello".split()
]


@pytest.mark.parametrize(
    ("cells", "task", "roles"),
    [
        ({"评论": _many(_ZH, 8), "标签": ["好", "差"] * 4}, "classification", None),
        ({"satz": _NO * 3, "klasse": ["a", "b", "a", "b"] * 3}, "classification", {"text": "satz", "label": "klasse"}),
        (
            {"premise": [a for a, _ in _PAIRS], "hypothesis": [b for _, b in _PAIRS], "gold": list("01010")},
            "pair-classification",
            {"text": "premise", "text_pair": "hypothesis", "label": "gold"},
        ),
        (
            {"c1": [a for a, _ in _PAIRS], "c2": [b for _, b in _PAIRS], "c3": ["1.5", "2.25", "2.25", "0.2", "4"]},
            "pair-similarity",
            {"text": "c1", "text_pair": "c2", "score": "c3"},
        ),
        (
            {"instruction": [f"Do {n}." for n in "abcd"], "input": ["x", None, "y", None], "output": _NO},
            "reply",
            {"prompt": "instruction + input", "reply": "output"},
        ),
        (
            {"w": [["Ann", "sings"], ["Bob", "left", "Rome"]] * 3, "t": [["B-PER", "O"], ["B-PER", "O", "B-LOC"]] * 3},
            "tagging",
            {"tokens": "w", "tags": "t"},
        ),
        (
            {
                "q": ["Who sings in the old house?", "Where does Bob live now?", "What did she buy there?"],
                "passage": [f"{n} sings in the old house by the river, as every day in the year." for n in _NAMES],
                "ans": _NAMES,
                "pos": ["0", "0", "0"],
            },
            "question-answering",
            {"question": "q", "context": "passage", "answer": "ans", "answer_start": "pos"},
        ),
        (
            {"text": _many(_NO, 20), "topics": [["x", "y"], ["x"], ["z", "y"], []] * 5},
            "multilabel",
            {"text": "text", "label": "topics"},
        ),
        (
            {"text": _many(_NO, 20), "topics": ["x;y", "x", "z;y", "z"] * 5},
            "multilabel",
            {"text": "text", "label": "topics"},
        ),
        ({"text": _NO}, "plain-text", {"text": "text"}),
    ],
)  # fmt: skip
def test_kinds_of_data_are_told_apart(cells: Cells, task: str, roles: dict[str, str] | None) -> None:
    table = MemoryTable(cells)
    found = {role: guess.column for role, guess in _roles(table).items()}
    assert roles is None or found == roles
    assert _task(table) == task


def test_a_column_of_part_names_is_the_part() -> None:
    cells = {"text": _NO * 5, "label": ["a", "b"] * 10, "fold": ["train", "train", "dev", "test"] * 5}
    assert _roles(MemoryTable(cells))["split"].column == "fold"


def test_a_chosen_label_leads_away_from_replies() -> None:
    cells = {
        "prompt": _many(_NO, 40),
        "response": [f"answer {n}" for n in range(40)],
        "kind": ["x", "y"] * 20,
    }
    assert _task(MemoryTable(cells)) == "reply"
    assert _task(MemoryTable(cells), label="kind") == "classification"


@pytest.mark.parametrize(
    ("cells", "roles", "task", "sentence"),
    [
        (
            {"text": _NO * 5, "label": ["yes"] * 20},
            {"text": "text", "label": "label"},
            "classification",
            "All 20 labels of label are “yes”: a model needs at least two classes to tell apart.",
        ),
        (
            {"text": _NO * 5, "label": [f"l{n}" for n in range(20)]},
            {"text": "text", "label": "label"},
            "classification",
            "Every row has another label in “label”: a class needs several rows to be learned.",
        ),
        (
            {"w": [["a", "b"]] * 3, "t": [["O"]] * 3},
            {"tokens": "w", "tags": "t"},
            "tagging",
            "3 of the first 3 rows have another number of words in w than of tags in t.",
        ),
        (
            {"q": _NO, "c": _NO, "a": ["nowhere"] * 4},
            {"question": "q", "context": "c", "answer": "a"},
            "question-answering",
            "Of 4 answers in a, only 0 stand in c.",
        ),
        (
            {"a": _NO, "b": _NO, "s": ["high", "low", "1,5", "2.5"]},
            {"text": "a", "text_pair": "b", "score": "s"},
            "pair-similarity",
            "2 of 4 scores in s are no numbers, for example “high”.",
        ),
        (
            {"text": [None] * 3, "label": ["a", "b", "a"]},
            {"text": "text", "label": "label"},
            "plain-text",
            "The first 3 rows of text are empty.",
        ),
    ],
)
def test_what_does_not_suit_is_said_in_a_sentence(
    cells: Cells, roles: dict[str, str], task: str, sentence: str
) -> None:
    table = MemoryTable(cells)
    judged = {each.task: each for each in judge_tasks(table, table.head(1000), roles)}
    assert not judged[task].suits
    assert judged[task].sentence == sentence


def test_joined_prompts_leave_no_gap_where_a_cell_is_empty() -> None:
    table = MemoryTable(
        {"instruction": ["Add.", "Say hello."], "input": ["1, 2", None], "output": ["3", "Hello"]}
    )
    read = Fields("reply", {"prompt": "instruction + input", "reply": "output"}, table.columns).read(
        table.head(9)
    )
    assert read["prompt"].to_list() == ["Add.\n\n1, 2", "Say hello."]


@pytest.mark.parametrize(
    ("speaker", "words", "user"), [("role", "content", "user"), ("from", "value", "human")]
)
def test_conversations_in_one_cell_become_prompt_and_reply(speaker: str, words: str, user: str) -> None:
    answerer = "assistant" if speaker == "role" else "gpt"
    cells = [
        json.dumps([{speaker: user, words: f"Hello {n}"}, {speaker: answerer, words: f"Good day {n}"}])
        for n in range(30)
    ]
    cells += ["[broken", json.dumps([{speaker: user, words: "never answered"}])]
    table = MemoryTable({"messages": cells})
    assert {role: guess.column for role, guess in _roles(table).items()} == {
        "prompt": "messages",
        "reply": "messages",
    }
    assert _task(table) == "reply"
    read = Fields("reply", {"prompt": "messages", "reply": "messages"}, table.columns).read(table.head(99))
    assert read["prompt"].to_list() == [*(f"Hello {n}" for n in range(30)), "", ""]
    assert read["reply"].to_list()[:2] == ["Good day 0", "Good day 1"]


@pytest.mark.parametrize("dataset", ["questions-en", "questions-zh"])
def test_several_questions_about_each_text_are_still_questions(dataset: str) -> None:
    path = resource_path("datasets", dataset, "rows.jsonl")
    opened = open_data(DataRequest(dataset=str(path)))
    roles = {guess["role"]: guess["column"] for guess in opened["roles"]}
    assert opened["task"] == "question-answering"
    assert {role: roles[role] for role in ("question", "context", "answer", "answer_start")} == {
        role: role for role in ("question", "context", "answer", "answer_start")
    }


_QUESTIONS = {
    "question": ["Who came to town?", "When did she come to town?"] * 20,
    "context": [f"It was Ann who came on Monday morning by the early train, number {n}." for n in range(40)],
    "answer": ["Ann", "Monday"] * 20,
}
_TALKS = {
    "prompt": [f"Write a line about {n} boats on a lake." for n in range(40)],
    "reply": [f"There were {n} boats upon the quiet water." for n in range(40)],
}


@pytest.mark.parametrize(("columns", "read"), [(_QUESTIONS, "context"), (_TALKS, "prompt + reply")])
def test_data_made_for_a_task_can_be_read_as_running_text(
    columns: dict[str, list[str]], read: str, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    opened = open_data(DataRequest(dataset=str(path), task="plain-text"))
    assert {guess["role"]: guess["column"] for guess in opened["roles"]}["text"] == read
    assert next(task for task in opened["tasks"] if task["key"] == "plain-text")["suits"]
