"""The task that fits the data best is told whichever task is asked for, so that the window need not guess it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.asking import ask
from ptft_gui.data.examples.examine import open_data

_TEXTS = [
    f"The {place} of the meeting was told in the paper that came on day {place}." for place in range(40)
]


def written(folder: Path, labels: list[str]) -> Path:
    path = folder / "news.csv"
    rows = [f'"{text}","{label}"' for text, label in zip(_TEXTS, labels, strict=True)]
    path.write_text("\n".join(["text,topic", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("task", [None, "classification", "multilabel", "plain-text"])
@pytest.mark.parametrize(
    ("labels", "proposed"),
    [
        (["sport;law", "law", "sport", "law;art"] * 10, "multilabel"),
        (["sport", "law", "sport", "art"] * 10, "classification"),
        (["sport;law", *["law", "sport", "art"] * 3] * 4, "classification"),  # one cell of ten
    ],
)
def test_the_data_proposes_the_same_task_whichever_is_asked_for(
    task: str | None, labels: list[str], proposed: str, tmp_path: Path
) -> None:
    asked = ask(DataRequest(dataset=str(written(tmp_path, labels)), task=task))
    assert asked.proposed == proposed
    assert asked.task == (task or proposed)


def test_talks_suit_plain_text_too_and_both_sides_are_read(tmp_path: Path) -> None:
    path = tmp_path / "talks.jsonl"
    rows = [
        {"instruction": f"Name town {n} of the list.", "output": f"It is town {n * 3}."} for n in range(40)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    opened = open_data(DataRequest(dataset=str(path)))
    plain = next(task for task in opened["tasks"] if task["key"] == "plain-text")
    assert opened["task"] == "reply"
    assert plain["suits"]
    assert "instruction + output" in plain["sentence"]
