"""A run learns from text as its switches say, keeps them with its model, and joins phrases of such text."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.data.preparation import Preparation
from ptft_gui.engine.watched import find_word, propose_watched_words
from ptft_gui.engine.word2vec.resolve import data_of_attempt
from ptft_gui.inspection.model import open_model
from ptft_gui.inspection.similarity import most_similar
from tests.engine.conftest import FinishedRun, Train

TINY: dict[str, Any] = {"vector_size": 8, "epochs": 2, "min_count": 1, "window": 3, "workers": 1}


def write_lines(path: Path, sentences: list[str], count: int = 400) -> Path:
    rng = random.Random(1)
    path.write_text("\n".join(rng.choices(sentences, k=count)) + "\n", encoding="utf-8")
    return path


TOWNS = ["We saw New York, and it was big.", "In 1999 a day in York: rain!", "The old towns of Maine sleep."]


def config_of(done: FinishedRun) -> dict[str, Any]:
    return json.loads((done.run.model / "config.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_the_switches_are_resolved_recorded_and_kept_with_the_model(
    train_here: Train, tmp_path: Path
) -> None:
    text = write_lines(tmp_path / "towns.txt", TOWNS)
    done = train_here(
        text, case="keep", digits="zero", stop_words="drop", language="en", val_fraction=0.0, **TINY
    )
    assert {"York", "Maine", "0000"} <= set(done.vectors.words)
    assert not {"we", "We", "the", "The", "of", "York,", ","} & set(done.vectors.words)
    record = config_of(done)["preparation"]
    assert record["name"] == "words"
    assert (record["case"], record["digits"], record["language"]) == ("keep", "zero", "en")
    summary = RunSummary()
    summary.fold(done.events)
    assert summary.resolved_value("preparation") == "words"
    assert summary.resolved_value("digits") == "zero"
    assert summary.resolved_value("chinese") == "characters"
    assert summary.resolved is not None
    assert "case" not in summary.resolved.reasons
    assert summary.resolved.reasons["chinese"] == "The text holds hardly any Chinese."
    assert "stopwordsiso" in summary.resolved.values["versions"]


def test_phrases_reach_over_no_mark_and_hold_none(train_here: Train, tmp_path: Path) -> None:
    text = write_lines(tmp_path / "towns.txt", ["they like red wine , red wine ! red , wine so much ."])
    done = train_here(
        text, preparation="words", punctuation="keep", sentences="lines", copies="keep", val_fraction=0.0,
        phrases=True, phrase_min_count=1, phrase_threshold=0.0001, **TINY,
    )  # fmt: skip
    words = done.vectors.words
    assert {",", "!", ".", "red_wine"} <= set(words)
    assert [word for word in words if "_" in word and set(word) & set(",.!")] == []
    assert [answer.word for answer in most_similar(open_model(done.run.model), "red wine", 3).neighbours]


def test_phrases_of_chinese_words_are_joined_and_found_again(train_here: Train, tmp_path: Path) -> None:
    lines = ["红色汽车！", "天气很好。", "他看书。"]
    done = train_here(
        write_lines(tmp_path / "zh.txt", lines), chinese="words", copies="keep", val_fraction=0.0,
        phrases=True, phrase_min_count=2, phrase_threshold=0.01, **TINY,
    )  # fmt: skip
    assert "红色_汽车" in done.vectors.words
    model = open_model(done.run.model)
    found = most_similar(model, "红色汽车", 3)
    assert found.positive == ("红色_汽车",)
    assert "jieba" in done.named("resolved")[0].values["versions"]


def test_a_run_of_an_earlier_version_goes_on_with_text_cut_as_before() -> None:
    spec = new_spec("word2vec", "a.txt")
    assert data_of_attempt(spec, {}) is spec.data
    again = data_of_attempt(spec, {"preparation": "words", "window": 5})
    assert (again.preparation, again.chinese, again.copies, again.markup) == (
        "words",
        "characters",
        "keep",
        "keep",
    )
    assert data_of_attempt(spec, {"preparation": "words", "case": "lower"}) is spec.data


def test_a_watched_word_is_found_as_it_was_prepared() -> None:
    index = {word: row for row, word in enumerate("king 0000 贾宝玉 林黛玉 Paris new_york".split())}

    def found(asked: str, **switches: Any) -> str | None:
        return find_word(asked, index, Preparation(**switches), "_")

    assert found("1999", digits="zero") == "0000"
    assert found("KING") == "king"
    assert found("KING", case="keep") is None
    assert found("Paris", case="keep") == "Paris"
    assert found("New York") == "new_york"
    assert found("贾宝玉", chinese="words") == "贾宝玉"


def test_a_chinese_word_of_two_characters_is_worth_watching() -> None:
    assert propose_watched_words("the of king ab 我 宝玉 не queen".split()) == ["king", "宝玉", "queen"]
