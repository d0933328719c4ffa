"""The window's end of the companion, against real processes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.core.errors import PtftError, UnknownWordError
from ptft_gui.gui.companion import CompanionClient

_COMPANION = Path(__file__).with_name("misbehaving_companion.py")


class Answers:
    """Collects what comes back."""

    def __init__(self) -> None:
        self.results: list[dict[str, Any]] = []
        self.problems: list[PtftError] = []
        self.progress: list[tuple[str, float | None]] = []

    def ask(self, client: CompanionClient, kind: str, **arguments: object) -> str:
        return client.ask(
            kind,
            arguments,
            self.results.append,
            self.problems.append,
            lambda text, fraction: self.progress.append((text, fraction)),
        )


@pytest.fixture
def client() -> Iterator[CompanionClient]:
    client = CompanionClient([sys.executable, str(_COMPANION)])
    yield client
    client.close()


@pytest.fixture
def answers() -> Answers:
    return Answers()


def test_a_question_is_answered(qtbot: QtBot, client: CompanionClient, answers: Answers) -> None:
    answers.ask(client, "similar", text="music")
    qtbot.waitUntil(lambda: len(answers.results) == 1)
    assert answers.results[0]["text"] == "music"


def test_progress_comes_before_the_answer(qtbot: QtBot, client: CompanionClient, answers: Answers) -> None:
    answers.ask(client, "evaluate")
    qtbot.waitUntil(lambda: len(answers.results) == 1)
    assert answers.progress == [("Half way", 0.5)]


def test_a_failure_keeps_its_words_and_its_kind(
    qtbot: QtBot, client: CompanionClient, answers: Answers
) -> None:
    answers.ask(client, "suggest")
    qtbot.waitUntil(lambda: len(answers.problems) == 1)
    problem = answers.problems[0]
    assert isinstance(problem, UnknownWordError)
    assert problem.suggestions == ("king",)


def test_an_array_arrives_as_an_array_and_its_file_is_gone(
    qtbot: QtBot, client: CompanionClient, answers: Answers
) -> None:
    answers.ask(client, "compare_words")
    qtbot.waitUntil(lambda: len(answers.results) == 1)
    assert np.array_equal(answers.results[0]["similarity"], np.eye(2))


def test_junk_on_the_pipe_is_skipped(qtbot: QtBot, client: CompanionClient, answers: Answers) -> None:
    answers.ask(client, "export", path="x")
    qtbot.waitUntil(lambda: len(answers.results) == 1)
    assert answers.results[0]["path"] == "x"


def test_a_companion_that_dies_is_told_and_started_anew(
    qtbot: QtBot, client: CompanionClient, answers: Answers
) -> None:
    answers.ask(client, "similar")
    qtbot.waitUntil(lambda: len(answers.results) == 1)
    answers.ask(client, "complete")
    answers.ask(client, "vocabulary_info")
    qtbot.waitUntil(lambda: len(answers.problems) == 2)
    assert "signal 9" in answers.problems[0].detail
    answers.ask(client, "similar")
    qtbot.waitUntil(lambda: len(answers.results) == 2)
    assert answers.results[0]["pid"] != answers.results[1]["pid"]


def test_the_newest_question_of_a_kind_wins(qtbot: QtBot, client: CompanionClient, answers: Answers) -> None:
    older = Answers()
    older.ask(client, "similar", text="m")
    answers.ask(client, "similar", text="mu")
    qtbot.waitUntil(lambda: len(answers.results) == 1)
    assert answers.results[0]["text"] == "mu"
    assert not older.results


def test_a_cancelled_question_calls_nobody(qtbot: QtBot, client: CompanionClient, answers: Answers) -> None:
    cancelled = Answers()
    client.cancel(cancelled.ask(client, "similar"))
    answers.ask(client, "evaluate")
    qtbot.waitUntil(lambda: len(answers.results) == 1)
    assert not cancelled.results
    assert not cancelled.problems


def test_a_companion_that_cannot_start_is_told(qtbot: QtBot, answers: Answers) -> None:
    client = CompanionClient(["/no/such/program"])
    answers.ask(client, "similar")
    qtbot.waitUntil(lambda: len(answers.problems) == 1)
    assert "No such file" in answers.problems[0].detail
    client.close()


def test_a_deaf_companion_ends_with_the_window(qtbot: QtBot, answers: Answers) -> None:
    client = CompanionClient([sys.executable, str(_COMPANION), "deaf"])
    answers.ask(client, "similar")
    link = client._link
    assert link is not None
    qtbot.waitUntil(lambda: link._process is not None)
    client.close()
    assert link.ending == "signal 9"
    assert not answers.problems
