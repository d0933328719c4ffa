"""What gives a class away, and which texts stand on both sides."""

from __future__ import annotations

from typing import Any

from ptft_gui.engine.finetune.suspicion import shared_texts, suspicious_facts, telling_words


def _row(number: int, text: str, label: str, **more: Any) -> dict[str, Any]:
    return {"row": number, "text": text, "label": label, **more}


def test_the_word_that_gives_the_class_away_comes_first() -> None:
    rows = [_row(i, f"the parcel came on day {i % 7}, code spam-x", "spam") for i in range(20)]
    rows += [_row(i + 20, f"the parcel came on day {i % 7}", "ham") for i in range(40)]
    found = telling_words(rows)
    assert {tuple(each) for each in found[:2]} == {("code", "spam", 20, 20), ("spam-x", "spam", 20, 20)}
    assert all(word not in ("the", "parcel") for word, *_ in found), "what stands everywhere tells nothing"


def test_rare_words_and_one_class_tell_nothing() -> None:
    assert telling_words([_row(i, f"word{i}", "ab"[i % 2]) for i in range(30)]) == []
    assert telling_words([_row(i, "the same", "a") for i in range(9)]) == []
    assert telling_words([]) == []


def test_texts_on_both_sides_are_found_whatever_their_case_and_spaces() -> None:
    train = [_row(1, "A red fox", "a"), _row(2, "a blue dog", "b"), _row(3, "a  RED fox", "a")]
    held = [_row(7, "a red\tfox", "b"), _row(8, "a green cat", "a")]
    assert shared_texts(train, held) == {"count": 1, "of": 2, "rows": [[7, 1]]}
    pairs = [_row(1, "a", "x", text_pair="b")]
    assert shared_texts(pairs, [_row(2, "a", "x", text_pair="c")])["count"] == 0


def test_only_tasks_with_classes_are_looked_at() -> None:
    assert suspicious_facts("tagging", [], []) == {}
    assert set(suspicious_facts("classification", [], [])) == {"telling_words", "shared_texts"}
