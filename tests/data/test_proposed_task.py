"""The task that fits the data best is told whichever task is asked for, so that the window need not guess it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.asking import ask

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
