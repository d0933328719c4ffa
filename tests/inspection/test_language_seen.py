"""Marks on runs of twelve or more words that stand in the training text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.inspection.language.folder import LanguageFolder
from ptft_gui.inspection.language.seen import FEWEST_WORDS, find_seen, seen_in_training

TEXT = "one two three four five six seven eight nine ten eleven twelve"


def _marked(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in spans]


def test_twelve_words_are_marked_and_eleven_are_not() -> None:
    asked = f"They said: {TEXT.upper()}, and left."
    assert _marked(asked, find_seen(asked, [f"zero {TEXT.replace(' ', ', ')}. thirteen"]).spans) == [
        TEXT.upper()
    ]
    assert find_seen(asked, [f"zero {TEXT.removesuffix(' twelve')} thirteen"]).spans == []


def test_a_longer_run_is_one_mark_and_two_runs_are_two() -> None:
    other = " ".join(f"w{n}" for n in range(20))
    asked = f"{TEXT} thirteen | {other}"
    found = find_seen(asked, [f"{TEXT} thirteen fourteen {other}"])
    assert _marked(asked, found.spans) == [f"{TEXT} thirteen", other]
    assert _marked(asked, found.reaching_past(len(f"{TEXT} thirteen")).spans) == [other]
    assert found.sentence == "2 passages of 12 or more words stand word for word in the training text."


def test_a_run_may_be_torn_into_pieces_but_not_reach_over_documents() -> None:
    pieces = [TEXT[n : n + 5] for n in range(0, len(TEXT), 5)]
    assert find_seen(TEXT, pieces).spans == [(0, len(TEXT))]
    assert find_seen(TEXT, [TEXT[:20], TEXT[20:]], are_documents=True).spans == []


def test_signs_of_chinese_are_words() -> None:
    asked = "床前明月光疑是地上霜舉頭望明月"
    assert _marked(asked, find_seen(asked, ["詩云：床前明月光，疑是地上霜。舉頭"]).spans) == [
        "床前明月光疑是地上霜舉頭"
    ]


@given(
    st.lists(st.sampled_from("abc"), max_size=40),
    st.lists(st.sampled_from("abc"), max_size=60),
    st.integers(1, 9),
)
def test_it_finds_what_a_plain_search_finds(asked: list[str], known: list[str], width: int) -> None:
    """Short words of few letters: every mistake at the edge of a piece would show."""
    text, training = " ".join(asked), " ".join(known)
    seen = [False] * len(asked)
    for start in range(len(asked) - FEWEST_WORDS + 1):
        run = asked[start : start + FEWEST_WORDS]
        if any(known[n : n + FEWEST_WORDS] == run for n in range(len(known))):
            seen[start : start + FEWEST_WORDS] = [True] * FEWEST_WORDS
    pieces = [training[n : n + width] for n in range(0, len(training), width)]
    spans = find_seen(text, pieces).spans
    assert [any(a <= 2 * n < b for a, b in spans) for n in range(len(asked))] == seen


def _folder(tmp_path: Path, dataset: str) -> LanguageFolder:
    return LanguageFolder(tmp_path, tmp_path, {}, "causal", 1, 1, 4, {"dataset": dataset, "name": "Mine"})


def test_the_training_text_is_found_by_the_model(tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    path.write_text(
        "".join(f"Line {n} of something else entirely.\n" for n in range(500)) + f"{TEXT}\n", "utf-8"
    )
    told: list[float | None] = []
    found = seen_in_training(
        _folder(tmp_path, str(path)), f"So {TEXT}!", lambda _text, part: told.append(part)
    )
    assert found.spans == [(3, 3 + len(TEXT))]
    assert told
    with pytest.raises(StoppedByPerson):
        seen_in_training(_folder(tmp_path, str(path)), TEXT, should_stop=lambda: True)


def test_the_rows_of_a_table_are_texts_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    rows = [{"text": f"Row {n} is about this and that thing."} for n in range(30)] + [{"text": TEXT}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert seen_in_training(_folder(tmp_path, str(path)), TEXT).spans == [(0, len(TEXT))]


def test_a_model_without_its_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not say which text"):
        seen_in_training(_folder(tmp_path, ""), TEXT)
    with pytest.raises(ModelError, match="is gone"):
        seen_in_training(_folder(tmp_path, str(tmp_path / "lost.txt")), TEXT)
